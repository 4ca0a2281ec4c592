# Sourced by the scripts here: goes to the root of the repository, builds what is measured, and sets $java and flags.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p bench/target
# one call: the class path of bench names jars that only the phase before makes known
mvn -q -B -pl testdata,core,bench -DskipTests package dependency:build-classpath \
  -Dmdep.outputFile="$PWD/bench/target/classpath" -Dmdep.includeScope=compile
java=$(dev/find-jdk.sh)/bin/java
flags=(--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED
  -Dsyncline.bench.reference="$PWD/bench/target/libsyncline_reference.so"
  -Dsyncline.bench.data="${DATA:-$PWD/bench/target/bench-data}"
  -cp "$(printf '%s:' {bench,core,testdata}/target/syncline-*-SNAPSHOT.jar)$(cat bench/target/classpath)")
