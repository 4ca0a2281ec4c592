#!/bin/sh
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Puts what `mvn package` built where C programs look for it: install.sh TARGET VERSION PREFIX
# TARGET is native-bridge/target. Nothing that is written names PREFIX: the folder may be moved, or packed.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$here/../../../..
native=$1/native
version=${2%-SNAPSHOT}
prefix=$3

for file in "$native/libsyncline.so" "$native/libsyncline.dylib"; do
  [ -f "$file" ] && library=$file
done
[ -n "${library:-}" ] || { echo "install.sh: there is no libsyncline in $native: run \`mvn package\` where a C compiler is" >&2; exit 1; }
for file in "$native"/libsyncline.so.* "$native"/libsyncline.*.dylib; do
  [ -L "$file" ] && soname=${file##*/}
done
name=${library##*/}
case $name in
  *.dylib) real=libsyncline.$version.dylib ;;
  *) real=$name.$version ;;
esac

lib=$prefix/lib
mkdir -p "$prefix/include" "$lib/syncline" "$lib/pkgconfig" "$lib/cmake/syncline" "$prefix/share/doc/syncline" "$prefix/share/licenses/syncline"
# of an earlier version
rm -f "$lib"/libsyncline.* "$lib"/syncline/*.jar
cp "$library" "$lib/$real"
ln -s "$real" "$lib/$soname"
ln -s "$soname" "$lib/$name"
while read -r entry; do
  # a module's target/classes stands for the jar beside it
  if [ -d "$entry" ]; then
    jar=
    for file in "${entry%/*}"/*.jar; do
      case $file in *-sources.jar | *-javadoc.jar | *-tests.jar | *-benchmarks.jar) ;; *) [ -f "$file" ] && jar=$file ;; esac
    done
    [ -n "$jar" ] || { echo "install.sh: there is no jar beside $entry: run \`mvn package\`" >&2; exit 1; }
    entry=$jar
  fi
  [ -z "$entry" ] || cp "$entry" "$lib/syncline/"
done <"$native/classpath"
cp "$here/syncline.h" "$prefix/include/"
for file in "$here"/install/*.in; do
  name=${file##*/}
  case $name in *.pc.in) folder=$lib/pkgconfig ;; *) folder=$lib/cmake/syncline ;; esac
  sed -e "s|@VERSION@|$version|" -e "s|@LIBRARY@|$real|" -e "s|@SONAME@|$soname|" "$file" >"$folder/${name%.in}"
done
cp "$here/example/means.c" "$here/example/lsan.supp" "$root/docs/c.md" "$prefix/share/doc/syncline/"
cp "$root/LICENSE" "$root/NOTICE" "$root/THIRD-PARTY.md" "$prefix/share/licenses/syncline/"
echo "[syncline] installed for C: $prefix"
