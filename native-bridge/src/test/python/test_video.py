# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Encoded stimuli with real codecs: every frame carries its number in its pixels."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import imageio_ffmpeg
import recordings
import syncline
from syncline.errors import RecordingError
from syncline.interpolators import ScreenInterpolator

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
FRAMES = 24


def painted(height, width, frames=FRAMES):
    """Frames whose upper half says their number: five stripes, black or white by its bits; the lower half moves."""
    all_frames = np.empty((frames, height, width), np.uint8)
    for i in range(frames):
        bits = [(i >> b) & 1 for b in range(5)]
        all_frames[i, : height // 2] = np.repeat(np.array(bits) * 200 + 30, -(-width // 5))[:width]
        all_frames[i, height // 2 :] = (np.arange(width) * 3 + 5 * i) % 200 + 30
    return all_frames


def numbers(frames):
    """Reads the numbers back; lossy codecs leave them readable."""
    frames = np.asarray(frames, dtype=np.float64)
    height, width = frames.shape[1:3]
    stripe = -(-width // 5)
    middle = np.minimum(np.arange(5) * stripe + stripe // 2, width - 1)
    bits = frames[:, 2 : height // 2 - 2][:, :, middle].mean(axis=1) > 128
    return (bits * (1 << np.arange(5))).sum(axis=1)


def encode(file, frames, *options):
    height, width = frames.shape[1:3]
    command = [FFMPEG, "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "gray"]
    command += ["-s", f"{width}x{height}", "-r", "30", "-i", "-", *options, str(file)]
    subprocess.run(command, input=frames.tobytes(), check=True)


X264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p"]
SIZE = (36, 64)
VIDEOS = {
    "b-frames.mp4": (SIZE, [*X264, "-bf", "3", "-g", "12"]),
    "variable-rate.mkv": (SIZE, [*X264, "-vf", "setpts='if(lt(N,9),N,N*N/3)/(30*TB)'", "-fps_mode", "vfr"]),
    "negative-times.mov": (SIZE, [*X264, "-bf", "2", "-output_ts_offset", "-0.2", "-avoid_negative_ts", "disabled",
                                  "-use_editlist", "0"]),
    "odd-size.webm": ((35, 63), ["-c:v", "libvpx-vp9", "-b:v", "1M", "-cpu-used", "8"]),
    "ten-bits.mkv": (SIZE, ["-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-profile:v", "high10"]),
    "intra.avi": (SIZE, ["-c:v", "mjpeg", "-q:v", "2"]),
    "lossless.mkv": (SIZE, ["-c:v", "ffv1", "-pix_fmt", "gray"]),
    "rotated.mp4": (SIZE, X264),
}


def recording(folder, files, frames=FRAMES):
    """A screen whose trials lie in files that exist, at 30 Hz: {source: (H, W)}."""
    (folder / "data").mkdir(parents=True)
    meta = {}
    for k, (source, size) in enumerate(files.items()):
        shutil.copyfile(source, folder / "data" / f"{k:05d}{Path(source).suffix}")
        meta[f"{k:05d}"] = {
            "modality": "video",
            "encoded": True,
            "format": Path(source).suffix,
            "first_frame_idx": k * frames,
            "num_frames": frames,
            "image_size": list(size),
            "tier": "train",
        }
    np.save(folder / "timestamps.npy", np.arange(frames * len(files)) / 30)
    (folder / "meta.yml").write_text(json.dumps({"modality": "screen", "frame_rate": 30.0}))
    (folder / "combined_meta.json").write_text(json.dumps(meta))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All recordings of this module: files must be two seconds old before they are decoded, which is waited for once."""
    root = tmp_path_factory.mktemp("videos")
    encoded = root / "encoded"
    encoded.mkdir()
    for name, (size, options) in VIDEOS.items():
        encode(encoded / name, painted(*size), *options)
    plain = encoded / "rotated.mp4"
    turned = encoded / "turned.mp4"
    subprocess.run(
        [FFMPEG, "-loglevel", "error", "-nostdin", "-display_rotation", "90", "-i", plain, "-c", "copy", turned], check=True
    )
    turned.replace(plain)
    recording(root / "all" / "screen", {encoded / name: size for name, (size, _) in VIDEOS.items()})
    whole = (encoded / "b-frames.mp4").read_bytes()
    other = (encoded / "lossless.mkv").read_bytes()
    bad = {
        "truncated.mp4": whole[: len(whole) * 2 // 3],
        "truncated.mkv": other[: len(other) * 2 // 3],
        "damaged.mkv": other[: len(other) // 2] + bytes(300) + other[len(other) // 2 + 300 :],
        "text.avi": b"no video\n" * 100,
        # a script that names another file: no container that is opened
        "script.mkv": f"ffconcat version 1.0\nfile {encoded / 'b-frames.mp4'}\n".encode(),
        "playlist.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\n{encoded / 'b-frames.mp4'}\n#EXT-X-ENDLIST\n".encode(),
        # and of their own folder: of the name of the whole video below
        "neighbour.mkv": b"ffconcat version 1.0\nfile 00008.mp4\n",
        "neighbours.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\n00008.mp4\n#EXT-X-ENDLIST\n",
    }
    for name, content in bad.items():
        (encoded / name).write_bytes(content)
    recording(root / "bad" / "screen", {encoded / name: SIZE for name in [*bad, "b-frames.mp4"]})
    mixed = root / "mixed"
    recording(mixed / "screen", {encoded / n: SIZE for n in ("b-frames.mp4", "truncated.mkv", "lossless.mkv")})
    recordings.sequence(mixed / "responses", np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32), rate=10.0)
    time.sleep(2.1)
    return root


def test_every_frame_of_every_codec_is_the_one_of_its_time(made):
    screen = ScreenInterpolator(str(made / "all" / "screen"), rescale=True, rescale_size=SIZE)
    total = FRAMES * len(VIDEOS)
    times = np.arange(total) / 30
    values = np.asarray(screen.interpolate(times))
    assert len(values) == total
    for k, name in enumerate(VIDEOS):
        found = numbers(values[k * FRAMES : (k + 1) * FRAMES])
        assert found.tolist() == list(range(FRAMES)), name
    # one at a time, in any order
    for index in np.random.default_rng(1).permutation(total)[:60]:
        frame = np.asarray(screen.interpolate(times[index : index + 1]))
        assert numbers(frame)[0] == index % FRAMES, index
    # without loss the pixels are the painted ones
    k = list(VIDEOS).index("lossless.mkv")
    np.testing.assert_array_equal(values[k * FRAMES : (k + 1) * FRAMES], painted(*SIZE))


def test_trials_give_their_frames_as_they_are_stored(made):
    with ScreenInterpolator(str(made / "all" / "screen"), rescale=True, rescale_size=SIZE) as screen:
        trial = screen.trials[list(VIDEOS).index("odd-size.webm")]
    frames = trial.get_data()
    assert frames.shape == (FRAMES, 35, 63) and frames.dtype == np.uint8
    assert numbers(frames).tolist() == list(range(FRAMES))


def test_damaged_and_disguised_files_are_errors_that_name_them(made):
    screen = ScreenInterpolator(str(made / "bad" / "screen"))
    for k in range(8):
        with pytest.raises(RecordingError, match=f"{k:05d}") as e:
            screen.interpolate(np.array([k * FRAMES / 30 + 0.01]))
        assert k not in (4, 6) or "Format not on whitelist 'mov,matroska,avi'" in str(e.value), e.value
    assert numbers(np.asarray(screen.interpolate(np.array([8 * FRAMES / 30 + 0.01])))).tolist() == [0]


def test_damaged_videos_are_skipped_where_asked(made):
    config = {
        "screen": {"sampling_rate": 30, "chunk_size": 6, "valid_condition": {"tier": "train"}},
        "responses": {"sampling_rate": 10, "chunk_size": 2},
    }
    with pytest.warns(UserWarning, match="00001.mkv"):
        dataset = syncline.ChunkDataset(str(made / "mixed"), modality_config=config, safe_interval_threshold=0.05)
        loader = syncline.DataLoader(dataset, batch_size=4, num_workers=2, on_error="skip")
        seen = sum(len(numbers_of(batch)) for batch in loader)
    # chunks of six frames: those of the damaged trial, and of its neighbours that reach into it
    damaged = 0
    for i in range(len(dataset)):
        try:
            dataset[i]
        except RecordingError as e:
            assert "00001.mkv" in str(e)
            damaged += 1
    assert damaged > 10 and seen == len(dataset) - damaged, (seen, damaged)
    assert loader.statistics()["left_out_chunks"] == damaged


def numbers_of(batch):
    screen = np.asarray(batch["screen"])[:, 0]
    found = [numbers(chunk) for chunk in screen]
    for chunk in found:
        assert np.all(np.diff(chunk) == 1) or 0 in chunk[1:], chunk
    return found


RACE = """
import sys, numpy as np
from syncline.interpolators import ScreenInterpolator
screen = ScreenInterpolator(sys.argv[1], rescale=True, rescale_size=(36, 64))
values = np.asarray(screen.interpolate(np.arange(int(sys.argv[2])) / 30))
print(int(values.sum()), flush=True)
"""


def test_processes_that_need_one_recording_agree_and_leave_nothing(made, tmp_path):
    total = str(FRAMES * len(VIDEOS))
    command = [sys.executable, "-c", RACE, str(made / "all" / "screen"), total]
    environment = {**os.environ, "SYNCLINE_CACHE": str(tmp_path / "cache")}
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(3)]
    sums = {p.communicate(timeout=120)[0] for p in processes}
    assert len(sums) == 1 and all(p.returncode == 0 for p in processes)
    left = [f.name for f in (tmp_path / "cache" / "frames").rglob("*") if f.is_file()]
    assert sum(name.endswith(".npy") for name in left) == len(VIDEOS)
    assert not [name for name in left if name.endswith(".tmp")]


@pytest.mark.filterwarnings("ignore:.* is left out")
def test_videos_beside_an_nwb_file_become_trials(tmp_path):
    source = tmp_path / "in"
    (source / "movies").mkdir(parents=True)
    shutil.copy(Path(__file__).parents[4] / "nwb/src/test/resources/org/syncline/nwb/movies.nwb", source)
    frames = painted(*SIZE)
    for file in ("movies/a.mp4", "movies/b.mkv", "../secret.mp4"):
        encode(source / file, frames, *X264, "-bf", "3")
    (source / "movies/b.mkv").rename(source / "movies/b.MKV")
    encode(source / "eye.avi", frames, "-c:v", "ffv1")
    (source / "movies/broken.mp4").write_bytes((source / "movies/a.mp4").read_bytes()[:900])
    (source / "movies/notes.txt").write_text("no video")
    report = syncline.import_nwb(source / "movies.nwb", tmp_path / "out")
    recording = Path(report["recording"])
    assert sorted(device["device"] for device in report["mapped"]) == ["eye", "film"]
    assert all("become grey" in " ".join(device["notes"]) for device in report["mapped"])
    left = {device["path"].split("/")[-1]: device["reason"] for device in report["left"]}
    for name, reason in (
        ("short", "10 times of 24"),
        ("counted", "num_samples: found 25, expected 24"),
        ("wrong_start", "found 20 of file 1, expected 24"),
        ("no_video", "found 'notes.txt', expected videos: .mp4"),
        ("broken", "damaged or truncated"),
        ("outside", "../secret.mp4), which are not there"),
        ("gone", "gone.mp4), which are not there"),
    ):
        assert reason in left[name], left[name]
    trials = json.loads((recording / "film/combined_meta.json").read_text())
    assert [trial["num_frames"] for trial in trials.values()] == [24, 24]
    assert [trial["image_size"] for trial in trials.values()] == [list(SIZE)] * 2
    assert sorted(file.name for file in (recording / "film/data").iterdir()) == ["00000.mp4", "00001.mkv"]
    with ScreenInterpolator(recording / "film", rescale=False) as screen:
        assert screen.start_time == 2 and abs(screen.end_time - (2 + 47 / 30)) < 1e-9
        shown = np.asarray(screen.interpolate(np.minimum(2 + (np.arange(48) + 0.5) / 30, screen.end_time)))
        assert numbers(shown.reshape(48, *SIZE)).tolist() == [*range(24), *range(24)]
    with ScreenInterpolator(recording / "eye", rescale=False) as screen:
        times = np.cumsum(np.arange(24) % 3 + 1) / 60
        shown = np.asarray(screen.interpolate(np.minimum(times + 0.001, screen.end_time)))
        assert np.array_equal(shown.reshape(24, *SIZE), frames)
