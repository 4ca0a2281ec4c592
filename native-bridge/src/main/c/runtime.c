/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finds a Java runtime and the jars.
 */
#include "runtime.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

bool syncline_is_file(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

/* Reads a runtime's release file; false with a note in tried where the folder is no runtime that will do. */
static bool inspect(const char *home, syncline_runtime *r, syncline_text *tried) {
  char path[PATH_MAX + 64];
  struct stat s;
  if (stat(home, &s) != 0) {
    syncline_append(tried, "\n  %s: %s", home, strerror(errno));
    return false;
  }
  snprintf(path, sizeof path, "%s/release", home);
  FILE *f = fopen(path, "re");
  if (f == NULL) {
    syncline_append(tried, "\n  %s: no Java runtime (it has no file 'release')", home);
    return false;
  }
  r->major = 0;
  r->vector = false;
  bool modules = false;
  char *line = NULL;
  size_t capacity = 0;
  while (getline(&line, &capacity, f) > 0) {
    if (sscanf(line, "JAVA_VERSION=\"%60[^\"]", r->version) == 1) {
      r->major = atoi(strncmp(r->version, "1.", 2) == 0 ? r->version + 2 : r->version);
    } else if (strncmp(line, "MODULES=", 8) == 0) {
      modules = true;
      r->vector = strstr(line, "jdk.incubator.vector") != NULL;
    }
  }
  free(line);
  fclose(f);
  if (!modules) {
    r->vector = true;
  }
  if (r->major < SYNCLINE_MINIMUM_JAVA) {
    syncline_append(tried, "\n  %s: Java %s, too old", home, r->major == 0 ? "of unknown version" : r->version);
    return false;
  }
  snprintf(path, sizeof path, "%s/" SYNCLINE_LIBJVM, home);
  if (!syncline_is_file(path)) {
    syncline_append(tried, "\n  %s: Java %s, but it has no " SYNCLINE_LIBJVM, home, r->version);
    return false;
  }
  if (realpath(home, r->home) == NULL) {
    snprintf(r->home, sizeof r->home, "%.*s", (int)sizeof r->home - 1, home);
  }
  return true;
}

/* The runtime that the `java` on PATH belongs to. */
static bool from_path(syncline_runtime *r, syncline_text *tried) {
  const char *path = getenv("PATH");
  if (path == NULL) {
    return false;
  }
  while (*path != 0) {
    size_t n = strcspn(path, ":");
    char file[PATH_MAX], real[PATH_MAX];
    if (n > 0 && n + 6 < sizeof file) {
      snprintf(file, sizeof file, "%.*s/java", (int)n, path);
      if (realpath(file, real) != NULL && access(real, X_OK) == 0 && syncline_is_file(real)) {
        for (int up = 0; up < 2; up++) {
          char *slash = strrchr(real, '/');
          if (slash != NULL) {
            *slash = 0;
          }
        }
        if (inspect(real, r, tried)) {
          return true;
        }
      }
    }
    path += n + (path[n] == ':');
  }
  return false;
}

/* Of all runtimes in the usual places the oldest that will do: nearest to the version we test with. */
static bool from_usual_places(syncline_runtime *r, syncline_text *tried) {
  static const char *const PATTERNS[] = {
      "/usr/lib/jvm/*",
      "/usr/lib64/jvm/*",
      "/usr/java/*",
      "/usr/local/lib/jvm/*",
      "/usr/local/openjdk-*",
      "/opt/java/*",
      "/opt/java",
      "/opt/jdk*",
      "/opt/*jdk*",
      "~/.sdkman/candidates/java/*",
      "~/.jdks/*",
      "~/.local/share/mise/installs/java/*",
      "~/.asdf/installs/java/*",
      "~/.jabba/jdk/*",
      "~/.jenv/versions/*",
      "~/.gradle/jdks/*",
      "/Library/Java/JavaVirtualMachines/*/Contents/Home",
      "~/Library/Java/JavaVirtualMachines/*/Contents/Home",
      "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
      "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
      "/home/linuxbrew/.linuxbrew/opt/openjdk*",
  };
  bool found = false;
  for (size_t i = 0; i < sizeof PATTERNS / sizeof PATTERNS[0]; i++) {
    char pattern[PATH_MAX];
    if (PATTERNS[i][0] == '~') {
      const char *home = getenv("HOME");
      if (home == NULL) {
        continue;
      }
      snprintf(pattern, sizeof pattern, "%s%s", home, PATTERNS[i] + 1);
    } else {
      snprintf(pattern, sizeof pattern, "%s", PATTERNS[i]);
    }
    glob_t matches;
    if (glob(pattern, 0, NULL, &matches) != 0) {
      continue;
    }
    for (size_t k = 0; k < matches.gl_pathc; k++) {
      syncline_runtime candidate;
      struct stat s;
      if (stat(matches.gl_pathv[k], &s) == 0 && S_ISDIR(s.st_mode) && inspect(matches.gl_pathv[k], &candidate, tried)
          && (!found || candidate.major < r->major)) {
        *r = candidate;
        found = true;
      }
    }
    globfree(&matches);
  }
  if (!found) {
    syncline_append(tried, "\n  the usual places (/usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks, /Library/Java, Homebrew and others)");
  }
  return found;
}

/* The folder of this library; empty where it cannot be told. */
static void own_folder(char folder[PATH_MAX]) {
  Dl_info info;
  folder[0] = 0;
  if (dladdr((void *)(intptr_t)own_folder, &info) != 0 && info.dli_fname != NULL
      && realpath(info.dli_fname, folder) != NULL) {
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
      *slash = 0;
    }
  }
}

