# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""A recording cut into chunks: the drop-in for the original's ChunkDataset."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from . import _items
from ._answers import one_type, pair_of, ranges_of, values_of
from ._arguments import chunk_index, names_or_none, nearest, number, shortened, truth, whole
from ._arrays import BEHAVIOUR, filled, padded, with_behaviour
from ._config import Compared, Fixed, FixedList, plain
from ._facts import DATASET_KEYS
from ._followed import Followed, being_started
from ._hints import Entries, Self, Unpack
from ._native import functions as native
from ._native.warnings import as_user_warnings, collect, warn
from ._parts import Parts
from ._shown import ENTRIES, brief, count, entry, one_line, short, some
from ._states import VALUES, generator, other_values
from ._targets import accepts, is_target, made, target_of
from ._outputs import Output
from ._torch import Dataset, is_tensor, torch_installed, torch_or_none
from ._transforms import Drawn, Draws, NativeStep, Transform, entry_of
from ._trials import Trials, column
from .configs import UNMADE, OpenedWith, copied, default_later, defaults_of, or_default, say_replaced
from .errors import ConfigError, StateError, SynclineError
from .experiment import Experiment
from .intervals import TimeInterval, get_stats_for_valid_interval
from .types import DatasetOptions

__all__ = ["ChunkDataset"]

__getattr__ = defaults_of(__name__, "DEFAULT_MODALITY_CONFIG")  # the original's module has it

#: what an open dataset shows, and does not look at again
_SHOWN = frozenset(
    ("root_folder", "cache_data", "start_time", "end_time", "seed", "device_names", "chunk_sizes", "sampling_rates", "scale_precision", "interpolate_precision", "safe_interval_threshold", "dataset_options")
)


#: methods by which a subclass may say which points of the grid are valid
_MASKS = ("get_screen_sample_mask_from_meta_conditions", "get_condition_mask_from_meta_conditions", "get_valid_intervals_from_filters")

#: keys of Syncline's own that decide which chunks there are
_BEYOND_MASKS = ("time_grid", "lead_device", "short_chunks", "within_trial")


def _same(then: Any, now: Any) -> bool:
    try:
        return then is now or bool(then == now)
    except (TypeError, ValueError):
        return False


