"""Criteria told apart from their values: a statement of one shape is built, and compiled, once a process.

Two searches that ask for the same things with other values have one shape. What makes a criterion is a function of
the names of its values, always the same object: it is a part of what the statement is remembered by.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from reuse_market.catalogue.groups import TABLE

Column = sa.ColumnElement[Any]
Make = Callable[..., Column]
Shape = tuple[tuple[Make, int], ...]
SHAPES = 128  # statements remembered, of each kind
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Criterion(NamedTuple):
    """What makes an expression from the names of its values, and these values."""

    make: Make
    values: tuple[Any, ...] = ()


class Ready:
    """Makes an expression that holds its values already: a statement with one is built each time."""

    def __init__(self, expression: Column) -> None:
        self.expression = expression

    def __call__(self) -> Column:
        return self.expression


def shape_of(told: Sequence[Criterion]) -> Shape:
    """What the criteria are, whatever their values."""
    return tuple((one.make, len(one.values)) for one in told)


def named(told: Sequence[Criterion], prefix: str = "c") -> dict[str, Any]:
    """The values under the names `made` gives them."""
    return {
        f"{prefix}{at}_{number}": value
        for at, one in enumerate(told)
        for number, value in enumerate(one.values)
    }


def made(shape: Shape, prefix: str = "c") -> list[Column]:
    """The expressions of a shape."""
    return [
        make(*(f"{prefix}{at}_{number}" for number in range(count))) for at, (make, count) in enumerate(shape)
    ]


def remembered(build: Callable[..., Any]) -> Callable[..., Any]:
    """Build what is asked for a shape (first argument) once; each time where a part of it is `Ready`."""
    kept = functools.lru_cache(maxsize=SHAPES)(build)

    @functools.wraps(build)
    def built(shape: Shape, *more: Any) -> Any:
        once = not any(isinstance(make, Ready) for make, _count in shape)
        return (kept if once else build)(shape, *more)

    return built


@functools.cache
def compared(name: str, sign: str) -> Make:
    """A column of the groups against one value."""
    column, sign_of = TABLE.c[name], SIGNS[sign]
    bound = (
        sa.BigInteger() if isinstance(column.type, sa.Integer) else column.type
    )  # one may ask for a million TB
    return lambda value: sign_of(column, sa.bindparam(value, type_=bound))


@functools.cache
def among(name: str) -> Make:
    """A column of the groups among the values of one tuple."""
    column = TABLE.c[name]
    return lambda values: column.in_(sa.bindparam(values, expanding=True, type_=column.type))


def one_of(name: str, values: tuple[Any, ...]) -> Criterion:
    """A column of the groups among values: one alone is a plain comparison, cheaper to ask and to plan."""
    return Criterion(compared(name, "="), values) if len(values) == 1 else Criterion(among(name), (values,))


def holding(text: str) -> str:
    """The pattern of what holds a text, as `like` of `any_like` reads it."""
    plain = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{plain}%"


def any_like(column: Any, names: Sequence[str]) -> Column:
    """Whether a column holds one of the texts told by these patterns (`holding`)."""
    return sa.or_(*(column.like(sa.bindparam(name, type_=sa.String), escape="/") for name in names))
