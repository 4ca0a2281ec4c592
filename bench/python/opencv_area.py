# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""OpenCV's INTER_AREA alone, one thread, over the 960 frames of a batch of 16 at shapes S and B, beside a fill of the
output: what issue 4's S and B are compared with. Prints a table; --json FILE writes it too."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

import cv2
import numpy as np

FRAMES, SIZE, ROUNDS = 960, (144, 256), 7


def milliseconds(work) -> float:
    start = time.process_time()
    work()
    return 1e3 * (time.process_time() - start)


def measure(height: int, width: int, dtype: type) -> tuple[float, float]:
    """Medians of resizing all frames and of filling the same output, in ms, in turn."""
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 255, (60, height, width)).astype(dtype)
    out = np.empty((FRAMES, *SIZE), dtype)

    def resize() -> None:
        for k in range(FRAMES):
            cv2.resize(frames[k % 60], SIZE[::-1], dst=out[k], interpolation=cv2.INTER_AREA)

    resize()
    times = [(milliseconds(resize), milliseconds(lambda: out.fill(1))) for _ in range(ROUNDS)]
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    rows = []
    print(f"OpenCV {cv2.__version__}, NumPy {np.__version__}, one thread, {FRAMES} frames")
    print("| shape | pixels | INTER_AREA | fill |\n| --- | --- | --: | --: |")
    for shape, height, width in (("S", 36, 64), ("B", 480, 640)):
        for dtype in (np.float32, np.uint8):
            resize, fill = measure(height, width, dtype)
            print(f"| {shape} {height}×{width} → 144×256 | {np.dtype(dtype)} | {resize:.1f} ms | {fill:.1f} ms |")
            rows.append({"shape": shape, "dtype": str(np.dtype(dtype)), "ms": resize, "fill_ms": fill})
    if args.json:
        args.json.write_text(json.dumps({"opencv": cv2.__version__, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
