# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Measures the Python package on one recording, beside what else a Python user could run: the table of docs/performance.md.

    compare.py [RECORDING] [--shape M] [--seconds 300] [--batches 40] [--only open,syncline,java,plain,fused]

Without a recording one of the shape is made in a temporary folder. Needs `mvn package`, and for the other side torch,
OpenCV, numba and SPDL (see baselines.py); what is not installed is left out, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGE = ROOT / "native-bridge" / "src" / "main" / "python"
sys.path.insert(0, str(PACKAGE))
sys.path.insert(0, str(HERE))

SAMPLES = 60  # frames a chunk in the default configuration


def write_recording(shape: str, folder: Path, seconds: str) -> None:
    from syncline import _native

    jars = (ROOT / "native-bridge/target/native/classpath").read_text().split()
    path = os.pathsep.join([str(ROOT / "testdata/target/classes"), *jars])
    command = [f"{_native.runtime_info()['java_home']}/bin/java", "-cp", path]
    command += ["org.syncline.testdata.Main", shape, str(folder), "--seconds", seconds]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def opening(recording: Path, repeats: int = 5) -> dict:
    """Import and first dataset in fresh processes, without the interpreter's own start."""
    code = (
        f"import time; t = time.perf_counter(); import sys; sys.path.insert(0, {str(PACKAGE)!r})\n"
        "from syncline.datasets import ChunkDataset; a = time.perf_counter()\n"
        f"d = ChunkDataset({str(recording)!r}); b = time.perf_counter()\n"
        "print(a - t, b - a)"
    )
    runs = []
    for _ in range(repeats + 1):
        out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        runs.append([float(x) for x in out.split()])
    runs = runs[1:]  # the first one fills caches
    return {
        "import_s": statistics.median(r[0] for r in runs),
        "open_s": statistics.median(r[1] for r in runs),
        "import_and_open_s": statistics.median(sum(r) for r in runs),
    }


def rate(batches, count: int, warm: int, batch_size: int) -> dict:
    """Frames a second over an iterable of batches, after some to warm up."""
    it = iter(batches)
    for _ in range(warm):
        next(it)
    begin = time.perf_counter()
    for _ in range(count):
        batch = next(it)
        del batch
    took = time.perf_counter() - begin
    return {"frames_per_s": count * batch_size * SAMPLES / took, "batch_ms": took / count * 1e3}


def endless(loader):
    while True:
        yield from loader