syncline_status syncline_find_runtime(syncline_runtime *r) {
  syncline_text tried = {0};
  bool found = false;
  const char *wanted = getenv("SYNCLINE_JAVA_HOME");
  if (wanted != NULL && *wanted != 0) {
    /* who names one means that one */
    if (!inspect(wanted, r, &tried)) {
      syncline_fail(SYNCLINE_E_NO_JAVA, "SYNCLINE_JAVA_HOME names no Java runtime of version %d or newer; tried:%s",
                    SYNCLINE_MINIMUM_JAVA, tried.text == NULL ? "" : tried.text);
      free(tried.text);
      return SYNCLINE_E_NO_JAVA;
    }
    free(tried.text);
    return SYNCLINE_OK;
  }
  syncline_append(&tried, "\n  SYNCLINE_JAVA_HOME: not set");
  char folder[PATH_MAX], packed[PATH_MAX + 32];
  own_folder(folder);
  static const char *const PACKED[] = {"runtime", "../runtime", "syncline/runtime"};
  for (int i = 0; i < 3 && !found && folder[0] != 0; i++) {
    snprintf(packed, sizeof packed, "%s/%s", folder, PACKED[i]);
    found = inspect(packed, r, &tried);
  }
  if (!found) {
    const char *home = getenv("JAVA_HOME");
    if (home == NULL || *home == 0) {
      syncline_append(&tried, "\n  JAVA_HOME: not set");
    } else {
      found = inspect(home, r, &tried);
    }
  }
  if (!found) {
    found = from_path(r, &tried);
    if (!found) {
      syncline_append(&tried, "\n  PATH: no java of version %d or newer", SYNCLINE_MINIMUM_JAVA);
    }
  }
  if (!found) {
    found = from_usual_places(r, &tried);
  }
  if (!found) {
    syncline_fail(SYNCLINE_E_NO_JAVA,
                  "no Java runtime of version %d or newer found. Install one (for instance Temurin %d) or set "
                  "SYNCLINE_JAVA_HOME to its folder. Tried:%s",
                  SYNCLINE_MINIMUM_JAVA, SYNCLINE_MINIMUM_JAVA, tried.text == NULL ? "" : tried.text);
  }
  free(tried.text);
  return found ? SYNCLINE_OK : SYNCLINE_E_NO_JAVA;
}

static void add_entry(syncline_text *classpath, const char *entry) {
  syncline_append(classpath, "%s%s", classpath->length == 0 ? "" : ":", entry);
}

/* Adds the jars of a folder in the order of their names; returns how many. */
static size_t add_jars(syncline_text *classpath, const char *folder) {
  char pattern[2 * PATH_MAX + 32];
  size_t n = 0;
  for (const char *c = folder; *c != 0 && n < 2 * PATH_MAX; c++) {
    if (strchr("*?[\\", *c) != NULL) {
      pattern[n++] = '\\'; /* a folder's name is no pattern */
    }
    pattern[n++] = *c;
  }
  snprintf(pattern + n, sizeof pattern - n, "/*.jar");
  glob_t matches;
  if (glob(pattern, 0, NULL, &matches) != 0) {
    return 0;
  }
  size_t count = matches.gl_pathc;
  for (size_t k = 0; k < count; k++) {
    add_entry(classpath, matches.gl_pathv[k]);
  }
  globfree(&matches);
  return count;
}

/* Returns whether a file ends as a jar does: the VM passes over one that does not, without a word. */
static bool is_jar(const char *path) {
  enum { TAIL = 22 + 65535 }; /* the record that closes a zip, and the longest comment behind it */
  struct stat what;
  if (stat(path, &what) != 0 || !S_ISREG(what.st_mode)) {
    return false; /* to open a FIFO waits for whoever writes to it */
  }
  FILE *f = fopen(path, "re");
  char *tail = f == NULL ? NULL : malloc(TAIL);
  size_t n = 0;
  if (tail != NULL) {
    off_t begin = what.st_size > TAIL ? what.st_size - TAIL : 0;
    n = fseeko(f, begin, SEEK_SET) == 0 ? fread(tail, 1, TAIL, f) : 0;
  }
  bool found = false;
  for (size_t i = 0; !found && n >= 22 && i <= n - 22; i++) {
    found = memcmp(tail + i, "PK\5\6", 4) == 0;
  }
  free(tail);
  if (f != NULL) {
    fclose(f);
  }
  return found;
}

