"""A waiting claim that is asked whether it still wants devices that are free again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.claims import queries, standby
from reuse_market.claims.api import claims
from reuse_market.claims.queries import ClaimView
from reuse_market.kernel.actor import Actor
from reuse_market.web import access, rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import Shown, fields, maybe

VERBS = {"confirm": "confirm-standby", "pass": "pass-standby"}


class StandbySchema(Shown):
    """Whether the claim is asked, for how many devices, until when."""

    claim = fields.String(required=True)
    state = maybe(metadata={"description": "called, confirmed, passed, lapsed, over; null: never asked."})
    units = maybe(fields.Integer)
    until = maybe(fields.Date)


@claims.read("/claims/<ref:reference>/standby", rule="party", shape=StandbySchema, name="standby")
def get_standby(reference: str) -> dict[str, Any]:
    """Devices that came back to the board, and whether this claim is asked to confirm."""
    found = queries.seen(reference, current_actor())
    call = standby.of_claim(found)
    return {
        "claim": reference, "state": call.state if call else None, "units": call.units if call else None,
        "until": call.until if call else None,
        "actions": [VERBS[name] for name in standby.offered(found, current_actor())],
        "links": {"claim": rest.address("claims", reference), "page": f"/demandes/{reference}"},
    }  # fmt: skip


@claims.verb("/claims/<ref:reference>:confirm-standby", rule="taker", shape=StandbySchema)
def confirm_standby(reference: str) -> dict[str, Any]:
    """Say that the organisation still wants them; the holder then answers the claim."""
    standby.confirm(reference, actor=current_actor())
    return get_standby(reference)


@claims.verb("/claims/<ref:reference>:pass-standby", rule="taker", shape=StandbySchema)
def pass_standby(reference: str) -> dict[str, Any]:
    """Say that it does not want them this time: the next one is asked. The claim stays."""
    standby.let_pass(reference, actor=current_actor())
    return get_standby(reference)


def claim_actions(view: ClaimView, actor: Actor) -> Sequence[str]:
    """What being asked adds to a claim's actions."""
    found = queries.get(view.reference) if view.stage == "submitted" else None
    if found is None or not access.RULES["taker"](actor):
        return ()
    return tuple(VERBS[name] for name in standby.offered(found, actor))
