# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the wheel: package, jars, C library, the command and, where one is given, a Java runtime. Standard library only.

build_wheel.py --version V --native FOLDER --command FOLDER --output FOLDER [--runtime FOLDER] [--platform TAG]

FOLDER of --native holds libsyncline and the file ``classpath`` that its build wrote, that of --command the command's jars. Without
--platform the wheel is for machines like this one; manylinux.sh gives the tag that its library keeps.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import stat
import sys
import sysconfig
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# the same bytes in, the same wheel out; zip has no time before 1980
DATE = (2026, 11, 1, 0, 0, 0)
#: what programs may ask for beside NumPy
EXTRAS = [
    ("torch", "torch"),
    ("jax", "jax"),
    ("omegaconf", "omegaconf"),
    ("plot", "matplotlib"),
    ("video", "imageio-ffmpeg"),
]


def python_version(maven: str) -> str:
    """0.1.0-SNAPSHOT → 0.1.0.dev0"""
    return re.sub(r"-SNAPSHOT$", ".dev0", maven)


def jar_of(entry: Path) -> Path:
    """The jar of a class path entry: a module's target/classes stands for the jar beside it."""
    if entry.is_file():
        return entry
    found = sorted(
        p for p in entry.parent.glob("*.jar") if not re.search(r"-(sources|javadoc|tests|benchmarks)\.jar$", p.name)
    )
    if not found:
        raise SystemExit(f"build_wheel: no jar in {entry.parent}: run `mvn package`")
    return found[0]


class Wheel:
    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self.records: list[str] = []

    def add(self, name: str, data: bytes, executable: bool = False) -> None:
        info = zipfile.ZipInfo(name, DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (stat.S_IFREG | (0o755 if executable else 0o644)) << 16
        self.zip.writestr(info, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        self.records.append(f"{name},sha256={digest},{len(data)}")

    def add_tree(self, folder: Path, prefix: str) -> None:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                name = f"{prefix}/{file.relative_to(folder).as_posix()}"
                self.add(name, file.read_bytes(), bool(file.stat().st_mode & 0o100))

    def close(self, record: str) -> None:
        self.records.append(f"{record},,")
        info = zipfile.ZipInfo(record, DATE)
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        self.zip.writestr(info, "\n".join(self.records) + "\n")
        self.zip.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", required=True)
    parser.add_argument("--native", required=True, type=Path)
    parser.add_argument("--command", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--runtime", type=Path)
    parser.add_argument("--platform", default=re.sub(r"[-.]", "_", sysconfig.get_platform()))
    args = parser.parse_args()
    version = python_version(args.version)
    tag = f"py3-none-{args.platform}"
    library = next((p for p in sorted(args.native.glob("libsyncline.*")) if p.suffix in (".so", ".dylib")), None)
    if library is None:
        raise SystemExit(f"build_wheel: no libsyncline in {args.native}")

    args.output.mkdir(parents=True, exist_ok=True)
    for old in args.output.glob("syncline-*.whl"):
        old.unlink()
    path = args.output / f"syncline-{version}-{tag}.whl"
    wheel = Wheel(path)
    for file in sorted((HERE / "syncline").rglob("*")):
        if file.is_file() and file.suffix in (".py", ".pyi", ".typed"):
            data = file.read_bytes()
            if file.relative_to(HERE).as_posix() == "syncline/__init__.py":
                data = re.sub(rb'(?m)^__version__ = ".*"$', f'__version__ = "{version}"'.encode(), data)
            wheel.add(file.relative_to(HERE).as_posix(), data)
    wheel.add(f"syncline/_lib/{library.name}", library.read_bytes(), executable=True)
    jars = [jar_of(Path(line.strip())) for line in (args.native / "classpath").read_text().split("\n") if line.strip()]
    for jar in jars:
        wheel.add(f"syncline/_lib/jars/{jar.name}", jar.read_bytes())
    # beside them what only the command needs, among that jars that only module descriptors ask for
    for jar in sorted(args.command.glob("*.jar")):
        if jar.name not in {j.name for j in jars}:
            wheel.add(f"syncline/_lib/command/{jar.name}", jar.read_bytes())
    root = HERE.parents[3]
    launcher = root / "cli" / "src" / "main" / "sh" / "syncline"
    wheel.add("syncline/_lib/command/syncline", launcher.read_bytes(), executable=True)
    if args.runtime is not None:
        wheel.add_tree(args.runtime, "syncline/_lib/runtime")

    info = f"syncline-{version}.dist-info"
    licences = ["LICENSE", "NOTICE", "THIRD-PARTY.md", "cli/src/main/LGPL-2.1.txt"]
    # of all that is packed; THIRD-PARTY.md says which is whose
    expression = "Apache-2.0 AND MIT AND BSD-3-Clause AND LGPL-2.1-or-later"
    if args.runtime is not None:
        expression += " AND GPL-2.0-only WITH Classpath-exception-2.0"
    wheel.add(
        f"{info}/METADATA",
        (
            "Metadata-Version: 2.4\n"
            "Name: syncline\n"
            f"Version: {version}\n"
            "Summary: Loads synchronised, temporally chunked, multi-modal recordings into training programs\n"
            f"License-Expression: {expression}\n"
            + "".join(f"License-File: {Path(file).name}\n" for file in licences)
            + "Requires-Python: >=3.10\n"
            "Requires-Dist: numpy>=1.26\n"
            + "".join(f'Provides-Extra: {e}\nRequires-Dist: {r}; extra == "{e}"\n' for e, r in EXTRAS)
            + "Description-Content-Type: text/markdown\n\n"
        ).encode()
        + (HERE / "README.md").read_bytes(),
    )
    wheel.add(
        f"{info}/WHEEL",
        f"Wheel-Version: 1.0\nGenerator: syncline\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
    )
    wheel.add(f"{info}/top_level.txt", b"syncline\n")
    wheel.add(f"{info}/entry_points.txt", b"[console_scripts]\nsyncline = syncline.__main__:main\n")
    for file in licences:
        wheel.add(f"{info}/licenses/{Path(file).name}", (root / file).read_bytes())
    wheel.close(f"{info}/RECORD")
    print(f"[syncline] wheel: {path} ({path.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    sys.exit(main())
