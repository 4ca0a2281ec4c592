# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The wheel that `mvn package` writes, installed into a fresh environment."""

import csv
import io
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import MODULE, PACKAGE, TARGET, packed

COMMAND = MODULE.parent / "cli" / "target" / "lib"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    found = sorted(TARGET.glob("syncline-*.whl"))
    if found:
        return found[-1]
    out = tmp_path_factory.mktemp("wheel")
    native = packed(tmp_path_factory.mktemp("target")) / "native"
    builder = PACKAGE / "build_wheel.py"
    command = [sys.executable, builder, "--version", "0.1.0-SNAPSHOT", "--native", native, "--command", COMMAND, "--output", out]
    subprocess.run(command, check=True)
    return next(out.glob("*.whl"))


def test_contents(wheel):
    with zipfile.ZipFile(wheel) as z:
        names = z.namelist()
        assert "syncline/py.typed" in names and "syncline/datasets.py" in names
        assert any(re.fullmatch(r"syncline/_lib/libsyncline\.(so|dylib)", n) for n in names)
        jars = [Path(n).name for n in names if n.endswith(".jar")]
        assert len(jars) >= 4 and len(jars) == len(set(jars))
        # what Python's Java loads holds nothing that only the command needs
        loaded = [Path(n).name for n in names if n.startswith("syncline/_lib/jars/")]
        assert any("jackson-core" in j for j in loaded) and not any("databind" in j or "-cli-" in j for j in loaded)
        record = next(n for n in names if n.endswith("RECORD"))
        rows = list(csv.reader(io.StringIO(z.read(record).decode())))
        assert {r[0] for r in rows} == set(names)
        metadata = z.read(record.replace("RECORD", "METADATA")).decode()
        version = re.search(r"(?m)^Version: (.*)$", metadata).group(1)
        assert wheel.name.startswith(f"syncline-{version}-py3-none-")
        assert f'__version__ = "{version}"' in z.read("syncline/__init__.py").decode()
        # the licences of all that is packed, and their texts
        listed = dict(re.findall(r"(?m)^\| ([a-z0-9-]+) \| ([A-Z][^ ]*) \|", z.read(record.replace("RECORD", "licenses/THIRD-PARTY.md")).decode()))
        packed_jars = {re.sub(r"-\d[\d.]*\.jar$", "", j) for j in jars if not j.startswith(("syncline", "classes"))}
        assert packed_jars == set(listed), packed_jars ^ set(listed)
        expression = re.search(r"(?m)^License-Expression: (.*)$", metadata).group(1)
        assert {"Apache-2.0", *listed.values()} == set(expression.split(" AND "))
        for file in re.findall(r"(?m)^License-File: (.*)$", metadata):
            assert z.read(record.replace("RECORD", f"licenses/{file}"))
        extras = set(re.findall(r"(?m)^Provides-Extra: (.*)$", metadata))
        assert extras == set(re.findall(r'(?m)^Requires-Dist: .*; extra == "(.*)"$', metadata)) >= {"torch", "jax", "video", "plot"}


def test_our_jars(wheel):
    """They carry their licence, and nothing of the machine that built them: two builds of one commit are the same bytes."""
    with zipfile.ZipFile(wheel) as z:
        ours = [n for n in z.namelist() if re.fullmatch(r"syncline/_lib/\w+/syncline-.*\.jar", n)]
        assert any("syncline-cli-" in n for n in ours)
        for name in ours:
            with zipfile.ZipFile(io.BytesIO(z.read(name))) as jar:
                assert {"META-INF/LICENSE", "META-INF/NOTICE"} <= set(jar.namelist()), name
                said = set(re.findall(r"(?m)^([\w-]+): ", jar.read("META-INF/MANIFEST.MF").decode()))
                assert said <= {"Manifest-Version", "Automatic-Module-Name"}, (name, said)
                assert len({i.date_time for i in jar.infolist()}) == 1, name


