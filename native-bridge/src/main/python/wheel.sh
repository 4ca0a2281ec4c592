#!/bin/sh
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Writes the wheel: wheel.sh TARGET VERSION RUNTIME JAVA_HOME
# RUNTIME: true packs a Java runtime made with jlink, so that `pip install` needs no Java.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
target=$1
version=$2
runtime=$3
home=$4

if ! ls "$target"/native/libsyncline.* >/dev/null 2>&1; then
  echo "[syncline] there is no libsyncline: the wheel is left out."
  exit 0
fi
python=$("$here/find_python.sh") || {
  echo "[syncline] no Python of version 3.10 or newer found (SYNCLINE_PYTHON, python3, python3.10 to python3.15):" \
       "the wheel is left out."
  exit 0
}
set -- --version "$version" --native "$target/native" --output "$target"
if [ "$runtime" = true ]; then
  jlink=
  for candidate in "${SYNCLINE_JAVA_HOME:-}" "${JAVA_HOME:-}" "$home" /usr/lib/jvm/* \
      "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    # an unset variable is no folder, and /bin/jlink may exist
    if [ -n "$candidate" ] && [ -x "$candidate/bin/jlink" ] && grep -Eq '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$candidate/release" 2>/dev/null; then
      jlink=$candidate/bin/jlink
      break
    fi
  done
  if [ -z "$jlink" ]; then
    echo "[syncline] no jlink of version 25 or newer found: set SYNCLINE_JAVA_HOME." >&2
    exit 1
  fi
  rm -rf "$target/runtime"
  "$jlink" --add-modules java.base,java.logging,java.desktop,jdk.incubator.vector,jdk.jfr \
    --strip-debug --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive \
    --output "$target/runtime" 2>&1 | grep -v 'incubator modules\|Created CDS archive' || true
  # the archive of prepared classes takes 0.1 s off the start; that for heaps above 32 GB is never used
  rm -f "$target/runtime/lib/server/classes_nocoops.jsa"
  set -- "$@" --runtime "$target/runtime"
fi
exec "$python" "$here/build_wheel.py" "$@"
