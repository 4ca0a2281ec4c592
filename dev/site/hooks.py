# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What MkDocs does not do by itself: links that leave docs/, the references of Python's names, of C's functions, javadoc.

The pages are written for readers of the repository. A link to a file outside docs/ leads to a copy of it in the site, one to a
folder becomes plain text.
"""

import ast
import logging
import os
import posixpath
import re
import subprocess
import sys
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "native-bridge" / "src" / "main" / "c" / "syncline.h"
PACKAGE = ROOT / "native-bridge" / "src" / "main" / "python" / "syncline"
log = logging.getLogger("mkdocs.hooks.syncline")

#: pages that lie elsewhere in the repository
PAGES = {
    "README.md": "project/readme.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "examples/README.md": "project/examples.md",
}
JAVADOC = "reference/java/index.html"
#: files of the look, beside this one
ASSETS = {"extra.css": "assets/extra.css", "worker.js": "assets/iframe-worker.js"}


def on_files(files, config):
    for source, place in PAGES.items():
        files.append(File.generated(config, place, content=(ROOT / source).read_text()))
    for source, place in ASSETS.items():
        files.append(File.generated(config, place, abs_src_path=str(Path(__file__).parent / source)))
    for place, content in _python().items():
        files.append(File.generated(config, place, content=content))
    files.append(File.generated(config, "reference/c.md", content=_c()))
    files.append(File.generated(config, "reference/java.md", content=_java()))
    files.append(File.generated(config, JAVADOC, content=""))  # on_post_build writes it
    return files


def on_config(config):
    # a page for each module, below the one that lists them
    reference = next(section["Reference"] for section in config.nav if "Reference" in section)
    place = next(i for i, entry in enumerate(reference) if "Python" in entry)
    pages = [{name: f"reference/python/{name}.md"} for name in _modules()]
    reference[place] = {"Python": [{"Modules": "reference/python.md"}, *pages]}
    return config


def _modules():
    """Module → the first line of its docstring."""
    package = ast.parse((PACKAGE / "__init__.py").read_text())
    names = next(ast.literal_eval(n.value) for n in package.body if isinstance(n, ast.Assign) and n.targets[0].id == "_MODULES")
    found = {}
    for name in names:
        file = PACKAGE / f"{name}.py"
        text = (file if file.exists() else PACKAGE / name / "__init__.py").read_text()
        found[name] = ast.get_docstring(ast.parse(text)).split("\n")[0]
    return found


def _python():
    """Path → content of the pages on Python's names."""
    lines = ["# Python", "", "Public names by module, from their docstrings. [Training programs](../python.md) says how they work together.", ""]
    lines += ["| module | what it has |", "| --- | --- |"]
    lines += [f"| [`syncline.{name}`](python/{name}.md) | {sentence} |" for name, sentence in _modules().items()]
    pages = {"reference/python.md": "\n".join([*lines, ""])}
    for name in _modules():
        parts = [name]
        package = PACKAGE / name / "__init__.py"
        if package.exists() and "__all__" not in package.read_text():  # its names are in its modules alone
            parts += [f"{name}.{file.stem}" for file in sorted(package.parent.glob("[!_]*.py"))]
        options = "\n    options:\n      show_root_heading: false\n      show_root_toc_entry: false\n\n"
        pages[f"reference/python/{name}.md"] = f"# syncline.{parts[-1]}\n\n" + "".join(f"::: syncline.{part}{options}" for part in parts)
    return pages


def _c():
    """The header's comments as text, its declarations as code."""
    header = HEADER.read_text()
    rules = re.search(r"(?ms)^ \* Rules that hold.*?(?=^ \*/)", header).group()
    lines = ["# C: functions", "", "From [`syncline.h`](../../native-bridge/src/main/c/syncline.h). [C](../c.md) says how the pieces lie together.", ""]
    first, *rest = [line[3:] for line in rules.splitlines()]
    lines += [_plain(first), "", *(_plain(re.sub(r"^ {1,3}- ", "- ", line)) for line in rest), ""]
    statuses = re.search(r"(?ms)^typedef int32_t syncline_status;.*?^};$", header).group()
    lines += ["## Statuses", "", "```c", statuses, "```", ""]
    body = header[header.index("/* ---- library") : header.rindex("#ifdef __cplusplus")]
    for comment, code in re.findall(r"(?ms)^(/\*.*?\*/)\n(.*?)(?=^/\*|\Z)", body):
        text = [re.sub(r"^(/\*| \*/?)? ?", "", line).removesuffix("*/").rstrip() for line in comment.splitlines() if "writes these lines" not in line]
        title = re.match(r"---- (.*?) -+$", text[0])
        if title:
            lines += [f"## {title[1].capitalize()}", ""]
            continue
        names = re.findall(r"\b(syncline_\w+)\(", code) or re.findall(r"^}? ?(?:#define )?(\w+);?", code, re.M)[-1:]
        lines += [f"### {', '.join(f'`{name}`' for name in names)}", ""]
        table = next((i for i, line in enumerate(text) if re.match(r" +\"", line)), len(text))
        lines += [_plain(line) for line in text[:table]]
        if table < len(text):
            lines += ["", "```text", *text[table:], "```"]
        lines += ["", "```c", re.sub(r"SYNCLINE_(?:API|JAVA) (.*?)\((.*?)\);", _declared, code.strip(), flags=re.S), "```", ""]
    return "\n".join(lines)


