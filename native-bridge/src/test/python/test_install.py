# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What install.sh lays out for C programs: moved, then found by pkg-config and by CMake."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MODULE, TARGET, packed

C = MODULE / "src" / "main" / "c"
VERSION = "7.8.9"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("install")
    target = TARGET if any(TARGET.glob("*.jar")) else packed(folder / "target")
    for _ in range(2):  # over what is there, too
        subprocess.run(["sh", C / "install.sh", target, f"{VERSION}-SNAPSHOT", folder / "made here"], check=True)
    return (folder / "made here").rename(folder / "moved")


def run(command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=120)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def means(program, recording):
    """Runs the example, which finds its jars beside the library."""
    out = run([program, recording, "", "2"], SYNCLINE_CLASSPATH="")
    assert re.search(r"^batches 2 samples 8$", out, re.M) and "entry 0 mean" in out, out


def test_layout(installed):
    lib = installed / "lib"
    if sys.platform == "linux":
        assert (lib / "libsyncline.so").readlink() == Path("libsyncline.so.0")
        assert (lib / "libsyncline.so.0").readlink() == Path(f"libsyncline.so.{VERSION}")
    names = {p.name for p in (lib / "syncline").iterdir()}
    assert any("jackson-core" in n for n in names) and not any("databind" in n or "testdata" in n for n in names)
    licences = (installed / "share" / "licenses" / "syncline" / "THIRD-PARTY.md").read_text()
    listed = set(re.findall(r"(?m)^\| ([a-z0-9-]+) \| [A-Z]", licences))
    others = {re.sub(r"-\d[\d.]*\.jar$", "", n) for n in names if not n.startswith(("syncline", "classes"))}
    assert others <= listed, others - listed
    for file in (f for f in installed.rglob("*") if f.suffix in (".pc", ".cmake")):
        assert "made here" not in file.read_text() and "@" not in file.read_text(), file


if sys.platform == "linux" and shutil.which("nm"):

    def test_symbols_are_those_of_the_header(installed):
        lines = run(["nm", "-D", "--defined-only", "--with-symbol-versions", installed / "lib" / "libsyncline.so"])
        offered = {w[2] for w in map(str.split, lines.splitlines()) if w[1] != "A"}
        header = (installed / "include" / "syncline.h").read_text()
        declared = re.findall(r"(?m)^SYNCLINE_(?:API|JAVA) [^;]*?\b(syncline_\w+)\(", header)
        assert len(declared) > 50
        assert offered == {f"{name}@@SYNCLINE_0" for name in declared}


if shutil.which("pkg-config"):

    def test_pkg_config(installed, recording, tmp_path):
        found = {"PKG_CONFIG_PATH": str(installed / "lib" / "pkgconfig")}
        assert run(["pkg-config", "--modversion", "syncline"], **found).strip() == VERSION
        flags = run(["pkg-config", "--cflags", "--libs", "syncline"], **found).split()
        source = installed / "share" / "doc" / "syncline" / "means.c"
        program = tmp_path / "means"
        rpath = f"-Wl,-rpath,{installed / 'lib'}"
        run([os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", program, source, *flags, rpath, "-lm"])
        means(program, recording)


if shutil.which("cmake"):

    def test_cmake_and_cplusplus(installed, recording, tmp_path):
        """The example as C++, by find_package; versions of another line are refused."""
        (tmp_path / "CMakeLists.txt").write_text(f"""
cmake_minimum_required(VERSION 3.16)
project(consumer CXX)
foreach(version 7.9 7.8.10 8 6)
  find_package(syncline ${{version}} QUIET)
  if(syncline_FOUND)
    message(FATAL_ERROR "${{version}} was found")
  endif()
endforeach()
find_package(syncline 7.2 REQUIRED)
add_executable(means means.c)
set_source_files_properties(means.c PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-Wall;-Wextra;-Werror")
target_link_libraries(means PRIVATE syncline::syncline m)
""")
        shutil.copy(installed / "share" / "doc" / "syncline" / "means.c", tmp_path)
        run(["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={installed}"])
        run(["cmake", "--build", tmp_path / "build"])
        means(tmp_path / "build" / "means", recording)
