/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Java uses SIGSEGV and its relatives in ordinary work (null checks, safepoints, truncated maps). A library that installs
 * handlers after the start, as Python's faulthandler does, would take the first such signal for a crash. HotSpot offers a
 * function for hosts that own the handlers: it says whether a signal was Java's.
 */
#include "signals.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

typedef int (*java_handler)(int signal, siginfo_t *info, void *context, int abort_if_unknown);

static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
#define SIGNAL_COUNT ((int)(sizeof SIGNALS / sizeof SIGNALS[0]))

static java_handler handle_java;
static struct sigaction java_actions[SIGNAL_COUNT];
static struct sigaction foreign[SIGNAL_COUNT];
static atomic_bool started;
static atomic_flag installing = ATOMIC_FLAG_INIT;

static int slot_of(int signal) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    if (SIGNALS[i] == signal) {
      return i;
    }
  }
  return -1;
}

static void front(int number, siginfo_t *info, void *context) {
  if (handle_java(number, info, context, 0)) {
    return;
  }
  int i = slot_of(number);
  struct sigaction *next = &foreign[i];
  if (next->sa_flags & SA_SIGINFO) {
    next->sa_sigaction(number, info, context);
  } else if (next->sa_handler == SIG_DFL || next->sa_handler == SIG_IGN) {
    /* Java's own handler reports the crash and ends the process */
    java_actions[i].sa_sigaction(number, info, context);
  } else {
    next->sa_handler(number);
  }
}

static bool is_ours(const struct sigaction *a, int i) {
  return (a->sa_flags & SA_SIGINFO)
      && (a->sa_sigaction == front || a->sa_sigaction == java_actions[i].sa_sigaction);
}

void syncline_signals_started(void *libjvm) {
  *(void **)&handle_java = dlsym(libjvm, "JVM_handle_linux_signal");
  if (handle_java == NULL) {
    *(void **)&handle_java = dlsym(libjvm, "JVM_handle_bsd_signal");
  }
  if (handle_java == NULL) {
    return; /* a VM that does not offer it: the order of installation decides, as it always did */
  }
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    if (sigaction(SIGNALS[i], NULL, &java_actions[i]) != 0 || !(java_actions[i].sa_flags & SA_SIGINFO)) {
      return;
    }
  }
  atomic_store(&started, true);
}

void syncline_restore_signals(void) {
  if (!atomic_load_explicit(&started, memory_order_acquire)
      || atomic_flag_test_and_set_explicit(&installing, memory_order_acquire)) {
    return;
  }
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    struct sigaction now;
    if (sigaction(SIGNALS[i], NULL, &now) == 0 && !is_ours(&now, i)) {
      foreign[i] = now;
      struct sigaction a = java_actions[i];
      a.sa_sigaction = front;
      sigaction(SIGNALS[i], &a, NULL);
    }
  }
  atomic_flag_clear_explicit(&installing, memory_order_release);
}

bool syncline_signals_admit(sigset_t *blocked) {
#ifdef CLOCK_MONOTONIC_COARSE
  /* asking the system at each call would be a tenth of what a small chunk takes: a thread that blocked none is asked again at
     the clock's next tick, some milliseconds later */
  static _Thread_local struct timespec open_at;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  if (now.tv_nsec == open_at.tv_nsec && now.tv_sec == open_at.tv_sec) {
    return false;
  }
#endif
  sigset_t faults, before;
  sigemptyset(&faults);
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    sigaddset(&faults, SIGNALS[i]);
  }
  if (pthread_sigmask(SIG_UNBLOCK, &faults, &before) != 0) {
    return false;
  }
  bool any = false;
  sigemptyset(blocked);
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    if (sigismember(&before, SIGNALS[i]) == 1) {
      sigaddset(blocked, SIGNALS[i]);
      any = true;
    }
  }
#ifdef CLOCK_MONOTONIC_COARSE
  if (!any) {
    open_at = now;
  }
#endif
  return any;
}

void syncline_signals_check(void) {
  if (!atomic_load_explicit(&started, memory_order_relaxed)) {
    return;
  }
  struct sigaction now;
  if (sigaction(SIGSEGV, NULL, &now) == 0 && !is_ours(&now, 0)) {
    syncline_restore_signals();
  }
}
