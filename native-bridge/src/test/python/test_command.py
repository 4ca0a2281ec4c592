# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The command as users get it: unpacked from the archive, and by the launcher of a checkout."""

import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import MODULE

ROOT = MODULE.parent
SH = ROOT / "cli" / "src" / "main" / "sh"


def run(*command, **environment):
    env = {**os.environ, **environment}
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env, timeout=120)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("command")
    made = run("bash", SH / "archive.sh", ROOT / "cli" / "target", "7.8.9-SNAPSHOT", folder)
    assert made.returncode == 0, made.stderr
    with tarfile.open(folder / "syncline-7.8.9.tar.gz") as archive:
        archive.extractall(folder / "with a blank")
    return folder / "with a blank" / "syncline-7.8.9"


def test_archive(unpacked, recording, tmp_path):
    """Through a link, from elsewhere, nothing on stderr that nobody asked for."""
    link = tmp_path / "syncline"
    link.symlink_to(unpacked / "bin" / "syncline")
    info = run(link, "info", recording)
    assert (info.returncode, info.stderr) == (0, ""), info.stderr
    assert "responses" in info.stdout, info.stdout
    picture = tmp_path / "chunk.png"
    demo = run(link, "demo", "--recording", recording, "--batches", "1", "--picture", picture)
    assert demo.returncode == 0 and picture.stat().st_size > 1000, demo.stderr
    assert "WARNING" not in demo.stderr, demo.stderr
    options = run(link, "--version", SYNCLINE_JAVA_OPTIONS="-XX:+NoSuchFlagAtAll")
    assert options.returncode == 1 and "NoSuchFlagAtAll" in options.stderr, "what the JVM says must not be lost"


def test_what_the_library_warns_of_is_a_line(unpacked, recording):
    """Not Java's two, with a date and the name of a class."""
    none = run(unpacked / "bin" / "syncline", "stats", recording, "--tier", "nosuch")
    assert none.returncode == 1
    warning, error = none.stderr.splitlines()
    assert warning.startswith("syncline: warning: ") and "no trial has tier: 'nosuch'" in warning
    assert error.startswith("syncline: ")


def test_folders_of_classes_are_extensions_and_empty_ones_are_none(unpacked, recording, tmp_path):
    command = unpacked / "bin" / "syncline"
    empty = tmp_path / "empty"
    empty.mkdir()
    none = run(command, "info", recording, SYNCLINE_EXTENSIONS=str(empty))
    assert none.returncode == 1 and "neither a jar nor a class" in none.stderr, none.stderr
    classes = tmp_path / "classes"
    (classes / "META-INF/services").mkdir(parents=True)
    (classes / "Any.class").touch()
    (classes / "META-INF/services/org.syncline.RegistryProvider").write_text("no.Such\n")
    found = run(command, "info", recording, SYNCLINE_EXTENSIONS=f":{classes}")
    assert found.returncode != 0 and "no.Such" in found.stderr, "a folder of classes that is not looked into"


