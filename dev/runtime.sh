#!/usr/bin/env bash
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes a Java runtime of what Syncline needs, for wheels and archives whose users need no Java: runtime.sh FOLDER
set -euo pipefail
home=$("$(dirname "$0")/find-jdk.sh")
rm -rf "$1"
"$home/bin/jlink" --add-modules java.base,java.logging,java.desktop,jdk.incubator.vector,jdk.jfr \
  --strip-debug --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive \
  --output "$1" 2>&1 | grep -v 'incubator modules\|Created CDS archive' || [ -x "$1/bin/java" ]
# the archive of prepared classes takes 0.1 s off the start; that for heaps above 32 GB is never used
rm -f "$1/lib/server/classes_nocoops.jsa"
# nothing of ours makes a sound, and this alone asks for a library that small systems lack
rm -f "$1/lib/libjsound.so"
