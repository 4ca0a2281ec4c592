# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures: what is drawn where, asked of the pixels."""

import matplotlib

matplotlib.use("Agg")

import warnings  # noqa: E402

import numpy as np  # noqa: E402
import pytest  # noqa: E402
import recordings  # noqa: E402
from matplotlib import pyplot  # noqa: E402
from matplotlib.colors import to_rgb  # noqa: E402

import syncline  # noqa: E402
from syncline import ChunkDataset, DataLoader  # noqa: E402
from syncline.plotting import _COLOURS, _INVALID, _PALE, _VALID  # noqa: E402

NAN_FILTER = {"__target__": "syncline.filters.common_filters.nan_filter", "__partial__": True, "vicinity": 0.05}
CONFIG = {
    "screen": {"sampling_rate": 30.0, "chunk_size": 30, "sample_stride": 30},
    "wheel": {"sampling_rate": 10.0, "chunk_size": 10, "offset": 0.0, "filters": {"nan_filter": NAN_FILTER}},
    "units": {"sampling_rate": 10.0, "chunk_size": 10, "offset": 0.0},
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """12 s: trials of 4 s in two tiers; a wheel that is NaN from 6 s to 7 s; 12 units."""
    root = tmp_path_factory.mktemp("plot") / "r"
    rng = np.random.default_rng(3)
    trials = [("video", 120, "train"), ("video", 120, "test"), ("video", 120, "train")]
    recordings.screen(root / "screen", rng, trials=trials)
    wheel = np.tile(np.array([1.0, 5.0]), (121, 1))
    wheel[60:70, 1] = np.nan
    recordings.sequence(root / "wheel", wheel)
    recordings.sequence(root / "units", rng.random((121, 12)))
    return root


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def colour_at(ax, x, y):
    """The colour of the picture at a place in the axes' own units."""
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())
    column, row = ax.transData.transform((x, y))
    return pixels[pixels.shape[0] - 1 - int(row), int(column), :3] / 255


def test_the_timeline_shows_trials_ranges_filters_and_chunks(root):
    with ChunkDataset(root, modality_config=CONFIG) as dataset:
        ax = syncline.plot(dataset)
        starts = dataset._valid_screen_times
    lanes = [label.get_text() for label in ax.get_yticklabels()]
    assert lanes == ["trials", "screen", "wheel", "units", "filters leave", f"chunks ({len(starts)})"]
    test, train = map(to_rgb, _COLOURS[:2])
    for second, expected in ((2, train), (6, test), (10, train)):
        np.testing.assert_allclose(colour_at(ax, second, 0), expected, atol=0.01)
    for lane in (1, 2, 3):
        np.testing.assert_allclose(colour_at(ax, 6.5, lane + 0.2), to_rgb(_VALID), atol=0.01)
        # one of the wheel's two signals is NaN there
        np.testing.assert_allclose(colour_at(ax, 6.5, lane - 0.2), to_rgb(_INVALID if lane == 2 else _VALID), atol=0.01)
        np.testing.assert_allclose(colour_at(ax, 2, lane - 0.2), to_rgb(_VALID), atol=0.01)
    np.testing.assert_allclose(colour_at(ax, 6.5, 4), to_rgb(_PALE), atol=0.01)
    np.testing.assert_allclose(colour_at(ax, 2, 4), to_rgb(_VALID), atol=0.01)
    np.testing.assert_allclose(colour_at(ax, 6.5, 5), to_rgb(_PALE), atol=0.01)
    assert colour_at(ax, starts[0] + 0.5, 5).max() < 0.6
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["test", "train", "share of NaN"]


