"""Pages of a purchase: the quote and what to do with it, the order and its paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from reuse_market.documents import queries as documents
from reuse_market.documents.rendering import Lang
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import queries
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.ordering import attested, orders, promises, taking
from reuse_market.reservations.ordering.forms import OrderForm, TakeForm
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling

blueprint = Blueprint("ordering", __name__)

Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/devis/<string:number>")
@access("party")
def quote(number: str) -> Page:
    """The quote as a page, for its two sides, with what its customer may do."""
    return _quote_page(number, TakeForm())


@blueprint.post("/devis/<string:number>/reserver")
@access("beneficiary")
def take(number: str) -> Page:
    """Reserve what the quote is for, or the rest of it, at its price."""
    return _taken(number, taking.take_quote)


@blueprint.post("/devis/<string:number>/essayer")
@access("beneficiary")
def try_one(number: str) -> Page:
    """Reserve one device to try it."""
    return _taken(number, taking.try_one)


@blueprint.route("/devis/<string:number>/refuser", methods=["GET", "POST"])
@access("beneficiary")
def decline(number: str) -> Page:
    """What it means that the quote, or the rest of it, is not wanted; then the button."""
    form, found = TakeForm(), promises.of_number(number, current_actor())
    back = redirect(url_for("ordering.quote", number=number))
    if request.method == "GET":
        if "decline" not in found.offered:
            return back
        context = {"found": found, "form": form, "seller": found.document.facts["seller"]["name"]}
        return render_template("reservations/ordering/decline.html", **context)
    with telling(form) as outcome:
        taking.decline_quote(number, actor=current_actor())
    if not outcome.ok:
        return _quote_page(number, form), outcome.status
    flash(_("The quote is declined: the seller gets an e-mail."), "success")
    return back


@blueprint.get("/devis/<string:number>/attestations/<int:evidence_id>")
@access("party")
def attestation(number: str, evidence_id: int) -> Response:
    """A file of the seller that the quote lists, for its two sides."""
    row, data = attested.read(number, evidence_id, current_actor())
    name = f"attestation-{row.id}.{attested.ending(row)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype=row.media_type, headers=headers)


@blueprint.get("/reservations/<string:reference>/commande")
@access("party")
def order(reference: str) -> Page:
    """The order in force on a reservation, for both sides."""
    found = queries.get(reference, current_actor())
    made = orders.current(found)
    if made is None:
        raise NotFound(N_("This document does not exist."))
    facts = documents.readable(made.number, current_actor()).facts
    context = {"found": found, "made": made, "facts": facts, "may": orders.may_order(current_actor(), found)}
    return render_template("reservations/ordering/order.html", **context)


@blueprint.route("/reservations/<string:reference>/commande/nouvelle", methods=["GET", "POST"])
@access("beneficiary")
def new_order(reference: str) -> Page:
    """What Chorus Pro asks, typed once and remembered; then the order."""
    found = queries.get(reference, current_actor())
    if not orders.may_order(current_actor(), found):
        raise NotFound(N_("This document does not exist."))
    form = OrderForm.from_request(**orders.remembered(found))
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            orders.issue_order(reference, actor=current_actor(), lang=_lang(), **_typed(form))
        if outcome.ok:
            flash(_("The order is issued: the seller gets an e-mail."), "success")
            return redirect(url_for("ordering.order", reference=reference))
        status = outcome.status
    return render_template("reservations/ordering/new_order.html", form=form, found=found), status


@blueprint.get("/commandes/<string:number>.pdf")
@access("party")
def order_pdf(number: str) -> Response:
    """An order as issued, for its two sides."""
    found = documents.readable(number, current_actor())
    if found.kind != orders.KIND:
        raise NotFound(N_("This document does not exist."))
    headers = {"Content-Disposition": f'inline; filename="{found.number}.pdf"'}
    return Response(documents.content(found), mimetype="application/pdf", headers=headers)


def _taken(number: str, verb: Callable[..., Reservation]) -> Page:
    form = TakeForm.from_request()
    promises.of_number(number, current_actor())
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            made = verb(number, actor=current_actor(), **_typed(form))
        if outcome.ok:
            return redirect(url_for("reservations.placed", reference=made.reference))
        status = outcome.status
    return _quote_page(number, form), status


def _typed(form: Form) -> dict[str, Any]:
    return {name: value or "" for name, value in form.data.items()}


def _quote_page(number: str, form: Form) -> str:
    found = promises.of_number(number, current_actor())
    return render_template("reservations/ordering/quote.html", form=form, **attested.context(found))


def _lang() -> Lang:
    return "en" if str(get_locale())[:2] == "en" else "fr"
