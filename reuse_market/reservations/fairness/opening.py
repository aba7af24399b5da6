"""What is ready and kept for others until a day: said to who asks for it before."""

from __future__ import annotations

from datetime import date

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.solidarity import shares

OVERSEER = Actor(roles=frozenset({"auditor"}), commits=False)
KEPT = {
    "recipients": N_(
        "These devices are kept for associations until %(day)s (solidarity share); they open to all on that day."
    ),
    "public": N_(
        "The holder of their lot keeps these devices for public bodies first (its option); they open to all on "
        "%(day)s."
    ),
}
FOR_GOOD = N_("Their seller keeps these devices for associations.")


def kept_until(group: catalogue.Group) -> date | None:
    """The day on which the kept units of a group open to all; None where they are open, or never will."""
    if group.open_to == "all":
        return None
    return shares.opens_on(catalogue.ready_ids(group, group.units))


def require_open(group_key: str) -> None:
    """Refuse (Conflict, with the day it opens) a group that exists but is kept for others; else say nothing."""
    found = catalogue.group(group_key, OVERSEER)
    if found is None or found.open_to not in KEPT:
        return
    day = kept_until(found)
    if day is None:
        raise Conflict(FOR_GOOD, code=f"fairness.kept-for-{found.open_to}")
    raise Conflict(KEPT[found.open_to], code=f"fairness.kept-for-{found.open_to}", day=day)
