"""Pages of reservations: reserve, follow, confirm, hand over, sign, let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.views import name_of
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.reservations import extending, queries, services, wording
from reuse_market.reservations.forms import (
    HandOverForm,
    ReceiveForm,
    ReleaseForm,
    ReserveForm,
    say_undertakings,
)
from reuse_market.reservations.handover.forms import kit_form, told
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.pages import bon_pdf, facts_of, page, rows_of, undertakings_of
from reuse_market.reservations.views.base import Page, blueprint, lang
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import date_long
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

ROWS = 15  # slips on a page


@blueprint.route("/catalogue/<string:key>/reserver", methods=["GET", "POST"])
@access("beneficiary")
def reserve(key: str) -> Page:
    """Fill in, check, then reserve. The check page sends back all that was typed."""
    group = catalogue.group(key, current_actor())
    if group is None:
        return redirect(url_for("catalogue.group", key=key))
    form, step = ReserveForm.from_request(), request.form.get("step", "")
    form.say_left(group.units)
    context = {"group": group, "name": name_of(group), "form": form}
    status = 200
    if step != "edit" and form.accepted():
        if step != "reserve":
            total = group.price.times(form.units.data)
            return render_template("reservations/check.html", total=total, **context)
        with telling(form) as outcome:
            made = services.place_reservation(key, actor=current_actor(), **_asked(form))
        if outcome.ok:
            return redirect(url_for("reservations.placed", reference=made.reference))
        status = 422
    elif request.method == "POST" and step != "edit":
        status = 422
    return render_template("reservations/reserve.html", **context), status


@blueprint.get("/reservations/<string:reference>/envoyee")
@access("beneficiary")
def placed(reference: str) -> Page:
    """Reserved: the reference, the end date in full, what happens next."""
    found = queries.get(reference, current_actor())
    if found.state != "placed":
        return redirect(url_for("reservations.reservation", reference=reference))
    [row] = queries.with_names([found])
    steps = wording.next_steps(found, row.seller)
    return render_template("reservations/placed.html", row=row, steps=steps, facts=facts_of(found))


@blueprint.get("/reservations")
@access("party")
def mine() -> Page:
    """The organisation's reservations, both sides, running or ended."""
    actor = current_actor()
    ended = request.args.get("onglet") == "terminees"
    running_count, ended_count = queries.counts(actor)
    pager = Pager.asked(ended_count if ended else running_count, ROWS)
    rows = queries.mine(actor, ended=ended, limit=pager.limit, offset=pager.offset)
    context = {"ended": ended, "running_count": running_count, "ended_count": ended_count, "pager": pager}
    return render_template("reservations/mine.html", rows=rows_of(rows, actor), **context)


@blueprint.get("/reservations/<string:reference>")
@access("party")
def reservation(reference: str) -> Page:
    """The reservation: where it stands, what to do, the devices, the papers."""
    return page(queries.get(reference, current_actor()), current_actor())


@blueprint.post("/reservations/<string:reference>/confirmer")
@access("reuse-actor")
def confirm(reference: str) -> Page:
    """The seller confirms."""
    done = _("The reservation is confirmed. The beneficiary gets an e-mail with the handover code.")
    return _act(reference, services.confirm_reservation, done)


@blueprint.post("/reservations/<string:reference>/preparer")
@access("reuse-actor")
def prepare(reference: str) -> Page:
    """The devices are ready for the handover, with what goes with them."""
    found = queries.get(reference, current_actor())
    what = queries.contents([reference]).get(reference)
    form = kit_form(what.kind.code if what else "")
    done = _("The beneficiary is told that all is ready.")

    def ready(ref: str, *, actor: Actor) -> object:
        return services.prepare_reservation(ref, actor=actor, told=told(form))

    return _act(found.reference, ready, done)


@blueprint.post("/reservations/<string:reference>/prolonger")
@access("beneficiary")
def extend(reference: str) -> Page:
    """More time, once; pressed again, it is done already."""
    actor, form = current_actor(), Form()
    found = queries.get(reference, actor)
    with telling(form) as outcome:
        now = extending.extended_now(reference, actor=actor)
    if not outcome.ok:
        return page(found, actor, form), outcome.status
    if now:
        flash(_("The reservation is extended. The seller is told."), "success")
    else:
        flash(
            _(
                "It is done already: these devices are kept until %(day)s included.",
                day=date_long(found.until),
            )
        )
    return redirect(url_for("reservations.reservation", reference=reference))


@blueprint.post("/reservations/<string:reference>/code")
@access("beneficiary")
def renew(reference: str) -> Page:
    """A new handover code, for the beneficiary."""
    done = _("Here is a new handover code. The one before no longer works.")
    return _act(reference, services.renew_code, done)


