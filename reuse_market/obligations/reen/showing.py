"""A sheet in words and in rows of files, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.obligations.reen import wording
from reuse_market.obligations.reen.counting import Item, Sheet, why_not
from reuse_market.web.filters import percent


def heads() -> tuple[str, ...]:
    """The heads of `row`."""
    return (
        _("Device"), _("Kind"), _("Discarded on"), _("Left on"), _("Destination"), _("Lot"), _("Counts"), _("Why not"),
        _("Proof"),
    )  # fmt: skip


def sentence(found: Sheet) -> str:
    """The one sentence first: A, B, the rate, the target, what is missing."""
    oriented = ngettext(
        "%(num)s device oriented to reuse", "%(num)s devices oriented to reuse", found.oriented
    )
    if found.per_mille is None:
        return _("%(oriented)s in %(year)s. Rate not calculable: no discarded device was in stock on 1 January.",
                 oriented=oriented, year=found.year)  # fmt: skip
    stock = ngettext("%(num)s discarded and in stock", "%(num)s discarded and in stock", found.base)
    told = _("%(oriented)s in %(year)s, for %(stock)s on 1 January: %(rate)s.", oriented=oriented,
             year=found.year, stock=stock, rate=percent(found.per_mille))  # fmt: skip
    if found.target_per_mille is None:
        unknown = _("Target not provided.")
        return f"{told} {unknown}"
    goal = _("The target of the year is %(target)s:", target=percent(found.target_per_mille))
    if found.reached:
        reached = _("reached.")
        return f"{told} {goal} {reached}"
    lacking = ngettext("%(num)s device is missing.", "%(num)s devices are missing.", found.lacking)
    return f"{told} {goal} {lacking}"


def threshold(found: Sheet) -> int | None:
    """How many devices the target asks for; None without one."""
    return None if found.target_per_mille is None else -(-found.base * found.target_per_mille // 1000)


def figures(found: Sheet) -> list[tuple[Any, ...]]:
    """The rows of the sheet as a CSV file."""
    rows: list[tuple[Any, ...]] = [
        (_("Indicator"), _("Value")), (_("Year"), found.year),
        (_("Discarded and in stock on 1 January (B)"), found.base),
        (_("Oriented to reuse during the year (A)"), found.oriented),
        (_("Rate, in thousandths"), _("not calculable") if found.per_mille is None else found.per_mille),
        (_("Target, in thousandths"),
         _("not provided") if found.target_per_mille is None else found.target_per_mille),
        (_("By gift"), found.kpi("gift")), (_("By sale"), found.kpi("sale")),
        (_("Left without commitment or proof"), found.unproven),
    ]  # fmt: skip
    rows += [(_(wording.OUTLETS[one.code]), one.counted) for one in found.outlets()]
    return rows + [(_(wording.WHY[why]), units) for why, units in why_not(found.stock).items()]


def row(item: Item, kinds: dict[str, str]) -> tuple[Any, ...]:
    """A device as a row of a CSV file."""
    days = [day.isoformat() if day else "" for day in (item.discarded_on, item.left_on)]
    outlet = _(wording.OUTLETS[item.outlet]) if item.outlet or item.left_on else ""
    counts = _("yes") if item.counts else _("no")
    why = _(wording.WHY[item.why]) if item.why else ""
    proven = _(wording.PROOFS[item.proof]) if item.proof in wording.PROOFS else item.proof
    return (item.unit_id, kinds.get(item.kind, item.kind), *days, outlet, item.lot, counts, why, proven)
