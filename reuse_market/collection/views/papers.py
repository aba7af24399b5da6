"""Issuing the papers of a lot or a claim, and their lists as files."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.accounts.policy import oversees
from reuse_market.claims import papers as claim_papers
from reuse_market.claims import queries as claims
from reuse_market.collection.views.base import Page, blueprint
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.kernel.words import N_
from reuse_market.lots import papers as lot_papers
from reuse_market.lots import policy as lot_policy
from reuse_market.lots import queries as lots
from reuse_market.web.access import access, current_actor

NO_DOCUMENT = N_("This document does not exist.")


@blueprint.post("/lots/<string:reference>/documents")
@access("holder")
def issue_lot_papers(reference: str) -> Page:
    """The holder issues the annex to its decision."""
    lots.seen(reference, current_actor())
    made = lot_papers.issue_annex(reference, actor=current_actor())
    flash(_("Document %(number)s is in force.", number=made.number), "success")
    return redirect(url_for("lots.lot", reference=reference, _anchor="documents"))


@blueprint.post("/demandes/<string:reference>/documents")
@access("party")
def issue_claim_papers(reference: str) -> Page:
    """Either side issues the deeds that are missing or have changed."""
    made = claim_papers.issue_deeds(reference, actor=current_actor())
    told = ngettext("%(num)s document is issued.", "%(num)s documents are issued.", len(made))
    flash(told, "success")
    return redirect(url_for("claims.claim", reference=reference, _anchor="documents"))


@blueprint.get("/lots/<string:reference>/annexe.csv")
@access("party")
def lot_annex(reference: str) -> Response:
    """Every device of the lot with its value, for the holder and those who oversee."""
    actor = current_actor()
    lot = lots.seen(reference, actor)
    if not (lot_policy.holder(actor, lot) or oversees(actor)) or not lot_papers.has_annex(lot):
        raise NotFound(NO_DOCUMENT)
    return _file(lot_papers.annex_facts(lot)["lines"], reference)


@blueprint.get("/demandes/<string:reference>/annexe.csv")
@access("party")
def claim_annex(reference: str) -> Response:
    """Every device awarded to the claim with its value, for both sides and those who oversee."""
    claim = claims.seen(reference, current_actor())
    lot = lots.by_id(claim.lot_id)
    facts = claim_papers.due(claim, lot).get("decision_annex") if lot and claim.state == "awarded" else None
    if facts is None:
        raise NotFound(NO_DOCUMENT)
    return _file(facts["lines"], reference)


def _file(lines: list[dict[str, Any]], name: str) -> Response:
    heads = (_("Line of the lot"), _("Device"), _("Serial number"), _("Asset tag"), _("Estimated value (€)"))
    return Response(
        csv_bytes([heads, *lot_papers.annex_rows(lines)]), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="annexe-{name}.csv"'},
    )  # fmt: skip
