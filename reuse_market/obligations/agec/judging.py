"""What each row of a file is worth: a line, one known already, or to correct with row, column and reason. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from reuse_market.fleets.reading.dates import ReadDate, order_of, read_date
from reuse_market.fleets.reading.labels import clean, fold
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec.amounts import cents_of, share_of, sign_of
from reuse_market.obligations.agec.categories import EARLIEST
from reuse_market.obligations.agec.columns import category_of
from reuse_market.obligations.agec.reading import Purchases
from reuse_market.obligations.agec.services import TEXTS, checked, fingerprint

SHARES = ("reused_cents", "recycled_cents")
SUMS = ("amount_cents", "credit_cents", "gift_cents")
# Chart of accounts (PCG, M57): 60 purchases, 61 and 62 outside services, 20, 21 and 23 what is bought to be kept.
PURCHASES = ("60", "61", "62", "20", "21", "23")
_ACCOUNT = re.compile(r"[1-9]\d{2,}")
_SIX = re.compile(r"\d{6}")
_TOTAL = re.compile(r"((sous|grand) )?(total|totaux|cumul|solde|report|a reporter|a nouveau)( .*)?")
REASONS = {
    "broken": N_("This row cannot be cut into cells: a quotation mark is open."),
    "date": N_("This is not a date."),
    "no_date": N_("There is no date, and no year was given for the whole file."),
    "amount": N_("This is not an amount in euros."),
    "side": N_("This says neither debit (D) nor credit (C)."),
    "side_twice": N_(
        "A credit with a minus says it twice: take the minus off, or choose no column for the side of the amounts."
    ),
    "category": N_("This is not a category of the official list."),
    "total": N_("This row looks like a total, not like a purchase."),
    "no_amount": N_("Say which column holds the amounts."),
    "not_purchase": N_("This account holds no purchases: taxes, payments, suppliers…"),
    "no_category": N_("There is no category, and none was chosen for the whole file."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row does not come in: its number, the column's label, what it says, a msgid with its params."""

    row: int
    column: str
    value: str
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Verdict:
    """Every row is in one of four: `good` (row, values), `known` rows, `aside` (no purchase), `faults`."""

    good: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    aside: list[Fault] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were read: none is lost."""
        return len(self.good) + len(self.known) + len(self.faults) + len(self.aside)

    @property
    def cents(self) -> int:
        """The amount of what would come in."""
        return sum(int(values["amount_cents"]) for _row, values in self.good)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person answered: target → column; the category and year of rows that tell none."""

    columns: Mapping[str, int]
    category: str = ""
    year: int | None = None


def judge(table: Purchases, choice: Choice, held: Counter[str], today: date) -> Verdict:
    """`held`: how many lines of each fingerprint the ledger has. The nth row alike is known when n are held."""
    place = choice.columns.get("day")
    days = [_cell(cells, place) for _n, cells, _b in table.rows]
    order = (_bare_order(days, today) or order_of(days)) if place is not None else None
    left, verdict = Counter(held), Verdict()
    for number, cells, broken in table.rows:
        told = Fault(number, "", "", REASONS["broken"]) if broken else None
        values = told or _values(table, choice, number, cells, order or "dmy", today)
        if isinstance(values, Fault):
            (verdict.aside if values.reason == REASONS["not_purchase"] else verdict.faults).append(values)
            continue
        mark = fingerprint(values)
        if left[mark] > 0:
            left[mark] -= 1
            verdict.known.append(number)
        else:
            verdict.good.append((number, values))
    return verdict


