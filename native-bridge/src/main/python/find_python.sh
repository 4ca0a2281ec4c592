#!/bin/sh
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints the first Python of version 3.10 or newer; fails where there is none.
for candidate in "${SYNCLINE_PYTHON:-}" python3 python3.10 python3.11 python3.12 python3.13 python3.14 python3.15 python; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
    command -v "$candidate"
    exit 0
  fi
done
exit 1