def test_missing_tiers_and_texts_that_look_so_are_told_apart(tmp_path):
    rng = np.random.default_rng(3)
    tiers = [None, "no tier", "", "1", "None"]
    recordings.screen(tmp_path / "screen", rng, trials=[("video", 30, tier) for tier in tiers])
    with ChunkDataset(tmp_path, modality_config={"screen": CONFIG["screen"]}) as dataset:
        ax = syncline.plot(dataset)
        table = repr(dataset.trials)
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"no tier", "'no tier'", "''", "'1'", "'None'"}
    assert "''" in table and "'1'" in table and "'None'" in table and "'no tier'" not in table


def test_pictures_say_which_channels_they_show(tmp_path):
    """Grey frames with two channels of behaviour are no colours; what is left out is named."""
    rng = np.random.default_rng(3)
    eye = {"sampling_rate": 30.0, "chunk_size": 30}

    def shown(size, signals, **more):
        root = tmp_path / f"{len(size)}-{signals}-{len(more)}"
        recordings.screen(root / "screen", rng, size=size, trials=[("video", 300, "train")], means=False)
        recordings.sequence(root / "eye_tracker", rng.random((300, signals)), 30.0)
        with ChunkDataset(root, modality_config={"screen": CONFIG["screen"], "eye_tracker": eye}, add_behavior_as_channels=True, **more) as dataset:
            for axes in (syncline.plot(dataset, 0), syncline.plot(dataset[0])):
                ax = axes["screen"]
                yield ax.get_images()[0].get_array().ndim == 3, ax.get_ylabel().split("\n")[2:]

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "add_behavior_as_channels: treadmill")
        warnings.simplefilter("ignore")
        for more in ({}, {"out_keys": ["screen", "timestamps"]}):
            assert list(shown((6, 8), 2, **more)) == [(False, ["first of 3 channels", "(2 of behaviour)"])] * 2
            assert list(shown((6, 8, 3), 2, **more)) == [(True, ["first 3 of 5 channels", "(2 of behaviour)"])] * 2
    item = {"screen": rng.random((4, 10, 6, 8))}
    assert syncline.plot(item)["screen"].get_ylabel().split("\n")[2:] == ["first of 4 channels"]


def test_the_timeline_shows_the_trials_of_a_screen_of_any_name(root, tmp_path):
    (tmp_path / "monitor").symlink_to(root / "screen")
    with ChunkDataset(tmp_path, modality_config={"monitor": CONFIG["screen"]}) as dataset:
        ax = syncline.plot(dataset)
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == ["trials", "monitor"]
    np.testing.assert_allclose(colour_at(ax, 6, 0), to_rgb(_COLOURS[0]), atol=0.01)


