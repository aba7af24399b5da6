"""Pages of shipments: the list, a new one, one shipment and its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.collection.shipment_models import Shipment
from reuse_market.collection.shipments import (
    answering,
    choosing,
    duties,
    papers,
    reading,
    services,
    words,
)
from reuse_market.collection.shipments.forms import (
    ReadForm,
    SendForm,
    SortForm,
    answer_form,
    send_form,
    unit_said,
)
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.documents import listing
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form, answers
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

SHIPMENT = "/expeditions/<string:reference>"


@blueprint.get("/expeditions")
@access("party")
def shipments() -> Page:
    """Shipments to answer first, then those sent that wait, then those over."""
    actor = current_actor()
    found = reading.views(actor, limit=200)
    mine = [one for one in found if "answer" in reading.offered(one.shipment, actor)]
    waiting = [one for one in found if one.shipment.state == "sent" and one not in mine]
    over = [one for one in found if one.shipment.state != "sent"]
    return render_template(
        "collection/shipments.html", mine=mine, waiting=waiting, over=over, words=words,
        sends=actor.has("reuse_actor"),
    )  # fmt: skip


@blueprint.route("/expeditions/nouvelle", methods=["GET", "POST"])
@access("reuse-actor")
def new_shipment() -> Page:
    """Sort what is in one's hands, tick or scan, and choose whom to send it to."""
    here = current_actor().organisation_id or 0
    asked = _sort_form(here)
    chosen = {name: asked[name].data or None for name in ("state", "kind", "lot")}
    found = choosing.ranges(here, **chosen)
    form = send_form(found, choosing.receivers(here), _kind)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = services.send_shipment(_chosen(form, here), actor=current_actor(), **_terms(form))
        if outcome.ok:
            flash(_("The shipment is sent: the receiver is asked to answer."), "success")
            return redirect(url_for("collection.shipment", reference=made.reference))
        status = outcome.status
    return render_template("collection/shipment_new.html", form=form, found=found, asked=asked), status


@blueprint.get(SHIPMENT)
@access("party")
def shipment(reference: str) -> Page:
    """One shipment: its devices, each with its answer."""
    return _page(reading.seen(reference, current_actor()))


@blueprint.post(f"{SHIPMENT}/tout")
@access("reuse-actor")
def receive_shipment(reference: str) -> Page:
    """Everything left is received, in one tap."""
    done = services.answer_rest(reference, actor=current_actor())
    flash(ngettext("%(num)s device received.", "%(num)s devices received.", done), "success")
    return redirect(url_for("collection.shipment", reference=reference))


@blueprint.post(f"{SHIPMENT}/lecture")
@access("reuse-actor")
def read_shipment(reference: str) -> Page:
    """One device scanned: received."""
    found = reading.seen(reference, current_actor())
    form: Any = ReadForm.from_request()
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            services.answer_codes(reference, [form.code.data or ""], actor=current_actor())
        if outcome.ok:
            flash(_("Received: %(code)s", code=form.code.data), "success")
            return redirect(url_for("collection.shipment", reference=reference))
        status = outcome.status
    return _page(found, {"read": form}), status


@blueprint.post(f"{SHIPMENT}/reponse")
@access("reuse-actor")
def answer_shipment(reference: str) -> Page:
    """The same answer for the devices ticked."""
    found = reading.seen(reference, current_actor())
    waiting = [row for row in reading.rows(found.id) if not row.outcome]
    form, status = answer_form(waiting, _kind), 422
    if form.accepted():
        with telling(form) as outcome:
            services.answer_units(
                reference, dict.fromkeys(_said(form, waiting), form.outcome.data), actor=current_actor(),
                reason=form.reason.data or None, note=form.note.data or "", received_g=_grams(form),
            )  # fmt: skip
        if outcome.ok:
            flash(_("Your answer is recorded."), "success")
            return redirect(url_for("collection.shipment", reference=reference))
        status = outcome.status
    return _page(found, {"answer": form}), status


@blueprint.post(f"{SHIPMENT}/annuler")
@access("reuse-actor")
def void_shipment(reference: str) -> Page:
    """The sender takes it back."""
    services.void_shipment(reference, actor=current_actor())
    flash(_("The shipment is voided: its devices are free again."), "success")
    return redirect(url_for("collection.shipment", reference=reference))


def _said(form: Any, waiting: Sequence[reading.Row]) -> list[int]:
    """The devices ticked, and those whose numbers are typed. Invalid: a number that not one alone bears."""
    typed = (form.codes.data or "").splitlines() if "codes" in form else []
    left = [(row.unit.id, row.codes) for row in waiting]
    named = choosing.by_numbers(
        typed, left, field="codes", unknown=answering.UNKNOWN, code="shipment.unknown"
    )
    return [*(form.units.data or []), *named]


def _page(found: Shipment, posted: dict[str, Form] | None = None) -> str:
    actor, rows = current_actor(), reading.rows(found.id)
    waiting, answered = ([row for row in rows if bool(row.outcome) is done] for done in (False, True))
    pager = Pager.asked(len(answered))
    forms = {"read": ReadForm(), "answer": answer_form(waiting, _kind)} | (posted or {})
    return render_template(
        "collection/shipment.html", view=reading.view(found), shipment=found, forms=forms, words=words,
        answered=answered[pager.offset :][: pager.limit], pager=pager, waiting=waiting, counts=reading.counts(found.id),
        offered=reading.offered(found, actor), follows=duties.of_units([row.unit.id for row in rows]),
        agree=answering.within(found), failed=next(iter((posted or {}).values()), None),
        said=lambda row: unit_said(row, _kind),
        papers=listing.of_owners([papers.owner(found)], actor, language()),
    )  # fmt: skip


def _sort_form(organisation_id: int) -> SortForm:
    every = choosing.ranges(organisation_id)
    form: Any = SortForm(request.args or None)
    states = [(code, _(text)) for code, text in words.UNIT_STATES.items()]
    form.state.choices = answers([("", _("Every state")), *states])
    kinds = sorted({one.kind for one in every})
    form.kind.choices = answers([("", _("Every kind")), *((code, _kind(code)) for code in kinds)])
    lots = sorted({one.lot for one in every})
    form.lot.choices = answers([("", _("Every lot")), *((lot, lot) for lot in lots)])
    return form


def _chosen(form: SendForm, organisation_id: int) -> list[int]:
    ids = choosing.ids_of(organisation_id, dict.fromkeys(form.ranges.data or [], choosing.MOST))
    scanned, unknown = choosing.by_codes(organisation_id, (form.codes.data or "").splitlines())
    if unknown:
        raise Invalid(N_("No device that you can send has the number %(number)s."), field="codes",
                      code="shipment.unknown", number=unknown[0])  # fmt: skip
    return [*ids, *scanned]


def _terms(form: SendForm) -> dict[str, Any]:
    weight = form.weight_kg.data
    return {
        "receiver_id": form.receiver_id.data, "transfer": form.transfer.data, "note": form.note.data or "",
        "price_cents": form.price_cents.data if form.transfer.data == "sale" else None,
        "weight_g": weight * 1000 if weight else None,
    }  # fmt: skip


def _grams(form: Any) -> int | None:
    return form.weight_kg.data * 1000 if form.weight_kg.data else None


def _kind(code: str) -> str:
    return equipment.kind_label(code, language())
