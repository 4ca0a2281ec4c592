# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Every block of code in README and docs, compiled and run in order as a reader would, in a folder with a recording called `recording`."""

import gc
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import blocks
import numpy as np
import pytest
from blocks import ROOT
from conftest import ENGINES, MODULE, TARGET, TORCH, packed
from run_tests import MODULES

#: Commands that are not run here, with the reason: (page, first line of the block).
NOT_RUN = {
    ("CONTRIBUTING.md", "dev/version 0.1.0                 # everywhere, and the changelog's section"): "makes a release: minutes, and a tag",
    ("README.md", "./syncline demo"): "its recording of 90 s takes seconds; all pages are run on a shorter one of `demo --keep`",
    ("README.md", "mvn -q -DskipTests -pl native-bridge,cli -am package"): "builds; dev/newcomer runs it, and test_wheel.py installs it",
    ("docs/c.md", "mvn -Pdist -DskipTests -pl native-bridge -am package -Dsyncline.prefix=$HOME/syncline"): "builds; what it lays out is there",
    ("docs/c.md", "cc -std=c11 -g -fsanitize=address -o means $HOME/syncline/share/doc/syncline/means.c \\"): "the build runs the example so",
    ("docs/extending/README.md", "mvn -q install -DskipTests            # Syncline, once"): "builds; WorkedExamplesTest and test_extending.py do it",
    ("docs/start/c.md", "mvn -q -Pdist -DskipTests -pl native-bridge,cli -am package -Dsyncline.prefix=$HOME/syncline"): "builds; dev/newcomer runs it",
    ("docs/start/java.md", "mvn -q -DskipTests -pl cli -am install"): "builds; dev/newcomer runs it",
    ("docs/start/python.md", "mvn -q -DskipTests -pl native-bridge,cli -am package"): "builds; dev/newcomer runs it",
    ("docs/performance.md", "bench/run.sh FOLDER   # kernels, shapes, latency, cold start; FORM=short for ten minutes"): "takes half an hour",
}

#: What fragments take for granted: Java declarations, by page.
JAVA_GIVEN = {
    "docs/writing.md": """
        float[][] blocks = {new float[80 * 2000], new float[80 * 2000]}; 
        double[] times = java.util.stream.IntStream.range(0, 300).mapToDouble(i -> i / 10.0).toArray();
        var frames = new org.syncline.array.Tensor(org.syncline.array.ElementType.UINT8, new long[] {300, 6, 8},
            Arena.ofAuto().allocate(300 * 6 * 8));
    """,
}

#: The same for C, beside the header.
C_GIVEN = """
#include <signal.h>
#include <stddef.h>
#include "syncline.h"
void die(const char *message);
void consume(const DLTensor *tensor);
"""

#: Options of short runs: C1 alone, for C2 needs longer than they take, and the kernels that want no C2.
QUICK = ["-XX:TieredStopAtLevel=1", "-Dsyncline.kernels=scalar"]
#: what `java` says whose program reads with vectors; the command and the libraries keep it back
JAVAS_OWN = "WARNING: Using incubator modules: jdk.incubator.vector"

LANGUAGES = {"text", "sh", "python", "java", "c", "yaml", "json", "xml", "cmake"}
NWB = ROOT / "nwb" / "src" / "test" / "resources" / "org" / "syncline" / "nwb"
SH = ROOT / "cli" / "src" / "main" / "sh" / "syncline"
JDK = subprocess.run([ROOT / "dev" / "find-jdk.sh"], check=True, capture_output=True, text=True).stdout.strip()


def kind(block):
    """The first environment that has what a block of Python imports."""
    for name in ("plain", "torch", "engines"):
        extra = {"torch"} | set(MODULES["torch"]) if name == "engines" else set()
        if block.modules - {"syncline", "ray"} <= sys.stdlib_module_names | set(MODULES[name]) | extra:
            return name
    raise AssertionError(f"{block} imports {block.modules}, which no environment of the tests has")


#: Pages whose Python is run, and what it leaves looked at, by a test of their own.
ELSEWHERE = {"docs/writing.md": "test_writing.py"}