def test_items_and_samples_of_batches_are_the_same_picture(root):
    with ChunkDataset(root, modality_config=CONFIG) as dataset:
        item, figure = dataset[1], pyplot.figure(figsize=(6, 6), layout="constrained")
        axes = syncline.plot(dataset, 1, figure=figure)
        assert list(axes) == ["screen", "wheel", "units"] and axes["wheel"].figure is figure
        lines = axes["wheel"].get_lines()
        for n, line in enumerate(lines):
            np.testing.assert_array_equal(line.get_ydata(), np.asarray(item["wheel"])[:, n])
            np.testing.assert_allclose(line.get_xdata(), np.arange(10) / 10, atol=1e-6)
        # the line is smoothed: a shade of its orange, which is no grey
        assert np.ptp(colour_at(axes["wheel"], 0.5, 5.0)) > 0.1
        assert np.ptp(colour_at(axes["wheel"], 0.5, 3.0)) == 0
        # those of ten frames that are not too high, and have their own shape in a figure of ours
        images = axes["screen"].get_images()
        height, width = item["screen"].shape[2:]
        assert len(images) == -(-12 * height // (width * 1.3))
        own = syncline.plot(dataset, 1)["screen"]
        own.figure.canvas.draw()
        box = own.get_images()[0].get_window_extent()
        assert box.height / box.width == pytest.approx(height / width, rel=0.2)
        pyplot.close(own.figure)
        np.testing.assert_array_equal(images[0].get_array(), np.asarray(item["screen"])[0, 0])
        # each unit on its own scale: its greatest is black, its least white
        units = np.asarray(item["units"])
        for unit in (0, 7):
            most, least = (units[:, unit].argmax() + 0.5) / 10, (units[:, unit].argmin() + 0.5) / 10
            assert colour_at(axes["units"], most, unit + 0.5).max() < 0.05
            assert colour_at(axes["units"], least, unit + 0.5).min() > 0.95
        whole = np.asarray(figure.canvas.buffer_rgba()).copy()
        for batch in (next(iter(DataLoader(dataset, batch_size=3))), dataset.read_batch([0, 1, 2])):
            other = pyplot.figure(figsize=(6, 6), layout="constrained")
            syncline.plot(batch, 1, figure=other)
            other.suptitle(f"{dataset.data_key}, chunk 1")
            other.canvas.draw()
            np.testing.assert_array_equal(np.asarray(other.canvas.buffer_rgba()), whole)
        assert syncline.plot(("session", batch), 2)["wheel"].figure.get_suptitle() == "session, sample 2"
        with pytest.raises(IndexError, match="sample 3 of a batch of 3"):
            syncline.plot(batch, 3)
        with pytest.raises(TypeError, match="one item"):
            syncline.plot(item, 0)


def test_all_samples_are_in_the_picture(root):
    config = {
        "screen": {"sampling_rate": 30.0, "chunk_size": 30, "offset": 0.5},
        "wheel": {"sampling_rate": 10.0, "chunk_size": 20, "offset": -0.5},
        "units": {"sampling_rate": 10.0, "chunk_size": 1},
    }
    config["units"]["columns"] = [0, 1]
    with ChunkDataset(root, modality_config=config) as dataset:
        item = dataset[15]
        axes = syncline.plot(dataset, 15)
    first = min(float(t[0]) for t in item["timestamps"].values())
    for name in ("screen", "wheel"):
        low, high = axes[name].get_xlim()
        times = np.asarray(item["timestamps"][name], np.float64) - first
        assert low <= times[0] and times[-1] < high, name
        assert high - low == pytest.approx(2.0, abs=0.01)
    images = axes["screen"].get_images()
    assert images[-1].get_extent()[1] == pytest.approx(2.0, abs=0.01)
    # a single sample is a dot, and the axis begins with the first sample of all
    dot = axes["units"].get_lines()[1]
    np.testing.assert_array_equal(dot.get_ydata(), np.asarray(item["units"])[:, 0])
    assert dot.get_marker() == "o" and dot.get_xdata() == pytest.approx([0.5], abs=1e-3)
    assert axes["units"].get_xlabel() == "seconds since the first sample"


def test_nan_is_left_out(root):
    with ChunkDataset(root, modality_config={"wheel": {**CONFIG["wheel"], "filters": {}}}) as dataset:
        starts = dataset._valid_screen_times
        axes = syncline.plot(dataset, int(np.searchsorted(starts, 5.5)))
    flat, broken = axes["wheel"].get_lines()
    assert np.isfinite(flat.get_ydata()).all()
    assert 0 < np.isnan(broken.get_ydata()).sum() < 10


def test_statistics_are_drawn_as_they_are(root):
    found = syncline.stats(root, moments_only=True)
    axes = syncline.plot(found)
    assert list(axes) == list(found)
    means, shares = axes["wheel"]
    np.testing.assert_allclose([bar.get_height() for bar in shares.patches], [0, 10 / 121])
    np.testing.assert_allclose(colour_at(shares, 1, 0.04), to_rgb(_INVALID), atol=0.01)
    np.testing.assert_allclose(colour_at(shares, 0, 0.04), (1, 1, 1), atol=0.01)
    np.testing.assert_array_equal(means.get_lines()[0].get_ydata(), [1, 5])
    with pytest.raises(TypeError, match="statistics have no samples"):
        syncline.plot(found, 0)
