"""Where a holder's devices may go: every outlet judged for these devices, and advice on their age.

A read: nothing is decided here. The law is asked of `regimes`; the advice on age is State practice, dated rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from reuse_market.fleets.decisions import not_departed
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.law import TAKERS
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question, Refused
from reuse_market.units.models import Unit

AGES = ("young", "middle", "old", "unknown")
HERE = ("in_use", "discarded")
MOST = 10_000
ACTS = {"sale": "publish", "take_back": "take_back"}  # the others are awards
OUTLETS = ("transfer", "gift", "staff", "sale", "take_back")


@dataclass(frozen=True, slots=True)
class Group:
    """Devices alike for the law: kind, estimated value of one (cents TTC, None: not known); how many."""

    kind: str
    value_cents: int | None
    units: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which devices are asked about: those of a draft (`lot`), or chosen ones of the fleet (`unit_ids`)."""

    holder_id: int
    lot: Lot | None
    unit_ids: tuple[int, ...]
    groups: tuple[Group, ...]
    ages: dict[str, int]  # AGES → devices

    @property
    def units(self) -> int:
        """How many devices."""
        return sum(group.units for group in self.groups)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One way out, for one kind of taker. `regime` is "" when it is no regime of a lot.

    `allowed`: devices that may go this way; `refused`: (why, devices), most first; `permission` has the
    article and the papers, None when nothing may.
    """

    code: str  # OUTLETS
    party: str
    regime: str
    permission: Allowed | None
    allowed: int
    refused: tuple[tuple[Refused, int], ...]

    @property
    def said(self) -> str:
        """What tells two answers apart."""
        yes = self.permission
        whys = [(why.code, why.article, why.instead, str(why.params), units) for why, units in self.refused]
        return f"{self.allowed} {yes and (yes.article, yes.documents, yes.cap_cents)} {whys}"

    @property
    def needs_value(self) -> bool:
        """Whether an estimated value would change the answer."""
        return any(why.code == "value_unknown" for why, _units in self.refused)


@dataclass(frozen=True, slots=True)
class Destinations:
    """Every outlet of a selection. `public`: its holder is a public person (REEN's ten years concern it)."""

    selection: Selection
    giver: str
    public: bool
    outlets: tuple[Outlet, ...]

    def sections(self) -> list[tuple[str, list[tuple[list[str], Outlet]]]]:
        """(outlet code, its answers): takers of whom the law says the same share one; in their order.

        No taker is named where all get the same refusal.
        """
        found = []
        for code in OUTLETS:
            alike: dict[str, tuple[list[str], Outlet]] = {}
            for row in (outlet for outlet in self.outlets if outlet.code == code):
                alike.setdefault(row.said, ([], row))[0].append(row.party)
            rows = list(alike.values())
            if len(rows) == 1 and not (rows[0][1].allowed or rows[0][1].needs_value):
                rows = [([], rows[0][1])]
            found.append((code, rows))
        return found


def of_draft(lot: Lot) -> Selection:
    """The devices of a draft, with its lines' values; NotFound is the caller's to raise."""
    lines = session().scalars(sa.select(LotLine).where(LotLine.lot_id == lot.id)).all()
    items = (
        sa.select(Unit.bought_on)
        .join(LotItem, LotItem.unit_id == Unit.id)
        .join(LotLine, LotLine.id == LotItem.line_id)
        .where(LotLine.lot_id == lot.id)
    )
    days = list(session().scalars(items))
    groups = _merged(Group(line.kind, line.value_cents, line.declared) for line in lines)
    counted = sum(line.declared for line in lines) - len(days)
    ages = _ages([*days, *[None] * counted])
    return Selection(lot.holder_id, lot, (), groups, ages)


def of_fleet(holder_id: int, unit_ids: Sequence[int] | None) -> Selection:
    """Chosen devices of the fleet, in use or discarded; None: all the discarded ones. Their value is not known.

    Refused: Invalid for none or more than 10,000, NotFound for devices that are not in the fleet.
    """
    mine = sa.select(Unit.id, Unit.kind, Unit.bought_on).where(Unit.owner_id == holder_id, not_departed())
    if unit_ids is None:
        mine = mine.where(Unit.state == "discarded").limit(MOST)
    else:
        wanted = sorted(set(unit_ids))
        if not 1 <= len(wanted) <= MOST:
            raise Invalid(N_("Tick at least one device."), field="units")
        mine = mine.where(Unit.id.in_(wanted), Unit.state.in_(HERE))
    rows = session().execute(mine.order_by(Unit.id)).all()
    if unit_ids is not None and len(rows) != len(wanted):
        raise NotFound(N_("Some of these devices are not in your fleet."))
    groups = _merged(Group(row.kind, None, 1) for row in rows)
    return Selection(
        holder_id, None, tuple(row.id for row in rows), groups, _ages([r.bought_on for r in rows])
    )


def destinations(selection: Selection, only: str = "") -> Destinations:
    """Each outlet (or `only` that one), allowed or refused, in a constant number of statements.

    A regime the holder may not publish under is refused as such, whoever would take the devices.
    """
    giver = regimes.party_kind(selection.holder_id)
    told: dict[Outlet, list[tuple[Allowed | Refused, int]]] = {}
    for way, group, answer in _asked(giver, selection.groups, only):
        told.setdefault(way, []).append((answer, group.units))
    public = giver in parties.PUBLIC
    return Destinations(selection, giver, public, tuple(_judged(way, told[way]) for way in told))


def open_outlets(holder_id: int, groups: Sequence[Group]) -> dict[tuple[str, int | None], frozenset[str]]:
    """(kind, value) → the outlets (OUTLETS) that the law lets somebody take, or would once a value is known."""
    found: dict[tuple[str, int | None], set[str]] = {(one.kind, one.value_cents): set() for one in groups}
    for way, group, answer in _asked(regimes.party_kind(holder_id), groups):
        if isinstance(answer, Allowed) or answer.code == "value_unknown":
            found[group.kind, group.value_cents].add(way.code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _asked(
    giver: str, groups: Sequence[Group], only: str = ""
) -> Iterator[tuple[Outlet, Group, Allowed | Refused]]:
    """What the law answers for each way out of each group, in a constant number of statements."""
    today = clock.today()
    ways = [way for way in _ways(giver in parties.PUBLIC) if only in ("", way.code)]
    cases = [(way, group) for way in ways for group in groups]
    first = [  # the regime itself, whatever a device is worth
        Question(way.regime, giver, giver, parties.ANYONE, "publish", today, kind=group.kind, value_cents=0)
        for way, group in cases
    ]
    then = [
        Question(way.regime, giver, giver, way.party, ACTS.get(way.code, "award"), today, kind=group.kind,
                 price_cents=_price(way.regime), value_cents=group.value_cents)
        for way, group in cases
    ]  # fmt: skip
    for (way, group), whole, own in zip(cases, regimes.ask_each(first), regimes.ask_each(then), strict=True):
        yield way, group, whole if isinstance(whole, Refused) and way.code != "take_back" else own


def _ways(public: bool) -> list[Outlet]:
    """Every outlet, in the order State practice considers them."""
    free = "free_transfer" if public else "gift"
    receivers = (*parties.PRIVATE, "teaching_body") if public else TAKERS
    return [
        *(_way("transfer", kind, "public_transfer") for kind in parties.PUBLIC),
        *(_way("gift", kind, free) for kind in receivers),
        _way("staff", "staff", free),
        _way("sale", parties.ANYONE, "sale"),
        _way("take_back", "producer_scheme", "sale"),
    ]


def _way(code: str, party: str, regime: str) -> Outlet:
    return Outlet(code, party, regime, None, 0, ())


def _price(regime: str) -> int | None:
    return None if regime == "sale" else 0


def _judged(way: Outlet, told: list[tuple[Allowed | Refused, int]]) -> Outlet:
    """The outlet with what was answered for each group."""
    permission = next((answer for answer, _units in told if isinstance(answer, Allowed)), None)
    refused: dict[str, tuple[Refused, int]] = {}
    for answer, units in told:
        if isinstance(answer, Refused):
            key = f"{answer.code} {answer.article} {answer.params}"
            refused[key] = (answer, refused.get(key, (answer, 0))[1] + units)
    return replace(
        way,
        regime="" if way.code in ("staff", "take_back") else way.regime,
        permission=permission,
        allowed=sum(units for answer, units in told if isinstance(answer, Allowed)),
        refused=tuple(sorted(refused.values(), key=lambda pair: -pair[1])),
    )


def _merged(groups: Iterable[Group]) -> tuple[Group, ...]:
    counts: dict[tuple[str, int | None], int] = {}
    for group in groups:
        key = (group.kind, group.value_cents)
        counts[key] = counts.get(key, 0) + group.units
    return tuple(Group(kind, value, units) for (kind, value), units in sorted(counts.items(), key=str))


def _ages(days: Sequence[date | None]) -> dict[str, int]:
    """AGES → how many, each band there even at 0."""
    counts, band = dict.fromkeys(AGES, 0), bands()
    for day in days:
        counts[band(day)] += 1
    return counts


def bands() -> Callable[[date | None], str]:
    """Which of AGES a day of purchase falls in today, by the thresholds in force."""
    today = clock.today()
    young, old = delay_days("advice.sell-under", today), delay_days("advice.recycle-over", today)
    return lambda day: _band(day, today, young, old)


def _band(bought_on: date | None, today: date, young: int, old: int) -> str:
    """State practice: under 5 years sell, from 5 to 10 transfer or give, over 10 recycle."""
    if bought_on is None:
        return "unknown"
    days = (today - bought_on).days
    return "young" if days < young else "old" if days > old else "middle"
