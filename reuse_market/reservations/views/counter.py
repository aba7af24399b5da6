"""The seller's counter: a device, a voucher, a price."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.catalogue import queries as catalogue
from reuse_market.equipment import queries as equipment
from reuse_market.refurbishing.law import limit
from reuse_market.regimes import words as law_words
from reuse_market.reservations import counter
from reuse_market.reservations.forms import CounterForm, LabelForm
from reuse_market.reservations.views.base import Page, blueprint, lang
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.get("/guichet")
@access("reuse-actor")
def counter_page() -> Page:
    """Scan or type the label of a ready device."""
    form = LabelForm.from_query()
    if not request.args.get("code"):
        return render_template("reservations/counter.html", form=LabelForm())
    with telling(form) as outcome:
        unit, _offer = counter.ready_unit(form.code.data or "", actor=current_actor())
    if outcome.ok:
        return redirect(url_for("reservations.counter_sale", code=form.code.data))
    return render_template("reservations/counter.html", form=form), outcome.status


@blueprint.route("/guichet/<string:code>", methods=["GET", "POST"])
@access("reuse-actor")
def counter_sale(code: str) -> Page:
    """The device, what may be asked for it, and the voucher presented."""
    label = LabelForm(code=code)
    with telling(label) as found:
        unit, offer = counter.ready_unit(code, actor=current_actor())
    if not found.ok:
        return render_template("reservations/counter.html", form=label), found.status
    price = catalogue.price_of(offer.price_cents, offer.vat_scheme)
    form = CounterForm.from_request(price_cents=price.gross_cents)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = counter.sell_on_voucher(
                unit.id, form.voucher.data, form.price_cents.data, actor=current_actor()
            )
        if outcome.ok:
            flash(_("Sold: the voucher is used, and the device belongs to the person."), "success")
            return redirect(url_for("reservations.reservation", reference=made.reference))
        status = outcome.status
    return render_template("reservations/counter_sale.html", **_context(code, form, unit, offer)), status


def _context(code: str, form: CounterForm, unit: Any, offer: Any) -> dict[str, Any]:
    return {
        "code": code, "form": form, "unit": unit, "offer": offer, "law_words": law_words,
        "kind": equipment.kind_label(unit.kind, lang()), "model": equipment.models([unit.model_id or 0]),
        "limit": limit([unit.id], unit.owner_id),
    }  # fmt: skip
