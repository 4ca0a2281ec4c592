/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the Java VM in this process, or joins one that runs in it.
 */
#include "jvm.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <jni.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "error.h"
#include "runtime.h"
#include "signals.h"
#include "text.h"

/* an older JDK's jni.h serves as well */
#ifndef JNI_VERSION_21
#define JNI_VERSION_21 0x00150000
#endif

#define BOOTSTRAP "org/syncline/bridge/Bootstrap"

static syncline_text description;

const char *syncline_java_description(void) {
  return description.text == NULL ? "" : description.text;
}

/*
 * What the starting VM writes to stderr is caught: a reason for a failed start goes into our message, and the one line
 * that every start with the vector module prints is left out. Everything else is passed on afterwards.
 */
static int caught = -1, saved_stderr = -1;

static void catch_stderr(void) {
#ifdef __linux__
  fflush(stderr);
  saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  caught = saved_stderr < 0 ? -1 : memfd_create("syncline-start", MFD_CLOEXEC);
  if (caught >= 0 && dup2(caught, STDERR_FILENO) < 0) {
    close(caught);
    caught = -1;
  }
#endif
}

static void release_stderr(syncline_text *said) {
  if (caught >= 0) {
    fflush(stderr);
    dup2(saved_stderr, STDERR_FILENO);
    off_t size = lseek(caught, 0, SEEK_END);
    char *content = size > 0 ? malloc((size_t)size + 1) : NULL;
    if (content != NULL && pread(caught, content, (size_t)size, 0) == size) {
      content[size] = 0;
      for (char *line = content; *line != 0;) {
        size_t n = strcspn(line, "\n");
        char end = line[n];
        line[n] = 0;
        if (strcmp(line, "WARNING: Using incubator modules: jdk.incubator.vector") != 0) {
          syncline_append(said, "%s\n", line);
        }
        line += n + (end != 0);
      }
    }
    free(content);
    close(caught);
    caught = -1;
  }
  if (saved_stderr >= 0) {
    close(saved_stderr);
    saved_stderr = -1;
  }
}

/* The VM gives up with exit() for some mistakes in its options: then the reason must not be lost. */
static void JNICALL vm_exits(jint status) {
  syncline_text said = {0};
  release_stderr(&said);
  fprintf(stderr, "syncline: the Java runtime refused to start: %s\n", said.text == NULL ? "" : said.text);
  _exit(status == 0 ? 1 : status);
}

/*
 * What the VM itself prints. For other mistakes in its options it ends the process with _exit(), right after it said so:
 * that must not stay where stderr is caught.
 */
static jint JNICALL vm_prints(FILE *stream, const char *format, va_list arguments) {
  static bool dying;
  /* a log has a file of its own, and what is not caught stays where the VM means it to go */
  if (saved_stderr < 0 || (stream != stdout && stream != stderr)) {
    return (jint)vfprintf(stream, format, arguments);
  }
  char line[256];
  va_list again;
  va_copy(again, arguments);
  vsnprintf(line, sizeof line, format, again);
  va_end(again);
  if (!dying && strstr(line, "Error occurred during initialization of VM") != NULL) {
    dying = true;
    dprintf(saved_stderr, "syncline: the Java runtime refused to start (SYNCLINE_JAVA_OPTIONS?): ");
  }
  return (jint)(dying ? vdprintf(saved_stderr, format, arguments) : vfprintf(stream, format, arguments));
}

static bool pending(JNIEnv *env, syncline_text *what) {
  jthrowable t = (*env)->ExceptionOccurred(env);
  if (t == NULL) {
    return false;
  }
  (*env)->ExceptionClear(env);
  jclass type = (*env)->GetObjectClass(env, t);
  jmethodID method = (*env)->GetMethodID(env, type, "toString", "()Ljava/lang/String;");
  jstring string = method == NULL ? NULL : (*env)->CallObjectMethod(env, t, method);
  const char *characters = string == NULL ? NULL : (*env)->GetStringUTFChars(env, string, NULL);
  syncline_append(what, "%s", characters == NULL ? "an exception" : characters);
  if (characters != NULL) {
    (*env)->ReleaseStringUTFChars(env, string, characters);
  }
  (*env)->ExceptionClear(env);
  return true;
}

