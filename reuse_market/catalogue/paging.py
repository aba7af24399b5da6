"""Reading a list by key: the order as one tuple, the cursor that names a row's place in it, what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

MOST = 2**31  # what an integer column holds


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


def told(order: Order, cursor: str) -> dict[str, int | str] | None:
    """What a cursor says, for `after`; None for one that is not of this order: the list begins anew."""
    parts = cursor.split("_") if cursor else []
    values = [_value(part) for part in parts]
    if len(values) != len(order.columns):
        return None
    named: dict[str, int | str] = {}
    for name, value, column in zip(order.names(), values, order.columns, strict=True):
        if value is None or isinstance(value, str) != isinstance(column.type, sa.String):
            return None
        named[f"after_{name}"] = value
    return named


def after(order: Order) -> sa.ColumnElement[bool]:
    """Rows after what `told` says."""
    bound = (
        sa.bindparam(f"after_{name}", type_=column.type)
        for name, column in zip(order.names(), order.columns, strict=True)
    )
    return sa.tuple_(*order.columns) > sa.tuple_(*bound)


def _value(part: str) -> int | str | None:
    digits = part.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        return int(part) if int(digits) < MOST else None
    return part if len(part) == 1 and part.isascii() and part.isalpha() else None
