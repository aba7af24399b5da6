"""From the destination page to a draft: the regime that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command
from reuse_market.lots import conditions
from reuse_market.lots.models import Lot
from reuse_market.lots.services.drafting import draft, set_conditions
from reuse_market.lots.services.lines import draft_from_units


@command
def choose_outlet(
    regime: str, *, lot_id: int | None = None, unit_ids: Sequence[int] = (), actor: Actor
) -> Lot:
    """Give a draft this regime (conditions.OPEN_REGIMES), or make a draft of these fleet units with it.

    A price of another regime is forgotten. Refused as `set_conditions` and `draft_from_units` refuse.
    """
    conditions.check_choice("regime", regime, conditions.OPEN_REGIMES)
    lot = draft(lot_id, actor) if lot_id is not None else draft_from_units(unit_ids, actor=actor)
    values: dict[str, Any] = {"regime": regime}
    if lot.price_kind not in conditions.PRICE_KINDS[regime]:
        values |= {"price_kind": None, "price_cents": None}
    return set_conditions(lot.id, values, actor=actor)