def test_five_lines_in_a_fresh_environment(wheel, tmp_path, recording):
    """pip install, then the example of the package's page beside a recording called `recording`."""
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "SYNCLINE_LIBRARY", "SYNCLINE_CLASSPATH")}
    # NumPy from here instead of the network's: the package is what is tested
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "numpy_of_the_tests.pth").write_text(str(Path(np.__file__).parents[1]) + "\n")
    pip = [python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check", wheel]
    subprocess.run(pip, check=True, env=env, cwd=tmp_path)
    example = re.search(r"```python\n(.*?)```", (PACKAGE / "README.md").read_text(), re.S).group(1)
    assert len(example.strip().splitlines()) <= 6
    run = subprocess.run([python, "-c", example], capture_output=True, text=True, env=env, cwd=tmp_path, timeout=600)
    assert run.returncode == 0, run.stderr
    assert "(16, 1, 60, 144, 256)" in run.stdout.replace("[", "(").replace("]", ")"), run.stdout
    # the command, by both of its names
    for command, said in (([folder / "bin" / "syncline", "info", recording], "responses"), ([python, "-m", "syncline", "--help"], "validate")):
        run = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, timeout=120)
        assert run.returncode == 0 and said in run.stdout and run.stderr == "", run.stderr
    where = "import syncline, syncline._native.library as l; print(l.candidates()[0]); print(syncline.__file__)"
    run = subprocess.run([python, "-c", where], capture_output=True, text=True, env=env, cwd=tmp_path)
    assert all(line.startswith(str(folder.resolve())) or line.startswith(str(folder)) for line in run.stdout.split())


def jlink():
    """A runtime that can make a runtime, as wheel.sh looks for one."""
    homes = [os.environ.get("SYNCLINE_JAVA_HOME"), os.environ.get("JAVA_HOME"), *sorted(Path("/usr/lib/jvm").glob("*"))]
    for home in filter(None, homes):
        release = Path(home) / "release"
        if (Path(home) / "bin" / "jlink").exists() and release.exists():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if version and int(version.group(1)) >= 25:
                return home
    return None


if jlink() is not None:

    def test_wheel_with_a_runtime_needs_no_java(wheel, tmp_path, recording):
        target = tmp_path / "target"
        (target / "native").mkdir(parents=True)
        lines = []
        with zipfile.ZipFile(wheel) as z:
            for name in z.namelist():
                if re.match(r"syncline/_lib/(jars/|libsyncline)", name):
                    file = target / "native" / Path(name).name
                    file.write_bytes(z.read(name))
                    if file.suffix == ".jar":
                        lines.append(str(file))
        (target / "native" / "classpath").write_text("\n".join(lines))
        subprocess.run([PACKAGE / "wheel.sh", target, "0.1.0-SNAPSHOT", "true"], check=True)
        big = next(target.glob("*.whl"))
        with zipfile.ZipFile(big) as z:
            z.extractall(tmp_path / "installed")
        code = f"""
import sys; sys.path[:0] = [{str(tmp_path / "installed")!r}, {str(Path(np.__file__).parents[1])!r}]
from syncline import ChunkDataset
from syncline._native import functions
item = ChunkDataset({str(recording)!r})[0]
print(functions.runtime_info()["java_home"])
"""
        prepared = [f.name for f in (tmp_path / "installed").rglob("*.jsa")]
        assert prepared == ["classes.jsa"], prepared
        hidden = ("PYTHONPATH", "SYNCLINE_LIBRARY", "SYNCLINE_CLASSPATH", "SYNCLINE_JAVA_HOME", "JAVA_HOME")
        env = {k: v for k, v in os.environ.items() if k not in hidden}
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**env, "PATH": "/usr/bin"}, timeout=600)
        assert run.returncode == 0, run.stderr
        packed_runtime = tmp_path / "installed" / "syncline" / "_lib" / "runtime"
        assert run.stdout.strip() == str(packed_runtime)
        # it is enough for the command, too
        launcher = [packed_runtime.parent / "command" / "syncline", "info", recording]
        run = subprocess.run(["bash", *launcher], capture_output=True, text=True, env={**env, "PATH": "/usr/bin:/bin"}, timeout=120)
        assert run.returncode == 0 and run.stderr == "", run.stderr
        with zipfile.ZipFile(big) as z:
            metadata = z.read(next(n for n in z.namelist() if n.endswith("/METADATA"))).decode()
        assert " AND GPL-2.0-only WITH Classpath-exception-2.0\n" in metadata
