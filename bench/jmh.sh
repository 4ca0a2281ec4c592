#!/usr/bin/env bash
# JMH's own command over the benchmarks: bench/jmh.sh -l, bench/jmh.sh CaseBenchmark -p name="u8 → f32" -p size=L1,L2 -prof gc
set -euo pipefail
. "$(dirname "$0")/java.sh"
exec "$java" "${flags[@]}" org.openjdk.jmh.Main "$@"
