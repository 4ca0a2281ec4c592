#!/bin/sh
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Writes the wheel: wheel.sh TARGET VERSION RUNTIME
# RUNTIME: true packs a Java runtime made with jlink, so that `pip install` needs no Java.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
target=$1
version=$2
runtime=$3

if ! ls "$target"/native/libsyncline.* >/dev/null 2>&1; then
  echo "[syncline] there is no libsyncline: the wheel is left out."
  exit 0
fi
python=$("$here/find_python.sh") || {
  echo "[syncline] no Python of version 3.10 or newer found (SYNCLINE_PYTHON, python3, python3.10 to python3.15):" \
       "the wheel is left out."
  exit 0
}
set -- --version "$version" --native "$target/native" --command "$here/../../../../cli/target/lib" --output "$target"
if [ "$runtime" = true ]; then
  "$here/../../../../dev/runtime.sh" "$target/runtime"
  set -- "$@" --runtime "$target/runtime"
fi
exec "$python" "$here/build_wheel.py" "$@"
