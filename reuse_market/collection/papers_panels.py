"""The panel "Documents" on the pages of a lot, a claim and a pick-up: the papers each reader may open."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from reuse_market.accounts.policy import oversees
from reuse_market.claims import papers as claim_papers
from reuse_market.claims import queries as claims
from reuse_market.claims.models import Claim
from reuse_market.collection import papers, queries
from reuse_market.collection.models import Pickup
from reuse_market.documents import listing
from reuse_market.documents.listing import Row
from reuse_market.documents.queries import current
from reuse_market.documents.views import reading_language
from reuse_market.kernel.actor import Actor
from reuse_market.lots import papers as lot_papers
from reuse_market.lots import policy as lot_policy
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.web.panels import Panel

TEMPLATE = "documents/_panel.html"


def lot_documents(lot: Lot, actor: Actor) -> Panel | None:
    """The lot's own papers, those of its claims and pick-ups; the holder issues the annex here."""
    if actor.person_id is None or lot.published_at is None:
        return None
    owners = [lot_papers.owner(lot)]
    owners += [f"claim/{view.reference}" for view in claims.of_lot(lot.id)]
    owners += [f"pickup/{view.reference}" for view in queries.of_lot(lot.id)]
    rows = listing.of_owners(owners, actor, reading_language())
    mine = lot_policy.holder(actor, lot)
    annexed = (mine or oversees(actor)) and lot_papers.has_annex(lot)
    file = (url_for("collection.lot_annex", reference=lot.reference), _("List of the devices (CSV)"))
    if not rows and not annexed:
        return None
    may = mine and annexed
    issued = current(lot_papers.owner(lot), "decision_annex") if may else None
    now = lot_papers.annex_facts(lot) if may else {}
    stale = may and (issued is None or any(issued.facts.get(n) != now.get(n) for n in ("lines", "decided")))
    url = url_for("collection.issue_lot_papers", reference=lot.reference) if may else ""
    return _panel(rows, url, stale=stale, more=[file] if annexed else [])


def claim_documents(claim: Claim, actor: Actor) -> Panel | None:
    """The deeds of the claim and its pick-ups' papers; either side issues what is missing or has changed."""
    owners = [claim_papers.owner(claim)]
    owners += [f"pickup/{view.reference}" for view in queries.of_claim(claim.id)]
    rows = listing.of_owners(owners, actor, reading_language())
    may = claim_papers.may_issue(claim, actor)
    lot = lots.by_id(claim.lot_id)
    stale = bool(may and lot and claim_papers.stale(claim, lot))
    if not rows and not stale:
        return None
    more = []
    if any(row.document.kind == "decision_annex" for row in rows):
        more = [
            (url_for("collection.claim_annex", reference=claim.reference), _("List of the devices (CSV)"))
        ]
    url = url_for("collection.issue_claim_papers", reference=claim.reference) if may else ""
    return _panel(rows, url, stale=stale, more=more)


def pickup_documents(pickup: Pickup, actor: Actor) -> Panel | None:
    """The pick-up's papers, the gift statement among them."""
    rows = listing.of_owners([papers.owner(pickup)], actor, reading_language())
    return _panel(rows) if rows else None


def _panel(
    rows: list[Row], url: str = "", *, stale: bool = False, more: list[tuple[str, str]] | None = None
) -> Panel:
    explain = []
    if any(row.document.kind == "gift_statement" for row in rows):
        explain.append(_(
            "The gift statement describes the goods and proves the handover, without a value. The tax receipt"
            " (cerfa 16216) is another document: it carries the donor’s own valuation, and only an eligible body"
            " issues it."
        ))  # fmt: skip
    return Panel(
        TEMPLATE, {"rows": rows, "refresh_url": url, "stale": stale, "more": more or [], "explain": explain}
    )
