# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What Python 3.10 lacks to say types: keywords of a ``TypedDict``, a class's own type, a type that has a default."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # type checkers know this package whether it is installed or not
    from typing_extensions import Self, TypeVar, Unpack

    #: What items and batches are: a dict of anything, or a ``TypedDict`` of the program's, by which their keys are checked.
    Entries = TypeVar("Entries", default=dict[str, Any], covariant=True)
else:
    from typing import TypeVar

    Entries = TypeVar("Entries", covariant=True)

    if sys.version_info >= (3, 11):
        from typing import Self, Unpack
    else:
        Self = Any

        class Unpack:
            """Whoever asks for the types of arguments finds those of the options."""

            def __class_getitem__(cls, options: Any) -> Any:
                return options