HERE = "engines" if ENGINES else "torch" if TORCH else "plain"
#: what needs Python alone runs with torch and without; all else once
PYTHON = [
    b
    for b in blocks.every("python")
    if b.page not in ELSEWHERE and (kind(b) == HERE or (HERE == "torch" and kind(b) == "plain"))
]


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The recording that `syncline demo --keep` makes."""
    folder = tmp_path_factory.mktemp("demo")
    made = subprocess.run(
        ["bash", SH, "demo", "--seconds", "25", "--batches", "1", "--keep", "recording"],
        cwd=folder, env={**os.environ, "SYNCLINE_JAVA_OPTIONS": " ".join(["-Xmx256m", *QUICK])}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return folder / "recording"


@pytest.fixture(scope="session")
def commands(tmp_path_factory):
    """A folder for PATH: what readers have installed."""
    folder = tmp_path_factory.mktemp("bin")
    for name, command in {"syncline": f"bash {SH}", "python": sys.executable, "java": f"{JDK}/bin/java", "javac": f"{JDK}/bin/javac"}.items():
        (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (folder / name).chmod(0o755)
    if importlib.util.find_spec("imageio_ffmpeg"):
        import imageio_ffmpeg

        (folder / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    return folder


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """What a C program builds against."""
    folder = tmp_path_factory.mktemp("prefix")
    target = TARGET if any(TARGET.glob("*.jar")) else packed(folder / "target")
    subprocess.run(["sh", MODULE / "src" / "main" / "c" / "install.sh", target, "0.1.0", folder / "syncline"], check=True)
    return folder / "syncline"


class Session:
    """A page on its way: its folder, and what its blocks of one language have left."""

    def __init__(self, page, language, folder, demo, commands, compiled, installed):
        self.compiled = compiled
        self.ran = None
        self.folder = folder / "work"
        self.folder.mkdir(parents=True)
        for name in (names := GIVEN_RECORDINGS.get(page, ["recording"])):
            # hard links: what is written into one is new files
            shutil.copytree(demo, self.folder / name, copy_function=os.link)
            if len(names) > 1:
                (self.folder / name / "meta.json").unlink()
                (self.folder / name / "meta.json").write_text(json.dumps({"data_key": Path(name).name}))
        if one_reader(page):  # what the build has made
            (self.folder / "cli").symlink_to(ROOT / "cli")
        GIVEN_FILES.get(page, lambda folder: None)(self.folder)
        # where pages have C's parts installed
        if installed:
            (folder / "syncline").symlink_to(installed)
        (self.folder / "syncline").symlink_to(commands / "syncline")
        path = os.pathsep.join([str(commands), os.environ["PATH"]])
        self.environment = {**os.environ, "PATH": path, "JAVA_HOME": JDK, "HOME": str(folder)}
        self.environment["SYNCLINE_JAVA_OPTIONS"] = " ".join(["-Xmx256m", *QUICK])
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.left = [b for b in blocks.of(page) if b.language in (language, "yaml", "json") or one_reader(page)]
        self.names = {"__name__": page}
        self.failures = {}

    def run(self, block):
        """Runs the blocks up to this one; raises what this one does."""
        while block in self.left:
            this = self.left.pop(0)
            try:
                if this.file:
                    (self.folder / this.file).write_text(this.code)
                elif this.language in RUN and (this.page, this.first) not in NOT_RUN:
                    RUN[this.language](self, this)
            except BaseException as e:
                self.failures[this] = e
                if not isinstance(e, Exception):
                    raise
        if block in self.failures:
            raise self.failures[block]

    def python(self, block):
        here = os.getcwd()
        os.chdir(self.folder)
        try:
            if HERE == "plain":  # others' packages warn of themselves
                warnings.simplefilter("error", UserWarning)
            exec(compile(block.padded, ROOT / block.page, "exec"), self.names)
        finally:
            os.chdir(here)

    def java(self, block):
        """Runs all of the page's Java in one JVM, for the first of its blocks."""
        if self.ran is None:
            fragments = [b for b in blocks.of(block.page) if b in self.compiled.classes]
            done = subprocess.run(
                [f"{JDK}/bin/java", "-Xmx512m", *QUICK, "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                 "-cp", self.compiled.path, "Run", *(self.compiled.classes[b] for b in fragments)],
                cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300,
            )  # fmt: skip
            self.ran = dict(re.findall(r"(?ms)^@(\w+) (.*?)^@$", done.stdout)), done.stderr
        name = self.compiled.classes.get(block)
        assert name, self.compiled.errors[block]
        outcomes, stderr = self.ran
        assert outcomes.get(name, "did not come\n") == "ok\n", f"{block}: {outcomes.get(name)}{stderr[-3000:]}"

    def shell(self, block):
        """Runs it as in one terminal: the next block finds its variables and its folder."""
        state = self.folder.parent / "terminal"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"[ ! -e {state} ] || . {state}\n{block.code}\nexport -p >{state}; echo cd \"$PWD\" >>{state}"],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}: status {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        said = [line for line in done.stderr.splitlines() if "WARNING" in line and line != JAVAS_OWN]
        assert not said, f"{block}: {said}"
        # a program that computes nothing ends well, too; `nan 0` is a count of them
        lost = re.search(r"(?m)^.*(?:\bnan\b(?! \d)|loss NaN).*$", done.stdout)
        assert not lost, f"{block}: {lost.group()}"


def one_reader(page):
    """Whether its blocks follow one another, whatever their language; else each language says the same once more."""
    return page.startswith("docs/start/") or page == "docs/format.md"


@pytest.fixture(scope="module")
def session(request, tmp_path_factory, demo, commands):
    made = {}
    others = [request.getfixturevalue(name) if HERE == "plain" else None for name in ("compiled", "installed")]

    def of(block, language):
        key = block.page if one_reader(block.page) else (block.page, language)
        if key not in made:
            made[key] = Session(block.page, language, tmp_path_factory.mktemp("page"), demo, commands, *others)
        return made[key]

    yield of
    # pages leave loaders in the middle of an epoch, whose threads go on making batches while other tests count these
    for each in made.values():
        each.names.clear()
    gc.collect()


RUN = {"python": Session.python, "sh": Session.shell, "java": Session.java, "yaml": Session.java, "json": Session.java}

def _lab(folder):
    rng = np.random.default_rng(2)
    for name, array in {
        "spks": rng.normal(size=(4, 27000)).astype("f4"),
        "iscell": np.array([[1, 0.9], [0, 0.1], [1, 0.8], [1, 0.7]]),
        "shifts": np.zeros(3),
        "spikes.times": np.sort(rng.uniform(0, 3600, 500)),
        "spikes.clusters": rng.integers(0, 5, 500),
        "clip": rng.integers(0, 255, (60, 6, 8)).astype("u1"),
        "clip_times": np.arange(60) / 30,
    }.items():
        np.save(folder / f"{name}.npy", array)
    (folder / "pupil.csv").write_text("time,x,y\n" + "\n".join(f"{i / 10},{i % 7},{i % 5}" for i in range(36000)))
    (folder / "trials.csv").write_text("start,end,label\n1,5,left\n6,9.5,right\n")


def _film(folder):
    import imageio_ffmpeg

    source = ["-f", "lavfi", "-i", "testsrc=size=64x36:rate=30", "-frames:v", "300"]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *source, folder / "clip.mp4"], check=True)
    np.save(folder / "clip_times.npy", np.arange(300) / 30)


