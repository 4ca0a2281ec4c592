#!/usr/bin/env bash
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Packs the command that `mvn package` built, to be unpacked anywhere: archive.sh TARGET VERSION OUTPUT_FOLDER [RUNTIME]
# TARGET is cli/target. With RUNTIME, a folder that dev/runtime.sh made, its users need no Java.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../../..
target=$1 version=${2%-SNAPSHOT} output=$3 runtime=${4:-}
java_home=$("$root/dev/find-jdk.sh")

name=syncline-$version file=syncline-$version.tar.gz
[ -z "$runtime" ] || file=syncline-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m).tar.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$output" "$work/$name/bin" "$work/$name/lib" "$work/$name/completion"
cp "$target"/lib/*.jar "$work/$name/lib/"
cp "$here/syncline" "$work/$name/bin/"
cp "$root/LICENSE" "$root/NOTICE" "$root/THIRD-PARTY.md" "$here/../LGPL-2.1.txt" "$work/$name/"
[ -z "$runtime" ] || cp -r "$runtime" "$work/$name/runtime"
# bash and zsh both read it
SYNCLINE_JAVA_HOME=$java_home "$work/$name/bin/syncline" completion >"$work/$name/completion/syncline"
# the same files in, the same archive out
find "$work/$name" -exec chmod u+w,go-w {} +
tar --create --directory "$work" --sort=name --mtime=2026-11-01T00:00:00Z --owner=0 --group=0 --numeric-owner --format=gnu "$name" |
  gzip -n -9 >"$output/$file"
echo "[syncline] archive: $output/$file"