@blueprint.route("/reservations/<string:reference>/reception", methods=["GET", "POST"])
@access("beneficiary")
def receive(reference: str) -> Page:
    """The beneficiary checks what it receives, and signs on its own account."""
    found = _open_to("sign", reference)
    form = ReceiveForm.from_request(name=current_actor().person_name)
    form.say_how_many(found.units)
    say_undertakings(form, undertakings_of(found), lang())

    def sign() -> object:
        return services.sign_as_beneficiary(
            reference, actor=current_actor(), name=form.name.data, undertaken=_undertaken(form)
        )

    return _sign_page(found, form, sign, "reservations/receive.html")


@blueprint.route("/reservations/<string:reference>/remise", methods=["GET", "POST"])
@access("reuse-actor")
def hand_over(reference: str) -> Page:
    """The beneficiary checks and signs on the seller's screen: name and code."""
    found = _open_to("sign_with_code", reference)
    form = HandOverForm.from_request()
    say_undertakings(form, undertakings_of(found), lang())

    def sign() -> object:
        return services.sign_with_code(
            reference, form.name.data, form.code.data, actor=current_actor(), undertaken=_undertaken(form)
        )

    return _sign_page(found, form, sign, "reservations/hand_over.html")


@blueprint.route("/reservations/<string:reference>/liberer", methods=["GET", "POST"])
@access("party")
def release(reference: str) -> Page:
    """Let go, after having read what it means."""
    found = _open_to("release", reference)
    form = ReleaseForm.from_request()

    def let_go() -> object:
        return services.release_reservation(reference, actor=current_actor(), reason=form.reason.data or "")

    done = _("The reservation is released. Both sides get an e-mail.")
    return _sign_page(found, form, let_go, "reservations/release.html", done)


@blueprint.get("/reservations/<string:reference>/bon.pdf")
@access("party")
def slip_pdf(reference: str) -> Page:
    """The handover slip: as issued once signed, to be signed by hand before."""
    found = queries.get(reference, current_actor())
    _refuse_ended(found)
    headers = {"Content-Disposition": f'inline; filename="{found.reference}.pdf"'}
    return Response(bon_pdf(found), mimetype="application/pdf", headers=headers)


@blueprint.get("/reservations/<string:reference>/imprimer")
@access("party")
def print_view(reference: str) -> Page:
    """The same slip as a page to print."""
    found = queries.get(reference, current_actor())
    _refuse_ended(found)
    return render_template("reservations/print.html", found=found, facts=facts_of(found))


def _asked(form: ReserveForm) -> dict[str, Any]:
    return {
        "count": form.units.data, "order_number": form.order_number.data or "",
        "delivery": form.delivery.data, "note": form.note.data or "", "once": form.once.data,
    }  # fmt: skip


def _undertaken(form: Form) -> bool:
    return "undertaken" in form and bool(form.undertaken.data)


def _act(reference: str, verb: Callable[..., object], done: str) -> Page:
    """Run a verb without values; a refusal is shown on the page it came from."""
    actor = current_actor()
    found = queries.get(reference, actor)
    form = Form()
    with telling(form) as outcome:
        verb(reference, actor=actor)
    if not outcome.ok:
        return page(found, actor, form), outcome.status
    flash(done, "success")
    return redirect(url_for("reservations.reservation", reference=reference))


def _open_to(action: str, reference: str) -> Reservation:
    """A reservation on which this act may be done now: else NotFound, NotAllowed or Conflict."""
    found = queries.get(reference, current_actor())
    BOOKING.require(action, found, current_actor())
    return found


def _sign_page(
    found: Reservation, form: Form, verb: Callable[[], object], template: str, done: str = ""
) -> Page:
    """A page that says what is about to be done, with a form that does it."""
    reference, status = found.reference, 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            verb()
        if outcome.ok:
            flash(done or _("The handover is signed. Both sides get an e-mail with the slip."), "success")
            return redirect(url_for("reservations.reservation", reference=reference))
        status = outcome.status
    found = queries.get(reference, current_actor())
    [row] = queries.with_names([found])
    seller = current_actor().is_org(found.seller_id)
    context = {"row": row, "form": form, "facts": facts_of(found), "is_seller": seller}
    return render_template(template, **context), status


def _refuse_ended(found: Reservation) -> None:
    if found.state in ("released", "expired"):
        raise NotFound(services.NO_SLIP)
    if found.offered_until is not None:
        raise Conflict(_("These devices are only offered: their slip comes once they are accepted."))
