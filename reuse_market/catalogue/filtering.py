"""What the visitor asks for, and the criteria it makes on the stored groups."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import cache

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import lexicon
from reuse_market.catalogue.asking import Asked
from reuse_market.catalogue.criteria import (
    SIGNS,
    Column,
    Criterion,
    Make,
    among,
    any_like,
    compared,
    holding,
    one_of,
)
from reuse_market.catalogue.groups import NONE, TABLE
from reuse_market.catalogue.measures import Range
from reuse_market.catalogue.pricing import rate_on
from reuse_market.equipment import systems
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes

SORTS = ("best", "units", "price", "distance", "grade", "new")
FAR = 10**9
SYSTEMS = ("windows", "linux", "chrome", "android", "mac", "ios", "none")  # none: a computer without a system
OVERSEES = ("operator", "administrator", "auditor")


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


def shown_to(actor: Actor, on: date, kept: tuple[str, ...] | None = None) -> list[Criterion]:
    """Criteria on groups: what this actor may see as ready on a day; `queries.open_to` says it of units.

    A suspended seller's stock is shown to nobody; what is kept for associations to them, to its seller and to
    those who oversee. Units on their way to another workshop stand in no group. `kept`: what `kept_for` says of
    this actor, when at hand.
    """
    seen = [Criterion(_filled), Criterion(compared("shown_from", "<="), (on,)), Criterion(_verified)]
    if not actor.has(*OVERSEES):
        mine = ("all", *(kept_for(actor) if kept is None else kept))
        own = actor.organisation_id or 0
        seen.append(
            Criterion(_open, (on, own)) if mine == ("all",) else Criterion(_open_too, (on, own, mine))
        )
    return seen


def _filled() -> Column:
    return TABLE.c.units > NONE


def _verified() -> Column:
    return TABLE.c.seller_id.in_(accounts.verified_ids())


def _open(on: str, own: str) -> Column:
    to_all: Column = TABLE.c.open_to == sa.literal_column("'all'")
    return sa.or_(compared("opens_on", "<=")(on), to_all, compared("seller_id", "=")(own))


def _open_too(on: str, own: str, mine: str) -> Column:
    return sa.or_(compared("opens_on", "<=")(on), among("open_to")(mine), compared("seller_id", "=")(own))


def kept_for(actor: Actor) -> tuple[str, ...]:
    """The `open_to` codes, beside "all", that this actor sees before they open to all."""
    if actor.has(*OVERSEES):
        return ("recipients", "public")
    public = actor.organisation_id is not None and regimes.party_kind(actor.organisation_id) in parties.PUBLIC
    return (("recipients",) if actor.has("recipient") else ()) + (("public",) if public else ())


def matching(filters: Filters, asked: Asked) -> list[Criterion]:
    """Criteria on groups: every filter, and what was understood of the text where no filter says it."""
    said: list[Criterion] = []
    if kinds := (filters.kind,) if filters.kind else asked.kinds:
        said.append(one_of("kind", kinds))
    if least := filters.units or asked.units:
        said.append(Criterion(compared("units", ">="), (least,)))
    said += _sizes(filters, asked)
    if filters.brand:
        said.append(Criterion(_branded, (filters.brand.lower(),)))
    if classes := ((filters.cpu.lower(),) if filters.cpu else asked.cpu):
        said.append(one_of("cpu_class", classes))
    if grade := filters.grade or asked.grade:
        said.append(Criterion(compared("grade", "<="), (grade,)))
    if regime := filters.regime:
        said.append(Criterion(compared("regime", "="), (regime,)))
    if filters.windows_11 or asked.windows_11:
        said.append(Criterion(compared("windows_11", "="), ("yes",)))
    if system := filters.os:
        said.append(Criterion(_bare) if system == "none" else Criterion(_runs, _systems(system)))
    elif asked.os:  # a text may hope: what is known to be another system is left out
        said.append(Criterion(_may_run, _systems(asked.os)))
    if filters.charger or asked.charger:
        said.append(Criterion(compared("charger", "="), ("yes",)))
    if months := filters.warranty or asked.warranty:
        said.append(Criterion(compared("warranty_months", ">="), (months,)))
    said += priced(filters, asked)
    return said + [Criterion(_says, _alternatives(word)) for word in asked.words]


def _branded(name: str) -> Column:
    return sa.func.lower(TABLE.c.maker) == sa.bindparam(name, type_=sa.String)


def _systems(system: str) -> tuple[str, ...]:
    return tuple(holding(part) for part in lexicon.SYSTEMS.get(system, (system,)))


def _bare() -> Column:
    return sa.and_(TABLE.c.os.is_(None), TABLE.c.kind.in_(sorted(systems.ON_MEDIA)))


def _runs(*parts: str) -> Column:
    return any_like(sa.func.lower(TABLE.c.os), parts)


def _may_run(*parts: str) -> Column:
    return sa.or_(TABLE.c.os.is_(None), _runs(*parts))


def _alternatives(word: str) -> tuple[str, ...]:
    return tuple(holding(f" {one}") for one in word.split(lexicon.ALTERNATIVES))


def _says(*parts: str) -> Column:
    """Groups whose text has a word that begins like this one, or like one of its alternatives."""
    return any_like(TABLE.c.search, parts)


def _sizes(filters: Filters, asked: Asked) -> list[Criterion]:
    storage = _as_sold(Range(low=filters.storage_gb) if filters.storage_gb else asked.storage)
    said = [
        *_within("ram_gb", Range(low=filters.ram_gb) if filters.ram_gb else asked.ram),
        *_within("storage_gb", storage),
        *_within("cpu_generation", asked.generation),
        *_within("least_battery", Range(low=filters.battery) if filters.battery else asked.battery),
    ]
    screen = Range(nominal=filters.screen * 10) if filters.screen else asked.screen
    return said if screen is None else said + _screens(screen)


def _as_sold(said: Range | None) -> Range | None:
    """240 and 250 GB are sold as 256, 480 and 500 as 512."""
    if said is None:
        return None
    sold = {120: 128, 240: 256, 250: 256, 480: 512, 500: 512, 960: 1000, 1024: 1000, 2048: 2000}
    return Range(*(sold.get(end or 0, end) for end in (said.low, said.high, said.nominal)))


def _within(name: str, said: Range | None) -> list[Criterion]:
    """A number said alone is the least: what has just that comes first (`penalty`)."""
    if said is None:
        return []
    low = said.low if said.low is not None else said.nominal
    found = [Criterion(compared(name, ">="), (low,))] if low is not None else []
    if said.high is not None:
        found += [Criterion(compared(name, "<="), (said.high,)), Criterion(compared(name, ">"), (0,))]
    return found


def _screens(said: Range) -> list[Criterion]:
    """As screens are sold: a portable of 15″ has 15.0 to 15.9, a display of 24″ has 23.5 to 24.5."""
    size = said.nominal
    if size is None:
        low = (said.low or 10) - 5 if (said.low or 0) >= 180 else said.low or 0
        high = said.high + (9 if said.high < 180 else 5) if said.high else 10_000
    elif size % 10:
        low = high = size
    else:
        low, high = (size, size + 9) if size < 180 else (size - 5, size + 5)
    name = "screen_tenths"
    return [Criterion(compared(name, ">="), (low,)), Criterion(compared(name, "<="), (high,))]


@cache
def _paid(sign: str) -> Make:
    """What a buyer pays for one, in cents, against a value: as `refurbishing.pricing.price`, in the database.

    With the rate of VAT in force on a day; where none is, as if it were 0.
    """

    def make(day: str, value: str) -> Column:
        cents: Column = TABLE.c.price_cents
        rate = sa.func.coalesce(rate_on(sa.bindparam(day, type_=sa.Date)), NONE)
        rounded = (cents * rate + sa.literal_column("500", sa.Integer)) // sa.literal_column(
            "1000", sa.Integer
        )
        paid = sa.case((TABLE.c.vat_scheme == sa.literal_column("'standard'"), cents + rounded), else_=cents)
        asked = sa.bindparam(value, type_=sa.BigInteger)
        return SIGNS[sign](paid, asked)

    return make


def priced(filters: Filters, asked: Asked) -> list[Criterion]:
    """The price asked for: VAT included unless the text says HT."""
    if filters.free or asked.free:
        return [Criterion(compared("price_cents", "="), (0,))]
    price = asked.price or Range()
    low = filters.least_cents if filters.least_cents is not None else price.low
    high = filters.most_cents if filters.most_cents is not None else price.high
    net = asked.net and filters.most_cents is None
    return [
        Criterion(compared("price_cents", sign), (cents,))
        if net
        else Criterion(_paid(sign), (clock.today(), cents))
        for sign, cents in ((">=", low), ("<=", high))
        if cents is not None
    ]


def _alike(asked: Asked) -> bool:
    """Whether the kinds understood are as good one as the other."""
    printers = asked.cheap and set(asked.kinds) <= {"printer", "multifunction"}
    return printers or set(asked.kinds) <= set(lexicon.COMPUTERS)


def penalty(filters: Filters, asked: Asked) -> list[Criterion]:
    """How far a group is from what was said, to be summed: 0 for just that; nothing where all are alike in this.

    The likeliest kind counts first, then the very sizes said.
    """
    parts: list[Criterion] = []
    if not filters.kind and len(asked.kinds) > 1 and not _alike(asked):
        parts.append(Criterion(_ranked, asked.kinds))
    sizes = (
        ("ram_gb", asked.ram),
        ("storage_gb", _as_sold(asked.storage)),
        ("cpu_generation", asked.generation),
    )
    parts += [Criterion(_other(name, 2), (said.nominal,)) for name, said in sizes if said and said.nominal]
    if asked.screen and asked.screen.nominal:
        parts.append(Criterion(_other("screen_tenths", 1), (asked.screen.nominal,)))
    parts += [Criterion(_silent, _alternatives(word)) for word in asked.hoped]
    return [*parts, Criterion(_unknown_system)] if asked.os and not filters.os else parts


def _ranked(*kinds: str) -> Column:
    ranks = [(compared("kind", "=")(kind), 16 * rank) for rank, kind in enumerate(kinds)]
    return sa.case(*ranks, else_=16 * len(ranks))


@cache
def _other(name: str, weight: int) -> Make:
    return lambda nominal: sa.case((compared(name, "=")(nominal), 0), else_=weight)


def _silent(*parts: str) -> Column:
    return sa.case((_says(*parts), 0), else_=1)


def _unknown_system() -> Column:
    return sa.case((TABLE.c.os.is_(None), 4), else_=0)
