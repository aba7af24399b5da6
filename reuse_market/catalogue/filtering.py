"""What the visitor asks for, and the criteria it makes on the stored groups."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import lexicon
from reuse_market.catalogue.asking import Asked
from reuse_market.catalogue.groups import NONE, TABLE
from reuse_market.catalogue.measures import Range
from reuse_market.kernel.actor import Actor
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes

SORTS = ("best", "units", "price", "distance", "grade", "new")
FAR = 10**9
SYSTEMS = ("windows", "linux", "chrome", "android", "mac", "ios")
OVERSEES = ("operator", "administrator", "auditor")
Column = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the visitor asks for; None or empty means whatever. `text` may hold a whole need in words."""

    text: str = ""
    kind: str | None = None
    units: int | None = None
    brand: str | None = None
    cpu: str | None = None  # a class: "i5", "ryzen 5"
    ram_gb: int | None = None
    storage_gb: int | None = None
    screen: int | None = None  # inches
    grade: str | None = None  # at least this good
    battery: int | None = None  # at least so many percent
    least_cents: int | None = None  # per device, VAT included, as `most_cents`
    most_cents: int | None = None
    free: bool = False
    regime: str | None = None
    agec: str | None = None  # yes | no: whether it counts for the buyer
    windows_11: bool = False
    os: str | None = None  # one of SYSTEMS
    charger: bool = False
    warranty: int | None = None  # months
    within_km: int | None = None  # from the reader's base
    sort: str = ""  # one of SORTS; "": the best match of a text, else the most units

    def active(self) -> int:
        """How many filters are in use."""
        return sum(bool(getattr(self, one.name)) for one in fields(self) if one.name != "sort")


def shown_to(actor: Actor, on: date, kept: tuple[str, ...] | None = None) -> list[Column]:
    """Criteria on groups: what this actor may see as ready on a day; `queries.open_to` says it of units.

    A suspended seller's stock is shown to nobody; what is kept for associations to them, to its seller and to
    those who oversee. Units on their way to another workshop stand in no group. `kept`: what `kept_for` says of
    this actor, when at hand.
    """
    group = TABLE.c
    seen: list[Column] = [
        group.units > NONE,
        group.shown_from <= on,
        group.seller_id.in_(accounts.verified_ids()),
    ]
    if not actor.has(*OVERSEES):
        own = group.seller_id == (actor.organisation_id or 0)
        mine = group.open_to.in_(("all", *(kept_for(actor) if kept is None else kept)))
        seen.append(sa.or_(group.opens_on <= on, mine, own))
    return seen


def kept_for(actor: Actor) -> tuple[str, ...]:
    """The `open_to` codes, beside "all", that this actor sees before they open to all."""
    if actor.has(*OVERSEES):
        return ("recipients", "public")
    public = actor.organisation_id is not None and regimes.party_kind(actor.organisation_id) in parties.PUBLIC
    return (("recipients",) if actor.has("recipient") else ()) + (("public",) if public else ())


def matching(filters: Filters, asked: Asked, vat_per_mille: int | None) -> list[Column]:
    """Criteria on groups: every filter, and what was understood of the text where no filter says it."""
    group = TABLE.c
    said: list[Column] = []
    kinds = (filters.kind,) if filters.kind else asked.kinds
    if kinds:
        said.append(group.kind.in_(kinds))
    if least := filters.units or asked.units:
        said.append(group.units >= least)
    said += _sizes(filters, asked)
    if filters.brand:
        said.append(sa.func.lower(group.maker) == filters.brand.lower())
    if classes := ((filters.cpu.lower(),) if filters.cpu else asked.cpu):
        said.append(group.cpu_class.in_(classes))
    if grade := filters.grade or asked.grade:
        said.append(group.grade <= grade)
    if regime := filters.regime:
        said.append(group.regime == regime)
    if filters.windows_11 or asked.windows_11:
        said.append(group.windows_11 == "yes")
    if system := filters.os:
        said.append(_runs(system))
    elif asked.os:  # a text may hope: what is known to be another system is left out
        said.append(sa.or_(group.os.is_(None), _runs(asked.os)))
    if filters.charger or asked.charger:
        said.append(group.charger == "yes")
    if months := filters.warranty or asked.warranty:
        said.append(group.warranty_months >= months)
    said += priced(filters, asked, vat_per_mille)
    return said + [_says(word) for word in asked.words]


def _runs(system: str) -> Column:
    name = sa.func.lower(TABLE.c.os)
    return sa.or_(*(name.contains(part) for part in lexicon.SYSTEMS.get(system, (system,))))