#: recordings that a page takes for granted
GIVEN_RECORDINGS = {
    "docs/how-to/recordings.md": ["recordings/mouse1", "recordings/mouse2"],
    "docs/statistics.md": ["recordings/mouse1", "recordings/mouse2"],
    "docs/video.md": [],
    "docs/writing.md": [],
    # these make their own
    "docs/format.md": [],
    "docs/start/c.md": [],
    "docs/start/command.md": [],
    "docs/start/java.md": [],
    "docs/start/python.md": [],
}

#: files that a page takes for granted
GIVEN_FILES = {
    "README.md": lambda folder: (folder / "config.yaml").write_text(blocks.of("docs/configuration.md")[-1].code),
    "docs/nwb.md": lambda folder: shutil.copy(NWB / "lab.nwb", folder),
    "docs/video.md": _film,
    "docs/writing.md": _lab,
}


class Compiled:
    """Java of all pages, a class for each block: fragments as the body of a method, configurations as what reads them."""

    def __init__(self, folder):
        self.classes, self.errors = {}, {}
        listed = (TARGET / "native" / "classpath").read_text().split()
        self.path = os.pathsep.join([str(folder / "out"), *listed])
        packages = ["java.lang.foreign", "java.nio.file", "java.time", "java.util", "java.util.concurrent"]
        for module in ("core", "nwb"):
            info = (ROOT / module / "src" / "main" / "java" / "module-info.java").read_text()
            packages += re.findall(r"exports ([\w.]+);", info)
        head = "".join(f"import {p}.*; " for p in packages)
        starts = {}
        for i, block in enumerate(blocks.every("java", "yaml", "json")):
            if block.file and not block.file.startswith("config"):
                continue
            code, given = block.code, JAVA_GIVEN.get(block.page, "")
            if block.language != "java":
                code, given = f'DatasetConfig.parse({json.dumps(code)}, "{block}");\n', ""
            imports = "".join(re.findall(r"(?m)^import .*\n", code))
            body = re.sub(r"(?m)^import .*\n", "\n", code)
            before = f"{head}\n{imports}class B{i} {{ static void run() throws Exception {{ {given}\n"
            (folder / f"B{i}.java").write_text(before + body + "}}\n")
            self.classes[block] = f"B{i}"
            starts[f"B{i}"] = block, before.count("\n") + 1
        (folder / "Run.java").write_text(
            """
            class Run {
              public static void main(String[] names) {
                for (String name : names) {
                  System.out.println("@" + name + " " + outcome(name) + "\\n@");
                }
              }

              private static String outcome(String name) {
                try {
                  Class.forName(name).getDeclaredMethod("run").invoke(null);
                  return "ok";
                } catch (Throwable e) {
                  var text = new java.io.StringWriter();
                  e.printStackTrace(new java.io.PrintWriter(text, true));
                  return text.toString();
                }
              }
            }
            """
        )
        for _ in range(2):  # the second time without what does not compile
            done = subprocess.run(
                [f"{JDK}/bin/javac", f"-J{QUICK[0]}", "-proc:none", "-nowarn", "-d", folder / "out", "-cp", self.path, folder / "Run.java",
                 *(folder / f"{c}.java" for c in self.classes.values())],
                capture_output=True, text=True,
            )  # fmt: skip
            wrong = re.findall(r"(?m)^\S*?(B\d+)\.java:(\d+): error: ((?:.*\n){3})", done.stderr)
            for name, line, message in wrong:
                block, start = starts[name]
                self.classes.pop(block, None)
                self.errors.setdefault(block, f"{block.page}:{int(line) - start + block.line}: {message}")
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    return Compiled(tmp_path_factory.mktemp("java"))


