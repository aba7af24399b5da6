"""What lots itself shows in its page's column, beside what the rooms above give."""

from __future__ import annotations

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.lots import erasing, policy, queries, words
from reuse_market.lots.models import Lot
from reuse_market.web.panels import Panel


def lot_erasure(lot: Lot, actor: Actor) -> Panel | None:
    """How far the holder's own erasure is: to the holder, those who oversee, and those awarded."""
    if lot.erased_by != "holder" or lot.published_at is None:
        return None
    mine = policy.holder(actor, lot)
    if not mine and not oversees(actor) and not queries.may_see_place(lot, actor):
        return None
    progress = erasing.progress(erasing.standings(lot))
    if not progress.total:
        return None
    may = mine and actor.own_hand  # nobody attests an erasure on another's behalf
    return Panel(
        "erasure/_lot_panel.html",
        {"lot": lot, "progress": progress, "kinds": words.kind_labels(), "may": may},
    )
