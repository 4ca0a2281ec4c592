# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The code of README and docs: what its blocks are, and what each needs to run."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]

#: where readers meet code
PAGES = sorted(
    p.relative_to(ROOT).as_posix()
    for p in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "examples" / "README.md",
        ROOT / "native-bridge" / "src" / "main" / "python" / "README.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
    if "target" not in p.parts
)


@dataclass(frozen=True)
class Block:
    page: str
    line: int  # of its first line of code
    language: str
    code: str

    def __str__(self):
        return f"{self.page}:{self.line}"

    @property
    def first(self):
        return self.code.split("\n", 1)[0].strip()

    @property
    def file(self):
        """The name of the file that the block is, where its first line says so: `# train.py`, `// Train.java`."""
        named = re.match(r"(?:#|//|/\*)\s*([\w.-]+\.\w+)\s*(?:\*/)?$", self.first)
        return named and named.group(1)

    @property
    def padded(self):
        """The code with the line numbers that it has in its page."""
        return "\n" * (self.line - 1) + self.code

    @property
    def modules(self):
        """Packages that Python code imports."""
        found = set()
        try:
            tree = ast.parse(self.code)
        except SyntaxError:
            return found  # running it says so
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found.update(a.name.split(".")[0] for a in node.names)
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.split(".")[0])
        return found


def of(page):
    """Returns the blocks of a page in order."""
    found = []
    language = None
    for number, line in enumerate((ROOT / page).read_text().split("\n"), 1):
        fence = re.match(r"( *)```(.*)$", line)
        if fence and language is None:
            margin, language, first, lines = len(fence.group(1)), fence.group(2).strip(), number + 1, []
        elif fence:
            found.append(Block(page, first, language, "\n".join(lines) + "\n"))
            language = None
        elif language is not None:
            assert not line[:margin].strip(), f"{page}:{number} stands left of its block"
            lines.append(line[margin:])
    assert language is None, f"{page}:{first} has no end"
    return found


def every(*languages):
    return [b for page in PAGES for b in of(page) if b.language in languages]