def _declared(found):
    """A function's declaration, an argument a line where it is long."""
    arguments = re.sub(r"\s+", " ", found[2])
    short = f"{found[1]}({arguments});"
    return short if len(short) <= 88 else f"{found[1]}(\n    " + arguments.replace(", ", ",\n    ") + ");"


def _plain(line):
    return re.sub(r"([_*<\[{`])", r"\\\1", line)


def _java():
    if not _dependencies():
        log.info("javadoc is left out: its dependencies are not there before `mvn package` has built Syncline")
        return "# Java\n\nThe javadoc is part of the site where Syncline was built before: `mvn -DskipTests package && dev/docs`.\n"
    return "# Java\n\n[The javadoc of module `org.syncline`](java/index.html), from `ChunkDataset.open` to the last option.\n"


def _dependencies():
    listed = ROOT / "native-bridge" / "target" / "native" / "classpath"
    entries = listed.read_text().split() if listed.exists() else []
    jars = [e for e in entries if "syncline" not in os.path.basename(e) and e.endswith(".jar")]
    annotations = ROOT / "target" / "tools" / "jspecify.jar"  # which nothing needs to run
    return [*jars, str(annotations)] if jars and annotations.exists() else []


def on_post_build(config):
    jars = _dependencies()
    out = Path(config["site_dir"]) / "reference" / "java"
    if not jars:
        (out / "index.html").unlink()
        return
    home = subprocess.run([ROOT / "dev" / "find-jdk.sh"], check=True, capture_output=True, text=True).stdout.strip()
    made = subprocess.run(
        [f"{home}/bin/javadoc", "-quiet", "-Xdoclint:all", "-Xmaxwarns", "10000", "-d", out,
         "--module-source-path", f"org.syncline={ROOT}/core/src/main/java", "-p", os.pathsep.join(jars),
         "--add-modules", "jdk.incubator.vector", "--add-reads", "org.syncline=jdk.incubator.vector",
         "--module", "org.syncline"],
        capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode:
        sys.exit(f"javadoc failed:\n{made.stderr[-3000:]}")
    # a sentence that begins with "Returns", and names of parameters in it, stand for tags
    for said in re.findall(r"(?m)^.*: warning: (?!no @(?:return|param|throws)).*$", made.stdout + made.stderr):
        log.warning(said)


def on_page_markdown(markdown, page, config, files):
    here = page.file.src_uri
    source = {v: k for k, v in PAGES.items()}.get(here) or f"docs/{here}"
    _check_lists(markdown, source)

    def link(found):
        text, target = found.group(1), found.group(2)
        if re.match(r"[a-z]+:|#", target) or here.startswith("reference/") and here != "reference/c.md":
            return found.group(0)
        path, _, anchor = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if (ROOT / path).is_dir():
            return text
        if path in PAGES:
            place = PAGES[path]
        elif path.startswith("docs/") and path.endswith(".md"):
            place = path[len("docs/") :]
        elif (ROOT / path).is_file():
            place = f"files/{path}"
            if not files.get_file_from_path(place):
                files.append(File.generated(config, place, abs_src_path=str(ROOT / path)))
        else:
            log.warning(f"{source} links to {target}, which is not there")
            return found.group(0)
        relative = posixpath.relpath(place, posixpath.dirname(here) or ".")
        return f"[{text}]({relative}{'#' + anchor if anchor else ''})"

    parts = re.split(r"(^[ ]*```.*?^[ ]*```$)", markdown, flags=re.S | re.M)
    return "".join(
        p if i % 2 else re.sub(r"\[([^\]\n]*(?:\n[^\]\n]*)?)\]\(([^)\s]+)\)", link, p) for i, p in enumerate(parts)
    )


def _check_lists(markdown, source):
    """Warns of lists that code hosts show and Python-Markdown does not: it wants an empty line before, and steps of four blanks."""
    before, fenced = "", False
    for number, line in enumerate(markdown.split("\n"), 1):
        blanks = len(line) - len(line.lstrip())
        item = re.match(r"\s*([-*]|\d+\.) ", line)
        fence = line.lstrip().startswith("```")
        if (fence or not fenced) and blanks % 4 and (item or fence or line.lstrip().startswith("|")):
            log.warning(f"{source}:{number} is indented by {blanks} blanks; lists and what lies in them take 4")
        if item and not fenced and before.strip() and not before.startswith("  ") and not re.match(r"([-*]|\d+\.) ", before):
            log.warning(f"{source}:{number} is a list that begins without an empty line before it")
        fenced ^= fence
        before = line


def on_page_content(html, page, config, files):
    # roles of reStructuredText in docstrings
    return re.sub(r":(?:class|meth|func|mod|attr|data|exc):(<code>)~?", r"\1", html)