/* In a VM that someone else started our jars are not on the class path: a class loader of our own over them. */
static jclass load_beside(JNIEnv *env, const char *classpath, syncline_text *what) {
  jclass url_type = (*env)->FindClass(env, "java/net/URL");
  jclass file_type = (*env)->FindClass(env, "java/io/File");
  jclass uri_type = (*env)->FindClass(env, "java/net/URI");
  jclass loader_type = (*env)->FindClass(env, "java/net/URLClassLoader");
  if (pending(env, what)) {
    return NULL;
  }
  jsize n = 1;
  for (const char *c = classpath; *c != 0; c++) {
    n += *c == ':';
  }
  jobjectArray urls = (*env)->NewObjectArray(env, n, url_type, NULL);
  jmethodID new_file = (*env)->GetMethodID(env, file_type, "<init>", "(Ljava/lang/String;)V");
  jmethodID to_uri = (*env)->GetMethodID(env, file_type, "toURI", "()Ljava/net/URI;");
  jmethodID to_url = (*env)->GetMethodID(env, uri_type, "toURL", "()Ljava/net/URL;");
  jmethodID new_loader = (*env)->GetMethodID(env, loader_type, "<init>", "([Ljava/net/URL;)V");
  jmethodID load = (*env)->GetMethodID(env, loader_type, "loadClass", "(Ljava/lang/String;)Ljava/lang/Class;");
  if (pending(env, what)) {
    return NULL;
  }
  const char *entry = classpath;
  for (jsize i = 0; i < n; i++) {
    char path[PATH_MAX];
    size_t length = strcspn(entry, ":");
    snprintf(path, sizeof path, "%.*s", (int)length, entry);
    entry += length + 1;
    jobject file = (*env)->NewObject(env, file_type, new_file, (*env)->NewStringUTF(env, path));
    jobject uri = file == NULL ? NULL : (*env)->CallObjectMethod(env, file, to_uri);
    jobject url = uri == NULL ? NULL : (*env)->CallObjectMethod(env, uri, to_url);
    if (pending(env, what)) {
      return NULL;
    }
    (*env)->SetObjectArrayElement(env, urls, i, url);
  }
  jobject loader = (*env)->NewObject(env, loader_type, new_loader, urls);
  if (pending(env, what)) {
    return NULL;
  }
  (*env)->NewGlobalRef(env, loader);
  jclass type = (*env)->CallObjectMethod(env, loader, load, (*env)->NewStringUTF(env, "org.syncline.bridge.Bootstrap"));
  return pending(env, what) ? NULL : type;
}

static syncline_status bootstrap(JNIEnv *env, const char *classpath, void *host, bool ours) {
  syncline_text what = {0};
  syncline_status status = SYNCLINE_OK;
  jclass type = (*env)->FindClass(env, BOOTSTRAP);
  if (type == NULL && !ours) {
    (*env)->ExceptionClear(env);
    type = load_beside(env, classpath, &what);
  }
  jmethodID start = type == NULL ? NULL : (*env)->GetStaticMethodID(env, type, "start", "(J)Ljava/lang/String;");
  if (start == NULL) {
    pending(env, &what);
    status = syncline_fail(SYNCLINE_E_JAVA_START, "cannot load Syncline's classes from %s: %s", classpath,
                           what.text == NULL ? "" : what.text);
  } else {
    jstring refusal = (*env)->CallStaticObjectMethod(env, type, start, (jlong)(intptr_t)host);
    const char *characters = NULL;
    if (pending(env, &what)) {
      status = syncline_fail(SYNCLINE_E_JAVA_START, "Syncline's Java part did not start: %s", what.text);
    } else if (refusal != NULL && (characters = (*env)->GetStringUTFChars(env, refusal, NULL)) != NULL) {
      status = syncline_fail(SYNCLINE_E_JAVA_START, "%s", characters);
      (*env)->ReleaseStringUTFChars(env, refusal, characters);
    }
  }
  free(what.text);
  return status;
}

/*
 * The VM takes the encoding of paths from the locale of the environment, once, and no option changes it; under LC_ALL=C it
 * could not open a folder with an umlaut. Where the environment's is not UTF-8 it gets one that is for the time of the
 * start. Call with true before and false after.
 */
