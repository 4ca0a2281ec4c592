#!/usr/bin/env bash
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes FOLDER/jdk, a JDK whose locks, waits and atomics ask Fray which thread goes on, and FOLDER/libjvmti.so, out of Fray's jars on a
# class path: dev/fray-jdk.sh FOLDER CLASSPATH. Fray's own Maven plugin wants a JDK with jmods, which Temurin's of 24 and later lack, and
# downloads another one. Half a minute, once for a JDK and a version of Fray: it is kept in ~/.cache/syncline.
set -euo pipefail
folder=$1
home=$("$(dirname "$0")/find-jdk.sh")
jars=$(tr : '\n' <<<"$2")
jar() { grep "/$1-[0-9][^/]*\.jar\$" <<<"$jars" || { echo "dev/fray-jdk.sh: $1 is not on the class path" >&2; exit 1; }; }
plugin=$(jar fray-instrumentation-jdk)
path=$plugin
for part in fray-instrumentation-base fray-runtime asm asm-tree asm-commons asm-util asm-analysis kotlin-stdlib kotlin-reflect; do
  path=$path:$(jar "$part")
done
kept=${XDG_CACHE_HOME:-$HOME/.cache}/syncline/fray-$(cat "$home/release" <(basename "$plugin") "$0" | sha256sum | cut -c1-16)
if [ ! -x "$kept/jdk/bin/java" ]; then
  mkdir -p "$(dirname "$kept")"
  new=$(mktemp -d "$kept.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  # a JDK without jmods links no jlink
  modules=$("$home/bin/java" --list-modules | cut -d@ -f1 | grep -v '^jdk\.\(jlink\|jpackage\)$' | paste -sd,)
  jmods=()
  [ ! -d "$home/jmods" ] || jmods=(--module-path "$home/jmods")
  "$home/bin/jlink" "-J-javaagent:$plugin" "-J--module-path=$path" "-J--class-path=$path" -J--add-modules=org.pastalab.fray.instrumentation.jdk \
    "${jmods[@]}" --add-modules "$modules" --fray-instrumentation --release-info add:IMPLEMENTOR=Fray --output "$new/jdk" >"$new/log" 2>&1 || { cat "$new/log" >&2; exit 1; }
  (cd "$new" && "$home/bin/jar" --extract --file "$(jar fray-jvmti-linux-x8664)" libjvmti.so)
  # of two builds that began at once the first stays
  mv -T "$new" "$kept" 2>/dev/null || [ -x "$kept/jdk/bin/java" ]
fi
mkdir -p "$(dirname "$folder")"
ln -sfn "$kept" "$folder"
