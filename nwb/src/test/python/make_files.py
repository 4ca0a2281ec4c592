# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the NWB files of the tests, and what pynwb and h5py themselves read of them.

python make_files.py FOLDER [foreign …], with pynwb 4 and h5py 3; named, those files alone. The files are checked in: src/test/resources/org/syncline/nwb.
"""

import sys
from datetime import datetime, timezone
from pathlib import Path

import h5py
import numpy as np
import pynwb
from hdmf.backends.hdf5.h5_utils import H5DataIO
from hdmf.common import DynamicTableRegion
from pynwb.base import Images, ImageReferences
from pynwb.behavior import CompassDirection, Position, PupilTracking, SpatialSeries
from pynwb.ecephys import LFP, ElectricalSeries
from pynwb.image import GrayscaleImage, ImageSeries, IndexSeries, OpticalSeries, RGBAImage
from pynwb.misc import AnnotationSeries, IntervalSeries
from pynwb.ophys import DfOverF, Fluorescence, ImageSegmentation, OpticalChannel, RoiResponseSeries, TwoPhotonSeries

OUT = Path(sys.argv[1])
EXPECTED = OUT / "expected"
START = datetime(2026, 11, 29, 9, 30, tzinfo=timezone.utc)
RANDOM = np.random.default_rng(20261129)


def expect(name, array):
    """Saves what a reader should find; C order, little-endian."""
    np.save(EXPECTED / f"{name}.npy", np.ascontiguousarray(array))


def written_by_pynwb():
    nwb = pynwb.NWBFile("made for tests", "session-1", START)
    device = nwb.create_device("microscope")
    channel = OpticalChannel(name="green", description="green", emission_lambda=510.0)
    plane = nwb.create_imaging_plane(
        name="plane", optical_channel=channel, description="plane", device=device, excitation_lambda=488.0,
        imaging_rate=20.0, indicator="GCaMP6s", location="V1")
    ophys = nwb.create_processing_module("ophys", "ophys")
    segmentation = ImageSegmentation()
    ophys.add(segmentation)
    regions = segmentation.create_plane_segmentation("regions", plane, "cells")
    for i in range(7):
        regions.add_roi(pixel_mask=[(i, i, 1.0)], id=100 + 3 * i)
    rois = regions.create_roi_table_region(region=[6, 0, 2, 3, 1], description="five of seven")

    # chunks of 16 x 2 that do not divide 100 x 5
    fluorescence = RoiResponseSeries(
        name="responses", data=H5DataIO(RANDOM.normal(size=(100, 5)).astype("f4"), chunks=(16, 2), compression="gzip",
                                        shuffle=True, fletcher32=True),
        rois=rois, unit="lumens", timestamps=np.arange(100) / 20 + RANDOM.uniform(-0.005, 0.005, 100))
    dff = RoiResponseSeries(
        name="responses", data=RANDOM.normal(size=(100, 5)), rois=regions.create_roi_table_region(
            region=[0, 1, 2, 3, 4], description="other"), unit="n.a.", timestamps=fluorescence)
    ophys.add(Fluorescence(roi_response_series=fluorescence))
    ophys.add(DfOverF(roi_response_series=dff))
    nwb.add_acquisition(TwoPhotonSeries(
        name="frames", data=RANDOM.integers(0, 4000, (6, 8, 9)).astype("u2"), imaging_plane=plane, unit="counts",
        rate=20.0, conversion=0.5))

    probe = nwb.create_device("probe")
    group = nwb.create_electrode_group("shank", "shank", "V1", probe)
    for i in range(4):
        nwb.add_electrode(id=10 * i, location="V1", group=group)
    electrodes = DynamicTableRegion(name="electrodes", data=[3, 2, 1, 0], description="all", table=nwb.electrodes)
    lfp = ElectricalSeries(
        name="lfp", data=H5DataIO(RANDOM.integers(-30000, 30000, (1000, 4)).astype("i2"), chunks=(300, 4),
                                  compression="lzf", shuffle=True),
        electrodes=electrodes, starting_time=1.5, rate=250.0, conversion=1.95e-7, offset=0.01,
        channel_conversion=[1.0, 1.1, 0.9, 2.0])
    ecephys = nwb.create_processing_module("ecephys", "ecephys")
    ecephys.add(LFP(electrical_series=lfp))

    behavior = nwb.create_processing_module("behavior", "behavior")
    jittered = np.cumsum(RANDOM.uniform(0.01, 0.2, 60))
    behavior.add(Position(spatial_series=SpatialSeries(
        name="xy", data=RANDOM.normal(size=(60, 2)), reference_frame="corner", timestamps=jittered, conversion=0.01)))
    behavior.add(CompassDirection(spatial_series=SpatialSeries(
        name="head", data=RANDOM.normal(size=60), reference_frame="north", starting_time=0.0, rate=30.0)))
    behavior.add(PupilTracking(time_series=pynwb.TimeSeries(
        name="diameter", data=RANDOM.normal(size=50).astype(">f4"), unit="mm", starting_time=0.25, rate=60.0)))
    behavior.add(IntervalSeries(name="running", data=np.array([1, -1, 1, -1, 2, -2], "i1"),
                                timestamps=[0.5, 1.0, 2.0, 2.5, 3.0, 4.0]))
    nwb.add_acquisition(AnnotationSeries(name="notes", data=["a", "b"], timestamps=[0.0, 1.0]))

    images = Images(name="scenes", images=[
        GrayscaleImage(name=f"scene_{k}", data=RANDOM.integers(0, 255, (4, 6)).astype("u1")) for k in (2, 0, 1)])
    images.order_of_images = ImageReferences(name="order_of_images", data=[images[f"scene_{k}"] for k in (0, 1, 2)])
    nwb.add_stimulus_template(images)
    nwb.add_stimulus(IndexSeries(
        name="shown", data=np.array([2, 0, 2, 1], "u4"), indexed_images=images, unit="N/A",
        timestamps=[0.0, 0.5, 1.1, 1.5]))
    colours = Images(name="colours", images=[
        RGBAImage(name="sunset", data=RANDOM.integers(0, 255, (3, 5, 4)).astype("u1"))])
    nwb.add_acquisition(colours)
    nwb.add_stimulus(IndexSeries(name="evening", data=np.array([0], "u1"), indexed_images=colours, unit="N/A",
                                 timestamps=[0.2]))
    template = ImageSeries(name="gratings", data=RANDOM.integers(0, 255, (5, 4, 6)).astype("u1"), unit="n.a.",
                           rate=1.0)
    nwb.add_stimulus_template(template)
    nwb.add_stimulus(OpticalSeries(
        name="movie", data=H5DataIO(RANDOM.integers(0, 255, (12, 4, 6)).astype("u1"), chunks=(5, 4, 6),
                                    compression="gzip"), unit="n.a.", starting_time=2.0, rate=10.0))
    nwb.add_acquisition(ImageSeries(name="camera", external_file=["eye.mp4"], format="external", unit="n.a.",
                                    starting_frame=[0], timestamps=[0.0, 0.1]))

    nwb.add_unit_column("quality", "quality")
    times = [np.sort(RANDOM.uniform(0, 4, n)) for n in (5, 0, 9)]
    for i, spikes in enumerate(times):
        nwb.add_unit(spike_times=spikes, id=7 * i, quality="good", obs_intervals=[[0, 2], [2.5, 4 + 0.1 * i]])
    nwb.add_trial_column("stimulus", "what was shown")
    nwb.add_trial_column("correct", "answer")
    for i in range(6):
        nwb.add_trial(start_time=float(i), stop_time=i + 0.75, stimulus=["left", "right/up", "left"][i % 3],
                      correct=i % 2 == 0)
    nwb.add_epoch(0.0, 2.0, tags=["sleep", "home"])
    nwb.add_epoch(2.0, 4.0, tags=["home"])
    nwb.add_epoch(4.0, float("nan"), tags=["lost"])
    with pynwb.NWBHDF5IO(OUT / "session.nwb", "w") as io:
        io.write(nwb, cache_spec=False)
    with h5py.File(OUT / "session.nwb", "a") as f:
        # chunks that were never stored, with a fill value that is not zero
        lost = series(f["acquisition"], "partly", None, rate=10.0)
        data = lost.create_dataset("data", (10, 3), "f8", chunks=(4, 2), fillvalue=np.nan)
        data[0:4, 0:2] = 1.25
        data.attrs.update(conversion=2.0, unit="V", resolution=-1.0)
        # a table whose index is one byte
        assert f["units/spike_times_index"].dtype == "u1"
        # MatNWB's 4 channels by 60 samples
        turned = series(f["acquisition"], "turned", RANDOM.normal(size=(3, 40)), timestamps=np.arange(40) * 0.1)
        turned["data"].attrs["conversion"] = 3.0

    with pynwb.NWBHDF5IO(OUT / "session.nwb", "r") as io:
        read = io.read()
        for module, interface, name, device in [
                ("ophys", "Fluorescence", "responses", "Fluorescence_responses"),
                ("ophys", "DfOverF", "responses", "DfOverF_responses"),
                ("ecephys", "LFP", "lfp", "lfp"), ("behavior", "Position", "xy", "xy"),
                ("behavior", "CompassDirection", "head", "head"), ("behavior", "PupilTracking", "diameter", "diameter")]:
            found = read.processing[module][interface]
            values_of(found[name] if hasattr(found, "__getitem__") else found.time_series[name], device)
        values_of(read.acquisition["partly"], "partly")
        expect("turned", (read.acquisition["turned"].data[:].T * 3.0).astype("f4"))
        expect("units", np.concatenate([read.units["spike_times"][i] for i in range(3)]))
        movie = read.stimulus["movie"]
        expect("movie", movie.data[:])
        expect("frames", (read.acquisition["frames"].data[:] * 0.5).astype("f4"))
        order = read.stimulus["shown"].indexed_images.order_of_images
        expect("scene_1", order[1].data[:])
        expect("sunset", read.acquisition["colours"]["sunset"].data[:, :, :3])


def values_of(found, device):
    """Saves values in units as float32, and times as pynwb computes them."""
    scale = found.conversion
    if getattr(found, "channel_conversion", None) is not None:
        scale = scale * found.channel_conversion[:]
    data = found.data[:].astype("f8") * scale + found.offset
    expect(device, data.astype("f4").reshape(len(data), -1))
    stamps = found.timestamps
    expect(f"{device}.times", stamps[:] if stamps is not None else
           found.starting_time + np.arange(len(data)) / found.rate)


def series(parent, name, data, kind="TimeSeries", timestamps=None, rate=None, start=0.0):
    """Adds a series as NWB 2 stores it, right or wrong."""
    group = parent.create_group(name)
    group.attrs.update(neurodata_type=kind, namespace="core", description="made", comments="")
    if data is not None:
        group["data"] = data
        group["data"].attrs.update(conversion=1.0, unit="a.u.", resolution=-1.0)
    if timestamps is not None:
        group["timestamps"] = np.asarray(timestamps)
        group["timestamps"].attrs.update(interval=1, unit="seconds")
    if rate is not None:
        group["starting_time"] = float(start)
        group["starting_time"].attrs.update(rate=rate, unit="seconds")
    return group


def root(f, version="2.7.0"):
    f.attrs.update(nwb_version=version, neurodata_type="NWBFile", namespace="core")
    f["identifier"] = "by-hand"
    f["session_start_time"] = "2026-11-29T09:30:00+00:00"
    return f.create_group("acquisition")


def traps():
    """Each series is wrong in one way."""
    with h5py.File(OUT / "traps.nwb", "w") as f:
        a = root(f)
        ramp = np.arange(10.0)
        clock = ramp / 10
        hole = clock.copy()
        hole[[3, 7]] = np.nan
        back = clock.copy()
        back[[4, 5]] = back[[5, 4]]
        twice = clock.copy()
        twice[6] = twice[5]
        series(a, "nan_times", ramp, timestamps=hole)
        series(a, "two_rows", ramp, timestamps=np.stack([clock, clock + 0.05]))
        series(a, "one_row", ramp, timestamps=clock[None])
        series(a, "descending", ramp, timestamps=back)
        series(a, "repeated", ramp, timestamps=twice)
        series(a, "too_few", ramp, timestamps=clock[:8])
        series(a, "nan_start", ramp, rate=10.0, start=np.nan)
        series(a, "no_rate", ramp, rate=0.0)
        series(a, "negative_rate", ramp, rate=-10.0)
        ms = series(a, "milliseconds", ramp, timestamps=clock * 1000)
        ms["timestamps"].attrs["unit"] = "milliseconds"
        series(a, "no_clock", ramp)
        series(a, "broken_link", ramp)["timestamps"] = h5py.SoftLink("/acquisition/nowhere/timestamps")
        plane = f.create_group("general/optophysiology/plane")
        plane["imaging_rate"] = 20.0
        period = series(a, "period", ramp, kind="RoiResponseSeries", rate=0.05)
        period["imaging_plane"] = h5py.SoftLink("/general/optophysiology/plane")
        series(a, "odd_conversion", ramp, rate=10.0)["data"].attrs["conversion"] = np.nan
        large = series(a, "too_large", np.array([1.0, 1e300, -1e300]), rate=10.0)
        large["data"].attrs["conversion"] = 1.0
        packed = series(a, "scale_offset", None, rate=10.0)
        packed.create_dataset("data", data=np.arange(64, dtype="i4"), chunks=(16,), scaleoffset=0)
        blosc = series(a, "blosc", None, rate=10.0)
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((16,))
        plist.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (2, 2, 4, 64))
        h5py.h5d.create(blosc.id, b"data", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((64,)), plist)
        unknown = series(a, "of_an_extension", ramp, kind="LickometerSeries", rate=10.0)
        unknown.attrs["namespace"] = "ndx-lick"
        series(a, "extended", ramp, kind="FineSpatialSeries", rate=10.0)
        f["specifications/ndx-fine/0.1.0/ndx-fine.extensions"] = (
            '{"groups": [{"neurodata_type_def": "FineSpatialSeries", "neurodata_type_inc": "SpatialSeries"}]}')
        series(a, "words", np.array([b"a", b"b"]), timestamps=[0.0, 1.0])
        series(a, "relative", ramp)["timestamps"] = h5py.SoftLink("../one_row/timestamps")
        with h5py.File(OUT / "other.h5", "w") as other:
            other["clock"] = clock + 5
        series(a, "external", ramp)["timestamps"] = h5py.ExternalLink("other.h5", "/clock")
        trials = f.create_group("intervals/trials")
        trials.attrs.update(neurodata_type="TimeIntervals", colnames=["start_time", "stop_time", "tags"])
        trials["start_time"] = np.array([0.0, 2.0, np.nan, 5.0])
        trials["stop_time"] = np.array([1.0, 1.5, 3.0, 6.0])
        trials["tags"] = np.array([1, 2, 3, 4, 5], "i4")
        trials["tags_index"] = np.array([1, 2, 3, 2], "u1")


def today():
    """Indices of chunks of HDF5 1.10 and later, and every type of number."""
    with h5py.File(OUT / "latest.nwb", "w", libver=("v110", "v110")) as f:
        a = root(f)
        values = RANDOM.integers(-100, 100, (37, 6))

        def add(name, dtype, **storage):
            group = series(a, name, None, rate=8.0)
            data = group.create_dataset("data", data=values.astype(dtype), **storage)
            expect(f"latest.{name}", data[:].astype("f8").astype("f4"))

        add("single_chunk", "f4", chunks=(37, 6), compression="gzip")
        add("implicit", "f4", chunks=(10, 6))
        add("fixed_array", "f8", chunks=(10, 4), compression="gzip", shuffle=True)
        add("extensible_array", "i2", chunks=(5, 6), maxshape=(None, 6), compression="lzf")
        add("tree", ">i4", chunks=(5, 4), maxshape=(None, None), compression="gzip")
        add("half", "f2")
        add("big", ">f8")
        add("bytes", "u1", chunks=(9, 5))
        add("flags", "?")
        add("long", "i8", chunks=(8, 3), shuffle=True)
        huge = series(a, "unsigned", None, rate=8.0)
        data = huge.create_dataset("data", data=np.array([0, 2**63, 2**64 - 1, 2**53 + 1], "u8"))
        expect("latest.unsigned", data[:].astype("f8").astype("f4")[:, None])
        compact = series(a, "compact", None, rate=8.0)
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_layout(h5py.h5d.COMPACT)
        made = h5py.h5d.create(compact.id, b"data", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((5,)), plist)
        h5py.Dataset(made)[:] = [1, 2, 3, 4, 5]
        expect("latest.compact", np.array([[1], [2], [3], [4], [5]], "f4"))


def holes():
    """Chunks that were never written, in every index that numbers them; row by row what NwbHolesTest expects."""
    with h5py.File(OUT / "holes.nwb", "w", libver=("v110", "v110")) as f:
        a = root(f)

        def add(name, shape, written, early=False, **storage):
            group = series(a, name, None, rate=8.0)
            if early:
                plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                plist.set_chunk(storage["chunks"])
                plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
                space = h5py.h5s.create_simple(shape, storage["maxshape"])
                data = h5py.Dataset(h5py.h5d.create(group.id, b"data", h5py.h5t.NATIVE_INT32, space, plist))
            else:
                data = group.create_dataset("data", shape, "i4", fillvalue=-7, **storage)
            ramp = np.arange(1, np.prod(shape) + 1, dtype="i4").reshape(shape)
            for start, end in written:
                data[start:end] = ramp[start:end]
            return data

        apart = [(0, 50), (150, 200)]
        add("extensible", (200, 2), apart, chunks=(50, 2), maxshape=(None, 2))
        add("extensible_first", (600, 3), [(100, 600)], chunks=(10, 3), maxshape=(None, 3), compression="gzip")
        add("extensible_blocks", (2000, 4), [(0, 50), (1500, 1510)], chunks=(1, 4), maxshape=(None, 4))
        # blocks of more than 1024 elements, which begin at the 131,060th, lie in pages
        add("extensible_pages", (140000, 1), [(3, 5), (131059, 131061), (132200, 132203), (138001, 138002)],
            chunks=(1, 1), maxshape=(None, 1))
        add("extensible_columns", (40, 6), [(10, 20), (30, 40)], chunks=(10, 2), maxshape=(40, None))
        add("extensible_wider", (40, 6), [(10, 40)], chunks=(10, 2), maxshape=(None, 10))
        add("extensible_cut", (400, 2), [(0, 400)], chunks=(20, 2), maxshape=(None, 2)).resize((170, 2))
        add("fixed", (200, 2), apart, chunks=(50, 2))
        add("fixed_gzip", (200, 2), apart, chunks=(50, 2), compression="gzip", shuffle=True)
        add("fixed_pages", (5000, 1), [(2000, 2100), (4990, 5000)], chunks=(1, 1))
        add("fixed_wider", (40, 6), [(10, 40)], chunks=(10, 2), maxshape=(60, 10))
        add("implicit_wider", (40, 6), [(10, 40)], early=True, chunks=(10, 2), maxshape=(60, 10))
        add("tree_2", (200, 2), apart, chunks=(50, 2), maxshape=(None, None))
        add("single", (200, 2), [], chunks=(200, 2))
    with h5py.File(OUT / "holes.nwb") as f:
        for name, group in f["acquisition"].items():
            data = group["data"][()]
            ramp = np.arange(1, data.size + 1).reshape(data.shape)
            assert np.all((data == ramp) | np.isin(data, (0, -7))), name


def odd():
    """What is wrong in ways that a format check does not see; NwbOddTest says what becomes of each."""
    with h5py.File(OUT / "odd.nwb", "w") as f:
        a = root(f)
        text = h5py.string_dtype()
        ramp = np.arange(12.0).reshape(4, 3)
        series(a, "meta.json", ramp, rate=10.0)
        series(a, "huge", np.array([1e300, 1, 2, -1e39] * 25), rate=10.0)
        series(a, "factors", ramp, rate=10.0)["data"].attrs["conversion"] = [1.0, 2.0, 3.0]
        series(a, "lost_channel", ramp, kind="ElectricalSeries", rate=10.0)["channel_conversion"] = [1.0, np.nan, 2.0]
        frames = series(a, "dark", np.ones((4, 2, 2), "u1"), kind="ImageSeries", rate=10.0)
        frames["data"].attrs["conversion"] = np.nan
        images = f.create_group("stimulus/templates/images")
        images.attrs.update(neurodata_type="Images", namespace="core")
        for name, shape in (("0", (2, 3)), ("1", (2, 3)), ("2", (2, 3, 3))):
            images[name] = np.ones(shape, "u1")
            images[name].attrs.update(neurodata_type="Image", namespace="core")
        shown = f.create_group("stimulus/presentation")
        for name, indices in (("sure", [0, 1, -1]), ("nothing", [0, np.nan, 1]), ("between", [0, 1.5, 1]), ("mixed", [0, 2, 1])):
            index = series(shown, name, np.array(indices), kind="IndexSeries", timestamps=[0.0, 1.0, 2.0])
            index["indexed_images"] = h5py.SoftLink("/stimulus/templates/images")
        units = f.create_group("units")
        units.attrs.update(neurodata_type="Units", namespace="core", colnames=np.array(["spike_times", "obs_intervals"], text))
        units.update({"id": [4, 5], "spike_times": [1.0, 2.0, 50.0], "spike_times_index": [2, 3],
                      "obs_intervals": [[0.0, 10.0], [0.0, 10.0]], "obs_intervals_index": [1, 2]})
        trials = f.create_group("intervals/trials")
        trials.attrs.update(neurodata_type="TimeIntervals", namespace="core", colnames=np.array(
            ["start_time", "stop_time", "kind", "tags"], text))
        trials.update({"id": [0, 1, 2, 3], "start_time": [0.0, 1.0, 2.0, 3.0], "stop_time": [0.5, 1.5, 2.5, 3.5],
                       "tags_index": [2, 2, 3, 4]})
        trials["kind"] = np.array(["a", "a ", "b", "a\n"], text)
        trials["tags"] = np.array(["x", "y", "x", "x"], text)


def meaning():
    """Attributes that change what numbers mean, or that become nothing; NwbMeaningTest says what becomes of each."""
    nwb = pynwb.NWBFile("attributes", "meaning-1", START)
    licks = pynwb.event.EventsTable(name="licks", description="moments")
    licks.add_column("side", "where")
    for t, side in ((2.0, "left"), (0.5, "right"), (1.0, "left")):
        licks.add_row(timestamp=t, side=side)
    nwb.add_events_table(licks)
    ripples = pynwb.event.EventsTable(name="ripples", description="with durations")
    ripples.add_column("duration", "s", col_cls=pynwb.event.DurationVectorData)
    ripples.add_column("kind", "which")
    for t, duration, kind in ((1.0, 0.25, "a"), (2.0, np.nan, "a"), (3.0, 0.5, "b")):
        ripples.add_row(timestamp=t, duration=duration, kind=kind)
    nwb.add_events_table(ripples)
    nwb.add_acquisition(pynwb.TimeSeries(
        name="sorted_out", data=np.arange(6.0), unit="m", rate=10.0, continuity="step", control=np.array([0, 1, 1, 0, 2, 2], "u1"),
        control_description=["good", "bad"], resolution=0.5, comments="of a test"))
    nwb.add_acquisition(SpatialSeries(
        name="place", data=np.zeros((4, 2)) + [[1.0], [2], [3], [4]], reference_frame="corner", rate=10.0))
    with pynwb.NWBHDF5IO(OUT / "meaning.nwb", "w") as io:
        io.write(nwb, cache_spec=False)
    with h5py.File(OUT / "meaning.nwb", "a") as f:
        a = f["acquisition"]
        ramp = np.arange(12.0).reshape(4, 3) + 1
        series(a, "zeros", ramp, rate=10.0)["data"].attrs["conversion"] = 0.0
        series(a, "dead_channel", ramp, kind="ElectricalSeries", rate=10.0)["channel_conversion"] = [1.0, 0.0, 2.0]
        series(a, "dead_channels", ramp, kind="ElectricalSeries", rate=10.0)["channel_conversion"] = [0.0, 0.0, 0.0]
        black = series(a, "black", np.ones((4, 2, 2), "u1"), kind="ImageSeries", rate=10.0)
        black["data"].attrs["conversion"] = 0.0
        long = np.arange(300.0)
        series(a, "coarse", long, timestamps=(200000 + long / 50).astype("f4"))
        uneven = 200000 + long / 50 + np.where(long < 150, 0, 5)
        series(a, "coarse_uneven", long, timestamps=uneven.astype("f4"))
        series(a, "steps", long, timestamps=(20000 + long / 300).astype("f4"))
        some = series(a, "some_times", np.arange(100.0), timestamps=np.arange(10) / 10)
        some["timestamps"].attrs["interval"] = 10
        fortnights = series(a, "odd_unit", long, timestamps=long / 10)
        fortnights["timestamps"].attrs["unit"] = "seconds since start"
        filtered = series(a, "filtered", ramp, kind="ElectricalSeries", rate=10.0)
        filtered.attrs["filtering"] = "300-6000 Hz"
        filtered.create_group("sync")["clock"] = [1, 2, 3]
        filtered["device"] = h5py.SoftLink("/general/devices")
        filtered["large"] = np.zeros(1000)
        features = series(a, "features", ramp, kind="AbstractFeatureSeries", rate=10.0)
        features["features"] = np.array(["angle", "speed", "phase"], h5py.string_dtype())
        features["feature_units"] = np.array(["deg", "deg/s", "deg"], h5py.string_dtype())
        short = series(a, "short_control", ramp, rate=10.0)
        short["control"] = np.zeros(5, "u1")
        lab = f.create_group("of_the_lab")
        series(lab, "beside", ramp, rate=10.0)
        paths = f.create_group("stimulus/templates/paths")
        paths.attrs.update(neurodata_type="Images", namespace="core")
        paths["0"] = "image.png"
        paths["0"].attrs.update(neurodata_type="ExternalImage", namespace="core", image_format="PNG")
        index = series(f["stimulus/presentation"], "elsewhere", np.array([0]), kind="IndexSeries", timestamps=[0.0])
        index["indexed_images"] = h5py.SoftLink("/stimulus/templates/paths")
        module = f.create_group("processing/sorted")
        module.attrs.update(neurodata_type="ProcessingModule", namespace="core", description="made")

        def units(name, times, ids, unit=None, resolution=None, **columns):
            table = module.create_group(name)
            table.attrs.update(neurodata_type="Units", namespace="core", description="made", colnames=np.array(
                ["spike_times", *columns], h5py.string_dtype()))
            table["spike_times"] = times
            table["spike_times_index"] = np.arange(1, len(ids) + 1) * (len(times) // len(ids))
            table["id"] = ids
            if unit:
                table["spike_times"].attrs["unit"] = unit
            if resolution:
                table["spike_times"].attrs["resolution"] = resolution
            table.update(columns)

        units("samples", np.array([30000, 60000, 15000, 90000]), [1, 2], "samples", 1 / 30000)
        units("twice", [1.0, 2.0, 3.0, 0.5, 1.0, 2.0], [7, 7, 9], waveform_mean=np.zeros((3, 40)), depth=[1.0, 2.0, 3.0])
        units("rounded", np.array([200000.01, 200001.5], "f4"), [1])
        units("whole", np.array([1, 2, 4]), [1])
        units("starts", [1.0, 2.0, 3.0, 4.0], [1, 2])
        module["starts/spike_times_index"][...] = [0, 2]
        units("small", np.arange(600.0), [1, 2])
        del module["small/spike_times_index"]
        module["small/spike_times_index"] = np.array([300, 600]).astype("u1")
        plane = f.create_group("general/optophysiology/plane")
        plane["imaging_rate"] = 30.0
        for name, clock in (("in_ms", long / 30 * 1000), ("numbered", long), ("slower", long / 7.5)):
            series(a, name, long, kind="RoiResponseSeries", timestamps=clock)["imaging_plane"] = h5py.SoftLink("/general/optophysiology/plane")
        times = f.create_group("intervals/late")
        times.attrs.update(neurodata_type="TimeIntervals", namespace="core", colnames=np.array(
            ["start_time", "stop_time"], h5py.string_dtype()))
        times["start_time"] = np.array([200000.01, 200010.01], "f4")
        times["stop_time"] = np.array([200005.01, 200015.01], "f4")


def large():
    """More than 2 GiB in one piece, of which the file here has all but the frames; and an index of a million chunks, of which three are there."""
    with h5py.File(OUT / "large.nwb", "w") as f:
        group = series(root(f), "frames", None, kind="ImageSeries", timestamps=np.r_[0.0, np.full(38, np.nan), 10.0])
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        plist.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
        space = h5py.h5s.create_simple((40, 7500, 8000))
        data = h5py.Dataset(h5py.h5d.create(group.id, b"data", h5py.h5t.NATIVE_UINT8, space, plist))
        f.flush()
        start = data.id.get_offset()
    size = (OUT / "large.nwb").stat().st_size
    assert size == start + 40 * 7500 * 8000, (size, start)
    with open(OUT / "large.nwb", "r+b") as file:
        file.truncate(start)
    with h5py.File(OUT / "many.nwb", "w", libver=("v110", "v110")) as f:
        data = series(root(f), "values", None, rate=1000.0).create_dataset(
            "data", (1000000, 1), "f4", fillvalue=-7, chunks=(1, 1), maxshape=(None, 1))
        for row in (5, 500000, 999999):
            data[row] = row


def named():
    """Tables whose ids are texts, and columns of every type."""
    with h5py.File(OUT / "named.nwb", "w") as f:
        a = root(f)
        text = h5py.string_dtype()
        table = f.create_group("general/extracellular_ephys/electrodes")
        table.attrs.update(neurodata_type="DynamicTable", namespace="core", colnames=np.array(["location"], text))
        table["id"] = np.array(["e1", "e2", "e3"], text)
        table["location"] = np.array(["V1", "LM", "V1"], text)
        lfp = series(a, "lfp", np.arange(20.0).reshape(10, 2), kind="ElectricalSeries", rate=10.0)
        lfp["electrodes"] = [2, 1]
        lfp["electrodes"].attrs["table"] = table.ref
        units = f.create_group("units")
        units.attrs.update(neurodata_type="Units", namespace="core", colnames=np.array(
            ["spike_times", "quality", "depth", "good", "group", "means", "shape", "Größe", "short"], text))
        units.update({"spike_times": [1.0, 2.0, 1.5], "spike_times_index": [2, 3], "depth": np.array([350, 120], "i2"),
                      "means": [1.0, 2.0], "shape": np.ones((2, 3)), "short": [1.0]})
        units["id"] = np.array(["probe-a/7", "Zelle 12"], text)
        units["quality"] = np.array(["good", "mua"], text)
        units["Größe"] = np.array([0.5, np.nan])
        units["good"] = np.array([True, False])
        units["group"] = np.array([table.ref, table.ref], h5py.ref_dtype)


def first():
    """NWB 1: types by ancestry, units and epochs as groups."""
    with h5py.File(OUT / "first.nwb", "w") as f:
        f["nwb_version"] = "NWB-1.0.6"
        f["identifier"] = "old"
        f["session_start_time"] = "Wed Apr 01 2015"

        def add(parent, name, data, ancestry, **clock):
            group = series(parent, name, data, kind="TimeSeries", **clock)
            del group.attrs["namespace"]
            group.attrs["ancestry"] = np.array(ancestry, dtype=h5py.string_dtype())
            return group

        module = f.create_group("processing/brain")
        module.attrs["neurodata_type"] = "Module"
        dff = module.create_group("DfOverF")
        dff.attrs.update(neurodata_type="Interface", source="made")
        plane = add(dff, "imaging_plane_1", RANDOM.normal(size=(20, 3)).astype("f4"), ["TimeSeries", "RoiResponseSeries"],
                    timestamps=np.arange(20) / 30.0)
        plane["num_samples"] = 20
        plane["roi_names"] = np.array(["a", "b", "c"], dtype=h5py.string_dtype())
        expect("first.dff", plane["data"][:])
        units = module.create_group("UnitTimes")
        units.attrs["neurodata_type"] = "Interface"
        units["unit_list"] = np.array(["unit_03", "unit_11"], dtype=h5py.string_dtype())
        for name, times in (("unit_03", [0.1, 0.4]), ("unit_11", [0.3, 0.2, 0.6])):
            units.create_group(name)["times"] = np.array(times)
        templates = f.create_group("stimulus/templates")
        scenes = add(templates, "scenes", RANDOM.integers(0, 255, (3, 4, 5)).astype("u1"),
                     ["TimeSeries", "ImageSeries"], timestamps=[0.0, 1.0, 2.0])
        scenes["format"] = "raw"
        expect("first.scene", scenes["data"][2])
        shown = add(f.create_group("stimulus/presentation"), "shown", np.array([2, -1, 0], "i4"),
                    ["TimeSeries", "IndexSeries"], timestamps=[0.0, 0.25, 0.5])
        shown["indexed_timeseries"] = h5py.SoftLink("/stimulus/templates/scenes")
        for name, start, stop, tag in (("trial_1", 0.0, 0.3, "hit"), ("trial_2", 0.3, 0.7, "miss")):
            epoch = f.create_group(f"epochs/{name}")
            epoch.attrs["neurodata_type"] = "Epoch"
            epoch["start_time"] = start
            epoch["stop_time"] = stop
            epoch["tags"] = np.array([tag], dtype=h5py.string_dtype())


def lab():
    """A session as docs/nwb.md shows it: one clock, imaging, a wheel, units, trials with a stimulus."""
    random = np.random.default_rng(7)
    nwb = pynwb.NWBFile("a session of a laboratory", "lab-1", START)
    ophys = nwb.create_processing_module("ophys", "ophys")
    ophys.add(pynwb.TimeSeries(name="responses", data=random.normal(size=(480, 20)).astype("f4"), unit="n.a.", rate=8.0, starting_time=0.0))
    behavior = nwb.create_processing_module("behavior", "behavior")
    speed = np.abs(random.normal(5, 2, 1800)).astype("f4")
    behavior.add(pynwb.TimeSeries(name="running", data=speed[:, None], unit="cm/s", timestamps=np.arange(1800) / 30))
    for i in range(3):
        nwb.add_unit(spike_times=np.sort(random.uniform(0, 60, 200)), obs_intervals=[[0.0, 60.0]], id=i)
    nwb.add_trial_column("stimulus", "which grating")
    for i in range(12):
        nwb.add_trial(start_time=5.0 * i, stop_time=5.0 * i + 4, stimulus=["left", "right"][i % 2])
    with pynwb.NWBHDF5IO(OUT / "lab.nwb", "w") as io:
        io.write(nwb)


def foreign():
    """What other programs write, allowed or not."""
    with h5py.File(OUT / "foreign.nwb", "w", userblock_size=512) as f:
        a = root(f)
        ramp = np.arange(10.0)
        clock = ramp / 10

        def stored(name, *args, **kwargs):
            return series(a, name, None, rate=10.0).create_dataset("data", *args, **kwargs)

        def table(parent, name, kind, **columns):
            group = parent.create_group(name)
            group.attrs.update(neurodata_type=kind, namespace="core", description="made")
            for column, values in columns.items():
                group[column] = values
            return group

        # names, and ways to one thing
        series(a, "cube", np.arange(60.0).reshape(10, 2, 3), rate=10.0)
        a["soft"] = h5py.SoftLink("/acquisition/cube")
        a["dangling"] = h5py.SoftLink("/acquisition/nothing")
        a["circle"] = h5py.SoftLink("/acquisition/circle")
        a["gone"] = h5py.ExternalLink("missing.nwb", "/acquisition/x")
        itself = series(a, "contains_itself", ramp, rate=10.0)
        itself["self"] = h5py.SoftLink("/acquisition/contains_itself")
        for k, name in enumerate(["a b", "a_b", "A_B", "Größe µ", "meta.json", ".hidden", "back\\slash:*?", "光" * 120, "new\nline"]):
            series(a, name, ramp + k, rate=10.0)
        # attributes as MATLAB writes them
        arrays = series(a, "array_attributes", ramp)
        arrays["data"].attrs["conversion"] = np.array([2.0])
        arrays["starting_time"] = np.array([3.0])
        arrays["starting_time"].attrs["rate"] = np.array([20], "i4")
        empty = series(a, "empty_texts", ramp, rate=10.0)
        empty["data"].attrs["unit"] = h5py.Empty("S1")
        empty.attrs["description"] = h5py.Empty("S1")
        for k in range(40):
            empty["data"].attrs[f"note_{k}"] = "v" * 200
        series(a, "row", np.arange(30.0)[None], rate=10.0)
        series(a, "negative_start", ramp, rate=10.0, start=-5.0)
        series(a, "start_without_rate", ramp)["starting_time"] = 1.0
        # shapes without samples
        series(a, "zero_rows", np.zeros((0, 3)), timestamps=np.zeros(0))
        series(a, "zero_columns", np.zeros((5, 0)), rate=10.0)
        series(a, "no_data", None, rate=10.0)
        series(a, "null_data", None, rate=10.0)["data"] = h5py.Empty("f8")
        series(a, "one_value", np.float64(3.0), rate=10.0)
        # values
        series(a, "complex", ramp + 1j, rate=10.0)
        stored("ragged", (3,), dtype=h5py.vlen_dtype("f8"))
        series(a, "half", np.array([1.5, np.nan, np.inf], "f2"), rate=10.0)
        series(a, "beyond", np.array([2**53 + 1, -2**62, 5], "i8"), rate=10.0)
        stored("enum", data=np.array([0, 5, 0], "i1"), dtype=h5py.enum_dtype({"A": 0, "B": 5}, basetype="i1"))
        stored("unallocated", (8, 2), "f4", chunks=(4, 2), compression="gzip", fillvalue=np.nan)
        stored("unwritten", (8, 2), ">f4", fillvalue=7.0)
        skipped = stored("skipped_filter", (8, 2), "i4", chunks=(4, 2), compression="gzip", shuffle=True)
        skipped[:] = np.arange(16).reshape(8, 2)
        skipped.id.write_direct_chunk((4, 0), np.arange(100, 108, dtype="i4").tobytes(), filter_mask=3)
        stored("external_storage", (10,), "<f8", external=[("raw.bin", 0, 80)])
        layout = h5py.VirtualLayout((10,), "f8")
        layout[:] = h5py.VirtualSource(a["a b/data"])
        series(a, "virtual", None, rate=10.0).create_virtual_dataset("data", layout)
        for name, factors in (("channel_column", [[1.0], [2.0], [3.0]]), ("channel_nan", [1.0, np.nan, 3.0])):
            series(a, name, np.ones((10, 3)), rate=10.0)["channel_conversion"] = np.array(factors)
        # times
        series(a, "int_times", ramp, timestamps=np.arange(10))
        series(a, "float_times", ramp, timestamps=np.arange(10, dtype=">f4") / 3)
        series(a, "of_unix", ramp, timestamps=1.7e9 + clock)
        series(a, "negative_times", ramp, timestamps=-clock[::-1])
        series(a, "nan_only", ramp, timestamps=np.full(10, np.nan))
        series(a, "text_times", ramp, timestamps=np.array([b"%d" % k for k in range(10)]))
        series(a, "one_time", np.array([[1.0, 2.0]]), timestamps=[4.0])
        seconds = series(a, "short_unit", ramp, timestamps=clock)
        seconds["timestamps"].attrs["unit"] = "s"
        series(a, "reference", ramp)["timestamps"] = seconds["timestamps"].ref
        series(a, "group", ramp)["timestamps"] = h5py.SoftLink("/acquisition/short_unit")
        # images
        colour = series(a, "colour", np.arange(90, dtype="u1").reshape(5, 2, 3, 3), kind="ImageSeries", rate=10.0)
        series(a, "flat", np.arange(20, dtype="u1").reshape(5, 4), kind="ImageSeries", rate=10.0)
        beyond = series(a, "index_beyond", np.array([0, 7], "u4"), kind="IndexSeries", timestamps=[0.0, 1.0])
        beyond["indexed_timeseries"] = h5py.SoftLink(colour.name)
        series(a, "index_of_nothing", np.array([0], "u4"), kind="IndexSeries", timestamps=[0.0])
        # tables
        tables = f.create_group("intervals")
        ends = np.array([0.5, 3.0])
        table(tables, "no_stop", "TimeIntervals", start_time=ends)
        table(tables, "no_start", "TimeIntervals", stop_time=ends)
        table(tables, "no_rows", "TimeIntervals", start_time=np.zeros(0), stop_time=np.zeros(0))
        table(tables, "backwards", "TimeIntervals", start_time=np.array([1.0, 2.0]), stop_time=ends)
        table(tables, "uneven", "TimeIntervals", start_time=ends, stop_time=ends[:1] + 1)
        table(tables, "unsorted", "TimeIntervals", start_time=ends[::-1], stop_time=ends[::-1] + 1)
        table(f, "units", "Units", id=np.arange(3))
        module = f.create_group("processing/sorted")
        module.attrs.update(neurodata_type="ProcessingModule", namespace="core")
        table(module, "of_u2", "Units", spike_times=np.arange(300.0), spike_times_index=np.array([100, 300], "u2"))
        table(module, "no_units", "Units", spike_times=np.zeros(0), spike_times_index=np.zeros(0, "u1"))
        table(module, "no_index", "Units", spike_times=np.arange(30.0))
        table(module, "nan_observed", "Units", spike_times=np.arange(30.0), spike_times_index=np.array([10, 30], "u1"),
              obs_intervals=np.full((2, 2), np.nan), obs_intervals_index=np.array([1, 2], "u1"))


def movies():
    """Series whose frames are in files beside this one, which the tests make: 24 frames each."""
    nwb = pynwb.NWBFile("made for tests", "movies", START)

    def shown(name, files, starts, add=nwb.add_acquisition, **clock):
        add(ImageSeries(name=name, external_file=files, format="external", unit="n.a.", starting_frame=starts,
                        dimension=[64, 36], **clock))

    shown("film", ["movies/a.mp4", "movies/b.MKV"], [0, 24], nwb.add_stimulus, starting_time=2.0, rate=30.0,
          num_samples=48)
    shown("eye", ["/home/somebody/elsewhere/eye.avi"], [0], timestamps=np.cumsum(np.arange(24) % 3 + 1) / 60)
    shown("short", ["movies/a.mp4"], [0], timestamps=np.arange(10) / 30)
    shown("wrong_start", ["movies/a.mp4", "movies/b.MKV"], [0, 20], rate=30.0, num_samples=48)
    shown("no_video", ["movies/notes.txt"], [0], rate=30.0, num_samples=9)
    shown("broken", ["movies/broken.mp4"], [0], rate=30.0, num_samples=24)
    shown("counted", ["movies/a.mp4"], [0], rate=30.0, num_samples=25)
    shown("outside", ["../secret.mp4"], [0], rate=30.0, num_samples=24)
    shown("gone", ["movies/a.mp4", "movies/gone.mp4"], [0, 24], rate=30.0, num_samples=48)
    with pynwb.NWBHDF5IO(OUT / "movies.nwb", "w") as io:
        io.write(nwb, cache_spec=False)


if __name__ == "__main__":
    EXPECTED.mkdir(parents=True, exist_ok=True)
    if sys.argv[2:]:
        for name in sys.argv[2:]:
            globals()[name]()
        sys.exit()
    written_by_pynwb()
    traps()
    today()
    holes()
    odd()
    meaning()
    movies()
    large()
    named()
    first()
    lab()
    foreign()
