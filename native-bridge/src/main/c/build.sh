#!/bin/sh
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds libsyncline with the machine's C compiler: build.sh OUTPUT_FOLDER VERSION CLASSPATH
# Where there is no compiler it says so and succeeds: the Java library needs none.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=$1
version=$2
classpath=$3

# lowest first: each knows only those before it (a test holds that)
layers="text error tensors capsules buffers cuda signals runtime jvm table api python"

cc=
for candidate in ${CC:-} cc gcc clang; do
  if command -v "$candidate" >/dev/null 2>&1; then
    cc=$candidate
    break
  fi
done
if [ -z "$cc" ]; then
  echo "[syncline] no C compiler found (CC, cc, gcc, clang): libsyncline, the C example and the Python package are" \
       "left out. Install gcc or clang to build them."
  exit 0
fi

# jni.h of any JDK will do
include=
for home in "${SYNCLINE_JAVA_HOME:-}" "${JAVA_HOME:-}" "${4:-}" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/bin/javac)")")")" \
    /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  if [ -f "$home/include/jni.h" ]; then
    include=$home/include
    break
  fi
done
if [ -z "$include" ]; then
  echo "[syncline] no jni.h found (SYNCLINE_JAVA_HOME, JAVA_HOME, the usual places): libsyncline is left out." \
       "Install a JDK, not only a JRE, to build it."
  exit 0
fi

# programs name the library by this number: it changes when one that was linked before would no longer run
abi=0
mkdir -p "$out"
case $(uname -s) in
  Darwin)
    library=libsyncline.dylib
    soname=libsyncline.$abi.dylib
    platform=darwin
    link="-dynamiclib -install_name @rpath/$soname"
    libs=
    ;;
  *)
    library=libsyncline.so
    soname=libsyncline.so.$abi
    platform=linux
    # never unloaded: Java's threads come back to it
    link="-shared -Wl,-soname,$soname -Wl,--version-script=$here/syncline.map -Wl,-z,nodelete -Wl,--as-needed"
    libs="-ldl -lpthread"
    ;;
esac
# shellcheck disable=SC2086
"$cc" -std=c11 -D_GNU_SOURCE -O2 -g -fPIC -fvisibility=hidden -Wall -Wextra -Wmissing-prototypes -Werror \
  -I"$include" -I"$include/$platform" -I"$here" "-DSYNCLINE_VERSION=\"$version\"" \
  ${SYNCLINE_CFLAGS:-} $link -o "$out/$library.new" \
  $(for name in $layers; do echo "$here/$name.c"; done) $libs
mv "$out/$library.new" "$out/$library"
ln -sf "$library" "$out/$soname"
cp "$here/syncline.h" "$out/"
printf '%s\n' "$classpath" | tr ':' '\n' > "$out/classpath"