def test_every_block_names_its_language():
    wrong = {str(b): b.language for page in blocks.PAGES for b in blocks.of(page) if b.language not in LANGUAGES}
    assert not wrong


def test_what_is_not_run_is_there():
    for page, test in ELSEWHERE.items():
        assert f'blocks.of("{page}")' in (Path(__file__).parent / test).read_text()
    there = {(b.page, b.first) for b in blocks.every("sh")}
    assert NOT_RUN.keys() <= there, NOT_RUN.keys() - there


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_python(block, session):
    session(block, "python").run(block)


def test_numbers_on_performance_are_those_of_the_diary():
    """Each row names what repeats it and the commit that wrote it down, and says no number that the diary does not."""
    page, diary = ((ROOT / "docs" / name).read_text() for name in ("performance.md", "notes/performance.md"))
    rows = [line.split(" | ") for line in page.split("\n") if re.match(r"\| .* \| [0-9a-f]{7} \|$", line)]
    assert len(rows) == 5
    for what, measured, command, commit in rows:
        numbers = re.findall(r"(?<![\w.])\d[\d.,]*\d", measured)
        assert numbers and not [n for n in numbers if n not in diary], what
        for script in re.findall(r"bench/[\w./]+", command):
            assert (ROOT / script).exists(), script
        assert "`" in command, what
    fast = re.search(r"(?ms)^- \*\*Fast.*?(?=^- )", (ROOT / "README.md").read_text()).group()
    said = re.findall(r"\d+[.,][\d.,]*\d", fast)
    assert len(said) == 4 and not [n for n in said if n not in page], said