def _values(
    table: Purchases, choice: Choice, number: int, cells: Sequence[str], order: str, today: date
) -> dict[str, Any] | Fault:
    def at(target: str) -> str:
        return clean(_cell(cells, choice.columns.get(target)))

    def fault(target: str, reason: str, **params: Any) -> Fault:
        index = choice.columns.get(target)
        label = table.header[index] if index is not None and index < len(table.header) else ""
        return Fault(number, label, at(target)[:80], reason, params)

    if _is_total(table, choice, cells):
        return Fault(number, "", " ".join(filter(None, map(clean, cells)))[:80], REASONS["total"])
    account = _ACCOUNT.match(at("account"))
    if account and not account[0].startswith(PURCHASES):
        return fault("account", REASONS["not_purchase"])
    if "amount_cents" not in choice.columns and "gift_cents" not in choice.columns:
        return fault("amount_cents", REASONS["no_amount"])
    values: dict[str, Any] = {name: at(name)[:most] for name, most in TEXTS.items()}
    read = _day(at("day"), order, today)
    if read is None or (at("day") and read.day is None):
        return fault("day", REASONS["date"])
    if read.day is None and choice.year is None:
        return fault("day", REASONS["no_date"])
    values |= {"day": read.day, "year": choice.year if read.day is None else read.day.year}
    category = category_of(at("category")) if at("category") else choice.category
    if not category:
        return fault("category", REASONS["category" if at("category") else "no_category"])
    values["category"] = category
    sums = _sums(at)
    if isinstance(sums, tuple):
        return fault(*sums)
    values |= sums
    try:
        return checked(values)
    except Invalid as error:
        named = {"year": "day"}.get(error.field or "", error.field)
        return fault(named or "amount_cents", error.message, **error.params)


def _bare_order(days: Sequence[str], today: date) -> str | None:
    """How a column writes six digits without marks (Sage: 150125), when every cell is a past day one way only."""
    told = [clean(cell) for cell in days if clean(cell)]
    if not told or not all(map(_SIX.fullmatch, told)):
        return None
    ways = [way for way in ("%d%m%y", "%y%m%d") if all(_bare(cell, way, today) for cell in told)]
    same = len(ways) == 2 and all(_bare(cell, ways[0], today) == _bare(cell, ways[1], today) for cell in told)
    return ways[0] if len(ways) == 1 or same else None


def _bare(cell: str, way: str, today: date) -> date | None:
    try:
        day = datetime.strptime(cell, way).date()  # noqa: DTZ007 - a civil day, no instant
    except ValueError:
        return None
    return day if day.year >= EARLIEST and day <= today else None


def _day(cell: str, order: str, today: date) -> ReadDate | None:
    if order.startswith("%"):
        return ReadDate(_bare(cell, order, today)) if cell else ReadDate(None)
    return read_date(cell, order=order, today=today)


def _sums(at: Callable[[str], str]) -> dict[str, int] | tuple[str, str]:
    """Cents of the amount, its parts and the gift, what is a credit below zero; or (target, reason)."""
    read = {name: cents_of(at(name)) if at(name) else 0 for name in SUMS}
    if (wrong := next((name for name in SUMS if read[name] is None), None)) is not None:
        return wrong, REASONS["amount"]
    values = {name: cents or 0 for name, cents in read.items()}
    if (sign := sign_of(at("side"))) is None:
        return "side", REASONS["side"]
    if sign < 0 and values["amount_cents"] < 0:
        return "amount_cents", REASONS["side_twice"]
    values["amount_cents"] = sign * values["amount_cents"] - values.pop("credit_cents")
    for name in SHARES:  # a part goes the way of its amount
        part = share_of(at(name), sign * values["amount_cents"])
        if part is None:
            return name, REASONS["amount"]
        values[name] = sign * part
    return values


def _is_total(table: Purchases, choice: Choice, cells: Sequence[str]) -> bool:
    """Whether a row without a day sums others: it says so, or says nothing beside its amounts.

    A supplier may be called Total: what says anything more is a purchase.
    """
    sums = {choice.columns[name] for name in (*SUMS, *SHARES, "side") if name in choice.columns}
    day = clean(_cell(cells, choice.columns.get("day")))
    if (day and not _TOTAL.fullmatch(fold(day))) or sums >= set(range(len(table.header))):
        return False
    told = [clean(cell) for index, cell in enumerate(cells) if index not in sums and clean(cell)]
    words = [text for text in told if cents_of(text) is None]  # columns of taxes are sums too
    return (len(told) <= 1 or len(words) == 1) and all(_TOTAL.fullmatch(fold(text)) for text in words or told)


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""
