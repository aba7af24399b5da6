"""What a stop asks of a vehicle, read from its pick-up: place, slot, devices, weight, access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.collection.models import Pickup
from reuse_market.collection.round_models import Round, RoundStop
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.places.geo import Point
from reuse_market.units.models import Engagement, Unit

STOP_MINUTES, DEVICE_MINUTES = 12_000, 500  # thousandths, where no row is in force
OPEN_PICKUPS = ("proposed", "countered", "agreed")
FETCHED = "fetched"  # dropped off or by carrier: nobody drives there
OPEN_ROUNDS = ("draft", "planned", "under_way")


@dataclass(frozen=True, slots=True)
class Load:
    """A pick-up as a round sees it. `grams` is None when the mass of one of its kinds is not known."""

    pickup: Pickup
    lot_reference: str
    lot_title: str
    holder: str
    site: Site | None
    kinds: dict[str, int]
    grams: int | None
    service: int  # seconds on the spot

    @property
    def units(self) -> int:
        """Devices to load."""
        return sum(self.kinds.values())

    @property
    def point(self) -> Point | None:
        """Where the site lies, as far as known."""
        return point_of(self.site)


def point_of(site: Site | None) -> Point | None:
    """Where a site lies; None when it is not known."""
    if site is None or site.latitude is None or site.longitude is None:
        return None
    return Point(site.latitude, site.longitude)


def seconds(time: str) -> int:
    """Seconds of the day of "09:30"."""
    hour, minute = time.split(":")
    return int(hour) * 3600 + int(minute) * 60


def hour(of_day: int) -> str:
    """ "09:30" of seconds of the day, rounded up to the minute; at most 23:59."""
    minutes = min(-(-of_day // 60), 24 * 60 - 1)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def loads(pickup_ids: Sequence[int]) -> dict[int, Load]:
    """Loads by pick-up id, in a constant number of statements."""
    rows = session().execute(
        sa.select(Pickup, Lot.reference, Lot.title, Site)
        .join(Lot, Lot.id == Pickup.lot_id)
        .outerjoin(Site, Site.id == Pickup.site_id)
        .where(Pickup.id.in_(pickup_ids))
    ).all()  # fmt: skip
    names = accounts.names([row[0].holder_id for row in rows])
    kinds = _kinds([row[0].reference for row in rows])
    masses = {code: row.mass_g for code, row in equipment.masses().items()}
    found = {}
    for pickup, lot, title, site in rows:
        counted = kinds.get(pickup.reference, {})
        known = all(kind in masses for kind in counted)
        grams = sum(masses[kind] * count for kind, count in counted.items()) if known else None
        holder = names.get(pickup.holder_id, "")
        found[pickup.id] = Load(pickup, lot, title, holder, site, counted, grams, _service(counted))
    return found


def stops_of(round_id: int) -> list[RoundStop]:
    """The stops of a round in the order driven."""
    statement = (
        sa.select(RoundStop).where(RoundStop.round_id == round_id).order_by(RoundStop.position, RoundStop.id)
    )
    return list(session().scalars(statement))


def candidates(organisation_id: int) -> list[Load]:
    """Pick-ups to come of an actor that no open round holds, by day and hour."""
    held = sa.exists().where(
        RoundStop.pickup_id == Pickup.id, RoundStop.round_id == Round.id, Round.state.in_(OPEN_ROUNDS)
    )
    ids = session().scalars(
        sa.select(Pickup.id)
        .where(Pickup.actor_id == organisation_id, Pickup.state.in_(OPEN_PICKUPS), ~held)
        .where(sa.func.coalesce(Pickup.arrival, FETCHED) == FETCHED)
        .where(Pickup.day >= clock.today())
        .order_by(Pickup.day, Pickup.from_time, Pickup.id)
        .limit(300)
    )  # fmt: skip
    wanted = list(ids)
    found = loads(wanted)
    return [found[pickup_id] for pickup_id in wanted]


def open_round_of(pickup_id: int) -> Round | None:
    """The open round a pick-up is on, or None."""
    statement = (
        sa.select(Round)
        .join(RoundStop, RoundStop.round_id == Round.id)
        .where(RoundStop.pickup_id == pickup_id, Round.state.in_(OPEN_ROUNDS))
    )
    return session().scalars(statement.order_by(Round.id)).first()


def _service(kinds: dict[str, int]) -> int:
    stop = rate_per_mille("round.stop")
    device = rate_per_mille("round.device")
    minutes = (STOP_MINUTES if stop is None else stop) + sum(kinds.values()) * (
        DEVICE_MINUTES if device is None else device
    )
    return minutes * 60 // 1000


def _kinds(references: Sequence[str]) -> dict[str, dict[str, int]]:
    statement = (
        sa.select(Engagement.reference, Unit.kind, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == "pickup", Engagement.reference.in_(references))
        .group_by(Engagement.reference, Unit.kind)
        .order_by(Engagement.reference, Unit.kind)
    )
    found: dict[str, dict[str, int]] = {}
    for reference, kind, count in session().execute(statement):
        found.setdefault(reference, {})[kind] = count
    return found