def test_start_pages_have_commands_and_files_alone():
    """What dev/newcomer follows in a fresh clone: nothing that only this test would run."""
    pages = [p for p in blocks.PAGES if p.startswith("docs/start/")]
    assert len(pages) == 4
    for page in pages:
        assert not [str(b) for b in blocks.of(page) if b.language != "sh" and not b.file]


def test_files_of_a_page_are_used_in_it():
    for block in (b for page in blocks.PAGES for b in blocks.of(page) if b.file):
        rest = (ROOT / block.page).read_text().split("\n")[block.line :]
        assert block.file in "\n".join(rest), f"{block}: nothing uses {block.file}"


#: pages whose commands need torch
TORCH_PAGES = {"docs/start/python.md"}
SHELL = [b for b in blocks.every("sh") if (HERE == "torch") == (b.page in TORCH_PAGES)]

if HERE != "engines":  # each page's once

    @pytest.mark.parametrize("block", SHELL, ids=str)
    def test_shell(block, session):
        if (block.page, block.first) not in NOT_RUN:
            session(block, "sh").run(block)
            return
        done = subprocess.run(["bash", "-n"], input=block.code, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        known = set(re.findall(r"<id>([\w.]+)</id>", "".join(p.read_text() for p in [ROOT / "pom.xml", *ROOT.glob("*/pom.xml")])))
        profiles = set(re.findall(r"(?<=-P)[\w,]+", block.code))
        assert profiles <= known, f"{block}: no profile {profiles - known}"
        named = re.findall(r"(?m)(?:^|\s)(?:\./)?((?:dev|bench|docs|examples)/[\w./-]+)", block.code)
        assert not [n for n in named if not (ROOT / n).exists()], f"{block} names files that are not there"

if HERE == "plain":  # once is enough

    @pytest.mark.parametrize("block", blocks.every("java", "yaml", "json"), ids=str)
    def test_java_and_configurations(block, session):
        session(block, "java").run(block)


    @pytest.mark.parametrize("block", blocks.every("c"), ids=str)
    def test_c(block, session, tmp_path):
        """Whole programs are built by commands of their page."""
        if block.file:
            session(block, "c").run(block)
            return
        code = block.code if re.search(r"(?m)^(static|void|int) ", block.code) else f"void fragment(void) {{\n{block.code}}}\n"
        (tmp_path / "fragment.c").write_text(C_GIVEN + code)
        done = subprocess.run(
            [os.environ.get("CC", "cc"), "-std=gnu11", "-fsyntax-only", "-Wall", "-Werror", "-Wno-unused-function",
             "-I", MODULE / "src" / "main" / "c", tmp_path / "fragment.c"],
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}: {done.stderr}"


    @pytest.mark.parametrize("block", blocks.every("xml"), ids=str)
    def test_dependencies_are_those_of_the_build(block):
        namespace = "{http://maven.apache.org/POM/4.0.0}"
        pom = ElementTree.parse(ROOT / "pom.xml").getroot()
        for dependency in ElementTree.fromstring(f"<all>{block.code}</all>").iter("dependency"):
            assert dependency.findtext("groupId") == pom.findtext(f"{namespace}groupId")
            assert dependency.findtext("version") == pom.findtext(f"{namespace}version")
            module = dependency.findtext("artifactId").removeprefix("syncline-")
            assert (ROOT / module / "pom.xml").exists()
