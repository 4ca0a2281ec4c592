#!/usr/bin/env bash
# Everything that docs/notes/performance.md reports, in one run: kernels, shapes, latency, cold start, OpenCV.
# Usage: bench/run.sh [FOLDER for the results]; PYTHON names a Python with cv2 and numpy, DATA a folder for the recordings made.
# FORM=short for a quick look: ten minutes.
set -euo pipefail
out=$(realpath -m "${1:-$(dirname "$0")/target/report}")
python=${PYTHON:-python3}
form=${FORM:-full}
mkdir -p "$out"
. "$(dirname "$0")/java.sh"
shapes=M
[ "$form" = short ] || shapes="M S B"
{
  lscpu | grep -E 'Model name|^CPU\(s\)|L1d|L2|L3'
  "$java" -version 2>&1
  echo
  "$java" "${flags[@]}" org.syncline.bench.Report --form "$form" --json "$out/report.json"
  "$java" "${flags[@]}" org.syncline.bench.Latency M "$([ "$form" = short ] && echo 5000 || echo 100000)"
  echo
  for shape in $shapes; do
    echo "Cold start, shape $shape:"
    "$java" "${flags[@]}" org.syncline.bench.ColdStart "$shape"
    echo
  done
  echo "Cold start, shape M, with an AOT cache:"
  "$java" "${flags[@]}" -XX:AOTCacheOutput="$out/cold.aot" org.syncline.bench.ColdStart child M >/dev/null 2>&1
  "$java" "${flags[@]}" org.syncline.bench.ColdStart M -XX:AOTCache="$out/cold.aot"
  echo
  if "$python" -c 'import cv2' 2>/dev/null; then
    "$python" bench/python/opencv_area.py --json "$out/opencv.json"
  else
    echo "OpenCV is left out: $python has no cv2 (pip install opencv-python-headless)"
  fi
} 2> >(grep -v '^WARNING' >&2) | tee "$out/report.md"
