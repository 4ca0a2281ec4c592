# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The default configuration is made when it is first looked at, and what is not needed is not imported."""

import inspect
import json
import os
import subprocess
import sys
import textwrap

import pytest
import recordings

PREAMBLE = """
import copy, inspect, json, pickle, sys
root, config = sys.argv[1], json.loads(sys.argv[2])
def imported():
    return sorted({"omegaconf", "torch", "jax"} & set(sys.modules))
"""


def run(code, recording, **environment):
    result = subprocess.run(
        [sys.executable, "-c", PREAMBLE + textwrap.dedent(code), str(recording), json.dumps(recordings.config())],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, **environment},
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("arguments", ["", ", modality_config=config"])
def test_opening_imports_neither_torch_nor_jax_nor_omegaconf(recording, arguments):
    run(
        f"""
        import syncline, syncline.dataloaders, syncline.utils
        from syncline.filters.common_filters import nan_filter
        assert not imported(), imported()
        dataset = syncline.ChunkDataset(root{arguments})
        loader = syncline.DataLoader(dataset, batch_size=2)
        assert len(loader) and len(dataset) and dataset.device_names and dataset.fingerprint
        experiment = syncline.Experiment(root{arguments})
        experiment.interpolate([1.0, 2.0], device="treadmill")
        assert not imported(), imported()
        """,
        recording,
    )


def test_opening_starts_no_machinery_that_it_does_without(recording, tmp_path):
    """Each of these costs a process tens of milliseconds when it is first used."""
    log = tmp_path / "classes.txt"
    run(
        """
        from syncline import ChunkDataset
        assert len(ChunkDataset.from_config(root, {"modality_config": config, "time_grid": "exact"}))
        """,
        recording,
        SYNCLINE_JAVA_OPTIONS=f"-Xlog:class+load=info:file={log}:none",
    )
    names = [line.split(" ")[0] for line in log.read_text().splitlines()]
    assert "org.syncline.ChunkDataset" in names
    costly = ("java.security.SecureRandom", "java.security.MessageDigest", "java.lang.String$$StringConcat/")
    assert not [name for name in names if name.startswith(costly)]


@pytest.mark.parametrize("look", ["signature", "constructor", "attribute", "package", "pickle"])
def test_the_default_is_one_object_whoever_looks_first(recording, look):
    run(
        f"""
        import syncline
        from syncline import ChunkDataset, Experiment
        dataset, experiment = ChunkDataset(root), Experiment(root)
        looks = {{
            "signature": lambda: inspect.signature(ChunkDataset).parameters["modality_config"].default,
            "constructor": lambda: inspect.signature(Experiment.__init__).parameters["modality_config"].default,
            "package": lambda: __import__("syncline.configs").configs.DEFAULT_MODALITY_CONFIG,
        }}
        copies = {{
            "attribute": lambda: dataset.modality_config,
            "pickle": lambda: pickle.dumps(dataset) and dataset.modality_config,
            "experiment": lambda: experiment.modality_config,
        }}
        {{**looks, **copies}}["{look}"]()
        first = looks["signature"]()
        from syncline.configs import DEFAULT_CONFIG, DEFAULT_DATASET_CONFIG, DEFAULT_MODALITY_CONFIG
        assert all(other() is first for other in looks.values()) and first is DEFAULT_MODALITY_CONFIG
        assert all(other() == first and other() is not first for other in copies.values())
        assert DEFAULT_DATASET_CONFIG.modality_config is first is DEFAULT_CONFIG.dataset.modality_config
        assert first.screen.sampling_rate == 30 and type(first) is type(DEFAULT_CONFIG)

        class Mine(ChunkDataset):
            def __init__(self, root, more=1):
                super().__init__(root)

        assert list(inspect.signature(Mine).parameters) == ["root", "more"]
        assert Mine(root).modality_config == first

        # what a program changes in the default counts from then on
        first.responses.chunk_size = 4
        changed = ChunkDataset(root)
        assert changed.chunk_sizes["responses"] == 4 and dataset.chunk_sizes["responses"] == 16
        again = pickle.loads(pickle.dumps(changed))
        assert again.chunk_sizes == changed.chunk_sizes and again.modality_config.responses.chunk_size == 4
        assert again.modality_config == first and again.modality_config is not first
        assert copy.copy(changed).modality_config.responses.chunk_size == 4
        """,
        recording,
    )


def test_attributes_of_objects_made_with_the_default(recording):
    run(
        """
        from syncline import ChunkDataset, Experiment
        import syncline.configs, syncline.datasets, syncline.experiment, syncline.dataloaders
        for thing in (ChunkDataset(root), Experiment(root)):
            assert not hasattr(type(thing), "modality_config")
            thing.modality_config = config
            assert thing.modality_config is config
            del thing.modality_config
            assert thing.modality_config == syncline.configs.DEFAULT_MODALITY_CONFIG
        assert syncline.datasets.DEFAULT_MODALITY_CONFIG is syncline.experiment.DEFAULT_MODALITY_CONFIG
        assert syncline.dataloaders.DEFAULT_CONFIG is syncline.configs.DEFAULT_CONFIG
        assert set(syncline.configs.__all__) <= set(dir(syncline.configs))
        for module in (syncline.configs, syncline.datasets, syncline.experiment, syncline.dataloaders):
            try:
                module.NOTHING
            except AttributeError as error:
                assert "NOTHING" in str(error)
            else:
                raise AssertionError(module)
        """,
        recording,
    )


def test_signatures_have_the_defaults_of_the_schema():
    from syncline import ChunkDataset, DataLoader
    from syncline._facts import DEFAULTS
    from syncline.filters.common_filters import finite_filter, label_filter, nan_filter
    from syncline.interpolators import PhaseShiftedSequenceInterpolator, ScreenInterpolator, SequenceInterpolator, SpikeInterpolator

    # None is 2; the share is found when a pass begins; a dataset without modality_config has the default one
    others = {
        ("DataLoader", "prefetch_factor"),
        ("DataLoader", "rank"),
        ("DataLoader", "world_size"),
        ("ChunkDataset", "modality_config"),
        ("ScreenInterpolator", "use_stimuli_names"),  # the original has False, which is as None
    }
    compared = {}
    for section, things in {
        "dataset": [ChunkDataset],
        "loader": [DataLoader],
        "interpolation": [SequenceInterpolator, PhaseShiftedSequenceInterpolator, ScreenInterpolator, SpikeInterpolator],
        "finite_filter": [finite_filter],
        "label_filter": [label_filter],
        "nan_filter": [nan_filter],
    }.items():
        for thing in things:
            parameters = inspect.signature(thing).parameters
            for name, default in DEFAULTS[section].items():
                if name in parameters and (thing.__name__, name) not in others:
                    found = parameters[name].default
                    if found is not inspect.Parameter.empty:
                        assert (type(found), found) == (type(default), default), (thing, name)
                        compared[section, name] = True
    assert len(compared) > 25
