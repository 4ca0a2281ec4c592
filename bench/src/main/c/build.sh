#!/bin/sh
# Builds libsyncline_reference into the folder given; where there is no C compiler, says so and succeeds.
set -eu
here=$(dirname "$0")
out=$1/libsyncline_reference.so
cc=${CC:-cc}
if ! command -v "$cc" >/dev/null 2>&1; then
  echo "no C compiler ($cc): benchmarks run without the comparison with C"
  exit 0
fi
mkdir -p "$1"
if [ ! -e "$out" ] || [ "$here/reference.c" -nt "$out" ]; then
  # -ffp-contract=off and no -ffast-math: the same arithmetic as the Java kernels, bit for bit
  "$cc" -std=gnu11 -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math -Wall -Wextra -fvisibility=hidden -shared -fPIC \
    -o "$out" "$here/reference.c" -lm
fi
