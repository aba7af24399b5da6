"""Quotes: asked on a group or on a reservation, read by both sides."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.views import name_of
from reuse_market.documents import queries as documents
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import queries, quotes
from reuse_market.reservations.forms import QuoteForm, ReserveForm
from reuse_market.reservations.pages import page
from reuse_market.reservations.views.base import Page, blueprint, lang
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling


@blueprint.post("/catalogue/<string:key>/devis")
@access("beneficiary")
def quote_group(key: str) -> Page:
    """A quote for so many of a group: the paper itself, or the form with what is wrong."""
    actor = current_actor()
    group = catalogue.group(key, actor)
    if group is None:
        return redirect(url_for("catalogue.group", key=key))
    form = QuoteForm.from_request()
    form.say_left(group.units)
    if form.accepted():
        with telling(form) as outcome:
            made = quotes.quote_group(key, form.units.data, actor=actor, lang=lang(), say=_)
        if outcome.ok:
            return redirect(url_for("ordering.quote", number=made.number))
    back = ReserveForm.from_request()
    back.units.errors = form.units.errors
    back.form_errors.extend(form.form_errors)
    context = {"group": group, "name": name_of(group), "form": back}
    return render_template("reservations/reserve.html", **context), 422


@blueprint.post("/reservations/<string:reference>/devis")
@access("party")
def quote_reservation(reference: str) -> Page:
    """A quote for a running reservation."""
    actor = current_actor()
    found = queries.get(reference, actor)
    form = Form()
    with telling(form) as outcome:
        made = quotes.quote_reservation(reference, actor=actor, lang=lang(), say=_)
    if not outcome.ok:
        return page(found, actor, form), outcome.status
    return redirect(url_for("ordering.quote", number=made.number))


@blueprint.get("/devis/<string:number>.pdf")
@access("party")
def quote(number: str) -> Response:
    """A quote as issued, for its two sides."""
    found = documents.readable(number, current_actor())
    if found.kind != quotes.KIND:
        raise NotFound(N_("This document does not exist."))
    headers = {"Content-Disposition": f'inline; filename="{found.number}.pdf"'}
    return Response(documents.content(found), mimetype="application/pdf", headers=headers)
