"""Devices that go straight to who will use them: a lot the holder erases itself, its proofs, its takers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.claims import services as claims
from reuse_market.claims.models import Claim
from reuse_market.erasure import services as erasure
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.lots.queries import left_by_line, lines
from reuse_market.regimes import services as regimes
from tests.support import world as build
from tests.support.world import Party, World, decided

FREE = {"price_kind": "free", "erased_by": "holder"}


def town(world: World, name: str = "Commune qui reçoit") -> Party:
    """A local authority that buys and takes, without a fleet here."""
    return world.party(
        name, "obliged_buyer", legal_kind="local_authority", commune="Gières", postcode="38610"
    )


def qualified(world: World, party: Party, kind: str) -> Party:
    """The same party, with its standing before the law proven."""
    regimes.qualify(party.organisation_id, kind, evidence="Décret de l’essai", actor=world.operator().actor)
    return party


def lot_as_is(
    holder: Party, regime: str, *, numbered: int = 2, counted: int = 1, value_cents: int | None = 120_00,
    **changes: Any,
) -> Lot:  # fmt: skip
    """A published lot whose holder erases the data itself, its devices valued at 120 euros each."""
    lot = lots.draft_lot(actor=holder.actor, title="Portables et écrans")
    if numbered:
        ids = build.fleet(holder, numbered, prefix=f"{lot.id}-D")
        lots.add_units(lot.id, ids, actor=holder.actor)
    if counted:
        lots.add_counted_line(lot.id, actor=holder.actor, kind="monitor", units=counted, label="Écrans")
    if value_cents is not None:
        numbers = [line.number for line in lines(lot.id)]
        lots.value_lines(
            lot.id, numbers, value_cents=value_cents, value_how="market_price", actor=holder.actor
        )
    terms = build.conditions(holder, regime=regime, **(FREE | changes))
    lots.set_conditions(lot.id, terms, actor=holder.actor)
    return lots.publish_lot(lot.id, actor=holder.actor, decision=decided())


def claim_as_is(lot: Lot, taker: Party, wanted: dict[int, int] | None = None, **given: Any) -> Claim:
    """Asked for its own use, free of charge, everything ticked, unless said otherwise."""
    values: dict[str, Any] = {"proposal": "free", "capacity": "recipient", "undertaken": True} | given
    return claims.submit_claim(
        lot.reference, wanted or left_by_line(lot.reference), actor=taker.actor, **values
    )


def prove(holder: Party, unit_ids: Sequence[int]) -> None:
    """The holder's own proof for each: opened, no storage medium inside."""
    for unit_id in unit_ids:
        erasure.count_media(unit_id, (), "opened", actor=holder.actor)
