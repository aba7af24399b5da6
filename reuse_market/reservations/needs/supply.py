"""What there is for a need: ready groups, units in workshops, planned lots, the public forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.pricing import Price
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot, LotLine
from reuse_market.refurbishing.law import origins
from reuse_market.regimes.cases import Refused
from reuse_market.reservations import law
from reuse_market.reservations.needs.matching import Supply
from reuse_market.reservations.needs.need_models import Need
from reuse_market.reservations.queries import HeldUnit
from reuse_market.units.models import Unit

Coming = tuple[date, int, bool]  # first day of a quarter, devices expected, whether renewals were announced
MOST_GROUPS = 12  # the law is asked of each: eight statements
IN_WORK = ("collected", "in_workshop")
_forecast: list[Callable[[str], Sequence[Coming]]] = []


def forecast_by(reader: Callable[[str], Sequence[Coming]]) -> None:
    """Say who tells what the territory expects of a kind, as it may be published: a room above does."""
    _forecast[:] = [reader]


def of(need: Need, *, seller_id: int | None = None, most: int = MOST_GROUPS) -> list[Supply]:
    """What there is of the need's kind that its structure may see, by source; of one seller alone if told."""
    party = asker(need)
    theirs = [*_ready(need, party, seller_id, most), *_workshop(need, party, seller_id, most)]
    return theirs if seller_id is not None else [*theirs, *_planned(need), *_coming(need)]


def asker(need: Need) -> Actor:
    """The structure as the shop window sees it; a need of nobody yet is read as an association's."""
    if need.organisation_id is None:
        return Actor(roles=frozenset({"recipient"}), via="system")
    roles = frozenset(accounts.roles_of(need.organisation_id))
    return Actor(organisation_id=need.organisation_id, roles=roles, via="system")


def _ready(need: Need, party: Actor, seller_id: int | None, most: int) -> list[Supply]:
    window = catalogue.groups(Filters(kind=need.kind), party)
    keys = [one.key for one in window if _may_come(one.seller_id, need, seller_id)][:most]
    return [found for key in keys if (found := of_group(key, party)) is not None]


def of_group(key: str, party: Actor) -> Supply | None:
    """What is ready of one identical group, as this structure sees it; None when nothing is."""
    one = catalogue.group(key, party)
    if one is None or not one.samples:
        return None
    return Supply(
        "ready", one.key, one.kind, one.units, one.seller_id, one.seller, one.commune, one.ram_mb,
        one.storage_mb, one.screen_tenths, one.price.gross_cents,
        refused=_law(one.samples, one.seller_id, party, one.price),
        name=f"{one.maker} {one.model}".strip(),
    )  # fmt: skip


def of_unit(held: HeldUnit, key: str, seller_id: int, party: Actor, price: Price) -> Supply:
    """One device as it would be proposed to this structure if it were ready again."""
    return Supply(
        "ready", key, held.kind, 1, seller_id, ram_mb=held.ram_mb, storage_mb=held.storage_mb,
        screen_tenths=held.screen_tenths, price_cents=price.gross_cents,
        refused=_law([held.unit_id], seller_id, party, price),
    )  # fmt: skip


def _may_come(seller: int, need: Need, asked: int | None) -> bool:
    """Nobody is proposed its own devices; of one seller alone when told."""
    return seller != need.organisation_id and asked in (None, seller)


def _workshop(need: Need, party: Actor, seller_id: int | None, most: int) -> list[Supply]:
    """Units in work by workshop, regime and size; expected after the dated delay of a workshop."""
    columns = (Unit.custodian_id, Unit.regime, Unit.ram_mb, Unit.storage_mb, Unit.screen_tenths)
    statement = (
        sa.select(*columns, sa.func.count(), sa.func.min(Unit.id))
        .where(
            Unit.kind == need.kind, Unit.state.in_(IN_WORK), Unit.custodian_id.in_(accounts.verified_ids())
        )
        .group_by(*columns)
        .order_by(sa.func.count().desc(), sa.func.min(Unit.id))
        .limit(most)
    )
    if seller_id is not None:
        statement = statement.where(Unit.custodian_id == seller_id)
    rows = session().execute(statement).all()
    names = accounts.names({row[0] for row in rows})
    day = clock.in_days(delay_days("need.workshop"))
    return [
        Supply(
            "workshop", f"workshop-{seller}-{sample}", need.kind, count, seller, names.get(seller, ""),
            _commune(seller), ram, storage, screen, expected_on=day,
            refused=_law([sample], seller, party, _least(need)),
        )
        for seller, _regime, ram, storage, screen, count, sample in rows
    ]  # fmt: skip


def _planned(need: Need) -> list[Supply]:
    statement = (
        sa.select(Lot.reference, Lot.expected_month, Site.commune_name, sa.func.sum(LotLine.declared))
        .join(LotLine, LotLine.lot_id == Lot.id)
        .join(Site, Site.id == Lot.site_id)
        .where(Lot.state == "planned", LotLine.kind == need.kind, Lot.expected_month.is_not(None),
               Lot.holder_id.in_(accounts.verified_ids()))
        .group_by(Lot.reference, Lot.expected_month, Site.commune_name)
        .order_by(Lot.expected_month, Lot.reference)
        .limit(MOST_GROUPS)
    )  # fmt: skip
    after = timedelta(days=delay_days("need.workshop"))
    return [
        Supply(
            "planned",
            reference,
            need.kind,
            int(units),
            place=commune,
            expected_on=(month or clock.today()) + after,
        )
        for reference, month, commune, units in session().execute(statement)
    ]


def _coming(need: Need) -> list[Supply]:
    after = timedelta(days=delay_days("need.workshop"))
    return [
        Supply(
            "forecast",
            f"{quarter}-announced" if announced else quarter.isoformat(),
            need.kind,
            units,
            expected_on=quarter + after,
            announced=announced,
        )
        for reader in _forecast
        for quarter, units, announced in reader(need.kind)
    ]


def _law(
    samples: Sequence[int], seller_id: int, party: Actor, price: Price
) -> tuple[str, str, dict[str, object], tuple[str, ...]] | None:
    """What the law says against it, or None: it allows, or nobody is named yet."""
    if party.organisation_id is None:
        return None
    answer = law.ask(origins(samples), seller_id, party.organisation_id, price)
    if not isinstance(answer, Refused):
        return None
    return answer.article, answer.reason, dict(answer.params), answer.instead


def _least(need: Need) -> Price:
    """The price a device in work is judged at: what the structure would pay, free when it said nothing."""
    cents = need.max_price_cents or 0
    return Price(cents, cents, "exempt")


def _commune(organisation_id: int) -> str:
    site = accounts.base_site(organisation_id)
    return site.commune_name if site else ""
