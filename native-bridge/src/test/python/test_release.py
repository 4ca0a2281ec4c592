# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""dev/version, and what dev/release looks for before it builds."""

import re
import shutil
import subprocess

from conftest import MODULE

ROOT = MODULE.parent
COMMAND = "cli/src/main/java/org/syncline/cli/Main.java"
PACKAGE = "native-bridge/src/main/python/syncline/__init__.py"


def run(*command):
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


def test_a_release_gets_one_version_a_section_and_no_placeholder(tmp_path):
    status, now = run(ROOT / "dev/version")
    assert status == 0, now
    poms = [p.relative_to(ROOT) for p in (*ROOT.glob("*pom.xml"), *ROOT.glob("*/pom.xml"), *ROOT.glob("docs/extending/*/pom.xml"))]
    for file in [*poms, "README.md", "CHANGELOG.md", "dev/version", COMMAND, PACKAGE]:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    version = tmp_path / "dev/version"
    assert run(version, "9.8.7") == (0, "9.8.7\n")
    left = [str(p) for p in poms if now.strip() in re.sub(r"(?s)<dependency>.*?</dependency>", "", (tmp_path / p).read_text())]
    assert not left and now.strip() not in (tmp_path / "README.md").read_text()
    assert re.match(r"# Changelog\n\n## Unreleased\n\n## 9\.8\.7 \(\d{4}-\d\d-\d\d\)\n", (tmp_path / "CHANGELOG.md").read_text())
    assert '"syncline 9.8.7"' in (tmp_path / COMMAND).read_text() and '__version__ = "9.8.7"' in (tmp_path / PACKAGE).read_text()
    pom = tmp_path / "pom.xml"
    pom.write_text(pom.read_text().replace("syncline.org/", "syncline.example/").replace("//syncline.org<", "//syncline.example<"))
    assert run(version, "--publishable") == (0, "9.8.7 may be published\n")
    # each reason by itself
    (tmp_path / "core/pom.xml").write_text((tmp_path / "core/pom.xml").read_text().replace("9.8.7", "9.8.6"))
    status, said = run(version, "--publishable")
    assert status == 1 and "./core/pom.xml:9.8.6" in said
    assert run(version)[0] == 1
    run(version, "9.8.8-SNAPSHOT")
    pom.write_text(pom.read_text().replace("syncline.example<", "syncline.org<"))
    status, said = run(version, "--publishable")
    assert status == 1 and "9.8.8-SNAPSHOT" in said and "no section 9.8.8" in said and "<url> has syncline.org" in said
    assert run(version, "nine")[0] == 2


def test_a_release_has_what_it_needs():
    status, said = run(ROOT / "dev/release", "--dry-run")
    assert status == 0, said
    assert all(part in said for part in ("JDK: /", "maven/", "c/syncline-c-", "command/syncline-", "manylinux_2_28", "SHA256SUMS")), said


def test_what_a_release_is_tried_with_wants_one(tmp_path):
    status, said = run(ROOT / "dev/smoke", tmp_path)
    assert status == 2 and "dev/smoke FOLDER" in said
    # the options that it starts programs with are those of README
    options = re.findall(r"<argLine>(.*)</argLine>", (ROOT / "README.md").read_text())
    assert options == ["--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"]


def test_the_api_is_compared_with_the_latest_tag(tmp_path):
    checkout, baseline = tmp_path / "checkout", tmp_path / "baseline"
    (checkout / "dev").mkdir(parents=True)
    script = shutil.copy(ROOT / "dev/api-baseline.sh", checkout / "dev")
    # stands for Maven: its "jar" is the file that tells the commits apart
    maven = tmp_path / "mvn"
    maven.write_text(f'#!/bin/sh\necho built >>{tmp_path}/builds\nmkdir -p core/target\ncp what core/target/syncline-core-$(cat version).jar\n')
    maven.chmod(0o755)

    def git(*command):
        status, said = run("git", "-C", checkout, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *command)
        assert status == 0, said

    def commit(what, version):
        (checkout / "what").write_text(what)
        (checkout / "version").write_text(version)
        git("add", ".")
        git("commit", "-q", "-m", what)

    def compared():
        status, said = run(script, baseline, maven)
        assert status == 0, said
        return said.strip(), (baseline / "core.jar").read_bytes()

    nothing = b"PK\5\6" + bytes(18)
    assert compared() == ("[syncline] no git checkout: the public API is compared with nothing", nothing)
    git("init", "-q")
    commit("first", "1.0.0-SNAPSHOT")
    commit("second", "1.0.0")
    git("tag", "v1.0.0")
    # a release is not compared with itself
    assert compared() == ("[syncline] there is no release yet: the public API is compared with nothing", nothing)
    commit("third", "1.0.1-SNAPSHOT")
    for _ in range(2):
        assert compared() == ("[syncline] the public API is compared with that of v1.0.0", b"second")
    assert (tmp_path / "builds").read_text() == "built\n"
    commit("fourth", "1.1.0")
    git("tag", "v1.1.0")
    assert compared()[1] == b"second"
    commit("fifth", "1.1.1-SNAPSHOT")
    assert compared() == ("[syncline] the public API is compared with that of v1.1.0", b"fourth")
    # a copy of the repository without its tags
    git("tag", "-d", "v1.0.0", "v1.1.0")
    assert compared()[0].startswith("[syncline] there is no release yet")
    (checkout / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 1.1.0 (2026-01-02)\n\n## 1.0.0 (2026-01-01)\n")
    commit("sixth", "1.1.1-SNAPSHOT")
    status, said = run(script, baseline, maven)
    assert status == 1 and said.startswith("[syncline] CHANGELOG.md has the release 1.1.0, and this history neither a tag"), said
    commit("Version 1.2.0", "1.2.0")
    commit("eighth", "1.2.1-SNAPSHOT")
    assert compared() == ("[syncline] the public API is compared with that of v1.2.0", b"Version 1.2.0")
