# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What one process of a job takes: its share of every epoch, and the seed that all processes have in common.

Asked when a pass begins, for engines such as Lightning start the group of processes after the loader was made. torch is
never imported here: without it there is no group.
"""

from __future__ import annotations

import os
import random
import sys
from typing import Any

from ._arguments import whole
from ._native.warnings import warn
from .errors import StateError


def _group() -> Any:
    """Return torch.distributed where a group of processes is initialised, else None."""
    distributed = sys.modules.get("torch.distributed")
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        return distributed
    return None


def _told(rank: Any, world_size: Any) -> tuple[int, int] | None:
    """Return the share that the arguments say, or None where they leave it to what runs."""
    if rank is None or rank == "env":
        if world_size is None:
            return None
        size = whole("world_size", world_size)
        if rank is None and size == 1:
            return 0, 1
        raise ValueError(
            f"world_size is {size} and rank is {rank!r}: expected both as numbers, or neither, for the share of the process that runs"
        )
    rank = whole("rank", rank)
    if world_size is None:
        raise ValueError(f"rank is {rank} and world_size is not given: expected both, or neither, for the share of the process that runs")
    size = whole("world_size", world_size)
    return _checked(rank, size, f"rank is {rank}, world_size is {size}")


def _checked(rank: int, size: int, found: str) -> tuple[int, int]:
    if size < 1 or not 0 <= rank < size:
        raise ValueError(f"{found}: expected a rank from 0 to one less than the number of processes")
    return rank, size


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("RANK", "WORLD_SIZE") if name in os.environ}


def _words(found: dict[str, str]) -> str:
    return " and ".join(f"{name}={value}" for name, value in found.items())


def _of_environment(found: dict[str, str]) -> tuple[int, int]:
    if len(found) == 1:
        other = "RANK" if "WORLD_SIZE" in found else "WORLD_SIZE"
        raise ValueError(
            f"the environment has {_words(found)} without {other}, and no torch.distributed group is initialised: this process's share "
            "is not known. Begin the first pass after torch.distributed.init_process_group (or the engine's start), set both variables, "
            "or give rank= and world_size="
        )
    numbers = []
    for name, text in found.items():
        try:
            numbers.append(int(text))
        except ValueError:
            raise ValueError(f"the environment's {name} is {text!r}, expected a whole number") from None
    return _checked(numbers[0], numbers[1], f"the environment has {_words(found)}")


def check(rank: Any, world_size: Any) -> None:
    """Check the two arguments of a loader, without a look at what runs.

    Raises
    ------
    ValueError
        one without the other, no whole numbers, or a rank that world_size does not have.
    """
    _told(rank, world_size)


def share(rank: Any = None, world_size: Any = None) -> tuple[int, int]:
    """Return this process's rank and the number of processes that share an epoch, as they are now.

    Parameters
    ----------
    rank, world_size
        both as numbers; ``world_size=1`` alone: whole epochs in every process; neither: those of the
        initialised torch.distributed group, else of RANK and WORLD_SIZE in the environment, else 0 and 1. ``"env"``
        as rank: as neither, with a warning where the group and the environment disagree.

    Raises
    ------
    ValueError
        the arguments or the environment say one without the other, or a rank that there is not.
    """
    told = _told(rank, world_size)
    group = _group()
    if told is not None:
        if group is not None and told[1] == 1 and group.get_world_size() > 1:
            warn(
                f"world_size=1 in a torch.distributed group of {group.get_world_size()} processes: each of them gets whole epochs, the "
                "same chunks as the others. Leave rank and world_size out for a share of its own",
            )
        return told
    found = _environment()
    if group is not None:
        here = int(group.get_rank()), int(group.get_world_size())
        if rank == "env" and list(found.values()) != list(map(str, here)):
            warn(
                f'rank="env": the environment has {_words(found) or "no RANK and WORLD_SIZE"}, this process is rank {here[0]} of {here[1]} '
                "in the torch.distributed group, which is taken",
            )
        return here
    return _of_environment(found) if found else (0, 1)


def foreseen(rank: Any = None, world_size: Any = None) -> tuple[int, int]:
    """Return what :func:`share` would as far as it can be known before a pass begins.

    Engines set WORLD_SIZE or RANK alone before they start the group: what is missing counts as rank 0 and one process.

    Raises
    ------
    ValueError
        as :func:`share`, but for that.
    """
    told = _told(rank, world_size)
    if told is not None:
        return told
    group = _group()
    if group is not None:
        return int(group.get_rank()), int(group.get_world_size())
    found = _environment()
    return _of_environment({"RANK": "0", **found}) if "WORLD_SIZE" in found else (0, 1)


def torch_imported() -> bool:
    """Return whether the program has imported torch, whose generator seeds are drawn from then."""
    return hasattr(sys.modules.get("torch"), "randint")


def drawn_seed() -> int:
    """Return a seed from 0 to 2³²−1: of torch's generator where torch has been imported, so that its seed repeats a run."""
    if torch_imported():
        torch = sys.modules["torch"]
        return int(torch.randint(0, 1 << 32, (), dtype=torch.int64, device="cpu"))
    return random.SystemRandom().randrange(1 << 32)


