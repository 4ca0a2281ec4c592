# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Measures the Python package on one recording, beside what else a Python user could run: the table of docs/notes/performance.md.

    compare.py [RECORDING] [--shape M] [--seconds 300] [--rounds 9] [--batches 20] [--only open,rate,ready,dropin,plain,fused]

Each way of loading is a process of its own that waits until it is told to take so many batches. They take turns, round by
round, so that what else runs on the machine slows all alike, and are stopped (SIGSTOP) out of turn, for loaders read ahead;
ratios are medians over the rounds, with both times that mean something on a machine that is shared: the clock's and the process's own on all processors.

Without a recording one of the shape is made in a temporary folder. Needs `mvn package`, and for the other side torch,
OpenCV, numba and SPDL (see baselines.py); what is not installed is left out, and the table says so.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
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
SPDL = "SPDL + numba, 2 threads"
PLAIN = "torch Dataset + DataLoader, {} workers"
DROPIN = "torch DataLoader over syncline.ChunkDataset, {} workers"
EPOCHS = "syncline's MultiEpochsDataLoader, 2 threads"


def java() -> list[str]:
    """The command `java` with the jars of the package."""
    from syncline._native import functions

    jars = (ROOT / "native-bridge/target/native/classpath").read_text().split()
    path = os.pathsep.join([str(ROOT / "testdata/target/classes"), *jars])
    return [f"{functions.runtime_info()['java_home']}/bin/java", "-cp", path]


def write_recording(shape: str, folder: Path, seconds: str) -> None:
    command = [*java(), "org.syncline.testdata.Main", shape, str(folder), "--seconds", seconds]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def opening(recording: Path, repeats: int) -> dict[str, float]:
    """Import and first dataset in fresh processes, without the interpreter's own start."""
    code = (
        f"import time; t = time.perf_counter(); import sys; sys.path.insert(0, {str(PACKAGE)!r})\n"
        "from syncline.datasets import ChunkDataset; a = time.perf_counter()\n"
        f"d = ChunkDataset({str(recording)!r}); b = time.perf_counter()\n"
        "print(a - t, b - a, time.process_time())"
    )
    runs = []
    with tempfile.TemporaryDirectory() as compiled:
        # pip compiles what it installs, so the modules of this checkout are compiled too, whatever the environment says
        env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        env["PYTHONPYCACHEPREFIX"] = compiled
        for _ in range(repeats + 1):
            run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=env)
            runs.append([float(x) for x in run.stdout.split()])
    runs = runs[1:]  # the first one fills caches
    median = statistics.median
    return {
        "import": median(r[0] for r in runs),
        "open": median(r[1] for r in runs),
        "import + open": median(r[0] + r[1] for r in runs),
        "processor, whole process": median(r[2] for r in runs),
    }


# ---- the ways of loading: each gives an endless iterator of batches ----


def endless(loader):
    while True:
        yield from loader


def child_syncline(args: argparse.Namespace):
    from syncline import ChunkDataset, DataLoader

    prefetch = args.prefetch // args.threads
    options = dict(shuffle=True, seed=0, num_workers=args.threads, prefetch_factor=prefetch, drop_last=True)
    return endless(DataLoader(ChunkDataset(args.recording), args.batch_size, **options))


def child_plain(args: argparse.Namespace):
    import baselines
    import torch

    options = {"multiprocessing_context": "spawn", "persistent_workers": True} if args.threads else {}
    dataset = baselines.PlainDataset(args.recording)
    options.update(shuffle=True, num_workers=args.threads, drop_last=True)
    return endless(torch.utils.data.DataLoader(dataset, args.batch_size, **options))


def child_dropin(args: argparse.Namespace):
    """The original's program with one import changed."""
    import torch.utils.data

    from syncline.datasets import ChunkDataset

    options = dict(shuffle=True, num_workers=args.threads, drop_last=True)
    return endless(torch.utils.data.DataLoader(ChunkDataset(args.recording), args.batch_size, **options))


def child_epochs(args: argparse.Namespace):
    from syncline import ChunkDataset
    from syncline.utils import MultiEpochsDataLoader

    options = dict(shuffle=True, num_workers=args.threads, drop_last=True)
    return endless(MultiEpochsDataLoader(ChunkDataset(args.recording), args.batch_size, **options))


def child_fused(args: argparse.Namespace):
    import baselines

    pipeline = baselines.fused_batches(args.recording, args.batch_size, None, args.threads)
    pipeline.start()
    return iter(pipeline)


