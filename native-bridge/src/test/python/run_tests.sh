#!/bin/sh
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the Python tests: run_tests.sh TARGET plain|torch|engines SKIP [argument of pytest ...]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if [ "$3" = true ]; then
  echo "[syncline] Python tests are skipped, as asked."
  exit 0
fi
if ! ls "$1"/native/libsyncline.* >/dev/null 2>&1; then
  echo "[syncline] there is no libsyncline (no C compiler?): the Python tests are left out."
  exit 0
fi
python=$("$here/../../main/python/find_python.sh") || {
  echo "[syncline] no Python of version 3.10 or newer found (SYNCLINE_PYTHON, python3, python3.10 to python3.15):" \
       "the Python tests are left out."
  exit 0
}
target=$1
kind=$2
shift 3
exec "$python" "$here/run_tests.py" "$target" "$kind" "$@"
