"""A holder asks for the removal of what it recycles; the request on paper."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.lots import advice, triages
from reuse_market.lots.words import kind_labels
from reuse_market.refurbishing import lists, services
from reuse_market.refurbishing.request_forms import RequestForm
from reuse_market.refurbishing.views.page import Page, blueprint
from reuse_market.refurbishing.views.waste import own_batch
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/tri/<string:reference>/recyclage", methods=["GET", "POST"])
@access("holder")
def request_removal(reference: str) -> Page:
    """From a triage: whom to ask, from which site; then everything that waits becomes waste and is asked for."""
    actor = current_actor()
    triage = triages.seen(reference, actor)
    sites, minima = accounts.sites_of(triage.holder_id), equipment.scheme_minima()
    form: Any = RequestForm.from_request()
    form.offer([(site.id, site.name) for site in sites], minima)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = services.request_triage_removal(reference, actor=actor, **form.values())
        if outcome.ok:
            flash(_("The removal is asked for."), "success")
            return redirect(url_for("refurbishing.batch", reference=made.reference))
        status = outcome.status
    waiting = [
        (line, len(triages.still_here([line.id])))
        for line in triages.lines(triage.id)
        if line.outlet == advice.RECYCLE
    ]
    kinds = [line.kind for line, units in waiting for _one in range(units)]
    weight, unweighed = services.estimate(kinds)
    context = {"weight": weight, "unweighed": unweighed, "total": len(kinds), "waiting": waiting}
    return render_template(
        "refurbishing/request.html", triage=triage, form=form, minima=minima.values(), **context
    ), status


@blueprint.get("/atelier/reforme/<string:reference>/fiche")
@access("waste-keeper")
def request_sheet(reference: str) -> Page:
    """A removal on paper: where, what, how heavy, for whom."""
    found = own_batch(reference)
    names = accounts.names([found.organisation_id])
    return render_template(
        "refurbishing/request_sheet.html", batch=found, site=accounts.site(found.site_id),
        kinds=lists.kinds_in_batch(found.id), holder=names.get(found.organisation_id, ""),
        minimum=equipment.scheme_minima().get(found.scheme or ""), labels=kind_labels(),
    )  # fmt: skip
