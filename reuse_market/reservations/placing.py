"""How units come to be held: which ones, in what order rows are locked, and what is written.

One way for all: a reservation, several in one go, a unit that the waiting list offers. Heads are locked in the
order of their sellers' ids, then units by id, then streams by name: rivals wait for each other, and never in a ring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.law import Origin
from reuse_market.refurbishing.models import OfferGroup
from reuse_market.reservations import acting, law
from reuse_market.reservations.fairness import opening
from reuse_market.reservations.fairness import services as fairness
from reuse_market.reservations.models import Reservation
from reuse_market.traceability import journal
from reuse_market.units import services as unit_services
from reuse_market.units.models import Unit
from reuse_market.units.policy import UnitsAtStake
from reuse_market.units.services import Move, Opening

MOST = 500
DELIVERIES = ("collect", "deliver", "carrier")
GONE = N_("These devices are no longer available.")


class Picked(NamedTuple):
    """A unit about to be held, and all that the law, the life-cycle and the journal ask of it."""

    id: int
    stream: str
    kind: str
    regime: str | None
    owner_id: int
    custodian_id: int
    holder_id: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of an identical group."""

    group: catalogue.Group
    count: int


def check(count: int, delivery: str) -> None:
    """Invalid for a number outside 1–500 or an unknown way to get the units."""
    if not 1 <= count <= MOST:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=MOST)
    if delivery not in DELIVERIES:
        raise Invalid(N_("Choose an answer."), field="delivery")


def reservable(group_key: str, actor: Actor) -> catalogue.Group:
    """The group as open to this actor, as stored: `pick` counts, under a lock.

    Conflict when the last one is gone; NotFound where there never was one; Invalid when it is its own.
    """
    group = catalogue.stored(group_key, actor)
    if group is None:
        left = session().scalar(_LEFT, {"key": group_key})
        if left:
            opening.require_open(group_key)
        if left is not None:
            raise Conflict(GONE, code="group-gone")
        raise NotFound(GONE, code="group-unknown")
    if actor.is_org(group.seller_id):
        raise Invalid(N_("These devices are yours already."), field="units")
    return group


def require_left(group_key: str) -> None:
    """Conflict when the last unit of a group is gone. A look, without a lock: `pick` decides."""
    if session().scalar(_LEFT, {"key": group_key}) == 0:
        raise Conflict(GONE, code="group-gone")


def pick(part: Part) -> list[Picked]:
    """Units of the part, locked until commit. Conflict when fewer are left than asked (says how many)."""
    ids = catalogue.ready_ids(part.group, part.count)
    if len(ids) < part.count:
        raise Conflict(
            N_("Only %(left)s are left. Change the number, then reserve again."),
            code="too-few",
            left=len(ids),
        )
    return facts(ids)


def facts(ids: Sequence[int]) -> list[Picked]:
    """What is asked of these units, in their order; one statement."""
    return [Picked(*row) for row in session().execute(_FACTS, {"ids": list(ids)})]


def hold(parts: Sequence[Part], *, doing: journal.Act, common: Mapping[str, Any]) -> list[Reservation]:
    """A reservation for each part, of one act; the sellers' heads are locked (`acting.queue_up`).

    `common`: columns that all share (delivery, until, basket, …). Refused: Conflict when too few are left; Invalid
    with the article where the law says no, or where a structure would exceed its ceiling (fairness).
    """
    fairness.require_all_fair([(part.group, part.count) for part in parts], doing.actor)
    made = []
    for part in parts:
        chosen = pick(part)
        made.append((_reservation(part, chosen, doing.actor, common), chosen))
    by_stream: dict[str, list[tuple[Reservation, list[Picked]]]] = {}
    for found, chosen in made:
        for stream in {one.stream for one in chosen}:
            members = [one for one in chosen if one.stream == stream]
            by_stream.setdefault(stream, []).append((found, members))
    for stream in sorted(by_stream):
        for found, members in by_stream[stream]:
            _engage(found, members, stream, doing)
    return [found for found, _chosen in made]


def _reservation(
    part: Part, chosen: Sequence[Picked], actor: Actor, common: Mapping[str, Any]
) -> Reservation:
    group = part.group
    origins = {Origin(one.regime, one.holder_id, one.kind) for one in chosen}
    answer = law.ask(
        sorted(origins, key=lambda one: (one.kind, one.regime or "", one.holder_id or 0)),
        group.seller_id, actor.organisation_id, group.price,
    )  # fmt: skip
    allowed = law.allowed(answer, "units")
    values = {"until": clock.in_days(delay_days("reservation.hold"))} | dict(common)
    made = Reservation(
        reference=next_reference("RES"), state="placed", beneficiary_id=actor.organisation_id,
        seller_id=group.seller_id, group_key=group.key, units=part.count, price_cents=group.price_cents,
        vat_scheme=group.vat_scheme, placed_at=clock.now(), act=allowed.act, **values,
    )  # fmt: skip
    session().add(made)
    return made


def _engage(found: Reservation, members: Sequence[Picked], stream: str, doing: journal.Act) -> None:
    party = found.beneficiary_id
    move = Move("hold", party_id=party, opens=(Opening("hold", found.reference, party),))
    stakes = {(one.owner_id, one.custodian_id) for one in members}
    stake = UnitsAtStake(*stakes.pop()) if len(stakes) == 1 else None
    unit_services.act(
        move, [one.id for one in members], doing=doing, stream=stream, stake=stake, here=True,
        facts={"reservation": found.reference},
    )  # fmt: skip


def queue_up(parts: Sequence[Part]) -> None:
    """Lock the heads of these parts' sellers, in the order of their ids."""
    for seller_id in sorted({part.group.seller_id for part in parts}):
        acting.queue_up(seller_id)


_LEFT = (  # the most that one of its stored rows has; NULL where there is none
    sa.select(sa.func.max(OfferGroup.units))
    .join(Organisation, Organisation.id == OfferGroup.seller_id)
    .where(OfferGroup.key == sa.bindparam("key"), Organisation.state == "verified")
)
_FACTS = (
    sa.select(Unit.id, Unit.stream, Unit.kind, Unit.regime, Unit.owner_id, Unit.custodian_id, Lot.holder_id)
    .outerjoin(Lot, Lot.reference == sa.func.substr(Unit.stream, 5))  # after "lot/"
    .where(Unit.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(Unit.id)
)
