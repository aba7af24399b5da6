"""Which events' texts a reader gets in a proof file. The others stay fingerprints: proven, not told.

An event's bytes cannot be cut without breaking its hash, so it is told whole or not at all (docs/adr/0020).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import OrganisationRole
from reuse_market.accounts.policy import oversees
from reuse_market.claims import queries as claims
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.proofs.proving import Reads, everything
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import Event

# Names under which an event says an organisation.
PARTIES = frozenset({
    "owner", "custodian", "party", "organisation", "receiver", "sender", "seller", "buyer", "carrier",
    "beneficiary", "winner", "holder", "prescriber", "from", "to",
})  # fmt: skip
# What the public may read of a device: what was done to it in the workshop, no price, no other organisation.
WORKSHOP = frozenset({
    "workshop.received", "unit.tested", "media.erased", "unit.ready", "unit.dismantled", "unit.waste-declared",
    "waste.removed",
})  # fmt: skip


def lot_of(reference: str, actor: Actor) -> Lot:
    """A published lot whose journal this actor may take; NotFound otherwise, as for one that does not exist."""
    lot = lots.seen(reference, actor)
    if lot.published_at is None or not lots.may_see_place(lot, actor):
        raise NotFound(N_("This lot does not exist."))
    return lot


def of_lot(lot: Lot, actor: Actor) -> Reads:
    """Overseers read all; the holder what names it, its takers and the operator; a taker what names itself, the
    holder and the operator. Nobody but who acted reads prices: not a rival's, nor to whom it sells."""
    if oversees(actor):
        return everything
    views = claims.of_lot(lot.id)
    mine = actor.is_org(lot.holder_id)
    known = {actor.organisation_id, lot.holder_id, *operators()}
    if mine:
        known |= {view.organisation_id for view in views}
    claimed = None if mine else {v.reference for v in views if actor.is_org(v.organisation_id)}

    def reads(event: Event) -> bool:
        body = journal.body(event)
        if actor.is_org(event.organisation_id or 0):
            return True
        if named(body) - known or priced(body):
            return False
        return claimed is None or set(_said(body["facts"], "claim")) <= claimed

    return reads


def public(event: Event) -> bool:
    """What anybody who holds the device may read: the acts of its workshop."""
    body = journal.body(event)
    return event.type in WORKSHOP and not priced(body) and named(body) <= {event.organisation_id}


def named(body: dict[str, Any]) -> set[int]:
    """The organisations an event names, anywhere in it."""
    return {n for name, n in _walked(body) if name in PARTIES and isinstance(n, int)}


def priced(body: dict[str, Any]) -> bool:
    """Whether an event says an amount."""
    return any("cents" in name or "price" in name for name, value in _walked(body) if value is not None)


def operators() -> set[int]:
    """The organisations that operate the platform: their part is no secret."""
    statement = sa.select(OrganisationRole.organisation_id).where(
        OrganisationRole.role.in_(("operator", "administrator"))
    )
    return set(session().scalars(statement))


def _said(facts: dict[str, Any], name: str) -> list[str]:
    return [value for key, value in _walked(facts) if key == name and isinstance(value, str)]


def _walked(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every (name, value) of a payload, lists under the name they stand in."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walked(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _walked(inner, name)
    else:
        yield name, value
