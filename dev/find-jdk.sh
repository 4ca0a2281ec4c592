#!/usr/bin/env bash
# Prints the home of the first JDK of version 25 or newer, in the order in which users expect to be obeyed; where there is
# none, says what was tried and what to install, and fails. With --hint it never fails: Maven may know a JDK from its own
# toolchains.xml.
set -euo pipefail

if [ -n "${SYNCLINE_JAVA_HOME:-}" ]; then
  # who names one means that one
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$SYNCLINE_JAVA_HOME/release" 2>/dev/null | head -n 1 || true)
  if [ "${version:-0}" -lt 25 ] || [ ! -x "$SYNCLINE_JAVA_HOME/bin/javac" ]; then
    echo "[syncline] SYNCLINE_JAVA_HOME is $SYNCLINE_JAVA_HOME (${version:-unknown version}); expected the folder of a JDK 25 or newer." \
      "Correct it, or unset it to have one looked for." >&2
    [ "${1:-}" = --hint ] && exit 0
    exit 1
  fi
fi

tried=()
path_java=$(command -v java || true)
for candidate in "${SYNCLINE_JAVA_HOME:-}" "${JAVA_HOME:-}" \
  "$([ -n "$path_java" ] && dirname "$(dirname "$(readlink -f "$path_java")")")" \
  /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
  [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] || continue
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release" 2>/dev/null | head -n 1 || true)
  tried+=("$candidate (${version:-unknown version})")
  if [ "${version:-0}" -ge 25 ] && [ -e "$candidate/bin/javac" ]; then
    [ "${1:-}" = --hint ] || echo "$candidate"
    exit 0
  fi
done
{
  echo "[syncline] no JDK 25 or newer found. Tried:"
  printf '  %s\n' "${tried[@]:-nothing that looks like a JDK}"
  echo "Install one (for instance Temurin 25 from https://adoptium.net, or your package manager's openjdk-25-jdk), or set SYNCLINE_JAVA_HOME or JAVA_HOME to it."
} >&2
[ "${1:-}" = --hint ]