static syncline_status no_jar(const char *path) {
  return syncline_fail(SYNCLINE_E_JAVA_START,
                       "SYNCLINE_EXTENSIONS names %s, which is no jar that can be read, or ends too early; expected jars, or "
                       "folders of them; copy it anew, or leave it out",
                       path);
}

/* Returns whether a folder has a class, in itself or so many levels below. */
static int has_class(const char *folder, int depth) {
  DIR *entries = opendir(folder);
  int found = 0;
  for (struct dirent *e; !found && entries != NULL && (e = readdir(entries)) != NULL;) {
    size_t length = strlen(e->d_name);
    char path[PATH_MAX];
    struct stat what;
    if (e->d_name[0] == '.' || snprintf(path, sizeof path, "%s/%s", folder, e->d_name) >= PATH_MAX) {
      continue;
    }
    found = (length > 6 && strcmp(e->d_name + length - 6, ".class") == 0) ||
        (depth > 0 && stat(path, &what) == 0 && S_ISDIR(what.st_mode) && has_class(path, depth - 1));
  }
  if (entries != NULL) {
    closedir(entries);
  }
  return found;
}

/* Checks each of a class path's jars. */
static syncline_status check_jars(const char *entries) {
  for (const char *entry = entries; *entry != 0;) {
    size_t length = strcspn(entry, ":");
    char path[2 * PATH_MAX];
    if (length > 0 && length < sizeof path) {
      memcpy(path, entry, length);
      path[length] = 0;
      if (!is_jar(path)) {
        return no_jar(path);
      }
    }
    entry += length + (entry[length] == ':');
  }
  return SYNCLINE_OK;
}

/* Adds what the user extends Syncline with: jars, and folders of jars or of classes. */
static syncline_status add_extensions(syncline_text *classpath) {
  const char *given = getenv("SYNCLINE_EXTENSIONS");
  for (const char *entry = given; entry != NULL && *entry != 0;) {
    size_t length = strcspn(entry, ":");
    if (length >= PATH_MAX) {
      return syncline_fail(SYNCLINE_E_JAVA_START,
                           "SYNCLINE_EXTENSIONS names %.60s..., a path of %zu bytes; expected at most %d, and ':' between "
                           "jars or folders of them",
                           entry, length, PATH_MAX - 1);
    }
    if (length > 0) {
      char path[PATH_MAX];
      memcpy(path, entry, length);
      path[length] = 0;
      struct stat found;
      if (stat(path, &found) != 0) {
        return syncline_fail(SYNCLINE_E_JAVA_START,
                             "SYNCLINE_EXTENSIONS names %s, which is not there (%s); expected jars, or folders of them",
                             path, strerror(errno));
      }
      size_t before = classpath->length;
      if (!S_ISDIR(found.st_mode)) {
        if (!is_jar(path)) {
          return no_jar(path);
        }
        add_entry(classpath, path);
      } else if (add_jars(classpath, path) > 0) {
        syncline_status status = check_jars(classpath->text + before);
        if (status != SYNCLINE_OK) {
          return status;
        }
      } else {
        if (!has_class(path, 32)) {
          return syncline_fail(SYNCLINE_E_JAVA_START,
                               "SYNCLINE_EXTENSIONS names %s, in which there is neither a jar nor a class; expected jars, or "
                               "folders of them or of classes",
                               path);
        }
        add_entry(classpath, path);
      }
    }
    entry += length + (entry[length] == ':');
  }
  return SYNCLINE_OK;
}

static syncline_status find_own(syncline_text *classpath) {
  const char *given = getenv("SYNCLINE_CLASSPATH");
  if (given != NULL && *given != 0) {
    syncline_append(classpath, "%s", given);
    return SYNCLINE_OK;
  }
  char folder[PATH_MAX], path[PATH_MAX + 32];
  own_folder(folder);
  snprintf(path, sizeof path, "%s/classpath", folder);
  FILE *f = fopen(path, "re");
  if (f != NULL) {
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, f) > 0) {
      line[strcspn(line, "\r\n")] = 0;
      if (*line != 0) {
        add_entry(classpath, line);
      }
    }
    free(line);
    fclose(f);
  }
  /* as installed, in a wheel, and all in one folder: there other libraries' jars may lie, too */
  static const char *const FOLDERS[] = {"/syncline", "/jars", ""};
  for (int i = 0; i < 3 && classpath->length == 0; i++) {
    snprintf(path, sizeof path, "%s%s", folder, FOLDERS[i]);
    add_jars(classpath, path);
  }
  return classpath->length > 0
      ? SYNCLINE_OK
      : syncline_fail(SYNCLINE_E_JAVA_START,
                      "Syncline's jars are not where they should be: no *.jar in the folders 'syncline' and 'jars' of %s "
                      "or in itself, and no file 'classpath'; set SYNCLINE_CLASSPATH", folder);
}

syncline_status syncline_find_classpath(syncline_text *classpath) {
  syncline_status status = find_own(classpath);
  return status == SYNCLINE_OK ? add_extensions(classpath) : status;
}
