"""Reading a list by key: the order as one tuple, the cursor that names a row's place in it, what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

MOST = 2**62


@dataclass(frozen=True, slots=True)
class Order:
    """Expressions in ascending order, each an integer or one letter (a grade); the last one is unique."""

    columns: Sequence[Any]

    def labelled(self) -> list[Any]:
        """The columns under the names `cursor_of` reads."""
        return [column.label(name) for column, name in zip(self.columns, self.names(), strict=True)]

    def names(self) -> list[str]:
        """The names of `labelled`."""
        return [f"order_{at}" for at in range(len(self.columns))]


def cursor_of(order: Order, row: Any) -> str:
    """The place of a row: "0_-24_15000_17"."""
    return "_".join(str(getattr(row, name)) for name in order.names())


def after(order: Order, cursor: str) -> sa.ColumnElement[bool] | None:
    """Rows after the cursor; None for one that is not of this order: the list begins anew."""
    parts = cursor.split("_") if cursor else []
    values = [_value(part) for part in parts]
    if len(values) != len(order.columns) or any(value is None for value in values):
        return None
    typed = [isinstance(value, str) for value in values]
    if typed != [str(column.type).startswith("VARCHAR") for column in order.columns]:
        return None
    return sa.tuple_(*order.columns) > sa.tuple_(*(sa.literal(value) for value in values))


def _value(part: str) -> int | str | None:
    digits = part.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        return int(part) if int(digits) < MOST else None
    return part if len(part) == 1 and part.isascii() and part.isalpha() else None
