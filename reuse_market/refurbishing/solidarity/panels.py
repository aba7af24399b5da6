"""What the solidarity share shows on the page of a lot."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.solidarity import choosing, shares
from reuse_market.web.panels import Panel


def lot_share(lot: Lot, actor: Actor) -> Panel | None:
    """What is kept for recipients of what this lot yields, and the way to choose it for those who may."""
    found = shares.choices(lot.reference)
    may = lot.state != "draft" and choosing.may_choose(actor, lot)
    if not found and not may:
        return None
    return Panel("refurbishing/solidarity/_lot.html", {"lot": lot, "choices": found, "may": may})