def syncline_rate(recording: Path, threads: int, batches: int, batch_size: int) -> dict:
    from syncline import ChunkDataset, DataLoader

    with DataLoader(
        ChunkDataset(recording), batch_size, shuffle=True, seed=0, num_workers=threads, prefetch_factor=2, drop_last=True
    ) as loader:
        return rate(endless(loader), batches, max(5, batches // 4), batch_size)


def batch_cost(recording: Path, batch_size: int, rounds: int = 10) -> dict:
    """What Python adds to a batch that lies ready: microseconds from asking for it to having its dict of tensors."""
    from syncline import ChunkDataset, DataLoader

    ahead = 4
    costs = []
    with DataLoader(
        ChunkDataset(recording), batch_size, num_workers=1, prefetch_factor=ahead, drop_last=True
    ) as loader:
        it = endless(loader)
        for _ in range(ahead * 2):
            next(it)
        while len(costs) < rounds * ahead:
            time.sleep(0.25 * ahead * max(1, batch_size / 16))  # until all are ready
            for _ in range(ahead - 1):
                begin = time.perf_counter()
                batch = next(it)
                costs.append((time.perf_counter() - begin) * 1e6)
                del batch
    return {"median_us": statistics.median(costs), "p90_us": sorted(costs)[int(len(costs) * 0.9)]}


def java_rate(recording: Path, threads: int, batches: int, batch_size: int) -> dict:
    """The Java loader alone, through the command's `bench`."""
    from syncline._config import plain
    from syncline.configs import DEFAULT_CONFIG

    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        json.dump(plain(DEFAULT_CONFIG), config)
        config.flush()
        arguments = ["--config", config.name, "--threads", str(threads), "--batch-size", str(batch_size)]
        command = [ROOT / "syncline", "bench", recording, *arguments, "--chunks", str(batches * batch_size)]
        out = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout
    chunks = float(re.search(r"([\d,.]+) chunks/s", out).group(1).replace(",", ""))
    return {"frames_per_s": chunks * SAMPLES, "batch_ms": batch_size / chunks * 1e3}


def plain_rate(recording: Path, workers: int, batches: int, batch_size: int) -> dict:
    import baselines
    import torch

    dataset = baselines.PlainDataset(recording)
    options = {"multiprocessing_context": "spawn", "persistent_workers": True} if workers else {}
    loader = torch.utils.data.DataLoader(
        dataset, batch_size, shuffle=True, num_workers=workers, drop_last=True, **options
    )
    return rate(endless(loader), batches, 2 * max(1, workers), batch_size)


def fused_rate(recording: Path, threads: int, batches: int, batch_size: int) -> dict:
    import baselines

    warm = 4
    pipeline = baselines.fused_batches(recording, batch_size, batches + warm, threads)
    with pipeline.auto_stop():
        return rate(pipeline, batches, warm, batch_size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", nargs="?", type=Path)
    parser.add_argument("--shape", default="M")
    parser.add_argument("--seconds", default="300")
    parser.add_argument("--batches", type=int, default=40)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--only", default="open,syncline,java,plain,fused")
    parser.add_argument("--output", type=Path, help="writes everything as JSON")
    args = parser.parse_args()
    wanted = args.only.split(",")
    folder = None
    if args.recording is None:
        folder = tempfile.TemporaryDirectory(prefix="syncline-")
        args.recording = Path(folder.name) / "recording"
        write_recording(args.shape, args.recording, args.seconds)
    recording, n, size = args.recording, args.batches, args.batch_size
    slow = max(3, n // 8)
    steps = []
    if "open" in wanted:
        steps.append(("import + open", lambda: opening(recording)))
    if "syncline" in wanted:
        steps += [
            ("syncline, 1 thread", lambda: syncline_rate(recording, 1, n, size)),
            ("syncline, 2 threads", lambda: syncline_rate(recording, 2, n, size)),
            ("cost of a ready batch", lambda: batch_cost(recording, size)),
        ]
    if "java" in wanted:
        steps.append(("Java loader alone, 2 threads", lambda: java_rate(recording, 2, n, size)))
    if "plain" in wanted:
        steps += [
            ("torch Dataset + DataLoader, 0 workers", lambda: plain_rate(recording, 0, slow, size)),
            ("torch Dataset + DataLoader, 2 workers", lambda: plain_rate(recording, 2, slow, size)),
        ]
    if "fused" in wanted:
        steps.append(("SPDL + numba, 2 threads", lambda: fused_rate(recording, 2, n, size)))
    results = {}
    print(f"shape {args.shape}, batches of {size}\n\n| what | result |\n| --- | --- |")
    for name, step in steps:
        try:
            results[name] = step()
            shown = ", ".join(f"{k} {v:,.3f}" if v < 10 else f"{k} {v:,.1f}" for k, v in results[name].items())
        except ImportError as missing:
            shown = f"left out: {missing}"
        print(f"| {name} | {shown} |", flush=True)
    rates = {k: v["frames_per_s"] for k, v in results.items() if "frames_per_s" in v}
    ours = rates.get("syncline, 2 threads")
    for other, frames in rates.items():
        if ours and "syncline" not in other:
            print(f"| syncline, 2 threads / {other} | {ours / frames:.2f} × |")
    if args.output:
        args.output.write_text(json.dumps(results, indent=1))
    if folder is not None:
        folder.cleanup()


if __name__ == "__main__":
    main()
