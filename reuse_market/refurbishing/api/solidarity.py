"""`/lots/…:keep-share`: some of what a lot yields is kept for recipients for some days."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.api.shared import units
from reuse_market.refurbishing.solidarity import choosing
from reuse_market.refurbishing.solidarity.choosing import MOST_DAYS, TakenBy
from reuse_market.web import together
from reuse_market.web.access import current_actor
from reuse_market.web.fields import Asked, Schema, Whole, fields


class SolidarityShareInput(Asked):
    """How much, for how many days from the day each device is ready. 0 percent: nothing more."""

    percent = Whole(0, 100, required=True)
    days = Whole(1, MOST_DAYS, required=True)


class SolidarityShareSchema(Schema):
    """The share of a lot, as chosen."""

    lot = fields.String(required=True)
    percent = fields.Integer(required=True)
    days = fields.Integer(required=True)
    chosen_at = fields.AwareDateTime(required=True)


@units.verb(
    "/lots/<ref:reference>:keep-share", rule="taker", body=SolidarityShareInput, shape=SolidarityShareSchema
)
def keep_share(values: dict[str, Any], reference: str) -> Any:
    """Keep a share of what becomes ready from this lot for recipients, by kind."""
    lots.seen(reference, current_actor())
    return choosing.choose_share(reference, actor=current_actor(), **values)


def lot_actions(lot: Lot, actor: Actor) -> tuple[str, ...]:
    """What the share adds to a lot's actions."""
    if lot.state == "draft" or actor.organisation_id is None:
        return ()
    taken = bool(together.of("lots", lot, TakenBy(actor.organisation_id)))
    return ("keep-share",) if choosing.may_choose(actor, lot, taken) else ()
