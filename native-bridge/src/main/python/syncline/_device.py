# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Batches that arrive on a device, copied ahead of the program.

A pass of a loader is wrapped by :class:`Moved`: it takes batches, lets a sender start their copies, keeps the memory that they
are copied from until these are done, and hands them out in order. Senders know a package's devices: torch's by the few calls of
:class:`CudaDriver`, in whose place tests put a driver of their own, and JAX's.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import get_ident
from typing import Any, NamedTuple, Optional, Union

from ._arguments import whole
from ._facts import DEFAULTS, LOADER_RANGES
from ._native import functions as native
from ._outputs import Output
from ._passes import Foreign, Pass, asked_twice
from ._torch import is_tensor, torch_installed, torch_or_none
from .errors import ArgumentError, CudaError


class Widening(NamedTuple):
    """How bytes become what they would have been: ``(x - mean) / std`` in float32, then another element type."""

    #: one value or one a channel, exact in float32; None: nothing is subtracted
    means: Optional[list[float]]
    #: the same; None: nothing is divided by
    stds: Optional[list[float]]
    #: name of the element type
    dtype: str


class ByRow(NamedTuple):
    """How bytes of a batch whose chunks come from several datasets are widened: each chunk by what its dataset says."""

    #: of each dataset; one object for all batches of a pass
    widenings: tuple[Widening, ...]
    #: the place of each chunk's dataset
    places: Sequence[int]

    @property
    def dtype(self) -> str:
        """Name of the element type, one for all."""
        return self.widenings[0].dtype

    def runs(self) -> Iterator[tuple[slice, Widening]]:
        """Yield the chunks, as many as are widened alike at a time, and how."""
        begin = 0
        for place, same in itertools.groupby(self.places):
            end = begin + sum(1 for _ in same)
            yield slice(begin, end), self.widenings[place]
            begin = end


#: Entry → how its bytes are widened on the device.
Recipe = Mapping[str, Union[Widening, ByRow]]


class _Copies:
    """The copies of one batch, all on one stream."""

    __slots__ = ("mark",)

    def __init__(self) -> None:
        #: what says when they are done; None where they were interrupted before it was made
        self.mark: Any = None


def _changed(batch: Any, change: Callable[[Any, Any], Any]) -> Any:
    """Return a batch with other values.

    Parameters
    ----------
    batch
        maps and lists of values, or such a thing behind a data key.
    change
        makes another value of one and its name; None: it is not an entry of the batch itself.
    """
    if isinstance(batch, tuple) and len(batch) == 2 and isinstance(batch[1], Mapping):
        return batch[0], _changed(batch[1], change)
    if isinstance(batch, Mapping):
        return {name: _changed_inside(value, change, name) for name, value in batch.items()}
    return _changed_inside(batch, change, None)


def _changed_inside(value: Any, change: Callable[[Any, Any], Any], entry: Any) -> Any:
    # a function of a module: one that calls itself from inside another would keep a batch until the collector comes
    if isinstance(value, Mapping):
        return {name: _changed_inside(item, change, None) for name, item in value.items()}
    if isinstance(value, (tuple, list)):
        items = [_changed_inside(item, change, None) for item in value]
        kind = value.__class__
        return kind(*items) if hasattr(kind, "_fields") else kind(items)
    return change(value, entry)


# ---- torch -----------------------------------------------------------------------------------------------------------


