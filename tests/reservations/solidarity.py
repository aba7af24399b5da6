"""Sellers, buyers and vouchers of a solidarity sale, made by the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.regimes import services as regimes
from reuse_market.reservations import vouchers
from reuse_market.reservations.models import OrientationVoucher
from tests.support.world import Party, World, ready_units

EVIDENCE = "statuts et rescrit du 3 mai 2024"


def qualified(world: World, party: Party, kind: str) -> Party:
    """The party with evidence of what it is before the law."""
    regimes.qualify(party.organisation_id, kind, evidence=EVIDENCE, actor=world.operator().actor)
    return party


def seller(world: World, kind: str = "association_rig") -> Party:
    """A reuse actor of this legal standing."""
    legal = "company" if kind == "company" else "association"
    made = world.party(
        f"Vendeur {kind}", "reuse_actor", legal_kind=legal, commune="Grenoble", postcode="38000"
    )
    return qualified(world, made, kind)


def given(world: World, to: Party, number: int = 1, **terms: Any) -> list[int]:
    """Ready units that a commune gave free of charge."""
    stream = terms.pop("stream", f"lot/LOT-2026-8{to.organisation_id:03d}")
    return ready_units(
        to, number, holder=world.public_holder(), regime="free_transfer", stream=stream, **terms
    )


def voucher(
    by: Party, *, days: int = 30, kind: str | None = None, cap_cents: int | None = None
) -> OrientationVoucher:
    """A voucher good for so many days."""
    ends_on = clock.today() + timedelta(days=days)
    return vouchers.issue_voucher(ends_on, actor=by.actor, kind=kind, cap_cents=cap_cents)


def on_behalf(actor: Actor) -> Actor:
    """The same, acted for by the operator."""
    return Actor(actor.organisation_id, actor.person_id, actor.roles, "operator", True)