def test_extensions_may_have_any_name_and_what_is_no_jar_is_said(unpacked, recording, tmp_path):
    """The module path would want a name that can be made one of Java's, and say what is wrong on stdout."""
    command = unpacked / "bin" / "syncline"
    jar = tmp_path / "1 (2).jar"
    with zipfile.ZipFile(jar, "w") as made:
        made.writestr("META-INF/services/org.syncline.RegistryProvider", "no.Such\n")
    found = run(command, "info", recording, SYNCLINE_EXTENSIONS=str(jar))
    assert found.returncode == 1 and found.stdout == "" and "Provider no.Such not found" in found.stderr, found
    assert "Exception in thread" not in found.stderr
    whole = jar.read_bytes()
    for name, content in (("half.jar", whole[: len(whole) // 2]), ("text.jar", b"no jar\n")):
        (tmp_path / name).write_bytes(content)
        for given in (tmp_path / name, tmp_path):
            said = run(command, "info", recording, SYNCLINE_EXTENSIONS=str(given))
            assert said.returncode == 1 and said.stdout == "", said
            assert f"SYNCLINE_EXTENSIONS names {tmp_path / name}, which is no jar" in said.stderr, said.stderr
        (tmp_path / name).unlink()


def test_a_working_directory_that_is_gone_is_said(unpacked, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {shlex.quote(str(gone))} && rmdir {shlex.quote(str(gone))} && {shlex.quote(str(unpacked / 'bin' / 'syncline'))} --version"
    done = run("bash", "-c", script)
    assert done.returncode == 1 and done.stdout == "" and "syncline: the working directory is gone" in done.stderr, done


def test_modules_may_require_plain_jars_beside_them(unpacked, recording, tmp_path):
    """On the class path a module would not see them; a plain jar whose name makes no module's stays there."""
    java = Path(run(ROOT / "dev" / "find-jdk.sh").stdout.strip()) / "bin"
    sources = {
        "plain/org/plain/Plain.java": "package org.plain; public class Plain { public static String said() { return \"plain\"; } }",
        "named/module-info.java": "module org.named { requires helper; requires org.syncline;"
        " provides org.syncline.RegistryProvider with org.named.Named; }",
        "named/org/named/Named.java": "package org.named; public class Named implements org.syncline.RegistryProvider {"
        " public void register(org.syncline.Registry.Builder registry) { System.err.println(org.plain.Plain.said()); } }",
    }
    for name, text in sources.items():
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / name).write_text(text)
    jars = tmp_path / "jars"
    jars.mkdir()
    library = os.pathsep.join([*map(str, (unpacked / "lib").glob("*.jar")), str(jars / "helper-1.0.jar")])
    for folder, jar in (("plain", "helper-1.0.jar"), ("named", "named.jar")):
        files = sorted((tmp_path / "src" / folder).rglob("*.java"))
        made = run(java / "javac", "-p", library, "-d", tmp_path / folder, *files)
        assert made.returncode == 0, made.stderr
        made = run(java / "jar", "--create", "--file", jars / jar, "-C", tmp_path / folder, ".")
        assert made.returncode == 0, made.stderr
    shutil.copy(jars / "helper-1.0.jar", jars / "1 (2).jar")
    shutil.copy(jars / "helper-1.0.jar", tmp_path / "named")
    for given in (jars, f"{jars / 'named.jar'}:{jars / 'helper-1.0.jar'}", tmp_path / "named"):
        found = run(unpacked / "bin" / "syncline", "info", recording, SYNCLINE_EXTENSIONS=str(given))
        assert found.returncode == 0 and "plain" in found.stderr, found.stderr


def test_extensions_that_are_no_files_are_said(unpacked, recording, tmp_path):
    os.mkfifo(tmp_path / "fifo.jar")
    for given in (tmp_path, tmp_path / "fifo.jar"):
        said = run(unpacked / "bin" / "syncline", "info", recording, SYNCLINE_EXTENSIONS=str(given))
        assert said.returncode == 1 and f"SYNCLINE_EXTENSIONS names {tmp_path / 'fifo.jar'}, which is no file" in said.stderr, said


def test_a_home_is_not_needed(unpacked):
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run([unpacked / "bin" / "syncline", "--version"], capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0 or "no Java 25 or newer" in done.stderr, done.stderr


def test_progress_is_shown_where_stderr_is_a_terminal(unpacked, recording, tmp_path):
    def stats(stdout, stderr):
        done = subprocess.run([unpacked / "bin" / "syncline", "stats", recording], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, timeout=120)
        assert done.returncode == 0

    ours, terminal = pty.openpty()
    with open(tmp_path / "out", "wb") as out:
        stats(out, terminal)
    assert b"MiB" in os.read(ours, 1 << 16)
    assert b"\x1b" not in (tmp_path / "out").read_bytes()
    with open(tmp_path / "log", "wb") as log:
        stats(terminal, log)
    assert (tmp_path / "log").read_bytes() == b"", "stderr is a file"
    os.close(terminal)
    os.close(ours)


def test_paths_in_any_letters_without_a_locale(unpacked, tmp_path):
    """As under cron and in containers."""
    (tmp_path / "mäuse").mkdir()
    (tmp_path / "mäuse" / "lauf ü.csv").write_text("x\n" + "1\n" * 300)
    made = run(
        "env", "-u", "LANG", "LC_ALL=C", unpacked / "bin" / "syncline", "make", tmp_path / "mäuse" / "ü", "--sequence",
        f"a={tmp_path}/mäuse/lauf ü.csv", "--rate", "a=10")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "mäuse" / "ü" / "a" / "data.mem").stat().st_size == 2400


def test_archive_holds_what_it_should(unpacked):
    jars = {p.name for p in (unpacked / "lib").iterdir()}
    listed = set(re.findall(r"(?m)^\| ([a-z0-9-]+) \| [A-Z]", (unpacked / "THIRD-PARTY.md").read_text()))
    assert {re.sub(r"-\d[\d.]*\.jar$", "", n) for n in jars if not n.startswith("syncline")} == listed
    testdata = next((unpacked / "lib").glob("syncline-testdata-*.jar"))
    with zipfile.ZipFile(testdata) as z:
        assert not any("goldens/" in n for n in z.namelist())
    assert {"LICENSE", "NOTICE", "LGPL-2.1.txt"} <= {p.name for p in unpacked.iterdir()}
    script = (
        f"source '{unpacked}/completion/syncline'; COMP_WORDS=(syncline va); COMP_CWORD=1; _complete_syncline; "
        'echo "${COMPREPLY[@]}"; complete -p syncline'
    )
    completed = run("bash", "-c", script)
    assert completed.stdout.splitlines()[0].strip() == "validate", completed
    assert "-F _complete_syncline syncline" in completed.stdout


def test_a_wrong_java_home_is_an_error(unpacked, tmp_path):
    """As C says it: who names a runtime means that one."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").write_text("#!/bin/sh\n")
    (tmp_path / "bin" / "java").chmod(0o755)
    for launcher in (unpacked / "bin" / "syncline", ROOT / "dev" / "find-jdk.sh"):
        done = run(launcher, "--version", SYNCLINE_JAVA_HOME=str(tmp_path))
        assert done.returncode == 1 and f"SYNCLINE_JAVA_HOME is {tmp_path}" in done.stderr, done.stderr
        (tmp_path / "release").write_text('JAVA_VERSION="21.0.2"\n')
        done = run(launcher, "--version", SYNCLINE_JAVA_HOME=str(tmp_path))
        assert done.returncode == 1 and "21" in done.stderr and "25 or newer" in done.stderr, done.stderr
        (tmp_path / "release").unlink()


@pytest.fixture
def checkout(tmp_path):
    """What the launcher of a checkout looks at; Java and Maven are stand-ins that say with what they were called."""
    root = tmp_path / "checkout"
    for module in ("core", "testdata", "nwb", "cli"):
        (root / module / "src" / "main").mkdir(parents=True)
        (root / module / "pom.xml").touch()
    (root / "pom.xml").touch()
    for file in ("syncline", "dev/find-jdk.sh", "cli/src/main/sh/syncline"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, root / file)
    jar = root / "cli" / "target" / "lib" / "syncline-cli-1.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    jdk = tmp_path / "jdk"
    (jdk / "bin").mkdir(parents=True)
    (jdk / "release").write_text('JAVA_VERSION="25.0.1"\n')
    for name, text in {"java": 'echo "java $*"', "javac": "", "mvn": f"echo built >>{tmp_path}/mvn.log; touch {jar}"}.items():
        (jdk / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (jdk / "bin" / name).chmod(0o755)
    for folder in [root, *root.rglob("*")]:
        if folder.is_dir():
            folder.chmod(0o755)
    return root, jar, {"SYNCLINE_JAVA_HOME": str(jdk), "PATH": f"{jdk / 'bin'}:{os.environ['PATH']}"}


def test_the_launcher_builds_only_what_changed(checkout, tmp_path):
    root, jar, env = checkout
    log = tmp_path / "mvn.log"
    done = run(root / "syncline", "info", "x", **env)
    assert done.returncode == 0 and not log.exists(), done.stderr
    assert done.stdout.endswith("-m org.syncline.cli/org.syncline.cli.Main info x\n"), done.stdout
    os.utime(jar, (1, 1))  # the sources are newer
    for _ in range(2):
        assert run(root / "syncline", "info", "x", **env).stdout.endswith("info x\n")
    assert log.read_text() == "built\n"


if sys.platform == "linux" and (os.getuid() != 0 or shutil.which("setpriv")):

    def test_the_launcher_writes_nothing_where_it_may_not(checkout, tmp_path):
        root, jar, env = checkout
        os.utime(jar, (1, 1))
        for folder in (root / "cli" / "target", root / "cli"):
            folder.chmod(0o555)
        for parent in tmp_path.parents:
            if parent != Path(parent.anchor) and parent.stat().st_uid == os.getuid() and "pytest" in parent.name:
                parent.chmod(0o755)
        other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
        tmp_path.chmod(0o755)
        done = run(*other, root / "syncline", "info", "x", **env)
        assert done.returncode == 0 and done.stdout.endswith("info x\n"), done.stderr
        assert "may not be written to: running what was built" in done.stderr
        (root / "cli" / "target").chmod(0o755)
        shutil.rmtree(root / "cli" / "target")
        done = run(*other, root / "syncline", "info", "x", **env)
        assert done.returncode == 1 and "not built yet" in done.stderr, done.stderr
        assert not (tmp_path / "mvn.log").exists()