class CudaDriver:
    """The calls of torch that batches need on a CUDA device."""

    def __init__(self, device: Any) -> None:
        import torch

        self._cuda = torch.cuda
        #: with its number: that of the device which is current when a pass begins, unless it was said
        self.device = torch.device("cuda", torch.cuda.current_device()) if device.index is None else device

    def stream(self) -> Any:
        """Return a new stream."""
        return self._cuda.Stream(self.device)

    def current_stream(self) -> Any:
        """Return the stream on which the program works."""
        return self._cuda.current_stream(self.device)

    def empty(self, stream: Any, forms: Iterable[tuple[Sequence[int], Any]]) -> list[Any]:
        """Return tensors of shapes and dtypes whose memory belongs to a stream."""
        import torch

        with self._cuda.stream(stream):
            return [torch.empty(shape, dtype=dtype, device=self.device) for shape, dtype in forms]

    def copy(self, stream: Any, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Put copies to tensors of the device, from ones of the processor, behind what a stream has to do."""
        with self._cuda.stream(stream):
            for to, tensor in pairs:
                to.copy_(tensor, non_blocking=True)

    def launch(self, stream: Any, work: Callable[[], None]) -> None:
        """Put work on tensors of the device behind what a stream has to do."""
        with self._cuda.stream(stream):
            work()

    def record(self, stream: Any) -> Any:
        """Return an event that is done when the stream has done what it has to do now."""
        event = self._cuda.Event()
        event.record(stream)
        return event

    def wait(self, stream: Any, event: Any) -> None:
        """Let a stream wait for an event, and not the program."""
        stream.wait_event(event)

    def keep(self, tensor: Any, stream: Any) -> None:
        """Let the tensor's memory not be used again before a stream has done what it has to do when the tensor is deleted."""
        tensor.record_stream(stream)

    def is_done(self, event: Any) -> bool:
        """Return whether an event is done."""
        return event.query()

    def finish(self, event: Any) -> None:
        """Wait for an event."""
        event.synchronize()


def cuda_driver(device: Any) -> Callable[[], Any]:
    """Return what makes a driver of a CUDA device of torch's when a pass begins.

    Raises
    ------
    CudaError
        torch finds no such device.
    """
    import torch

    if not torch.cuda.is_available():
        built = torch.version.cuda
        raise CudaError(
            f"device is {str(device)!r}, and torch {torch.__version__} finds no CUDA device: "
            + (
                f"it was built for CUDA {built}; look at nvidia-smi and at CUDA_VISIBLE_DEVICES, or take device='cpu'"
                if built
                else "it was built without CUDA; install a build with CUDA (pytorch.org), or take device='cpu'"
            )
        )
    count = torch.cuda.device_count()
    if device.index is not None and device.index >= count:
        raise CudaError(f"device is {str(device)!r}, and torch finds {count} CUDA device{'s' * (count > 1)}: expected cuda:0 to cuda:{count - 1}")
    return lambda: CudaDriver(device)


def _on_processor(value: Any) -> bool:
    return is_tensor(value) and value.device.type == "cpu"


class TorchSender:
    """Copies tensors to a CUDA device on a stream of its own."""

    def __init__(self, driver: Any, recipe: Callable[[Any], Recipe], ahead: int) -> None:
        self._driver = driver
        self._stream = driver.stream()
        self._recipe = recipe
        # statistics on the device: there division is division, by a number of Python's it would be multiplication
        self._statistics: dict[tuple[float, ...], Any] = {}
        # where the program's stream was when it got its last batches: it is not to run away from the device
        self._got: deque = deque()
        self._ahead = ahead + 2

    def send(self, batch: Any, copies: _Copies) -> Any:
        """Start the copies of a batch's tensors and return it with those on the device."""
        import torch

        driver, stream = self._driver, self._stream
        recipe = self._recipe(batch)
        found: list[tuple[Any, Widening | ByRow | None]] = []
        _changed(batch, lambda value, entry: found.append((value, recipe.get(entry))) if _on_processor(value) else None)
        forms: list[tuple[Sequence[int], Any]] = []
        for tensor, widening in found:
            if widening is None:
                forms.append((tensor.shape, tensor.dtype))
            else:
                # what arrives, the numbers that it is made of, and what becomes of these
                dtype = getattr(torch, widening.dtype)
                forms.extend([(tensor.shape, tensor.dtype), (tensor.shape, torch.float32)])
                if dtype != torch.float32:
                    forms.append((tensor.shape, dtype))
        memory = iter(driver.empty(stream, forms))
        arrived: list[Any] = []
        pairs: list[tuple[Any, Any]] = []
        steps: list[Callable[[], None]] = []
        for tensor, widening in found:
            to = next(memory)
            pairs.append((to, tensor))
            if widening is not None:
                numbers = next(memory)
                result = numbers if widening.dtype == "float32" else next(memory)
                steps.append(self._widened(to, numbers, result, widening))
                to = result
            arrived.append(to)
        driver.copy(stream, pairs)
        for step in steps:
            driver.launch(stream, step)
        copies.mark = driver.record(stream)
        there = iter(arrived)
        return _changed(batch, lambda value, entry: next(there) if _on_processor(value) else value), arrived

    def _widened(self, pixels: Any, numbers: Any, result: Any, widening: Widening | ByRow) -> Callable[[], None]:
        parts = [
            (
                rows,
                None if alike.means is None else self._constant(alike.means),
                None if alike.stds is None else self._constant(alike.stds),
            )
            for rows, alike in (widening.runs() if isinstance(widening, ByRow) else [(slice(None), widening)])
        ]

        def widen() -> None:
            # a step each: one rounding each
            numbers.copy_(pixels)
            for rows, means, stds in parts:
                if means is not None:
                    numbers[rows].sub_(means)
                if stds is not None:
                    numbers[rows].div_(stds)
            if result is not numbers:
                result.copy_(numbers)

        return widen

    def _constant(self, values: list[float]) -> Any:
        """Return numbers on the device: one, or one for each channel of (B, C, T, H, W)."""
        known = self._statistics.get(tuple(values))
        if known is None:
            import torch

            (numbers,) = self._driver.empty(self._stream, [((len(values), 1, 1, 1), torch.float32)])

            def fill() -> None:
                for i, value in enumerate(values):
                    numbers[i].fill_(value)

            self._driver.launch(self._stream, fill)
            known = self._statistics[tuple(values)] = numbers
        return known

    def receive(self, sent: tuple[Any, list[Any]], copies: _Copies) -> Any:
        """Return a batch that the program's stream may work on, once the copies are done."""
        driver = self._driver
        current = driver.current_stream()
        while len(self._got) >= self._ahead:
            driver.finish(self._got[0])
            self._got.popleft()
        driver.wait(current, copies.mark)
        for tensor in sent[1]:
            driver.keep(tensor, current)
        self._got.append(driver.record(current))
        return sent[0]

    def is_done(self, copies: _Copies) -> bool:
        """Return whether copies are done."""
        return self._driver.is_done(self._mark(copies))

    def finish(self, copies: _Copies) -> None:
        """Wait for copies."""
        self._driver.finish(self._mark(copies))

    def _mark(self, copies: _Copies) -> Any:
        if copies.mark is None:
            # they were interrupted: what was started of them is done when all is
            copies.mark = self._driver.record(self._stream)
        return copies.mark


# ---- JAX -------------------------------------------------------------------------------------------------------------


class JaxSender:
    """Puts arrays on a device of JAX's, which orders what is done to them by itself."""

    def __init__(self, device: Any, recipe: Callable[[Any], Recipe]) -> None:
        self._device = device
        self._recipe = recipe
        # what becomes of each byte, on the device, by the entry's widening
        self._tables: dict[int, tuple[Any, Any]] = {}

    def send(self, batch: Any, copies: _Copies) -> Any:
        """Start the copies of a batch's arrays and return it with those on the device."""
        import jax
        import numpy as np

        copies.mark = []
        recipe = self._recipe(batch)

        def put(value: Any, entry: Any) -> Any:
            if not isinstance(value, jax.Array):
                return value
            there = jax.device_put(value, self._device)
            copies.mark.append(there)
            widening = recipe.get(entry)
            if widening is None:
                return there
            if isinstance(widening, ByRow):
                places = jax.device_put(np.asarray(widening.places, np.int32), self._device)
                return _looked_up_by_row()(self._table(widening.widenings), places, there)
            return _looked_up()(self._table(widening), there)

        return _changed(batch, put)

    def _table(self, widening: Widening | tuple[Widening, ...]) -> Any:
        """Return what becomes of each byte, on the device: (channels or 1, 256), for several with one dimension more."""
        known = self._tables.get(id(widening))
        if known is None:
            import jax
            import numpy as np

            if isinstance(widening, Widening):
                table = _table_of(widening)
            else:
                tables = [_table_of(w) for w in widening]
                channels = max(len(t) for t in tables)
                table = np.stack([np.broadcast_to(t, (channels, 256)) for t in tables])
            # with the widening, so that no other gets its id
            known = self._tables[id(widening)] = widening, jax.device_put(table, self._device)
        return known[1]

    def receive(self, sent: Any, copies: _Copies) -> Any:
        """Return a batch: whoever uses it waits for it."""
        return sent

    def is_done(self, copies: _Copies) -> bool:
        """Return whether copies are done, or were given away by the program."""
        return all(a.is_deleted() or a.is_ready() for a in copies.mark or ())

    def finish(self, copies: _Copies) -> None:
        """Wait for copies."""
        for array in copies.mark or ():
            if not array.is_deleted():
                array.block_until_ready()


def _table_of(widening: Widening) -> Any:
    """Return what becomes of each byte: (channels or 1, 256), of the widening's dtype.

    The processor divides: XLA's division on a GPU is not rounded as IEEE has it, and a table of 256 numbers has the bits wherever it is
    looked up.
    """
    import numpy as np

    numbers = np.arange(256, dtype=np.float32)[np.newaxis]
    if widening.means is not None:
        numbers = numbers - np.asarray(widening.means, np.float32)[:, np.newaxis]
    if widening.stds is not None:
        numbers = numbers / np.asarray(widening.stds, np.float32)[:, np.newaxis]
    if widening.dtype == "bfloat16":
        import ml_dtypes  # JAX needs it

        return numbers.astype(ml_dtypes.bfloat16)
    return numbers.astype(widening.dtype)


@functools.cache
def _looked_up() -> Callable[[Any, Any], Any]:
    """Return the compiled function (tables, pixels of (B, C, T, H, W)) → what becomes of them."""
    import jax

    def look_up(tables: Any, pixels: Any) -> Any:
        if len(tables) == 1:
            return tables[0][pixels]
        return jax.vmap(lambda table, channel: table[channel], in_axes=(0, 1), out_axes=1)(tables, pixels)

    return jax.jit(look_up)


@functools.cache
def _looked_up_by_row() -> Callable[[Any, Any, Any], Any]:
    """Return the compiled function (tables of (datasets, channels or 1, 256), place of each row, pixels of (B, C, T, H, W))."""
    import jax

    def row(tables: Any, pixels: Any) -> Any:
        if len(tables) == 1:
            return tables[0][pixels]
        return jax.vmap(lambda table, channel: table[channel])(tables, pixels)

    return jax.jit(lambda tables, places, pixels: jax.vmap(row)(tables[places], pixels))


# ---- passes ----------------------------------------------------------------------------------------------------------


class _Sent(NamedTuple):
    """A batch on its way, or the error in place of one."""

    copies: Any
    batch: Any
    stands: Any
    failure: Optional[Exception]


def _let_go(sender: Any, held: deque, process: int) -> None:
    """Wait for copies, then let the memory go that they read; in a forked child there are none."""
    while held and os.getpid() == process:
        sender.finish(held[0][0])
        held.popleft()


class Moved:
    """One pass whose batches arrive on a device; states are of what the program got.

    Parameters
    ----------
    source
        the pass.
    sender
        starts copies.
    ahead
        batches on their way while the program works on one.
    most
        limit on batches that are copied at a time, 0 for none.
    """

    __slots__ = ("_source", "_sender", "_ahead", "_limit", "_flight", "_held", "_begun", "_ended", "_asked", "__weakref__")

    def __init__(self, source: Pass, sender: Any, ahead: int, most: int = 0) -> None:
        self._source = source
        self._sender = sender
        self._ahead = ahead
        self._limit = min(ahead + 1, most or ahead + 1)
        self._flight: tuple[_Sent, ...] = ()
        # copies that may be under way, and the batch that they read: without it Java would write the next one there
        self._held: deque = deque()
        self._begun = False
        self._ended = False
        self._asked: int | None = None
        # a pass that is left half way waits for its copies
        weakref.finalize(self, _let_go, sender, self._held, os.getpid())

    def __iter__(self) -> Moved:
        return self

    def __next__(self) -> Any:
        me = get_ident()
        # no call between the two, as in Pass
        if self._asked is not None and self._asked != me:
            raise asked_twice()
        self._asked = me
        try:
            while self._held and self._sender.is_done(self._held[0][0]):
                self._held.popleft()
            # at most two until enough are on their way: the first batch waits for no other
            for _ in range(2 if self._begun else 1):
                if self._ended or len(self._flight) > self._ahead or (self._flight and self._flight[-1].failure is not None):
                    break
                self._send()
            self._begun = True
            if not self._flight:
                # nobody asks again whether they are done, and a program may keep its iterator
                _let_go(self._sender, self._held, os.getpid())
                self._source.end()
                raise StopIteration
            first, rest = self._flight[0], self._flight[1:]
            stands, failure = first.stands, first.failure
            batch = None if failure is not None else self._sender.receive(first.batch, first.copies)
            self._source.announce(stands)
            place = self._source.place
            if failure is not None:
                place.stands, self._flight = stands, rest
                raise failure
            # no call from here on: see Pass
            place.stands, self._flight = stands, rest
            return batch
        finally:
            self._asked = None

    def _send(self) -> None:
        """Take a batch and start its copies. An error waits for the batches before it."""
        source = self._source
        if source.taken is None:
            while len(self._held) >= self._limit:
                self._sender.finish(self._held[0][0])
                self._held.popleft()
            try:
                source.take()
            except StopIteration:
                self._ended = True
                return
            except Exception as failure:
                self._flight = (*self._flight, _Sent(None, None, source.where(), failure))
                return
        batch, stands = source.taken
        copies = _Copies()
        # before the first copy: whatever interrupts them, what they read stays
        self._held.append((copies, batch))
        try:
            sent = _Sent(copies, self._sender.send(batch, copies), stands, None)
        except Exception:
            if self._flight:
                return
            raise
        flight = (*self._flight, sent)
        self._flight, source.taken = flight, None

    def drop(self) -> None:
        """Let go of what is on its way; the next call asks the loader."""
        self._flight, self._source.taken = (), None
        _let_go(self._sender, self._held, os.getpid())


# ---- where to --------------------------------------------------------------------------------------------------------


class Target:
    """Where batches go.

    Parameters
    ----------
    make_sender
        makes a sender of a function batch → recipe; None where batches stay where they are made.
    prefetch
        batches on their way while the program works on one.
    pins
        whether the memory that they come from is to be registered with CUDA.
    narrow
        whether bytes may be widened on the device.
    """

    __slots__ = ("make_sender", "prefetch", "pins", "narrow")

    def __init__(self, make_sender: Callable[[Any], Any] | None, prefetch: int, pins: bool = False, narrow: bool = False) -> None:
        self.make_sender = make_sender
        self.prefetch = prefetch
        self.pins = pins
        self.narrow = narrow


def target_of(device: Any, prefetch: Any, narrow: Any, output: Output) -> Target | None:
    """Return where batches go, or None where no device was said.

    Parameters
    ----------
    device
        "cpu", "cuda", "cuda:1", a ``torch.device``; with output "jax" a device of JAX's or its platform and number.
    prefetch, narrow
        see :class:`Target`.
    output
        whose arrays batches hold.

    Raises
    ------
    ArgumentError
        no such device, or one that the arrays cannot be on.
    CudaError
        torch finds no CUDA device.
    """
    prefetch = whole("prefetch", prefetch, LOADER_RANGES)
    if device is None:
        for name, value in (("prefetch", prefetch), ("narrow", narrow)):
            if value != DEFAULTS["loader"][name]:
                raise ArgumentError(f"{name} is {value!r} without a device, to which batches would be copied: give device= too")
        return None
    if output.name == "jax":
        return _of_jax(device, prefetch, bool(narrow))
    if output.name == "numpy":
        if str(device) == "cpu":
            return Target(None, prefetch)
        raise ArgumentError(
            f"device is {str(device)!r}, and NumPy's arrays lie in the processor's memory: expected 'cpu', or "
            + ("output='torch'" if torch_installed() else "torch (pip install torch)")
            + " or output='jax'"
        )
    torch = torch_or_none()
    expected = "expected 'cpu', 'cuda', 'cuda:1' and so on, or a torch.device of these"
    try:
        found = torch.device(device)
    except (RuntimeError, TypeError, ValueError):
        raise ArgumentError(f"device is {device!r}: {expected}") from None
    if found.type == "cpu":
        return Target(None, prefetch)
    if found.type != "cuda":
        raise ArgumentError(f"device is {str(found)!r}, to which batches are not copied: {expected}; with 'cpu' move them in the loop")
    driver = cuda_driver(found)
    return Target(lambda recipe: TorchSender(driver(), recipe, prefetch), prefetch, native.cuda_available(), bool(narrow))


def _of_jax(device: Any, prefetch: int, narrow: bool) -> Target:
    import jax

    if isinstance(device, jax.Device):
        found = device
    else:
        name = re.fullmatch(r"([a-z]+)(?::(\d+))?", str(device))
        devices: list[Any] = []
        if name:
            try:
                devices = jax.devices(name[1])
            except RuntimeError:
                pass
        number = int(name[2] or 0) if name else 0
        if number >= len(devices):
            known = ", ".join(f"{d.platform}:{d.id}" for d in dict.fromkeys([*jax.devices(), *jax.devices("cpu")]))
            raise ArgumentError(
                f"device is {str(device)!r}, JAX {jax.__version__} has {known}: expected one of these, or a JAX with the backend "
                "installed (pip install 'jax[cuda12]')"
            )
        found = devices[number]
    if found == jax.devices("cpu")[0]:
        return Target(None, prefetch)
    pins = found.platform in ("gpu", "cuda") and native.cuda_available()
    return Target(lambda recipe: JaxSender(found, recipe), prefetch, pins, narrow)


def ring_for(
    target: Target | None, options: dict[str, Any], datasets: Mapping[Any, Any]
) -> tuple[dict[str, Any], dict[Any, dict[str, Widening]]]:
    """Return options of a ring whose batches go to a device, and by dataset how their bytes are widened there.

    Parameters
    ----------
    options
        of ``syncline_loader_open``.
    datasets
        name → dataset that Java reads.
    """
    if target is None or target.make_sender is None:
        return options, {}
    options = dict(options)
    if target.pins:
        # copies are waited for here, one by one, and not for all that the device has to do
        options.update(pin_memory=True, wait_for_device=False)
    recipes: dict[Any, dict[str, Widening]] = {}
    if target.narrow:
        types, asked = options.get("types") or {}, options.get("out_keys")
        found = {name: native.dataset_byte_screens(d._handle) for name, d in datasets.items()}
        as_bytes = []
        for entry in dict.fromkeys(entry for screens in found.values() for entry in screens):
            shown = [name for name, d in datasets.items() if entry in d.device_names and entry in (asked or d.out_keys)]
            dtype = types.get(entry, "float32")
            # a ring has it as bytes of all its recordings or of none
            if dtype != "uint8" and shown and all(entry in found[name] for name in shown):
                as_bytes.append(entry)
                for name in shown:
                    statistics = found[name][entry]
                    recipes.setdefault(name, {})[entry] = Widening(_rounded(statistics["means"]), _rounded(statistics["stds"]), dtype)
        if as_bytes:
            options["as_bytes"] = as_bytes
    return options, recipes


def recipes_by_row(widenings: Sequence[Mapping[str, Widening]]) -> Callable[[int | Sequence[int]], Recipe]:
    """Return a function from where chunks come from to how bytes of their batch are widened.

    Its argument is the place of a dataset, or that of each chunk's.

    Parameters
    ----------
    widenings
        of each dataset, by entry.
    """
    entries = dict.fromkeys(entry for found in widenings for entry in found)
    # one without such an entry shares no batch with one that has it
    by_entry = {entry: tuple(found.get(entry) or _other(widenings, entry) for found in widenings) for entry in entries}
    alike = {entry: all(w == ways[0] for w in ways) for entry, ways in by_entry.items()}

    def recipe(places: int | Sequence[int]) -> Recipe:
        if isinstance(places, int):
            return widenings[places]
        return {entry: ways[0] if alike[entry] else ByRow(ways, places) for entry, ways in by_entry.items()}

    return recipe


def _other(widenings: Sequence[Mapping[str, Widening]], entry: str) -> Widening:
    return next(found[entry] for found in widenings if entry in found)


def _rounded(statistics: list[float] | None) -> list[float] | None:
    import numpy as np

    return None if statistics is None else np.asarray(statistics, np.float64).astype(np.float32).tolist()


class OnDevice:
    """A loader whose batches may go to a device."""

    _target: Target | None = None
    #: passes under way
    _moved: weakref.WeakSet | None = None

    def to(self, device: Any, prefetch: int = 2, narrow: bool = True) -> Any:
        """Let batches of passes that begin from now on arrive on a device; returns the loader itself, as modules do.

        Copies are made from pinned memory on a stream of their own. A batch may be used on the stream that is current
        when it is handed out; states count only batches that were.

        Parameters
        ----------
        device
            "cuda", "cuda:1", "cpu", a ``torch.device``; with ``output="jax"`` a device of JAX's or a name such as "gpu:1".
            "cpu", and None, leave batches where they are made.
        prefetch
            batches on their way while the program works on one; 0: each is copied when it is asked for.
        narrow
            copy pixels that are stored as bytes, and not resized, as bytes, and widen and normalise them on the
            device, with the same bits.

        Raises
        ------
        ValueError
            no such device, or one that the loader's arrays cannot be on.
        RuntimeError
            torch finds no CUDA device.
        """
        self._aim(device, prefetch, narrow)
        return self

    def _aim(self, device: Any, prefetch: int, narrow: bool) -> None:
        raise NotImplementedError

    def _sent(self, source: Pass, recipe: Callable[[Any], Recipe], most: int = 0) -> Iterator[Any]:
        """Return what a program iterates with in place of a pass."""
        target = self._target
        if target is None or target.make_sender is None:
            return source
        moved = Moved(source, target.make_sender(recipe), target.prefetch, most)
        if self._moved is None:
            self._moved = weakref.WeakSet()
        self._moved.add(moved)
        return moved

    def _drop_moved(self) -> None:
        for moved in list(self._moved or ()):
            moved.drop()


class Forwarded(OnDevice):
    """Somebody else's loader, whose batches go to a device."""

    def __init__(self, loader: Iterable[Any], target: Target) -> None:
        self._loader = loader
        self._target = target

    def __iter__(self) -> Iterator[Any]:
        return self._sent(Foreign(iter(self._loader)), lambda batch: {})