def processor_seconds() -> float:
    """Of this process and its workers that still run."""
    ticks = 0
    me = os.getpid()
    for stat in itertools.chain([Path("/proc/self/stat")], Path("/proc").glob("[0-9]*/stat")):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if "self" in stat.parts or int(fields[1]) == me:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def child(args: argparse.Namespace) -> None:
    """Takes batches when told to: lines `rate N` and `ready N`."""
    try:
        children = {"syncline": child_syncline, "plain": child_plain, "dropin": child_dropin, "epochs": child_epochs, "fused": child_fused}
        batches = children[args.child](args)
    except ImportError as missing:
        print(json.dumps(f"left out: {missing}"), flush=True)
        return
    print(json.dumps("ready"), flush=True)
    workers = args.child in ("plain", "dropin") and args.threads > 0
    processor = processor_seconds if workers else time.process_time
    for line in sys.stdin:
        what, n = line.split()
        if what == "rate":
            cpu, begin = processor(), time.perf_counter()
            for _ in range(int(n)):
                batch = next(batches)
                del batch
            answer = [time.perf_counter() - begin, processor() - cpu]
        else:
            answer = []
            for _ in range(int(n)):
                begin = time.thread_time_ns()
                batch = next(batches)
                answer.append((time.thread_time_ns() - begin) / 1e3)
                del batch
        print(json.dumps(answer), flush=True)
    sys.stdout.flush()
    os._exit(0)  # whatever threads a pipeline has


