# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Runs pytest in a virtual environment that is made once for the user: run_tests.py TARGET plain|torch|engines [argument ...].

The environment lies in $XDG_CACHE_HOME/syncline or ~/.cache/syncline under a hash of Python's version and the
requirements, so that a clean build finds it again; that of the engines sees the packages of the one with torch, which are large.
SYNCLINE_PYTHON names a Python that has them already.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def missing(python, modules):
    code = f"import importlib.util as u, sys; print(*[m for m in {modules!r} if u.find_spec(m) is None])"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.split()


# what each kind of environment adds: its requirements, and modules by which a Python is known to have them
REQUIREMENTS = {
    "plain": "requirements.txt",
    "torch": "requirements-torch.txt",
    "engines": "requirements-engines.txt",
    "types": "requirements-types.txt",
    "site": "../../../../dev/site/requirements.txt",
}
MODULES = {
    "plain": ["numpy", "pytest", "jax", "imageio_ffmpeg"],
    "torch": ["numpy", "pytest", "imageio_ffmpeg", "torch", "torchvision", "omegaconf"],
    "engines": ["pytest", "torch", "lightning", "accelerate", "torchdata", "grain", "orbax", "ray", "matplotlib", "nbclient", "ipykernel", "h5py"],
}


def environment(kind):
    """Returns a Python that has the requirements."""
    if os.environ.get("SYNCLINE_PYTHON"):
        lacks = missing(sys.executable, [m for m in MODULES[kind] if m != "jax"])
        if lacks:
            sys.exit(f"[syncline] SYNCLINE_PYTHON={sys.executable} lacks {', '.join(lacks)}")
        return sys.executable
    if kind == "engines":
        return made("engines", below=made("plain", "torch"))
    return made(*dict.fromkeys(["plain", kind]))


def made(*kinds, below=None):
    """Returns the Python of an environment, made if it is not there; it sees the packages of the one below, too."""
    requirements = [HERE / REQUIREMENTS[kind] for kind in kinds]
    text = "".join(r.read_text() for r in requirements) + sys.version + sys.executable + (below or "")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "syncline"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / f"venv-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    python = folder / "bin" / "python"
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            print(f"[syncline] making the environment of the Python tests, once: {folder}", flush=True)
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
            if below:
                (packages(python) / "below.pth").write_text(f"{packages(below)}\n")
            arguments = [a for r in requirements for a in ("-r", str(r))]
            subprocess.run(
                [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *arguments], check=True
            )
            (folder / "complete").touch()
    return str(python)


def packages(python):
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip())


def main():
    target, kind, *arguments = sys.argv[1:]
    try:
        python = environment(kind)
    except subprocess.CalledProcessError as e:
        sys.exit(f"[syncline] the environment of the Python tests could not be made: {e}")
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={target}/pytest-{kind}.xml"]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "SYNCLINE_TEST_TARGET": target}
    # what needs packages of that environment alone
    engines = ["test_engines.py", "test_plot.py", "test_blocks.py", "test_notebooks.py"]
    tests = [HERE / name for name in engines] if kind == "engines" else [HERE]
    sys.exit(subprocess.run([*command, *(arguments or map(str, tests))], cwd=HERE, env=env).returncode)


if __name__ == "__main__":
    main()
