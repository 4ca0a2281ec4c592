#!/bin/sh
# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds libsyncline for every Linux of the last years, whatever this one is: portable.sh TARGET VERSION OUTPUT_FOLDER
# TARGET is native-bridge/target after `mvn package`. The compiler is Clang as Zig packs it, which brings the C libraries of all
# versions along: PYTHON -m ziglang, where PYTHON is a Python that has the package ziglang.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
glibc=2.28 # Debian 10, RHEL 8, Ubuntu 18.10: what the tag manylinux_2_28 promises
case $(uname -m) in
  x86_64 | aarch64) machine=$(uname -m) ;;
  *) echo "portable.sh: wheels are made for x86_64 and aarch64; this is $(uname -m)" >&2 && exit 1 ;;
esac
mkdir -p "$3"
cat >"$3/cc" <<END
#!/bin/sh
exec "${PYTHON:-python3}" -m ziglang cc -target $machine-linux-gnu.$glibc "\$@"
END
chmod +x "$3/cc"
CC=$3/cc sh "$here/build.sh" "$3" "$2" unused
cp "$1/native/classpath" "$3/"
newest=$(objdump -T "$3/libsyncline.so" | sed -n 's/.*GLIBC_\([0-9.]*\).*/\1/p' | sort -V | tail -n 1)
if [ "$(printf '%s\n' "$newest" $glibc | sort -V | tail -n 1)" != $glibc ]; then
  echo "portable.sh: $3/libsyncline.so asks for glibc $newest, newer than $glibc" >&2
  exit 1
fi
echo "[syncline] $3/libsyncline.so asks for glibc $newest: manylinux_$(echo $glibc | tr . _)_$machine"