static void use_utf8(bool on) {
  static char *before;
  static bool changed;
  if (on) {
    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
      const char *given = getenv("LC_ALL");
      before = given == NULL ? NULL : strdup(given);
      changed = setenv("LC_ALL", "C.UTF-8", 1) == 0;
    }
  } else if (changed) {
    if (before == NULL) {
      unsetenv("LC_ALL");
    } else {
      setenv("LC_ALL", before, 1);
      free(before);
      before = NULL;
    }
    changed = false;
  }
}

typedef jint(JNICALL *get_vms)(JavaVM **, jsize, jsize *);
typedef jint(JNICALL *create_vm)(JavaVM **, void **, void *);

/* A VM that runs in this process already (JPype's, a Java program's); NULL where there is none. */
static JavaVM *running_vm(void) {
  void *library = dlopen(SYNCLINE_LIBJVM_NAME, RTLD_NOW | RTLD_NOLOAD);
  get_vms get = NULL;
  if (library != NULL) {
    *(void **)&get = dlsym(library, "JNI_GetCreatedJavaVMs");
    dlclose(library);
  }
  if (get == NULL) {
    *(void **)&get = dlsym(RTLD_DEFAULT, "JNI_GetCreatedJavaVMs");
  }
  JavaVM *vm = NULL;
  jsize count = 0;
  return get != NULL && get(&vm, 1, &count) == JNI_OK && count > 0 ? vm : NULL;
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static syncline_status attach(JavaVM *vm, const char *classpath, void *host, double begin) {
  JNIEnv *env = NULL;
  bool attached = (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_21) == JNI_OK;
  if (!attached) {
    JavaVMAttachArgs arguments = {JNI_VERSION_21, NULL, NULL};
    jint r = (*vm)->AttachCurrentThreadAsDaemon(vm, (void **)&env, &arguments);
    if (r != JNI_OK) {
      return syncline_fail(SYNCLINE_E_JAVA_START,
                           "a Java VM runs in this process already, and it did not let this thread in (JNI error %d)", r);
    }
  }
  jint version = (*env)->GetVersion(env);
  if (version < 0x00180000) { /* JNI of 24 and 25 */
    return syncline_fail(SYNCLINE_E_JAVA_START,
                         "a Java VM older than version %d runs in this process already (JNI version %d); start that one "
                         "from a newer runtime, or Syncline in a process of its own", SYNCLINE_MINIMUM_JAVA, (int)version >> 16);
  }
  (*env)->PushLocalFrame(env, 64);
  syncline_status status = bootstrap(env, classpath, host, false);
  (*env)->PopLocalFrame(env, NULL);
  syncline_append(&description, "\"java_home\":null,\"attached\":true,\"start_ms\":%.1f", now_ms() - begin);
  return status;
}

#define MAX_OPTIONS 96

/* The VM that is to write SYNCLINE_AOT_CACHE when it ends. */
static JavaVM *recording;

void syncline_java_end(void) {
  if (recording != NULL) {
    (*recording)->DestroyJavaVM(recording);
    recording = NULL;
  }
}

syncline_status syncline_java_start(void *host) {
  double begin = now_ms();
  syncline_text classpath = {0};
  syncline_status status = syncline_find_classpath(&classpath);
  if (status != SYNCLINE_OK) {
    free(classpath.text);
    return status;
  }
  JavaVM *vm = running_vm();
  if (vm != NULL) {
    status = attach(vm, classpath.text, host, begin);
    free(classpath.text);
    return status;
  }
  syncline_runtime r;
  status = syncline_find_runtime(&r);
  if (status != SYNCLINE_OK) {
    free(classpath.text);
    return status;
  }

  char path[PATH_MAX + 64];
  snprintf(path, sizeof path, "%s/" SYNCLINE_LIBJVM, r.home);
  /* local: nothing in the host process may bind to symbols of the VM */
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  create_vm create = NULL;
  if (library != NULL) {
    *(void **)&create = dlsym(library, "JNI_CreateJavaVM");
  }
  if (create == NULL) {
    free(classpath.text);
    return syncline_fail(SYNCLINE_E_JAVA_START, "cannot load %s: %s", path, dlerror());
  }

  JavaVMOption options[MAX_OPTIONS];
  int n = 0;
  syncline_text jars = {0};
  syncline_append(&jars, "-Djava.class.path=%s", classpath.text);
  options[n++].optionString = jars.text;
  char direct[64];
  snprintf(direct, sizeof direct, "-XX:MaxDirectMemorySize=%lldk",
           (long long)sysconf(_SC_PHYS_PAGES) * (sysconf(_SC_PAGESIZE) / 1024));
  const char *const OURS[] = {
      "-Xrs",                                 /* Ctrl-C and the like stay the host's */
      "-Xms24m",                              /* data live off the heap */
      "-Xmx512m",                             /* not a quarter of the machine for each worker process */
      "-XX:+UseSerialGC",                     /* next to no garbage: fewest threads, fastest start */
      "-XX:-UsePerfData",                     /* no file in /tmp */
      direct,                                 /* results of interpolate() live until the collector sees them */
      "-XX:+DisplayVMOutputToStderr",         /* stdout is the host's */
      "--enable-native-access=ALL-UNNAMED",   /* one string an option: split in two they are refused */
  };
  for (size_t i = 0; i < sizeof OURS / sizeof OURS[0]; i++) {
    options[n++].optionString = (char *)(intptr_t)OURS[i];
  }
  if (r.vector) {
    options[n++].optionString = (char *)(intptr_t) "--add-modules=jdk.incubator.vector";
  }
  options[n].optionString = (char *)(intptr_t) "exit";
  options[n++].extraInfo = (void *)(intptr_t)vm_exits;
  options[n].optionString = (char *)(intptr_t) "vfprintf";
  options[n++].extraInfo = (void *)(intptr_t)vm_prints;
  syncline_text aot = {0};
  const char *cache = getenv("SYNCLINE_AOT_CACHE");
  bool record = cache != NULL && *cache != 0 && !syncline_is_file(cache);
  if (cache != NULL && *cache != 0) {
    syncline_append(&aot, record ? "-XX:AOTCacheOutput=%s" : "-XX:AOTCache=%s", cache);
    options[n++].optionString = aot.text;
    /* one that another runtime or other jars made is passed over without a word */
    options[n++].optionString = (char *)(intptr_t) "-Xlog:aot=off";
    options[n++].optionString = (char *)(intptr_t) "-Xlog:cds=off";
  }
  const char *extra = getenv("SYNCLINE_JAVA_OPTIONS");
  char *more = strdup(extra == NULL ? "" : extra);
  char *rest = NULL;
  for (char *word = more == NULL ? NULL : strtok_r(more, " \t\n", &rest); word != NULL && n < MAX_OPTIONS;
       word = strtok_r(NULL, " \t\n", &rest)) {
    options[n++].optionString = word;
  }

  JavaVMInitArgs arguments = {JNI_VERSION_21, n, options, JNI_FALSE};
  /* the VM's start sets the process's locale from the environment: that is the host's business */
  const char *locale = setlocale(LC_ALL, NULL);
  char *locale_before = locale == NULL ? NULL : strdup(locale);
  use_utf8(true);
  catch_stderr();
  JNIEnv *env = NULL;
  jint result = create(&vm, (void **)&env, &arguments);
  double created = now_ms();
  syncline_text said = {0};
  release_stderr(&said);
  use_utf8(false);
  if (locale_before != NULL) {
    setlocale(LC_ALL, locale_before);
    free(locale_before);
  }
  if (result != JNI_OK) {
    status = syncline_fail(SYNCLINE_E_JAVA_START,
                           "the Java runtime in %s did not start (JNI error %d)%s%s%s", r.home, (int)result,
                           said.text == NULL ? "" : ": ", said.text == NULL ? "" : said.text,
                           extra == NULL || *extra == 0 ? "" : "; SYNCLINE_JAVA_OPTIONS is set: are its options right?");
  } else {
    if (said.text != NULL) {
      fputs(said.text, stderr);
    }
    syncline_signals_started(library);
    recording = record ? vm : NULL;
    (*env)->PushLocalFrame(env, 64);
    status = bootstrap(env, classpath.text, host, true);
    (*env)->PopLocalFrame(env, NULL);
  }
  syncline_append(&description, "\"java_home\":\"");
  for (const char *c = r.home; *c != 0; c++) {
    syncline_append(&description, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
  }
  syncline_append(&description, "\",\"attached\":false,\"vm_ms\":%.1f,\"start_ms\":%.1f", created - begin, now_ms() - begin);
  free(said.text);
  free(more);
  free(jars.text);
  free(aot.text);
  free(classpath.text);
  return status;
}
