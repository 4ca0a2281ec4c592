# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Compares batches that arrive on a device with the processor's, bit for bit, and measures how fast they come.

    check.py [RECORDING] [--device cuda] [--config FILE] [--out FOLDER] [--seconds 6] [--batch-size 16] [--threads N]

Without a recording one of shape M is made in a temporary folder (of the default configuration: chunks of 60 frames 144 x 256 and
7,863 neurons). CONFIG is a JSON file with a modality_config. Writes report.md and report.json into FOLDER. The exit status is 1
where a bit differs. `--device cpu` runs all of it on a machine without a GPU, on little data: its numbers are of no use.

Rates are medians of three windows, after the loader has been running for a while; the program waits for the device at the end of each.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "python"))
sys.path.insert(0, str(ROOT / "native-bridge" / "src" / "main" / "python"))

import torch  # noqa: E402

from syncline import ChunkDataset, DataLoader  # noqa: E402

#: seconds for everything, a little less than check.sh allows
LIMIT = 460


class Device:
    """What is asked of torch's device, a GPU or the processor."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.gpu = torch.device(name).type == "cuda"

    def synchronize(self) -> None:
        if self.gpu:
            torch.cuda.synchronize(self.name)

    def describe(self) -> dict[str, Any]:
        found = {"python": platform.python_version(), "torch": torch.__version__, "processors": torch.get_num_threads()}
        if self.gpu:
            found.update(device=torch.cuda.get_device_name(self.name), cuda=torch.version.cuda)
        else:
            found.update(device="the processor: no GPU took part", cuda=None)
        return found


def leaves(batch: dict, prefix: str = "") -> Iterator[tuple[str, torch.Tensor]]:
    for key, value in batch.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{key}.")
        else:
            yield prefix + key, value


def endless(loader: Any) -> Iterator[dict]:
    return itertools.chain.from_iterable(itertools.repeat(loader))


class Check:
    def __init__(self, arguments: argparse.Namespace, dataset: ChunkDataset) -> None:
        self.device = Device(arguments.device)
        self.arguments = arguments
        self.dataset = dataset
        self.end = time.monotonic() + LIMIT
        self.report: dict[str, Any] = {"machine": self.device.describe(), "threads": arguments.threads, "batch_size": arguments.batch_size}

    def loader(self, threads: int | None = None, device: bool = True, **options: Any) -> DataLoader:
        where = {"device": self.arguments.device} if device else {}
        threads = self.arguments.threads if threads is None else threads
        return DataLoader(self.dataset, self.arguments.batch_size, shuffle=True, seed=1, drop_last=True, num_workers=threads, **where, **options)

    # ---- bits ----

    def bits(self) -> list[dict[str, Any]]:
        """Compare whole epochs, or as much of one as there is time for, of every way with the processor's path."""
        rows = []
        for dtype in (None, "float16", "bfloat16"):
            for narrow, prefetch in ((True, 2), (True, 0), (False, 3)):
                row = {"dtype": dtype or "float32", "narrow": narrow, "prefetch": prefetch, "batches": 0, "different": []}
                end = time.monotonic() + self.arguments.seconds
                with self.loader(device=False, dtype=dtype) as plain, self.loader(dtype=dtype, narrow=narrow, prefetch=prefetch) as moved:
                    for expected, found in zip(plain, moved):
                        for (name, a), (_, b) in zip(leaves(expected), leaves(found), strict=True):
                            same = b.device.type == torch.device(self.arguments.device).type and a.dtype == b.dtype
                            if not (same and torch.equal(a.contiguous().view(torch.uint8), b.cpu().contiguous().view(torch.uint8))):
                                row["different"].append(f"batch {row['batches']}: {name}")
                        row["batches"] += 1
                        if time.monotonic() > end:
                            break
                rows.append(row)
        return rows

    # ---- rates ----

    def rate(self, batches: Iterator[dict], use: Callable[[dict], Any] = lambda batch: None) -> dict[str, float]:
        """Batches a second: the median of three windows."""
        window = self.arguments.seconds / 4
        use(next(batches))
        self._run(batches, use, window)  # until kernels are compiled and memory is there
        found = [self._run(batches, use, window) for _ in range(3)]
        return {"batches/s": statistics.median(found), "spread": max(found) / min(found) - 1}

    def _run(self, batches: Iterator[dict], use: Callable[[dict], Any], seconds: float) -> float:
        self.device.synchronize()
        begin, count = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds or not count:
            use(next(batches))
            count += 1
        self.device.synchronize()
        return count / (time.perf_counter() - begin)

    def copies(self) -> list[dict[str, Any]]:
        """The ways to the device, beside the loader alone and the roofline of their bytes."""
        wait = lambda batch: self.device.synchronize()  # noqa: E731
        ways: list[tuple[str, dict[str, Any], Callable[[dict], Any]]] = [
            ("the loader alone, float32", {"device": False}, lambda batch: None),
            ("float32, each batch waited for", {"narrow": False, "prefetch": 0}, wait),
            ("float32, overlapped", {"narrow": False}, lambda batch: None),
            ("bfloat16, overlapped", {"narrow": False, "dtype": "bfloat16"}, lambda batch: None),
            ("uint8, normalised there to float32", {}, lambda batch: None),
            ("uint8, normalised there to bfloat16", {"dtype": "bfloat16"}, lambda batch: None),
        ]
        rows = []
        for name, options, use in ways:
            with self.loader(**options) as loader:
                copied = self._copied(loader, options)
                row = {"way": name, "MB": copied / 1e6, **self.rate(endless(loader), use)}
                row["GB/s"] = row["MB"] * row["batches/s"] / 1e3
                if options.get("device", True):
                    row["roofline batches/s"] = self.roofline(copied) / copied
                    row["of roofline"] = row["batches/s"] / row["roofline batches/s"]
                rows.append(row)
        return rows

    def _copied(self, loader: DataLoader, options: dict[str, Any]) -> int:
        """Bytes of a batch on their way."""
        total = 0
        widened = loader._widenings if self.device.gpu else {}
        for name, value in leaves(next(iter(loader))):
            total += value.numel() * (1 if name in widened else value.element_size())
        return total

    def roofline(self, size: int) -> float:
        """Bytes a second of copies of that size from pinned memory, one behind the other and nothing else."""
        source = torch.empty(size, dtype=torch.uint8, pin_memory=self.device.gpu).fill_(1)
        target = torch.empty(size, dtype=torch.uint8, device=self.arguments.device)
        found = []
        for _ in range(5):
            self.device.synchronize()
            begin = time.perf_counter()
            for _ in range(10):
                target.copy_(source, non_blocking=True)
            self.device.synchronize()
            found.append(10 * size / (time.perf_counter() - begin))
        return statistics.median(found)

    # ---- training ----

    def training(self) -> list[dict[str, Any]]:
        """Steps of a small 3D network, on one batch that stays there and fed by the loader."""
        with self.loader() as loader:
            first = {name: value.clone() for name, value in next(iter(loader)).items() if torch.is_tensor(value)}
        screen, responses = first["screen"], first["responses"]
        model = torch.nn.Sequential(
            torch.nn.Conv3d(screen.shape[1], 16, (5, 3, 3), stride=(1, 2, 2)),
            torch.nn.ELU(),
            torch.nn.Conv3d(16, 32, (3, 3, 3) if min(screen.shape[3:]) > 16 else 1, stride=2),
            torch.nn.ELU(),
            torch.nn.AdaptiveAvgPool3d((responses.shape[1], 4, 4)),
        ).to(self.arguments.device)
        readout = torch.nn.Linear(32 * 16, responses.shape[2]).to(self.arguments.device)
        optimizer = torch.optim.SGD([*model.parameters(), *readout.parameters()], 1e-4)

        def step(batch: dict) -> None:
            features = model(batch["screen"]).permute(0, 2, 1, 3, 4).flatten(2)
            loss = torch.nn.functional.mse_loss(readout(features), torch.nan_to_num(batch["responses"]))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

        rows = [{"fed by": "one batch that stays there", **self.rate(itertools.repeat(first), step)}]
        for name, options in (("the loader, overlapped", {}), ("the loader, prefetch=0", {"prefetch": 0})):
            with self.loader(**options) as loader:
                row = {"fed by": name, **self.rate(endless(loader), step)}
                row["of that"] = row["batches/s"] / rows[0]["batches/s"]
                rows.append(row)
        return rows

    def scaling(self) -> list[dict[str, Any]]:
        """The loader by itself and on the way to the device, by threads."""
        rows = []
        for threads in (1, 2, 4, 8, 16):
            row: dict[str, Any] = {"threads": threads}
            for name, options in (("loader batches/s", {"device": False}), ("arrived batches/s", {})):
                with self.loader(threads, **options) as loader:
                    row[name] = self.rate(endless(loader))["batches/s"]
            rows.append(row)
        return rows

    # ---- all of it ----

    def run(self) -> bool:
        ran_out = []
        for part in (self.bits, self.copies, self.training, self.scaling):
            if time.monotonic() > self.end - 60:
                ran_out.append(part.__name__)
                continue
            begin = time.monotonic()
            self.report[part.__name__] = part()
            self.write(ran_out)
            print(f"{part.__name__}: {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
        self.write(ran_out)
        return not any(row["different"] for row in self.report["bits"])

    def write(self, ran_out: list[str]) -> None:
        self.report["not measured, for time ran out"] = ran_out
        folder: Path = self.arguments.out
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(json.dumps(self.report, indent=1) + "\n")
        (folder / "report.md").write_text(self.markdown())

    def markdown(self) -> str:
        machine = ", ".join(f"{k}: {v}" for k, v in self.report["machine"].items())
        text = [f"{machine}; {self.report['threads']} threads, batches of {self.report['batch_size']}", ""]
        for name in ("bits", "copies", "training", "scaling"):
            rows = self.report.get(name)
            if rows:
                columns = list(dict.fromkeys(key for row in rows for key in row))
                text += [f"## {name}", "", "| " + " | ".join(columns) + " |", "| " + " | ".join("---" for _ in columns) + " |"]
                text += ["| " + " | ".join(cell(row.get(c)) for c in columns) + " |" for row in rows] + [""]
        for name in self.report["not measured, for time ran out"]:
            text += [f"{name}: not measured, for time ran out", ""]
        return "\n".join(text)


def cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3g}" if value < 100 else f"{value:.0f}"
    return "none" if value == [] else "; ".join(value[:3]) if isinstance(value, list) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recording", nargs="?", type=Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "target" / "gpu")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--threads", type=int, default=min(8, torch.get_num_threads()))
    arguments = parser.parse_args()
    small = torch.device(arguments.device).type == "cpu"
    arguments.seconds = arguments.seconds or (0.2 if small else 6)
    arguments.batch_size = arguments.batch_size or (2 if small else 16)
    with tempfile.TemporaryDirectory() as temporary:
        if arguments.recording is None:
            import compare

            arguments.recording = Path(temporary) / "M"
            compare.write_recording("M", arguments.recording, "40" if small else "300")
        config = {"modality_config": json.loads(arguments.config.read_text())} if arguments.config else {}
        check = Check(arguments, ChunkDataset(arguments.recording, **config))
        same = check.run()
    print(check.markdown())
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
