# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Keywords that have the types of a ``TypedDict``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # type checkers know this package whether it is installed or not
    from typing_extensions import Unpack
elif sys.version_info >= (3, 11):
    from typing import Unpack
else:

    class Unpack:
        """What Python 3.10 lacks: whoever asks for the types of arguments finds those of the options."""

        def __class_getitem__(cls, options: Any) -> Any:
            return options
