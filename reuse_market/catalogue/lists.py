"""The list of groups read by key, a page at a time: one statement of each shape, built and compiled once."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.catalogue.criteria import Criterion, Shape, made, named, remembered, shape_of
from reuse_market.catalogue.groups import TABLE, listed
from reuse_market.catalogue.paging import Order, after, cursor_of
from reuse_market.catalogue.paging import told as cursor_told
from reuse_market.kernel.statements import plain

COUNTED = 10_000  # counts stop there: "10,000+"
BEST, CHEAPEST, DISTANCE = (
    "best",
    "cheapest",
    "distance",
)  # the first two: what is closest to what was said first
ORDERS: dict[str, tuple[Any, ...]] = {
    BEST: (TABLE.c.fewest, TABLE.c.price_cents),
    CHEAPEST: (TABLE.c.price_cents, TABLE.c.fewest),
    "units": (TABLE.c.fewest, TABLE.c.price_cents),
    "price": (TABLE.c.price_cents, TABLE.c.fewest),
    "grade": (TABLE.c.grade, TABLE.c.price_cents),
    "new": (-TABLE.c.id,),
}


def page(
    criteria: Sequence[Criterion], far: Sequence[Criterion], key: str, size: int, cursor: str, *, count: bool
) -> tuple[Sequence[Any], str | None]:
    """A page and one row more if there is one, the cursor after the page: one statement.

    With `count`, each row tells how many groups and units there are in all.
    """
    order = _ordered(shape_of(far), key)
    following = cursor_told(order, cursor)
    statement = _listing(shape_of(criteria), shape_of(far), key, following is not None, count)
    values = named(criteria) | named(far, "f") | (following or {}) | {"size": size + 1}
    rows = plain(statement, values).all()
    return rows, cursor_of(order, rows[size - 1]) if len(rows) > size else None


@remembered
def _ordered(far: Shape, key: str) -> Order:
    """Ascending expressions that end with the row's id; `far`: what is summed up as how far a group is."""
    parts = made(far, "f")
    summed = [functools.reduce(operator.add, parts)] if parts else []
    return Order((*summed, *ORDERS[key], TABLE.c.id))


@remembered
def _listing(shape: Shape, far: Shape, key: str, follows: bool, counts: bool) -> sa.Select[Any]:
    """:size groups, after a cursor where it `follows` one; `counts`: with `_counted` beside each."""
    order: Order = _ordered(far, key)
    chosen = sa.select(TABLE.c.id, *order.labelled()).where(*made(shape))
    if follows:
        chosen = chosen.where(after(order))
    chosen = chosen.order_by(*order.columns).limit(sa.bindparam("size", type_=sa.Integer))
    return listed(chosen, *order.names(), beside=_counted(shape) if counts else None)


@remembered
def _counting(shape: Shape) -> sa.Select[Any]:
    return sa.select(_counted(shape))


def _counted(shape: Shape) -> sa.CTE:
    """`total` groups and `all_units`, one row, counted once up to COUNTED."""
    capped = (
        sa.select(TABLE.c.units)
        .where(*made(shape))
        .limit(sa.literal_column(str(COUNTED + 1)))
        .subquery("capped")
    )
    total = sa.func.count().label("total")
    counted = sa.select(total, sa.func.sum(capped.c.units).label("all_units")).select_from(capped)
    return counted.cte("counted").prefix_with("MATERIALIZED")


def told(rows: Sequence[Any]) -> tuple[int, int]:
    """(groups, units) in all, as the rows of a page asked for with `count` tell."""
    return (rows[0].total, int(rows[0].all_units or 0)) if rows else (0, 0)


def counted(criteria: Sequence[Criterion]) -> tuple[int, int]:
    """(groups, units) in all, up to COUNTED groups: one statement."""
    return told(plain(_counting(shape_of(criteria)), named(criteria)).all())


def of_key(key: str, shown: Sequence[Criterion]) -> Sequence[Any]:
    """The rows of a key among those shown, oldest first: one statement."""
    return plain(_of_key(shape_of(shown)), {"key": key, **named(shown)}).all()


@remembered
def _of_key(shape: Shape) -> sa.Select[Any]:
    """The groups of :key among those shown."""
    statement = sa.select(TABLE.c.id).where(TABLE.c.key == sa.bindparam("key", type_=sa.String), *made(shape))
    return listed(statement, "id")