class Runner:
    """A process that loads, waiting for orders."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        # a session of its own: its workers stop with it
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        answer = self.process.stdout.readline().strip()
        if answer.strip('"') != "ready":
            raise ImportError(answer.strip('"') or "it did not start")

    def take(self, what: str, n: int) -> list[float]:
        self.process.stdin.write(f"{what} {n}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def signal(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def close(self) -> None:
        self.signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.wait()


def busy_seconds() -> float:
    """Time that all processors spent at work, for whomever."""
    fields = [int(x) for x in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def python_runner(name: str, kind: str, threads: int, args: argparse.Namespace) -> Runner:
    command = [sys.executable, __file__, str(args.recording), "--child", kind, "--threads", str(threads)]
    command += ["--prefetch", str(args.prefetch), "--batch-size", str(args.batch_size)]
    return Runner(name, command)


def java_runner(name: str, threads: int, args: argparse.Namespace, config: Path) -> Runner:
    flags = ["-Xms24m", "-Xmx512m", "-XX:+UseSerialGC", "--add-modules=jdk.incubator.vector"]
    flags += ["--enable-native-access=ALL-UNNAMED", str(HERE / "JavaLoader.java")]
    values = [args.recording, config, threads, args.prefetch, args.batch_size]
    return Runner(name, [*java(), *flags, *map(str, values)])


def rates(runners: list[Runner], args: argparse.Namespace) -> dict[str, list[list[float]]]:
    """Seconds a batch of each round: the clock's, the process's own, and how many processors others kept busy."""
    found: dict[str, list[list[float]]] = {r.name: [] for r in runners}
    for r in runners:
        r.signal(signal.SIGSTOP)
    for turn in range(-1, args.rounds):
        for r in runners:
            r.signal(signal.SIGCONT)
            n = args.batches if "torch Dataset" not in r.name else max(3, args.batches // 8)
            # what is ready already, and compiled code
            r.take("rate", min(n, args.prefetch + 2) if turn >= 0 else max(args.warm if n == args.batches else n, 1))
            busy = busy_seconds()
            wall, cpu = r.take("rate", n)
            others = max(0.0, busy_seconds() - busy - cpu) / wall
            r.signal(signal.SIGSTOP)
            if turn >= 0:
                found[r.name].append([wall / n, cpu / n, others])
    return found


def ready(runners: list[Runner], args: argparse.Namespace) -> dict[str, list[list[float]]]:
    """Microseconds of the taking thread for batches that lie ready: the first after a pause, and those right behind it."""
    found: dict[str, list[list[float]]] = {r.name: [[], []] for r in runners}
    for _ in range(args.ready_rounds):
        for r in runners:
            r.take("rate", 1)
            time.sleep(0.4)  # until all are ready
            first, *rest = r.take("ready", args.prefetch - 1)
            found[r.name][0].append(first)
            found[r.name][1].extend(rest)
    return found


def table(head: str, rows: list[list[str]]) -> None:
    columns = head.split(" | ")
    print(f"\n| {head} |\n| --- |{' --: |' * (len(columns) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", nargs="?", type=Path)
    parser.add_argument("--shape", default="M")
    parser.add_argument("--seconds", default="300")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--batches", type=int, default=20, help="a round")
    parser.add_argument("--warm", type=int, default=100, help="batches before the first round")
    parser.add_argument("--ready-rounds", type=int, default=60)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--prefetch", type=int, default=4, help="batches ahead, of Python and Java alike")
    parser.add_argument("--only", default="open,rate,ready,dropin,plain,fused")
    parser.add_argument("--output", type=Path, help="writes everything as JSON")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args)
        return
    wanted = args.only.split(",")
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="syncline-") as folder:
        from syncline._config import plain
        from syncline.configs import DEFAULT_CONFIG

        if args.recording is None:
            args.recording = Path(folder) / "recording"
            write_recording(args.shape, args.recording, args.seconds)
        config = Path(folder) / "config.yaml"
        config.write_text(json.dumps(plain(DEFAULT_CONFIG)))
        print(f"shape {args.shape}, batches of {args.batch_size}, {os.cpu_count()} processors")
        if "open" in wanted:
            results["open"] = opened = opening(args.recording, args.rounds)
            table("in a fresh process | median", [[k, f"{v:.2f} s"] for k, v in opened.items()])
        compare(args, wanted, config, results)
    if args.output:
        args.output.write_text(json.dumps(results, indent=1))


def compare(args: argparse.Namespace, wanted: list[str], config: Path, results: dict[str, object]) -> None:
    makers = []
    if "rate" in wanted:
        for t in (1, 2):
            name = f"syncline, {t} thread{'s' * (t > 1)}"
            makers.append((name, lambda n, t=t: python_runner(n, "syncline", t, args)))
            name = f"Java loader alone, {t} thread{'s' * (t > 1)}"
            makers.append((name, lambda n, t=t: java_runner(n, t, args, config)))
    if "fused" in wanted:
        makers.append((SPDL, lambda n: python_runner(n, "fused", 2, args)))
    if "dropin" in wanted:
        makers += [(DROPIN.format(w), lambda n, w=w: python_runner(n, "dropin", w, args)) for w in (0, 2)]
        makers.append((EPOCHS, lambda n: python_runner(n, "epochs", 2, args)))
    if "plain" in wanted:
        makers += [(PLAIN.format(w), lambda n, w=w: python_runner(n, "plain", w, args)) for w in (0, 2)]
    runners, missing = [], []
    try:
        for name, make in makers:
            try:
                runners.append(make(name))
            except ImportError as problem:
                missing.append([name, str(problem)])
        if runners:
            results["rates"] = found = rates(runners, args)
            show_rates(found, args)
            for name, problem in missing:
                print(f"\n{name}: {problem}")
    finally:
        for r in runners:
            r.close()
    if "ready" in wanted:
        ours = python_runner("syncline", "syncline", 1, args)
        theirs = java_runner("Java loader alone", 1, args, config)
        try:
            for r in (ours, theirs):
                r.take("rate", args.warm)
            results["ready"] = taken = ready([ours, theirs], args)
        finally:
            ours.close()
            theirs.close()
        medians = {name: [statistics.median(v) for v in values] for name, values in taken.items()}
        rows = [[name, f"{a:.0f} µs", f"{b:.0f} µs"] for name, (a, b) in medians.items()]
        a, b = (x - y for x, y in zip(medians["syncline"], medians["Java loader alone"]))
        rows.append(["Python over Java", f"{a:.0f} µs", f"{b:.0f} µs"])
        table("taking a ready batch | after 0.4 s at rest | right after another", rows)


def show_rates(found: dict[str, list[list[float]]], args: argparse.Namespace) -> None:
    median = statistics.median
    frames = args.batch_size * SAMPLES
    rows = []
    for name, rounds in found.items():
        wall, cpu, others = (median(column) for column in zip(*rounds))
        rows.append([name, f"{frames / wall:,.0f}", f"{wall * 1e3:.2f}", f"{cpu * 1e3:.2f}", f"{others:.1f}"])
    table("what | frames/s | ms a batch | processor ms a batch | processors busy with others", rows)
    rows = []
    pairs = [("syncline, 2 threads", other) for other in found if other.startswith(("Java loader alone, 2", "SPDL", "torch"))]
    pairs += [(DROPIN.format(w), PLAIN.format(w)) for w in (0, 2)]
    pairs += [(ours, "syncline, 2 threads") for ours in (DROPIN.format(0), DROPIN.format(2), EPOCHS)]
    pairs += [("syncline, 1 thread", "Java loader alone, 1 thread")]
    pairs += [(f"{who}, 2 threads", f"{who}, 1 thread") for who in ("syncline", "Java loader alone")]
    for ours, other in pairs:
        if ours in found and other in found:
            both = list(zip(found[ours], found[other]))
            rows.append([f"{ours} / {other}", *(f"{median(b[i] / a[i] for a, b in both):.2f} ×" for i in (0, 1))])
    if rows:
        table("frames/s of one over the other's, median over rounds | by the clock | by processor time", rows)


if __name__ == "__main__":
    main()
