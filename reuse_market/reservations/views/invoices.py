"""Pages of an invoice: record it, confirm it, say it is wrong, give some of it back."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.reservations import queries
from reuse_market.reservations.invoices import queries as invoices
from reuse_market.reservations.invoices import services
from reuse_market.reservations.invoices.forms import CreditForm, DisputeForm, InvoiceForm
from reuse_market.reservations.invoices.lifecycle import FLOW
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.views.base import Page, blueprint
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling


@blueprint.route("/reservations/<string:reference>/facture", methods=["GET", "POST"])
@access("reuse-actor")
def invoice(reference: str) -> Page:
    """The seller records its invoice, or corrects it."""
    found = _seen(reference, "record", "correct")
    made = invoices.of_reservation(found)
    form = InvoiceForm.from_request(
        number=made.number if made else "",
        issued_on=made.issued_on if made else clock.today(),
        net_cents=made.net_cents if made else invoices.proposed(found),
    )

    def record() -> object:
        values = {name: form[name].data for name in ("number", "issued_on", "net_cents")}
        return services.record(reference, actor=current_actor(), **values)

    done = _("The invoice is recorded. The buyer gets an e-mail to confirm it.")
    return _page(found, form, record, "reservations/invoice.html", done)


@blueprint.post("/reservations/<string:reference>/facture/confirmer")
@access("beneficiary")
def confirm_invoice(reference: str) -> Page:
    """The buyer agrees."""
    queries.get(reference, current_actor())
    services.confirm(reference, actor=current_actor())
    flash(_("The invoice is confirmed. A body bound by AGEC finds the purchase in its ledger."), "success")
    return redirect(url_for("reservations.reservation", reference=reference))


@blueprint.route("/reservations/<string:reference>/facture/contester", methods=["GET", "POST"])
@access("beneficiary")
def dispute_invoice(reference: str) -> Page:
    """The buyer says what is wrong."""
    found = _seen(reference, "dispute")
    form = DisputeForm.from_request()

    def dispute() -> object:
        return services.dispute(reference, actor=current_actor(), reason=form.reason.data or "")

    done = _("The seller is told what is wrong, and corrects its invoice.")
    return _page(found, form, dispute, "reservations/dispute.html", done)


@blueprint.route("/reservations/<string:reference>/avoir", methods=["GET", "POST"])
@access("reuse-actor")
def credit_invoice(reference: str) -> Page:
    """The seller records a credit note."""
    found = _seen(reference, "credit")
    form = CreditForm.from_request(issued_on=clock.today())

    def give_back() -> object:
        values = {name: form[name].data for name in ("number", "issued_on", "reason")}
        return services.credit(
            reference, form.units.data, form.net_cents.data, actor=current_actor(), **values
        )

    done = _("The credit note is recorded. The buyer gets an e-mail.")
    return _page(found, form, give_back, "reservations/credit.html", done)


def _seen(reference: str, *wanted: str) -> Reservation:
    """A reservation on whose invoice one of these may be done now: else the verb's own refusal."""
    actor = current_actor()
    found = queries.get(reference, actor)
    if set(wanted) & set(invoices.offered(found, actor)):
        return found
    made = invoices.of_reservation(found)
    if made is None and "record" not in wanted:
        raise NotFound(services.NONE)
    if made is not None:
        for action in set(wanted) & set(FLOW.transitions):
            FLOW.require(action, made, actor)
    raise Conflict(services.NOTHING)


def _page(found: Reservation, form: Form, verb: Callable[[], object], template: str, done: str) -> Page:
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            verb()
        if outcome.ok:
            flash(done, "success")
            return redirect(url_for("reservations.reservation", reference=found.reference))
        status = outcome.status
    [row] = queries.with_names([found])
    context = {"row": row, "form": form, "invoice": invoices.of_reservation(found)}
    return render_template(template, asked=invoices.proposed(found), **context), status
