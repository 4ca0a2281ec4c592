# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""``python -m syncline`` and the console script ``syncline``: the command, which Java runs in place of this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ._native import library


def _launcher() -> Path:
    """Returns the command's launcher: of the wheel, or of the checkout that this package lies in."""
    package = Path(__file__).resolve().parent
    packed = package / "_lib" / "command" / "syncline"
    if packed.is_file():
        return packed
    return package.parents[4] / "syncline"


def main() -> None:
    """Runs the command with this process's arguments; never returns.

    It is the command ``syncline`` with all that it does; ``syncline help`` lists that. The process becomes Java's: signals and the
    exit status are the command's own.

    Raises
    ------
    SystemExit
        there is no launcher, or no bash to run it.
    """
    library.offer_ffmpeg()
    launcher = _launcher()
    try:
        os.execvp("bash", ["bash", str(launcher), *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"syncline: {launcher} cannot be run by bash: {error}")


if __name__ == "__main__":
    main()