class _Argument:
    """An argument that may be set later, too: the dataset is opened again with it and keeps its start times."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, dataset: Any, owner: type | None = None) -> Any:
        return self if dataset is None else dataset._arguments[self._name]

    def __set__(self, dataset: ChunkDataset, value: Any) -> None:
        dataset._arguments[self._name] = value
        dataset._reopen()


class Explanation(dict[str, int]):
    """How many sample points, then chunks, each step of opening a dataset leaves over, by step and in their order.

    ``grid_points`` (of the leading device), ``valid_range`` (where all devices have values), ``valid_condition``,
    ``DEVICE.filters.NAME`` for each filter, ``whole_chunks`` (from here on chunks are counted), ``within_trial`` where it is
    asked for, ``DEVICE.filters.NAME`` for each filter that judges whole chunks, ``DEVICE.max_gap`` for each device whose gaps
    are limited, ``short_chunks``, ``sample_stride``, ``chunks``. Its text is a table for people.

    Attributes
    ----------
    notes
        step → what decided it.
    advice
        what matches nothing in conditions and filters, with the names that were meant.
    """

    def __init__(self, found: Mapping[str, Any]) -> None:
        super().__init__((step["name"], step["left"]) for step in found["steps"])
        self.notes: dict[str, str] = {step["name"]: step["note"] for step in found["steps"]}
        self.advice: list[str] = list(found["advice"])
        self._text: str = found["text"].rstrip()

    def __repr__(self) -> str:
        return self._text

    __str__ = __repr__


def _seconds_of(found: Any) -> np.ndarray:
    """Return the start times of a state."""
    try:
        times = np.asarray(found, np.float64)
        if times.ndim == 1:
            return times
    except (TypeError, ValueError, OverflowError):
        pass
    raise StateError(f"the state's valid_screen_times: found {shortened(found)}, expected a list of seconds")


def _generator_of(found: Any) -> list[Any] | None:
    """Return the generator of a state as JSON has it."""
    if found is None:
        return None
    kind, words, *rest = generator(found)
    return [kind, words.tolist(), *rest]


class ChunkDataset(Dataset[Entries]):
    """Chunks of a recording: item i is a dict device → values, and ``timestamps`` → dict device → times.

    Screens are (C, T, H, W), everything else (T, N); torch tensors where torch is installed, else NumPy arrays, writable,
    over memory that belongs to the item. Everything is read, interpolated, resized and normalised in Java; interpolators,
    filters and transforms written in Python are called where they stand in the original's order.

    Items may be read from several threads at once. A dataset can be pickled (``spawn``, ``forkserver``): it is opened
    again from its arguments, with its state. In a forked child it raises RuntimeError.

    Keys of Syncline's own that the original has no parameters for (``time_grid``, ``lead_device``, ``short_chunks``,
    ``within_trial``, ``categories``) go through :meth:`from_config`, or are given by a subclass that sets ``dataset_options``.

    Parameters
    ----------
    root_folder
        the recording's folder; it is never written to.
    global_sampling_rate
        Hz for every device in place of its own.
    global_chunk_size
        samples for every device in place of its own.
    add_behavior_as_channels
        append eye tracker and treadmill to the screen's channels.
    replace_nans_with_means
        NaN becomes the mean of its column over the chunk.
    cache_data
        read everything into memory once.
    out_keys
        entries of an item; default: all devices and ``timestamps``. Also ``trial_index`` (int32 (T,), the number of
        the trial of each point of the leading device's grid, -1 in none) and ``meta.KEY`` (of the first point's trial:
        numbers float64, NaN where missing; texts int32, codes into :meth:`categories`, -1 where missing).
    normalize_timestamps
        relative to the start of ``responses``, float32; else raw float64.
    modality_config
        device → configuration, dicts or OmegaConf.
    seed
        of :meth:`shuffle_valid_screen_times`.
    safe_interval_threshold
        seconds cut from both ends of the common range.
    interpolate_precision
        decimals to which chunk times are rounded.
    output
        whose arrays items hold: "torch" (the default where torch is installed), "numpy" or "jax"; loaders are told
        themselves.

    Raises
    ------
    FileNotFoundError
        no such recording.
    ValueError
        a broken recording or configuration, named with file, key, found and expected.
    ImportError
        ``output`` names a package that is not installed.
    """

    #: Keys of a configuration's ``dataset`` that the original has no parameters for, with their values.
    dataset_options: Mapping[str, Any] = {}

    add_behavior_as_channels: Any = _Argument()
    replace_nans_with_means: Any = _Argument()
    normalize_timestamps: Any = _Argument()

    modality_config: Any = OpenedWith()

    @default_later
    def __init__(
        self,
        root_folder: str | Path,
        global_sampling_rate: float | None = None,
        global_chunk_size: int | None = None,
        add_behavior_as_channels: bool = False,
        replace_nans_with_means: bool = False,
        cache_data: bool = False,
        out_keys: Iterable[Any] | None = None,
        normalize_timestamps: bool = True,
        modality_config: Any = UNMADE,
        seed: int | None = None,
        safe_interval_threshold: float = 0.5,
        interpolate_precision: int = 5,
        *,
        output: str | None = None,
    ) -> None:
        before = set(self.__dict__)
        self._arguments = {
            "root_folder": root_folder,
            "global_sampling_rate": global_sampling_rate,
            "global_chunk_size": global_chunk_size,
            "add_behavior_as_channels": add_behavior_as_channels,
            "replace_nans_with_means": replace_nans_with_means,
            "cache_data": cache_data,
            "out_keys": names_or_none("out_keys", out_keys),
            "normalize_timestamps": normalize_timestamps,
            "modality_config": modality_config,
            "seed": seed,
            "safe_interval_threshold": safe_interval_threshold,
            "interpolate_precision": interpolate_precision,
            "output": output,
        }
        self._output = Output(output)
        self._epoch = 0
        self._drawn = Drawn()
        # what copies in worker processes look at; of a copy, what it looks at, and the start times that it has of that
        self._followed: Followed | None = None
        self._follows: tuple[Followed, int] | None = None
        self.root_folder = native.expanded(root_folder)
        self.cache_data = cache_data
        self.seed = seed
        self.safe_interval_threshold = safe_interval_threshold
        self.interpolate_precision = interpolate_precision
        say_replaced(modality_config)
        config = plain(or_default(modality_config))
        if not isinstance(config, Mapping):
            raise ValueError(f"modality_config: found {type(modality_config).__name__}, expected a map of devices")
        self._config = config
        self._compared = Compared()
        try:
            self._open()
        except SynclineError as error:
            raise short(error)
        self.__dict__["dataset_options"] = Fixed(plain(self.dataset_options))
        if self._own_start_times:
            self._valid_screen_times = self.get_full_valid_sample_times()[:: self.sample_stride]
        # what a subclass sets beside these travels with a pickle
        self._names = frozenset(self.__dict__) - before | {
            "_names",
            "_as_opened",
            "_compared",
            "_devices",
            "_made_devices",
            "_transforms",
            "_made_transforms",
            "_first_transforms",
            "_read_statistics",
            "modality_config",
        }

    @classmethod
    def from_config(cls, root_folder: str | Path, config: Any = None, **changes: Unpack[DatasetOptions]) -> Self:
        """Open with what a configuration file says under ``dataset``: the parameters of this class and Syncline's own keys.

        Parameters
        ----------
        root_folder
            the recording's folder.
        config
            a mapping, dict or OmegaConf; one with an entry ``dataset`` stands for that entry. Default: the defaults.
        **changes
            take the place of entries of ``config``.

        Raises
        ------
        TypeError
            a key that neither this class nor Syncline knows.
        ValueError
            ``config`` is no mapping; also what the constructor raises.
        """
        if config is not None and not hasattr(config, "keys"):
            raise ValueError(
                f"config: found {type(config).__name__}, expected a map such as a configuration's dataset; of a YAML file what yaml.safe_load "
                "or OmegaConf.load makes of it"
            )
        values = {} if config is None else dict(config)
        if "dataset" in values:
            values = dict(values["dataset"])
        values.update(dict(changes))
        own = {key: values.pop(key) for key in DATASET_KEYS if key in values}
        for key in values:
            if not isinstance(key, str):
                raise TypeError(f"config: found the key {shortened(key)}, expected names of parameters")
        dataset = cls.__new__(cls)
        if own:
            dataset.dataset_options = {**cls.dataset_options, **own}
        try:
            dataset.__init__(root_folder, **values)  # type: ignore[misc]
        except TypeError:
            import inspect  # of use here alone, and importing takes time

            known = inspect.signature(cls.__init__).parameters
            unknown = next((key for key in values if key not in known), None)
            if unknown is None or any(p.kind is p.VAR_KEYWORD for p in known.values()):
                raise
            raise TypeError(f"config: {unknown!r} is no key of a dataset{nearest(unknown, [*known, *DATASET_KEYS])}") from None
        return dataset

    def _given_config(self) -> Any:
        return self._arguments["modality_config"]

    # ---- opening -----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        a = self._arguments
        self._all_starts: np.ndarray | None = None
        parts = self._parts = Parts(self._config, self.root_folder, truth("cache_data", a["cache_data"]))
        outside = parts.outside
        dataset_config = {
            **plain(self.dataset_options),
            "global_sampling_rate": plain(a["global_sampling_rate"]),
            "global_chunk_size": plain(a["global_chunk_size"]),
            # with a Python part these two come last, here
            "add_behavior_as_channels": truth("add_behavior_as_channels", a["add_behavior_as_channels"]) and not outside,
            "replace_nans_with_means": truth("replace_nans_with_means", a["replace_nans_with_means"]) and not outside,
            "cache_data": truth("cache_data", a["cache_data"]),
            "normalize_timestamps": truth("normalize_timestamps", a["normalize_timestamps"]),
            "modality_config": parts.native,
            "seed": plain(a["seed"]),
            "safe_interval_threshold": number("safe_interval_threshold", a["safe_interval_threshold"]),
            "interpolate_precision": whole("interpolate_precision", a["interpolate_precision"]),
        }
        if a["out_keys"] is not None:
            wanted = [str(k) for k in a["out_keys"]]
            # with a Python part Java makes timestamps and what says where samples come from, and all that it can of the rest
            origins = [k for k in wanted if k not in parts.native and (k == "trial_index" or k.startswith("meta."))]
            if not outside:
                dataset_config["out_keys"] = wanted
            elif origins:
                dataset_config["out_keys"] = [*parts.native, "timestamps", *origins]
        options: dict[str, Any] = {"lenient": True, "fingerprint": False}
        if parts.devices:
            from ._numpy.statistics import computed_statistics

            options["devices"] = {
                name: {
                    **ranges_of(name, device),
                    "computed": computed_statistics(device, parts.native[name].get("transforms")),
                }
                for name, device in parts.devices.items()
            }
        filters = [f for f in parts.filters if f[0] in self._experiment.devices]
        judges = [f for f in filters if hasattr(f[2], "chunks")]
        if filters:
            options["valid_intervals"] = [
                {"device": name, "name": key, "intervals": self._intervals(name, key, function)}
                for name, key, function in filters
                if not hasattr(function, "chunks")
            ]
        if judges:
            options["valid_intervals"] += self._rejected(judges, dataset_config, options)
        with as_user_warnings():
            self._handle = native.dataset_open(self.root_folder, dataset_config, options)
            info = native.dataset_info(self._handle)
            parts.screens.update(e["key"] for e in info["layout"] if len(e["shape"]) == 4)
        self._changed()
        self.data_key = info["data_key"]
        if self._overrides("get_data_key_from_root_folder"):
            self.data_key = str(self.get_data_key_from_root_folder(self.root_folder))
        stride = int((self._config.get(info["lead"]) or {}).get("sample_stride") or 1)
        if self.__dict__.get("sample_stride") == self.__dict__.get("_opened_stride"):  # else the program has set another
            self.sample_stride = stride
        self.__dict__.update(
            start_time=info["start_time"],
            end_time=info["end_time"],
            device_names=tuple(info["device_names"]),
            chunk_sizes=Fixed(info["chunk_sizes"]),
            sampling_rates=Fixed(info["sampling_rates"]),
            scale_precision=10**self.interpolate_precision,
            _opened_stride=stride,
        )
        self._layout = [(entry["key"], entry["timestamps"]) for entry in info["layout"]]
        self._shapes = [(e["key"], e["dtype"], e["shape"]) for e in info["layout"] if not e["timestamps"]]
        self._out_keys = self._entries(a["out_keys"])
        for made in ("_transforms", "_read_statistics"):
            self.__dict__.pop(made, None)
        if outside or self._own_transforms:
            self.transforms
        if outside and self.add_behavior_as_channels:
            self._check_behaviour()

    def _intervals(self, device: str, key: str, function: Callable[..., Any]) -> list[Any]:
        """Return what a filter of the program's own finds valid of a device, as [start, end] pairs."""
        # a filter of labels looks at the device that has them
        asked = getattr(function, "syncline_target", {}).get("device", device)
        given = self._experiment.devices.get(asked)
        if given is None:
            raise ConfigError(
                f"modality_config.{device}.filters.{key}.device: is {asked!r}, expected one of the devices "
                f"{', '.join(self._experiment.devices)}{nearest(asked, self._experiment.devices)}"
            )
        found = function(device_=given) if accepts(function, "device_") else function(given)
        try:
            ends = np.asarray(found)
        except ValueError:
            ends = np.empty(0)
        step = native.coarse(ends)
        if step is not None:
            warn(
                f"modality_config.{device}.filters.{key}: found intervals in {ends.dtype}, which has steps of {step[0]:g} s at {step[1]:g}, expected "
                "float64: their ends are rounded"
            )
        try:
            return [list(map(float, TimeInterval(*interval))) for interval in found]
        except TypeError as error:
            raise ConfigError(
                f"modality_config.{device}.filters.{key}: the filter {function!r} returned {found!r}, expected a list of "
                "(start, end), empty where nothing is valid"
            ) from error

    def _rejected(self, judges: list[Any], dataset_config: dict[str, Any], options: dict[str, Any]) -> list[dict[str, Any]]:
        """Return which chunks the filters that judge whole ones leave out, as Java is told it: of those that all else leaves."""
        with collect():  # opening says it again
            handle = native.dataset_open(self.root_folder, dataset_config, options)
        try:
            starts = native.dataset_full_valid_sample_times(handle).numpy()
            out = []
            for name, key, function in judges:
                keeps = function.chunks(self._experiment.devices[name])
                rejected = []
                for start in starts.tolist():
                    times = native.dataset_chunk_times(handle, name, start).numpy()
                    if not keeps(times):
                        rejected.append(float(times[0]))
                out.append({"device": name, "name": key, "rejected": rejected})
            return out
        finally:
            handle.close()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _SHOWN and "_handle" in self.__dict__ and not _same(getattr(self, name, None), value):
            raise AttributeError(
                f"{name}: found an assignment of {shortened(value)} to a dataset that is open, which would change nothing in it: open it anew "
                f"with another configuration"
            )
        super().__setattr__(name, value)

    def _changed(self) -> None:
        """Let loaders see that chunks are others from now on."""
        self._as_opened = object()

    @property
    def _revision(self) -> object:
        """What is another object when chunks are others; loaders look at it when a pass begins."""
        self._compare_config()
        return self._as_opened

    def _compare_config(self) -> None:
        """Warn where a program has changed ``modality_config`` of the open dataset, as the original reads it at each item."""
        shown = self.__dict__.get("modality_config")
        if shown is not None:
            self._compared.say(self.root_folder, "dataset", self._config, shown)

    def _reopen(self) -> None:
        state = self.get_state()
        state.pop(VALUES, None)  # whatever the files hold by now
        key = self.data_key  # a program may have set another
        self._handle.close()
        self._open()
        self.data_key = key
        self.set_state(state)

    @brief
    def explain(self) -> Explanation:
        """Say why there are as many chunks as there are: what each step from the sample grid to the chunks leaves over.

        ``print(dataset.explain())`` shows a table; as a dict it has the counts by step. The counts are made when the dataset
        is opened, ``chunks`` when this is called.
        """
        return Explanation(native.dataset_explain(self._handle))

    @property
    @brief
    def fingerprint(self) -> str:
        """Hash of everything that decides the samples, as saved states carry it; made when it is asked for."""
        return native.dataset_state(self._handle)["fingerprint"]

    def _overrides(self, *names: str) -> bool:
        """Whether a subclass has a method of its own in place of any of these."""
        return any(getattr(type(self), name) is not getattr(ChunkDataset, name) for name in names)

    @property
    def _own_mask(self) -> bool:
        """Whether a subclass says which points of the grid are valid, by trials, by filters or as a whole."""
        return self._overrides(*_MASKS)

    @property
    def _own_start_times(self) -> bool:
        """Whether a subclass says which start times are valid."""
        return self._own_mask or self._overrides("get_full_valid_sample_times")

    @property
    def _draws_itself(self) -> bool:
        """Whether a subclass says which start times are drawn."""
        return self._own_start_times or self._overrides("shuffle_valid_screen_times")

    @property
    def _own_transforms(self) -> bool:
        """Whether a subclass says what becomes of values."""
        return self._overrides("initialize_transforms", "initialize_statistics", "add_channel_function")

    @property
    def out_keys(self) -> list[Any]:
        """Entries of an item; may be set."""
        return self._out_keys

    @out_keys.setter
    def out_keys(self, out_keys: Iterable[Any] | None) -> None:
        self._arguments["out_keys"] = names_or_none("out_keys", out_keys)
        self._reopen()

    def _entries(self, out_keys: list[Any] | None) -> list[Any]:
        if out_keys is None:
            out_keys = [*self.device_names, "timestamps"]
        made = {key for key, _ in self._layout}
        known = [k for k in out_keys if k == "timestamps" or k in self.device_names or k in made]
        # masks come with their devices
        known += [f"mask.{k}" for k in known if f"mask.{k}" in made and f"mask.{k}" not in known]
        for key in out_keys:
            if key not in known and self._parts.outside:
                warn(
                    f"out_keys: {key} is left out, there is no such device{nearest(str(key), [*self.device_names, 'timestamps'])}",
                )
        ENTRIES.update(map(str, known))
        return FixedList(
            known,
            f"out_keys: found a change of the list of an open dataset, which would change nothing in it: set dataset.out_keys = [...] to "
            f"entries among {', '.join([*self.device_names, 'timestamps'])} and others",
            follows=True,
        )

    @property
    def _experiment(self) -> Experiment:
        """The devices, opened when they are first asked for."""
        if "_devices" not in self.__dict__:
            there = self._parts.devices.keys() | {name for name in self._config if (self.root_folder / name).is_dir()}
            config = {
                name: dict(e) if isinstance(e, Mapping) else e for name, e in self._config.items() if name in there
            }
            for name, entry in config.items():
                interpolation = entry.get("interpolation") if isinstance(entry, dict) else None
                if isinstance(interpolation, Mapping) and interpolation.get("interpolation_mode") == "mean":
                    # outside of a dataset nobody knows the rate
                    rate = self._arguments["global_sampling_rate"] or entry.get("sampling_rate")
                    window = interpolation.get("window") or (1 / rate if rate else None)
                    config[name] = {**entry, "interpolation": {**interpolation, "window": window}}
            for name, device in self._parts.devices.items():
                config[name] = {**(config[name] or {}), "interpolation": device}
            devices = Experiment.__new__(Experiment)
            devices._compared = True  # when the dataset was opened
            devices.__init__(self.root_folder, config, cache_data=bool(self.cache_data))  # type: ignore[misc]
            self._made_devices = dict(devices.devices)
            self._devices = devices
        return self._devices

    # ---- the original's methods --------------------------------------------------------------------------------------

    def initialize_statistics(self) -> None:
        """Read the statistics into ``_statistics``: device → {"mean", "std"}, float64 (1, n); {} where not normalised."""
        self._read_statistics = {name: {} for name in self.device_names}
        for name, found in native.dataset_statistics(self._handle).items():
            std = np.asarray(found["stds"], dtype=np.float64).reshape(1, -1)
            mean = np.zeros_like(std) if found["means"] is None else np.asarray(found["means"], dtype=np.float64)
            self._read_statistics[name] = {"mean": mean.reshape(1, -1), "std": std}

    @property
    def _statistics(self) -> dict[str, Any]:
        if "_read_statistics" not in self.__dict__:
            self._read_statistics = {}  # what a subclass may fill
            self.initialize_statistics()
        return self._read_statistics

    @_statistics.setter
    def _statistics(self, statistics: dict[str, Any]) -> None:
        self._read_statistics = statistics

    def initialize_transforms(self) -> dict[str, Any]:
        """Return device → callable that transforms interpolated values: (T, H, W[, C]) to (T, C, H, W), (T, N) to
        (1, T, N).
        """
        transforms = {}
        channels = self.add_channel_function if self._overrides("add_channel_function") else None
        for name in self.device_names:
            entry = self._config.get(name) or {}
            configured = entry.get("transforms") if isinstance(entry, Mapping) else None
            steps: dict[str, Callable] = {}
            for key, value in configured.items() if isinstance(configured, Mapping) else ():
                where = f"modality_config.{name}.transforms.{key}"
                if is_target(value):
                    known = name in self._parts.screens and native.is_registered("transform", target_of(value))
                    steps[where] = NativeStep(value) if known else made(where, value)
                elif callable(value):
                    steps[where] = value
            found = self._statistics.get(name)
            statistics = (found["mean"].reshape(-1), found["std"].reshape(-1)) if found else None
            transforms[name] = Transform(name in self._parts.screens, list(steps.values()), statistics, list(steps), channels)
        return transforms

    def _initialized_transforms(self) -> dict[str, Any]:
        own = f"{type(self).__name__}.initialize_transforms"
        if self.__dict__.get("_initializing"):
            raise AttributeError(f"transforms: {own} reads them before it has returned them; change and return what super().initialize_transforms() returns")
        self._initializing = True
        try:
            made = self.initialize_transforms()
        finally:
            del self._initializing
        if not isinstance(made, Mapping):
            raise ConfigError(f"{own} returned {shortened(made)}, expected a map of devices to callables")
        return dict(made)

    @property
    def transforms(self) -> dict[str, Any]:
        """Device → callable, as :meth:`initialize_transforms` made them; Java applies its own without them.

        A callable that a program puts in another's place is used.
        """
        if "_transforms" not in self.__dict__:
            made = self._initialized_transforms()
            # what a subclass makes is applied, here; what this class makes Java does faster
            self._made_transforms = dict.fromkeys(made) if self._own_transforms else dict(made)
            self._first_transforms = dict(made)
            self._transforms = made
        return self._transforms

    @transforms.setter
    def transforms(self, transforms: dict[str, Any]) -> None:
        self.transforms
        self._transforms = transforms

    @staticmethod
    def add_channel_function(x: Any) -> Any:
        """Return frames (T, H, W) with a channel axis, (T, 1, H, W), frames that have one as they are; a tensor where
        torch is installed.

        Parameters
        ----------
        x
            frames, (T, H, W), or (T, C, H, W), which stay as they are.
        """
        if x.ndim == 3:
            x = x[:, None]
        return x if is_tensor(x) or not torch_installed() else torch_or_none().from_numpy(x)

    @brief
    def categories(self, key: str) -> list[str]:
        """Return the texts that the codes of ``meta.KEY`` stand for, code 0 first.

        Those that the configuration lists under ``categories``, else those of this recording in alphabetical order: codes of
        several recordings mean the same where these lists are equal, so that it is best to list them for several.

        Parameters
        ----------
        key
            of the trials' metadata, without ``meta.``.

        Raises
        ------
        ValueError
            no trial has the key, or its values are numbers.
        """
        return native.dataset_categories(self._handle, str(key))

    @brief
    def get_valid_intervals_from_filters(self, visualize: bool = False) -> list[TimeInterval]:
        """Return the intersection of all filters' valid intervals; print its statistics when asked to visualize.

        Parameters
        ----------
        visualize
            print how much of the recording is valid.
        """
        found = [TimeInterval(*row) for row in native.dataset_valid_intervals(self._handle).numpy().tolist()]
        if visualize:
            print(get_stats_for_valid_interval(found, self.start_time, self.end_time))
        return found

    @brief
    def get_condition_mask_from_meta_conditions(self, valid_conditions_sum_of_product: Any) -> np.ndarray:
        """Return which trials satisfy the conditions, bool: OR over the list, AND inside a map.

        Parameters
        ----------
        valid_conditions_sum_of_product
            maps of metadata, of which a trial must have all entries of one; None: every trial does.
        """
        if valid_conditions_sum_of_product is None:
            return np.ones(len(self._trials), bool)
        with as_user_warnings():
            return native.dataset_condition_mask(self._handle, plain(valid_conditions_sum_of_product)).numpy()

    @brief
    def get_screen_sample_mask_from_meta_conditions(
        self,
        satisfy_for_next: int,
        valid_conditions_sum_of_product: Any,
        filter_for_valid_intervals: bool = True,
    ) -> np.ndarray:
        """Return which grid points begin ``satisfy_for_next`` points that all satisfy the conditions, bool.

        There is an entry for every point that has so many points from it on: ``satisfy_for_next - 1`` fewer than the grid.

        Parameters
        ----------
        satisfy_for_next
            points, from each on, that must satisfy them.
        valid_conditions_sum_of_product
            maps of metadata, of which a trial must have all entries of one.
        filter_for_valid_intervals
            whether the points must lie in what the filters leave, too.
        """
        conditions = plain(valid_conditions_sum_of_product)
        if self._overrides(*_MASKS[1:]):
            points = self._point_mask(conditions, filter_for_valid_intervals)
            count = max(0, len(points) - max(0, int(satisfy_for_next) - 1))
            before = np.append(0, np.cumsum(points))
            return before[int(satisfy_for_next) :][:count] - before[:count] == int(satisfy_for_next)
        with as_user_warnings():
            mask = native.dataset_sample_mask(
                self._handle, int(satisfy_for_next), conditions, truth("filter_for_valid_intervals", filter_for_valid_intervals)
            ).numpy()
        return mask[: max(0, len(mask) - max(0, int(satisfy_for_next) - 1))]

    def _point_mask(self, conditions: Any, filtered: bool) -> np.ndarray:
        """Return which points of the grid lie in trials and intervals that a subclass finds valid, bool."""
        times = self._screen_sample_times
        trials = np.asarray(self.get_condition_mask_from_meta_conditions(conditions), bool)
        starts = np.asarray(self._start_times)
        if trials.shape != starts.shape:
            raise ConfigError(
                f"{type(self).__name__}.get_condition_mask_from_meta_conditions returned the shape {trials.shape}, expected {starts.shape}: a truth "
                "value for each trial"
            )
        at = np.searchsorted(starts, times, "right") - 1
        points = (at >= 0) & trials[np.maximum(at, 0)]
        if truth("filter_for_valid_intervals", filtered):
            inside = np.zeros(len(times), bool)
            for start, end in self.get_valid_intervals_from_filters():
                inside |= (times >= start) & (times < end)
            points &= inside
        return points

    @brief
    def get_full_valid_sample_times(self, filter_for_valid_intervals: bool = True) -> np.ndarray:
        """Return the valid start times before the stride, float64 seconds.

        Parameters
        ----------
        filter_for_valid_intervals
            whether chunks must lie in what the filters leave.

        Raises
        ------
        ConfigError
            a subclass has masks of its own, and the configuration has what these know nothing of.
        """
        if self._own_mask:
            return self._start_times_of_masks(filter_for_valid_intervals)
        return native.dataset_full_valid_sample_times(self._handle, truth("filter_for_valid_intervals", filter_for_valid_intervals)).numpy()

    def _start_times_of_masks(self, filtered: bool) -> np.ndarray:
        """Return the valid start times by the methods that a subclass has overridden, as the original calls them."""
        options = {key: value for key, value in plain(self.dataset_options).items() if key in _BEYOND_MASKS}
        leader = native.dataset_info(self._handle)["lead"]
        if leader == self._shown:
            options.pop("lead_device", None)
        if options or leader != self._shown:
            name = next(name for name in _MASKS if self._overrides(name))
            leads = f"{leader} as the device that leads" + (f", expected lead_device={self._shown!r}" if self._shown else "")
            raise ConfigError(
                f"{type(self).__name__}.{name} is its own, which says the chunks of a screen's rounded grid alone: found "
                f"{', '.join(options) or leads}; override get_full_valid_sample_times in its place"
            )
        screen = self._config[leader] or {}
        conditions = screen.get("valid_condition")
        if isinstance(conditions, Mapping):
            conditions = [conditions]
        if conditions is not None and screen.get("include_blanks"):
            conditions = [*conditions, {"tier": "blank"}]
        times = self._screen_sample_times
        size = self.chunk_sizes[leader]
        mask = np.asarray(self.get_screen_sample_mask_from_meta_conditions(size, conditions, filtered), bool)
        count = max(0, len(times) - size + 1)
        if mask.shape != (count,):
            raise ConfigError(
                f"{type(self).__name__}.get_screen_sample_mask_from_meta_conditions returned the shape {mask.shape}, expected ({count},): a truth "
                "value for each point of the grid that begins a whole chunk"
            )
        starts = times[:count]
        return starts[mask & (times[size - 1 :] < self.end_time)]

    @brief
    def shuffle_valid_screen_times(self) -> None:
        """Draw new start times: ``sort(choice(times, floor(len / stride), replace=False))`` with the seeded generator, or
        without a seed with NumPy's global one, which ``numpy.random.seed`` seeds.
        """
        if self.seed is not None and not self._own_start_times and self.sample_stride == self._opened_stride:
            native.dataset_shuffle(self._handle)
            self._drew_times()
            return
        rng: Any = np.random
        state = None if self.seed is None else self.get_state()["rng_state"]
        if state is not None:
            rng = np.random.RandomState()
            rng.set_state(state)
        times = self.get_full_valid_sample_times()
        drawn = np.sort(rng.choice(times, len(times) // self.sample_stride, replace=False))
        self._restore(None if state is None else _generator_of(rng.get_state()), np.asarray(drawn, np.float64))

    @staticmethod
    @brief
    def get_data_key_from_root_folder(root_folder: str | Path) -> str:
        """Return the name of a recording, from its meta.json or its folder.

        Parameters
        ----------
        root_folder
            the recording's folder.
        """
        with as_user_warnings():
            return native.data_key(root_folder)

    @brief
    def get_state(self) -> dict[str, Any]:
        """Return ``rng_state`` (NumPy's tuple, None without a seed), ``valid_screen_times`` (float64), ``data_key``, and ``values``, a hash of each device's stored values."""
        state = native.dataset_state(self._handle)
        rng = state["rng_state"]
        if rng is not None:
            rng = (rng[0], np.array(rng[1], dtype=np.uint32), int(rng[2]), int(rng[3]), float(rng[4]))
        found = {
            "rng_state": rng,
            "valid_screen_times": np.array(state["valid_screen_times"], dtype=np.float64),
            "data_key": self.data_key,
        }
        return {**found, VALUES: state[VALUES]} if state.get(VALUES) else found

    @brief
    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go back to a state of :meth:`get_state`.

        Parameters
        ----------
        state
            as :meth:`get_state` gives it; JSON may have held it in between. One of the original's, which names no recording, may have start
            times that are none of this dataset's, with a warning.

        Raises
        ------
        ValueError
            the state is of another recording, of other stored values or another configuration of it, or of a dataset with a seed where this one has none, or
            the other way round.
        """
        if not isinstance(state, Mapping) or "valid_screen_times" not in state:
            found = f"the keys {sorted(map(str, state))}" if isinstance(state, Mapping) else type(state).__name__
            raise StateError(f"the state is none of a ChunkDataset: found {found}, expected rng_state and valid_screen_times")
        # the original's states have no key
        key = state.get("data_key", self.data_key)
        if not isinstance(key, str) or key != self.data_key:
            raise StateError(f"the state is of the recording {key if str(key).isprintable() else repr(key)}, this dataset is of {self.data_key}: expected its own state")
        if state.get(VALUES) is not None:
            other = other_values(state, native.dataset_state(self._handle))
            if other:
                raise StateError(f"{self.root_folder}: {other}")
        times = _seconds_of(state["valid_screen_times"])
        rng = _generator_of(state.get("rng_state"))
        if "data_key" in state and (rng is None) != (self.seed is None):
            there, here = ("no seed", f"seed {self.seed}") if rng is None else ("a seed", "none")
            raise StateError(
                f"the state is of {self.data_key} with {there}, this dataset has {here}: start times that are drawn later would be others than in "
                "the run that goes on; expected a state of a dataset with a seed where this one has one"
            )
        if not self._own_start_times:
            foreign = times[~np.isin(times, self.get_full_valid_sample_times())]
            found = f"{foreign.size} of its {times.size} start times, the first of them {foreign[0] if foreign.size else None}, are none of this dataset's"
            if foreign.size and "data_key" in state:
                raise StateError(
                    f"the state is of {self.data_key} with another configuration: {found}; expected a state of the same conditions, filters and "
                    "chunk size"
                )
            if foreign.size:
                warn(
                    f"{self.root_folder}: the state, which does not name its recording, is of another recording or configuration: {found}; chunks "
                    "are read from there all the same",
                )
        self._restore(rng, times)

    def _restore(self, rng: list[Any] | None, times: np.ndarray) -> None:
        """Take over start times, whichever they are, and a generator as JSON has it, None for the one that is there."""
        native.dataset_restore(self._handle, {"rng_state": rng, "valid_screen_times": times.tolist(), "own_start_times": True})
        self._drew_times()

    def _drew_times(self) -> None:
        """Let loaders, and copies in worker processes, see that start times are others from now on."""
        self._changed()
        if self._followed is not None and not self._followed.write(self._valid_screen_times):
            warn(
                f"{self.root_folder}: worker processes that have started keep the start times that they have, for these are more than "
                "the filters left then; start the workers anew",
            )

    def _catch_up(self) -> None:
        """In a worker process, take over the start times of the dataset that this is a copy of, where they have changed."""
        if self._follows is not None and self._follows[0].revision != self._follows[1]:
            revision, times = self._follows[0].read()
            self._restore(None, times)
            self._follows = self._follows[0], revision

    # ---- items -------------------------------------------------------------------------------------------------------

    @property
    def _valid_screen_times(self) -> np.ndarray:
        return native.dataset_start_times(self._handle).numpy()

    @_valid_screen_times.setter
    def _valid_screen_times(self, times: Any) -> None:
        self._restore(None, _seconds_of(times))

    # what programs that look behind the original's methods read

    @property
    def _shown(self) -> str | None:
        """The screen of whose trials conditions speak: the lead, else ``screen``, else the first; None without one."""
        screens = [name for name, device in self._experiment.devices.items() if hasattr(device, "trials")]
        wanted = (native.dataset_info(self._handle)["lead"], "screen", *screens[:1])
        return next((name for name in wanted if name in screens), None)

    @property
    def _trials(self) -> list[Any]:
        return list(self._experiment.devices[self._shown or "screen"].trials)

    @property
    def _start_times(self) -> np.ndarray:
        screen = self._experiment.devices[self._shown or "screen"]
        return screen.timestamps[[t.first_frame_idx for t in screen.trials]]

    @property
    def _end_times(self) -> np.ndarray:
        return np.append(self._start_times[1:], np.inf)

    @property
    def meta_conditions(self) -> dict[str, Any]:
        """Metadata key → its value for each trial, ``"blank"`` where a trial has none; every key that a trial has."""
        trials = [t._meta_data for t in self._trials]
        keys = dict.fromkeys(["modality", "valid_trial", "tier", *(k for t in trials for k in t)])
        return {k: ["blank" if t.get(k) is None else t[k] for t in trials] for k in keys}

    @property
    def _screen_sample_times(self) -> np.ndarray:
        # the grid's own arithmetic: element k is start + k * ((start + step) - start)
        return np.arange(self.start_time, self.end_time, 1.0 / self.sampling_rates[self._shown or "screen"])

    @property
    def _full_valid_sample_times_filtered(self) -> np.ndarray:
        return self.get_full_valid_sample_times()

    @property
    @brief
    def trials(self) -> Trials:
        """The trials of the screen in listing order, as a table: column → its value for each trial.

        Of several screens the one of which conditions speak: the lead, else ``screen``, else the first.

        Columns are ``start`` (seconds on the recording's clock, of the first frame), ``num_frames``, ``modality``, and every key that
        the metadata of some trial have: float64 with NaN where all values are missing or numbers that float64 has, objects with None otherwise.

        Raises
        ------
        ValueError
            the recording has no screen, or the configuration leaves it out.
        """
        if self._shown is None:
            raise ValueError(f"{self.root_folder}: none of the devices {', '.join(self.device_names)} has trials; expected a screen")
        trials = self._trials
        columns: dict[str, np.ndarray] = {
            "start": np.asarray(self._start_times, np.float64),
            "num_frames": np.array([t.num_frames for t in trials], np.int64),
        }
        for key in dict.fromkeys(["modality", *(k for t in trials for k in t._meta_data)]):
            if key not in columns:
                columns[str(key)] = column([t._meta_data.get(key) for t in trials])
        return Trials(columns)

    @one_line
    def __repr__(self) -> Iterator[str]:
        yield repr(str(self.root_folder))
        yield count(len(self), "chunk")
        yield some([entry(*shape) for shape in self._shapes])

    def _repr_html_(self) -> str:
        """For notebooks: what is stored of each device, and what a chunk has of it."""
        from html import escape

        shapes = {key: (tuple(shape), dtype) for key, dtype, shape in self._shapes}
        rows = []
        for name in self.device_names:
            shape, dtype = shapes.get(name, ("left out", ""))
            cells = (name, shape, dtype, f"{self.sampling_rates[name]:g}")
            rows.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>")
        head = "".join(f"<th>{title}</th>" for title in ("device", "shape of a chunk", "type", "Hz"))
        what = f"{self.data_key}: {count(len(self), 'chunk')} from {self.start_time:.15g} s to {self.end_time:.15g} s"
        return (
            f"<p>{escape(what)} ({escape(str(self.root_folder))})</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )

    def __len__(self) -> int:
        self._compare_config()
        return native.dataset_length(self._handle)

    @brief
    def __getitem__(self, idx: int) -> Entries:
        self._catch_up()
        index = chunk_index(idx)
        outside = self._outside
        if index < 0 or outside:
            length = ChunkDataset.__len__(self)
            if index < 0:
                index += length
            if not 0 <= index < length:
                raise IndexError(f"index {idx} is out of range for {length} chunks")
        _, tensors = native.dataset_item(self._handle, index)
        if outside:
            return self._output.of(self._finish(float(self._valid_screen_times[index]), tensors))
        return self.assemble(tensors)

    @brief
    def __getitems__(self, indices: Iterable[int]) -> list[Any]:
        """Return the items at indices, which torch's loader asks for a batch at a time: views of one batch, made by threads of
        Java, as many as processors that the process may use, at most 8.

        Torch's ``default_collate`` of the untouched list is that batch, without a copy; a list that was altered is stacked
        as others are. Items that are kept keep their batch. Where batches follow one another without a gap, the next one is
        begun before it is asked for. The datasets of a process share one ring of buffers here, and come in turn.

        Raises
        ------
        IndexError
            an index lies outside the dataset.
        RuntimeError
            in a forked child.
        """
        self._catch_up()
        return _items.items(self, indices)

    @brief
    def read_batch(self, indices: Iterable[int]) -> Entries:
        """Return several chunks as one batch with a first axis, written once; read on the calling thread.

        Parameters
        ----------
        indices
            of chunks, from 0; any of them several times.
        """
        self._catch_up()
        if self._items_in_python:
            return self._output.stacked([self[i] for i in indices])
        _, tensors = native.dataset_read(self._handle, [chunk_index(i, "indices") for i in indices])
        return self.assemble(tensors)

    @property
    def _outside(self) -> bool:
        """Whether some part of a chunk is made in Python."""
        return self._parts.outside or self._altered

    @property
    def _altered(self) -> bool:
        """Whether a program has changed a device or a transform since the dataset was opened."""
        if "_devices" in self.__dict__:
            now = self._devices.devices
            for name, made in self._made_devices.items():
                if now.get(name) is not made or getattr(made, "_altered", False):
                    return True
        if "_transforms" in self.__dict__:
            made, now = self._made_transforms, self._transforms
            return any(now.get(name) is not made[name] or getattr(made[name], "altered", False) for name in made)
        return False

    @property
    def _replaced(self) -> dict[str, dict[str, Any]]:
        """The devices and transforms that a program has changed or put in another's place, by name; of what it took away None."""
        found: dict[str, dict[str, Any]] = {"devices": {}, "transforms": {}}
        if "_devices" in self.__dict__:
            now = self._devices.devices
            for name, made in self._made_devices.items():
                if name in now and (now[name] is not made or getattr(made, "_altered", False)):
                    found["devices"][name] = now[name]
        if "_transforms" in self.__dict__:
            for name, first in self._first_transforms.items():
                if name in self._transforms and (self._transforms[name] is not first or getattr(first, "altered", False)):
                    found["transforms"][name] = self._transforms[name]
        return found

    @property
    def _items_in_python(self) -> bool:
        """Whether batches must be collated from items: parts are made in Python, or a subclass makes the items."""
        return type(self).__getitem__ is not ChunkDataset.__getitem__ or self._outside

    def assemble(self, tensors: list[Any]) -> dict[str, Any]:
        """Return the dict of a chunk or batch from its tensors in the layout's order.

        Parameters
        ----------
        tensors
            values by entry, then times by device.
        """
        out: dict[str, Any] = {}
        stamps: dict[str, Any] = {}
        for (key, timestamps), tensor in zip(self._layout, tensors):
            (stamps if timestamps else out)[key] = self._output.array(tensor)
        if "timestamps" in self.out_keys:
            out["timestamps"] = stamps
        return out

    def _number(self, start: float) -> int:
        """Return the number of the chunk that starts at a time among all valid starts."""
        if self._all_starts is None:
            self._all_starts = ChunkDataset.get_full_valid_sample_times(self)
        return int(np.searchsorted(self._all_starts, start))

    def _drawn_again(self, chunk: int, position: int) -> None:
        if self._follows is None and self._drawn.repeats(chunk, position):
            warn(
                f"{self.root_folder}: transforms that take rng draw the same numbers for the same chunks again, for no epoch was said: "
                f"call dataset.set_epoch(epoch) before each pass (syncline.DataLoader says it by itself), set_epoch({self._epoch}) to have them so",
            )

    def _finish(self, start: float, tensors: list[Any]) -> dict[str, Any]:
        use_torch = torch_installed()
        torch = torch_or_none()
        draws = Draws(self.seed, self._epoch if self._follows is None else self._follows[0].epoch, lambda: self._number(start), self._drawn_again)
        out: dict[str, Any] = {}
        stamps: dict[str, Any] = {}
        altered = self._altered
        for (key, timestamps), tensor in zip(self._layout, tensors):
            if timestamps:
                stamps[key] = tensor.torch() if use_torch else tensor.numpy()
            elif not altered and key not in self._parts.devices and key not in self._parts.steps:
                out[key] = tensor.torch() if use_torch else tensor.numpy()
        for name in self.device_names:
            if name in out:
                continue
            times = native.dataset_chunk_times(self._handle, name, start).numpy()
            device = None if altered else self._parts.devices.get(name)
            if device is None:
                device = self._experiment.devices.get(name)
            if device is None:
                raise KeyError(f"_experiment.devices: found no {name!r}, which the dataset was opened with; leave it out of out_keys instead")
            transform = self.transforms.get(name)
            if transform is None:
                raise KeyError(
                    f"transforms: found no {name!r}, expected a callable for each device; one that changes nothing but axes is made by a "
                    f"configuration without transforms"
                )
            if accepts(device.interpolate, "return_valid"):
                values = device.interpolate(times, return_valid=False)
            else:
                values = device.interpolate(times)
            values = values_of(name, device, values)
            one_type(name, device, values, self._parts.given)
            mask = out.get(f"mask.{name}")
            frames = name in self._parts.screens
            if mask is not None and len(values) != len(times) and accepts(device.interpolate, "return_valid"):
                values, valid = pair_of(name, device, device.interpolate(times, return_valid=True), times)
                mask[:] = False
                mask[np.asarray(valid)] = True
                out[name] = padded(entry_of(name, transform, values, draws, frames), mask, frames)
                continue
            if len(values) != len(times):
                raise ValueError(
                    f"{name}: {len(values)} of {len(times)} samples of the chunk at {start} s are valid; "
                    f"the device is valid in {tuple(device.valid_interval)}"
                )
            out[name] = entry_of(name, transform, values, draws, frames)
        # what says where samples come from stays behind the devices
        out = {name: out[name] for name in dict.fromkeys([*self.device_names, *out])}
        if self.add_behavior_as_channels:
            out = with_behaviour(out, self._behaviour_screen)
        if self.replace_nans_with_means:
            for name, values in out.items():
                mask = out.get(f"mask.{name}")
                if name not in self.device_names:
                    continue
                frames = name in self._parts.screens and values.ndim == 4
                if mask is not None and not mask.all():
                    # what is padded stays so
                    real = (slice(None), mask) if frames else mask
                    values[real] = filled(values[real].swapaxes(0, 1)).swapaxes(0, 1) if frames else filled(values[real])
                    continue
                if frames:
                    swapped = values.permute(1, 0, 2, 3) if torch is not None else values.swapaxes(0, 1)
                    swapped = filled(swapped)
                    out[name] = swapped.permute(1, 0, 2, 3).contiguous() if torch is not None else swapped.swapaxes(0, 1)
                else:
                    out[name] = filled(values)
        out = {name: values for name, values in out.items() if name in self.out_keys}
        if "timestamps" in self.out_keys:
            out["timestamps"] = stamps
        return out

    @property
    def _behaviour_screen(self) -> str:
        """The screen that behaviour becomes channels of: ``screen``, else the first."""
        if "screen" in self.device_names:
            return "screen"
        name = next((name for name in self.device_names if name in self._parts.screens), None)
        if name is None:
            raise ConfigError(f"add_behavior_as_channels is True, but {self.root_folder} has no screen among its devices {', '.join(self.device_names)}")
        return name

    def _check_behaviour(self) -> None:
        """Say what Java says of devices that are no channels of the screen, or those of other times."""
        screen = self._behaviour_screen
        for name in BEHAVIOUR:
            if name not in self.device_names:
                warn(
                    f"{self.root_folder}: add_behavior_as_channels: {name} is not among the devices {', '.join(self.device_names)}, and gives no channels",
                )
                continue
            (rate, offset), expected = ((self.sampling_rates[n], float((self._config.get(n) or {}).get("offset") or 0)) for n in (name, screen))
            if (rate, offset) != expected:
                warn(
                    f"{self.root_folder}: add_behavior_as_channels: {name} is sampled at {rate:g} Hz with offset {offset:g}, {screen} at {expected[0]:g} Hz with "
                    f"offset {expected[1]:g}, so that its channels are not of the frames' times; give both the same",
                )

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch items are of that no loader of Syncline's makes: 0 until it is said.

        Transforms that take ``rng`` draw by it: each is given ``Generator(PCG64(SeedSequence([seed, epoch, chunk, position])))``,
        where ``chunk`` is the chunk's number among all valid starts and ``position`` the transform's place in its list.
        The seed is the dataset's, 0 where it has none; a loader of this package that has a seed of its own draws by that, and
        always by its own epoch. Call it before a pass of torch's loader: its workers see it, persistent ones too.

        Parameters
        ----------
        epoch
            from 0.

        Raises
        ------
        ValueError
            not a whole number from 0.
        """
        number = chunk_index(epoch, "epoch")
        if number < 0:
            raise ValueError(f"epoch is {epoch}, expected 0 or more")
        self._epoch = number
        self._drawn.said()
        self._follows = None
        if self._followed is not None:
            self._followed.epoch = number

    def close(self) -> None:
        """Close the recording; items and batches stay valid. Any number of times."""
        _items.leave(self)
        self._handle.close()
        if "_devices" in self.__dict__:
            self._devices.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        more = {name: value for name, value in self.__dict__.items() if name not in self._names}
        arguments = dict(self._arguments)
        # what the program has made of its configuration since is not this dataset's; of the default there may be another
        arguments["modality_config"] = copied(self._given_config(), self._config)
        state = self.get_state()
        state.pop(VALUES, None)  # a copy is no run that goes on
        more["_replaced"] = self._replaced
        follows = self._follows[0] if self._follows is not None else None
        if being_started():
            if follows is None:
                if self._followed is None:
                    room = len(ChunkDataset.get_full_valid_sample_times(self))
                    self._followed = Followed.of(self._epoch, state["valid_screen_times"], room)
                follows = self._followed
            return {"arguments": arguments, "state": state, "more": more, "follows": (follows, follows.revision)}
        return {"arguments": arguments, "state": state, "more": more, "epoch": self._epoch if follows is None else follows.epoch}

    def __setstate__(self, state: dict[str, Any]) -> None:
        replaced = state["more"].pop("_replaced", {})
        self.__dict__.update(state["more"])
        ChunkDataset.__dict__["__init__"].__get__(self)(**state["arguments"])
        self.set_state(state["state"])
        for name, device in replaced.get("devices", {}).items():
            self._experiment.devices[name] = copy.copy(device)  # which is closed with this dataset
        if replaced.get("transforms"):
            self.transforms.update(replaced["transforms"])
        self._epoch = state.get("epoch", 0)
        self._follows = state.get("follows")
