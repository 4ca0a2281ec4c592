#!/usr/bin/env bash
# Compares and measures batches on a GPU, in at most 8 minutes after the build: bench/gpu/check.py says what, and has the options.
# Usage: bench/gpu/check.sh [--out FOLDER] [--device cuda:1] ...; on a machine without a GPU: bench/gpu/check.sh --device cpu.
# PYTHON names a Python with torch.
set -euo pipefail
cd "$(dirname "$0")/../.."
library=${SYNCLINE_LIBRARY:-native-bridge/target/native/libsyncline.so}
if [ ! -f "$library" ]; then
  mvn -q -B -pl native-bridge -am -DskipTests -Dsyncline.python.skip=true package
fi
exec timeout --signal=INT 480 "${PYTHON:-python3}" bench/gpu/check.py "$@"
