"""How units come to be held: which ones, in what order rows are locked, and what is written.

One way for all: a reservation, several in one go, a unit that the waiting list offers. Heads are locked in the
order of their sellers' ids, then units by id, then streams by name: rivals wait for each other, and never in a ring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue import taking
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.statements import insert
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.law import Origin
from reuse_market.reservations import acting, law
from reuse_market.reservations.fairness import opening
from reuse_market.reservations.fairness import services as fairness
from reuse_market.reservations.models import Reservation
from reuse_market.traceability import journal
from reuse_market.units import services as unit_services
from reuse_market.units.policy import UnitsAtStake
from reuse_market.units.services import Move, Opening

MOST = 500
DELIVERIES = ("collect", "deliver", "carrier")
GONE = N_(
    "These devices are no longer available. Look for others in the catalogue, or join the waiting list for such"
    " devices."
)


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
    found = taking.stock(group_key, actor)
    if found.group is None:
        if found.left:
            opening.require_open(group_key)
        if found.left is not None:
            raise gone()
        raise NotFound(GONE, code="group-unknown")
    if actor.is_org(found.group.seller_id):
        raise Invalid(N_("These devices are yours already."), field="units")
    return found.group


def require_left(group_key: str) -> None:
    """Conflict when the last unit of a group is gone. A look, without a lock: `pick` decides."""
    if none_left(group_key):
        raise gone()


def none_left(group_key: str) -> bool:
    """Whether the last unit of a group that there was is gone: a look, without a lock."""
    return taking.left(group_key) == 0


def gone() -> Conflict:
    """What who comes too late is told."""
    return Conflict(GONE, code="group-gone")


def pick(part: Part) -> list[Picked]:
    """Units of the part, locked until commit. Conflict when fewer are left than asked (says how many)."""
    found = taking.ready(part.group, part.count)
    if len(found) < part.count:
        raise Conflict(
            N_("Only %(left)s are left. Change the number, then reserve again."),
            code="too-few",
            left=len(found),
        )
    return [Picked(*row) for row in found]


def facts(ids: Sequence[int]) -> list[Picked]:
    """What is asked of these units, in their order; one statement."""
    return [Picked(*row) for row in taking.facts(list(ids))]


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
    return insert(Reservation(
        reference=next_reference("RES"), state="placed", beneficiary_id=actor.organisation_id,
        seller_id=group.seller_id, group_key=group.key, units=part.count, price_cents=group.price_cents,
        vat_scheme=group.vat_scheme, placed_at=clock.now(), act=allowed.act, **values,
    ))  # fmt: skip


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
