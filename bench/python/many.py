# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Measures loaders of many recordings from Python: opening, first batch, batches a second, anonymous memory.

    many.py [RECORDING] [--counts 3,20,333] [--kinds concat,long,java] [--warm 10] [--seconds 20] [--rounds 3] [--threads 2]

The recordings are links to one (of shape M, made in a temporary folder where none is given), each with a name of its own. Each
case is a process of its own, in turn with the loader of one recording, round by round: what else runs on the machine slows all
alike. `concat` and `long` are the functions for many recordings, `java` is Java's SessionLoader. Batches are counted for so many
seconds from the start, in which kernels are compiled and each recording's pages are mapped for the first time, and for so many
after them. Numbers are medians over the rounds, ratios to the loader of one recording in the same round.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def links(recording: Path, folder: Path, count: int) -> list[Path]:
    """Make folders whose devices are links to those of one recording."""
    paths = []
    for i in range(count):
        path = folder / f"recording{i:04d}"
        path.mkdir()
        for device in recording.iterdir():
            if device.is_dir():
                (path / device.name).symlink_to(device)
        (path / "meta.json").write_text(json.dumps({"data_key": path.name}))
        paths.append(path)
    return paths


def rate(batches: Iterator[Any], seconds: float) -> float:
    """Return batches a second."""
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        next(batches)
        count += 1
    return count / (time.perf_counter() - begin)


def run(kind: str, paths: list[str], warm: float, seconds: float, threads: int, batch_size: int) -> dict[str, float]:
    """One loader in this process."""
    import compare  # noqa: F401  finds the package of this checkout
    from syncline import ChunkDataset, DataLoader
    from syncline.dataloaders import get_multisession_concat_dataloader, get_multisession_dataloader

    options = {"batch_size": batch_size, "shuffle": True, "num_workers": threads, "pin_memory": False}
    begin = time.perf_counter()
    if kind == "one":
        loader = DataLoader(ChunkDataset(paths[0]), seed=0, drop_last=True, **options)
    elif kind == "concat":
        loader = get_multisession_concat_dataloader(paths, seed=0, **options)
    else:
        loader = get_multisession_dataloader(paths, seed=0, **options)
    found = {"open": time.perf_counter() - begin}
    begin = time.perf_counter()
    batches = itertools.chain.from_iterable(itertools.repeat(loader))  # epoch after epoch
    next(batches)
    found["first"] = time.perf_counter() - begin
    found["early rate"] = rate(batches, warm)
    found["rate"] = rate(batches, seconds)
    status = Path("/proc/self/status").read_text()
    found["anonymous GB"] = int(status.split("RssAnon:")[1].split()[0]) / 1e6
    return found


def command(kind: str, paths: list[str], arguments: argparse.Namespace) -> list[str]:
    """Return the command of one case."""
    if kind != "java":
        options = ["--warm", arguments.warm, "--seconds", arguments.seconds, "--threads", arguments.threads, "--batch-size", arguments.batch_size]
        return [sys.executable, __file__, "--process", json.dumps([kind, paths]), *map(str, options)]
    from compare import java

    # as the package starts Java
    flags = ["-XX:+UseSerialGC", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
    values = [arguments.warm, arguments.seconds, arguments.threads, arguments.batch_size, Path(paths[0]).parent, len(paths)]
    return [*java(), *flags, str(HERE / "JavaSessions.java"), *map(str, values)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recording", nargs="?", type=Path)
    parser.add_argument("--counts", default="3,20,333")
    parser.add_argument("--kinds", default="concat,long,java")
    parser.add_argument("--warm", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--process", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.process:
        kind, paths = json.loads(arguments.process)
        print(json.dumps(run(kind, paths, arguments.warm, arguments.seconds, arguments.threads, arguments.batch_size)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        recording = arguments.recording
        if recording is None:
            import compare

            recording = Path(temporary) / "M"
            compare.write_recording("M", recording, "300")
        counts = [int(n) for n in arguments.counts.split(",")]
        folder = Path(temporary) / "links"
        folder.mkdir()
        paths = [str(p) for p in links(recording.resolve(), folder, max(counts))]
        cases = [("one", 1)] + [(kind, n) for n in counts for kind in arguments.kinds.split(",")]
        rounds: dict[tuple[str, int], list[dict[str, float]]] = {case: [] for case in cases}
        for _ in range(arguments.rounds):
            for kind, n in cases:
                output = subprocess.run(command(kind, paths[:n], arguments), check=True, stdout=subprocess.PIPE, text=True).stdout
                found = json.loads(output.splitlines()[-1])
                one = rounds["one", 1][-1] if kind != "one" else found
                found["early ratio"], found["ratio"] = found["early rate"] / one["early rate"], found["rate"] / one["rate"]
                rounds[kind, n].append(found)
        early = f"batches/s of {arguments.warm:g} s | of one recording's"
        print(f"| loader | recordings | opens, s | first batch, s | {early} | after them | of one recording's | spread | anonymous GB |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for (kind, n), runs in rounds.items():
            median = {key: statistics.median(r[key] for r in runs) for key in runs[0]}
            spread = max(r["ratio"] for r in runs) / min(r["ratio"] for r in runs) - 1
            print(
                f"| {kind} | {n} | {median['open']:.2f} | {median['first']:.2f} | {median['early rate']:.1f} | {median['early ratio']:.2f} "
                f"| {median['rate']:.1f} | {median['ratio']:.2f} | {spread:.2f} | {median['anonymous GB']:.2f} |"
            )


if __name__ == "__main__":
    main()
