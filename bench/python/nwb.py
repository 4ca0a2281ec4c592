# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Import of NWB beside h5py's read of the same dataset and cp of the same file, in turn in one process.

python nwb.py FOLDER [--megabytes 500] [--threads 2] [--json FILE], with h5py, numpy and syncline installed. Files are made
in FOLDER and removed. h5py reads into memory that is there already; cp and the import write what was not there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import h5py
import numpy as np
import syncline

ROUNDS, COLUMNS = 5, 256


def write(path: Path, rows: int, **storage: object) -> None:
    """A series as imaging makes it: noise on a slow signal, in digits that a camera has."""
    rng = np.random.default_rng(0)
    with h5py.File(path, "w") as f:
        f.attrs["nwb_version"] = "2.7.0"
        group = f.create_group("acquisition/series")
        group.attrs["neurodata_type"] = "TimeSeries"
        data = group.create_dataset("data", (rows, COLUMNS), "f4", **storage)
        for start in range(0, rows, 1 << 13):
            n = min(1 << 13, rows - start)
            data[start : start + n] = np.round(rng.normal(100, 20, (n, COLUMNS)))
        data.attrs.update(conversion=1.0, unit="a.u.")
        group["starting_time"] = 0.0
        group["starting_time"].attrs["rate"] = 30.0


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = args.megabytes * 10**6 // (4 * COLUMNS)
    results = {}
    for name, storage in {
        "gzip + shuffle": {"chunks": (1024, COLUMNS), "compression": "gzip", "shuffle": True},
        "gzip + shuffle, narrow chunks": {"chunks": (1024, 32), "compression": "gzip", "shuffle": True},
        "in one piece": {},
    }.items():
        file = args.folder / "bench.nwb"
        write(file, rows, **storage)
        out = np.empty((rows, COLUMNS), "f4")
        out.fill(0)

        def read() -> None:
            with h5py.File(file) as f:
                f["acquisition/series/data"].read_direct(out)

        def copy() -> None:
            subprocess.run(["cp", "--reflink=never", file, args.folder / "copy.nwb"], check=True)

        def load() -> None:
            syncline.import_nwb(file, args.folder / "out", threads=args.threads)

        load()
        stored = np.fromfile(args.folder / "out/bench/series/data.mem", "f4").reshape(out.shape)
        read()
        assert np.array_equal(stored, out)
        rounds = []
        for _ in range(ROUNDS):
            # to delete what was written takes time, too, and is not part of it
            shutil.rmtree(args.folder / "out")
            rounds.append((seconds(read), seconds(copy), seconds(load)))
            os.unlink(args.folder / "copy.nwb")
        h5, cp, ours = (statistics.median(column) for column in zip(*rounds))
        results[name] = {
            "h5py_s": h5,
            "cp_s": cp,
            "import_s": ours,
            "h5py_over_import": statistics.median(r[0] / r[2] for r in rounds),
            "cp_over_import": statistics.median(r[1] / r[2] for r in rounds),
        }
        print(f"{name:30} h5py {h5:6.2f} s   cp {cp:6.2f} s   import {ours:6.2f} s   "
              f"h5py/import {results[name]['h5py_over_import']:.2f}   cp/import {results[name]['cp_over_import']:.2f}")
        file.unlink()
        shutil.rmtree(args.folder / "out")
    if args.json:
        args.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