def draw_as_torch() -> None:
    """Draw the number that torch's loader draws when a pass begins, for its workers: samplers then go on as they would there."""
    if torch_imported():
        torch = sys.modules["torch"]
        torch.empty((), dtype=torch.int64, device="cpu").random_()


def _broadcast(group: Any, value: Any) -> Any:
    agreed = [value]
    group.broadcast_object_list(agreed, src=0)
    return agreed[0]


def common_seed(seed: int, world_size: int) -> int:
    """Return the seed that this process and the others that share an epoch use, where nobody was told one: rank 0's.

    In a torch.distributed group this is a collective call: all processes of the group make it, or none.

    Parameters
    ----------
    seed
        this process's own.
    world_size
        how many share the epoch.

    Raises
    ------
    ValueError
        several share it, and there is no group to agree over.
    """
    if world_size == 1:
        return seed
    group = _group()
    if group is None:
        raise ValueError(
            f"seed is not given, and {world_size} processes share an epoch without a torch.distributed group over which they could agree "
            "on one: give all of them the same seed=, or initialise the group before the first pass"
        )
    return _broadcast(group, seed)


class Seed:
    """The seed of a loader's order: given, drawn when it is needed, or a state's.

    Parameters
    ----------
    given
        the program's, or None.
    draws
        whether the order needs one.
    """

    def __init__(self, given: Any, draws: bool) -> None:
        #: whether one is drawn where none was given
        self.draws = given is None and draws
        #: None: not drawn yet, or none is needed
        self.value: int | None = None if given is None else whole("seed", given)
        # whether the other processes have the same
        self._agreed = not self.draws

    def drawn(self) -> int | None:
        """Return the seed, drawn now if need be; other processes may still have another."""
        if self.value is None and self.draws:
            self.value = drawn_seed()
        return self.value

    def settle(self, world_size: int, restored: bool) -> int | None:
        """Return the seed of a pass that begins now, which all processes that share it have.

        Parameters
        ----------
        world_size
            how many share it.
        restored
            whether the seed is a restored state's.

        Raises
        ------
        ValueError
            as of :func:`common_seed`.
        StateError
            rank 0 has another state.
        """
        if self._agreed:
            return self.value
        seed = self.drawn()
        if world_size > 1:
            agreed = common_seed(seed, world_size)
            if restored and agreed != seed:
                raise StateError(
                    f"the state restored here has seed {seed}, rank 0 begins with seed {agreed}: restore the same state in all processes"
                )
            self.value, self._agreed = agreed, True
        return self.value

    def of_state(self, found: Any) -> int | None:
        """Return the seed to go on with from a state: a loader that was given none takes the state's."""
        if not self.draws:
            return self.value
        return found if isinstance(found, int) else self.drawn()


#: How many batches a process gets of an epoch, or of what is left of one: batches, rank, number of processes.
_STEPS = {
    "pad": lambda left, rank, world: -(-left // world),
    "drop": lambda left, rank, world: left // world,
    "uneven": lambda left, rank, world: -(-(left - rank) // world),
}


def check_remainder(remainder: Any) -> None:
    """Check the name of what becomes of an epoch's last batches.

    Raises
    ------
    ValueError
        there is none of this name.
    """
    if remainder not in _STEPS:
        raise ValueError(f"remainder is {remainder!r}, expected one of {', '.join(map(repr, _STEPS))}")


def steps(left: int, share: tuple[int, int], remainder: str) -> int:
    """Return how many of so many batches a process gets, as Java's loaders count."""
    return max(0, _STEPS[remainder](left, *share))


def told_by_numbers(rank: Any, world_size: Any) -> bool:
    """Return whether the arguments say the share, rather than what runs."""
    return _told(rank, world_size) is not None


def rank_0s(value: Any, world_size: int) -> Any:
    """Return rank 0's value in all processes of the torch.distributed group; a collective call.

    Raises
    ------
    ValueError
        there is no group.
    """
    group = _group()
    if group is None:
        raise ValueError(
            f"{world_size} processes share a sampler's order without a torch.distributed group over which they could agree on it: initialise "
            "the group before the first pass, give rank= and world_size= where the sampler says the same in all of them, or a sampler that "
            "shards by itself, as torch's DistributedSampler"
        )
    return _broadcast(group, value)
