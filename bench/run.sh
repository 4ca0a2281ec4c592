#!/usr/bin/env bash
# Everything that docs/performance.md reports, in one run: kernels, shapes, latency, cold start, OpenCV.
# Usage: bench/run.sh [FOLDER for the results]; PYTHON names a Python with cv2 and numpy.
# FORM=short for a quick look.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(realpath -m "${1:-bench/target/report}")
python=${PYTHON:-python3}
form=${FORM:-full}
mkdir -p "$out"
# one call: the class path of bench names jars that only the phase before makes known
mvn -q -B -pl testdata,core,bench -DskipTests package dependency:build-classpath \
  -Dmdep.outputFile="$out/classpath" -Dmdep.includeScope=compile
java=$(dev/find-jdk.sh)/bin/java
flags=(--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED
  -Dsyncline.bench.reference="$PWD/bench/target/libsyncline_reference.so"
  -Dsyncline.bench.data="${DATA:-$PWD/bench/target/bench-data}"
  -cp "$(ls {bench,core,testdata}/target/syncline-*-SNAPSHOT.jar | tr '\n' ':')$(cat "$out/classpath")")
{
  lscpu | grep -E 'Model name|^CPU\(s\)|L1d|L2|L3'
  "$java" -version 2>&1
  echo
  "$java" "${flags[@]}" org.syncline.bench.Report --form "$form" --json "$out/report.json"
  "$java" "${flags[@]}" org.syncline.bench.Latency M "$([ "$form" = short ] && echo 5000 || echo 100000)"
  echo
  echo "Cold start, shape M; then with an AOT cache:"
  "$java" "${flags[@]}" org.syncline.bench.ColdStart M
  "$java" "${flags[@]}" -XX:AOTCacheOutput="$out/cold.aot" org.syncline.bench.ColdStart child M >/dev/null 2>&1
  "$java" "${flags[@]}" org.syncline.bench.ColdStart M -XX:AOTCache="$out/cold.aot"
  echo
  if "$python" -c 'import cv2' 2>/dev/null; then
    "$python" bench/python/opencv_area.py --json "$out/opencv.json"
  else
    echo "OpenCV is left out: $python has no cv2 (pip install opencv-python-headless)"
  fi
} 2> >(grep -v '^WARNING' >&2) | tee "$out/report.md"
