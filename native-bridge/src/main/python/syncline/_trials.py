# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Trials as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np


class Trials(dict[str, Any]):
    """Column → its value for each trial, NumPy arrays of one length; prints as a table."""

    def to_pandas(self) -> Any:
        """Return the columns as a pandas ``DataFrame``.

        Raises
        ------
        ImportError
            pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise ImportError("to_pandas needs pandas: pip install pandas") from None
        return pandas.DataFrame(dict(self))

    def _rows(self, most: int = 10) -> tuple[int, list[list[str]]]:
        length = len(next(iter(self.values()), ()))
        shown = range(length) if length <= most else [*range(most // 2), *range(length - most // 2, length)]
        return length, [[_cell(values[i]) for values in self.values()] for i in shown]

    def __repr__(self) -> str:
        length, rows = self._rows()
        table = [list(map(str, self)), *rows]
        widths = [max(len(row[i]) for row in table) for i in range(len(self))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table]
        if len(rows) < length:
            lines.insert(1 + len(rows) // 2, "...")
        return "\n".join([*lines, f"{length} trials"])

    def _repr_html_(self) -> str:
        from html import escape

        length, rows = self._rows()
        head = "".join(f"<th>{escape(str(name))}</th>" for name in self)
        body = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
        if len(rows) < length:
            body.insert(len(rows) // 2, f'<tr><td colspan="{len(self)}">…</td></tr>')
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table><p>{length} trials</p>"


#: texts that people take for another value
_OTHERWISE = re.compile(r"|-|~|[-+]?\.?[0-9][0-9.eE+-]*|[-+]?infinity|[-+]?inf|true|false|null|none|nan|[\[{].*", re.IGNORECASE | re.DOTALL)


def shown(value: Any, nothing: str = "") -> str:
    """Return a value of metadata for people, which looks like no other one: texts that read as a number, a truth value or nothing are in
    quotation marks.

    Parameters
    ----------
    value
        as the metadata have it.
    nothing
        what stands for None.
    """
    if isinstance(value, str):
        plain = value != nothing and value == value.strip() and not value.startswith("'") and not _OTHERWISE.fullmatch(value)
        return value if plain else f"'{value}'"
    return nothing if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def _cell(value: Any) -> str:
    text = shown(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _is_exact(number: int) -> bool:
    return abs(number) <= 1 << 53 or (number.bit_length() <= 1023 and int(float(number)) == number)


def column(values: Sequence[Any]) -> np.ndarray:
    """Return values, one a trial: float64 with NaN for None where all others are numbers that it has, bool where all are, else objects."""
    present = [v for v in values if v is not None]
    if present and all(isinstance(v, float) or (isinstance(v, int) and not isinstance(v, bool) and _is_exact(v)) for v in present):
        return np.array([np.nan if v is None else float(v) for v in values], np.float64)
    if values and all(isinstance(v, bool) for v in values):
        return np.array(values, bool)
    found = np.empty(len(values), object)
    for i, value in enumerate(values):  # one by one: lists would become further axes
        found[i] = value
    return found
