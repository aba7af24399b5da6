"""What became of a lot's devices in the workshop, on the lot's page."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.lots import advice, triages
from reuse_market.lots.models import Lot, Triage
from reuse_market.refurbishing import lists
from reuse_market.web.panels import Panel


def workshop_of_lot(lot: Lot, actor: Actor) -> Panel | None:
    """For holder and overseers the whole lot; for a reuse actor its own share; nothing for others."""
    if actor.is_org(lot.holder_id) or actor.has("operator", "administrator", "auditor"):
        party = None
    elif actor.has("reuse_actor"):
        party = actor.organisation_id
    else:
        return None
    counts = lists.fates(lot.reference, party)
    if not counts:
        return None
    context = {"lot": lot, "counts": counts, "total": sum(counts.values()), "works_here": party is not None}
    return Panel("refurbishing/_lot_panel.html", context)


def triage_recycling(triage: Triage, actor: Actor) -> Panel | None:
    """The removals asked for from a triage, and how many devices wait for one."""
    if triage.state != "confirmed":
        return None
    of_it = [line.id for line in triages.lines(triage.id) if line.outlet == advice.RECYCLE]
    context = {
        "triage": triage, "rows": lists.requested_for(triage.reference), "may": actor.commits,
        "waiting": len(triages.still_here(of_it)),
    }  # fmt: skip
    return Panel("refurbishing/_triage_recycle.html", context)