def _says(word: str) -> Column:
    """Groups whose text has a word that begins like this one, or like one of its alternatives."""
    either = word.split(lexicon.ALTERNATIVES)
    return sa.or_(*(TABLE.c.search.contains(f" {one}", autoescape=True) for one in either))


def _sizes(filters: Filters, asked: Asked) -> list[Column]:
    group = TABLE.c
    said = [
        *_within(group.ram_gb, Range(low=filters.ram_gb) if filters.ram_gb else asked.ram),
        *_within(group.storage_gb, _as_sold(Range(low=filters.storage_gb) if filters.storage_gb else asked.storage)),
        *_within(group.cpu_generation, asked.generation),
        *_within(group.least_battery, Range(low=filters.battery) if filters.battery else asked.battery),
    ]  # fmt: skip
    screen = Range(nominal=filters.screen * 10) if filters.screen else asked.screen
    if screen is not None:
        said.append(_screens(screen))
    return said


def _as_sold(said: Range | None) -> Range | None:
    """240 and 250 GB are sold as 256, 480 and 500 as 512."""
    if said is None:
        return None
    sold = {120: 128, 240: 256, 250: 256, 480: 512, 500: 512, 960: 1000, 1024: 1000, 2048: 2000}
    return Range(*(sold.get(end or 0, end) for end in (said.low, said.high, said.nominal)))


def _within(column: Any, said: Range | None) -> list[Column]:
    """A number said alone is the least: what has just that comes first (`penalty`)."""
    if said is None:
        return []
    low = said.low if said.low is not None else said.nominal
    found = [column >= low] if low is not None else []
    if said.high is not None:
        found += [column <= said.high, column > 0]
    return found


def _screens(said: Range) -> Column:
    """As screens are sold: a portable of 15″ has 15.0 to 15.9, a display of 24″ has 23.5 to 24.5."""
    column = TABLE.c.screen_tenths
    if said.nominal is None:
        return sa.and_(
            column >= ((said.low or 10) - 5 if (said.low or 0) >= 180 else said.low or 0),
            column <= (said.high + (9 if said.high < 180 else 5) if said.high else 10_000),
        )
    size = said.nominal
    if size % 10:
        return column == size
    return column.between(size, size + 9) if size < 180 else column.between(size - 5, size + 5)


def paid(vat_per_mille: int | None) -> Column:
    """What a buyer pays for one, in cents: as `refurbishing.pricing.price`, in the database."""
    cents: Column = TABLE.c.price_cents
    if not vat_per_mille:
        return cents
    rounded = (cents * vat_per_mille + 500) // 1000
    return sa.case((TABLE.c.vat_scheme == "standard", cents + rounded), else_=cents)


def priced(filters: Filters, asked: Asked, vat_per_mille: int | None) -> list[Column]:
    """The price asked for: VAT included unless the text says HT."""
    if filters.free or asked.free:
        return [TABLE.c.price_cents == 0]
    price = asked.price or Range()
    low = filters.least_cents if filters.least_cents is not None else price.low
    high = filters.most_cents if filters.most_cents is not None else price.high
    amount = TABLE.c.price_cents if asked.net and filters.most_cents is None else paid(vat_per_mille)
    return [*([amount >= low] if low is not None else []), *([amount <= high] if high is not None else [])]


def _alike(asked: Asked) -> bool:
    """Whether the kinds understood are as good one as the other."""
    printers = asked.cheap and set(asked.kinds) <= {"printer", "multifunction"}
    return printers or set(asked.kinds) <= set(lexicon.COMPUTERS)


def penalty(filters: Filters, asked: Asked) -> Column | None:
    """How far a group is from what was said, 0 for just that; None where all are alike in this.

    The likeliest kind counts first, then the very sizes said.
    """
    group = TABLE.c
    parts: list[Column] = []
    if not filters.kind and len(asked.kinds) > 1 and not _alike(asked):
        ranks = [(group.kind == kind, 16 * rank) for rank, kind in enumerate(asked.kinds)]
        parts.append(sa.case(*ranks, else_=16 * len(ranks)))
    sizes: Sequence[tuple[Any, Range | None]] = (
        (group.ram_gb, asked.ram), (group.storage_gb, _as_sold(asked.storage)),
        (group.cpu_generation, asked.generation),
    )  # fmt: skip
    parts += [
        sa.case((column == said.nominal, 0), else_=2) for column, said in sizes if said and said.nominal
    ]
    if asked.screen and asked.screen.nominal:
        parts.append(sa.case((group.screen_tenths == asked.screen.nominal, 0), else_=1))
    parts += [sa.case((_says(word), 0), else_=1) for word in asked.hoped]
    if asked.os and not filters.os:
        parts.append(sa.case((group.os.is_(None), 4), else_=0))
    return functools.reduce(operator.add, parts) if parts else None
