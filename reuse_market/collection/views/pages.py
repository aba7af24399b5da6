"""The list, the pick-up itself, and agreeing on a slot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts import hours, signatures
from reuse_market.accounts import queries as accounts
from reuse_market.claims import queries as claims
from reuse_market.collection import calendar, direct, exports, papers, queries, services, wording
from reuse_market.collection.arrivals import proposals, sheet
from reuse_market.collection.arrivals.forms import ProposalForm
from reuse_market.collection.forms import ReasonForm, SlotForm, slot_form
from reuse_market.collection.models import Pickup
from reuse_market.collection.rounds import reading
from reuse_market.collection.services.slots import is_late, subject
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.documents import queries as documents
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

PAPERS = {"bon": "pickup_order", "bordereau": "handover_note"}


@blueprint.get("/enlevements")
@access("taker")
def pickups() -> Page:
    """Every pick-up of the organisation by date; first what waits for it."""
    organisation = current_actor().organisation_id
    views = queries.of_organisation(organisation or 0)
    mine = [v for v in views if v.waits_for(organisation)]
    to_come = [v for v in views if v.open and v not in mine]
    over = [v for v in views if not v.open and v not in mine][::-1]
    return render_template("collection/pickups.html", mine=mine, to_come=to_come, over=over, wording=wording)


@blueprint.route("/demandes/<string:reference>/enlevement", methods=["GET", "POST"])
@access("taker")
def propose(reference: str) -> Page:
    """Propose a slot for what a claim was awarded."""
    claim = claims.seen(reference, current_actor())
    form = slot_form(ProposalForm)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = services.propose_pickup(reference, actor=current_actor(), **form.slot())
        if outcome.ok:
            flash(_("The slot is proposed. The other side is told, and answers."), "success")
            return redirect(url_for("collection.pickup", reference=made.reference))
        status = outcome.status
    waiting = sum(len(ids) for ids in queries.without_pickup(reference).values())
    return _slot_page(form, claims.view(claim), waiting, None), status


@blueprint.get("/enlevements/<string:reference>")
@access("party")
def pickup(reference: str) -> Page:
    """The pick-up order, then the handover note, for both sides."""
    return _pickup_page(queries.seen(reference, current_actor()))


@blueprint.post("/enlevements/<string:reference>/accepter")
@access("taker")
def agree(reference: str) -> Page:
    """Accept the slot on the table."""
    return _act(reference, lambda: services.agree_pickup(reference, actor=current_actor()),
                _("The day is agreed. The pick-up order is ready for both."))  # fmt: skip


@blueprint.post("/enlevements/<string:reference>/annuler")
@access("taker")
def cancel(reference: str) -> Page:
    """Call it off, and say why."""
    form: Any = ReasonForm.from_request()
    return _act(
        reference,
        lambda: services.cancel_pickup(reference, form.reason.data or "", actor=current_actor()),
        _("The pick-up is cancelled. The other side is told."),
        form,
    )


@blueprint.post("/enlevements/<string:reference>/echec")
@access("taker")
def fail(reference: str) -> Page:
    """Say that it did not take place, and why."""
    form: Any = ReasonForm.from_request()
    return _act(
        reference,
        lambda: services.fail_pickup(reference, form.reason.data or "", actor=current_actor()),
        _("Noted. Propose another slot for the same devices."),
        form,
    )


@blueprint.post("/enlevements/<string:reference>/nouveau-code")
@access("holder")
def new_code(reference: str) -> Page:
    """A new handover code for the holder; the former one no longer works."""
    return _act(reference, lambda: services.new_code(reference, actor=current_actor()),
                _("Here is a new code. The former one no longer works."))  # fmt: skip


@blueprint.route("/enlevements/<string:reference>/autre-creneau", methods=["GET", "POST"])
@access("taker")
def other_slot(reference: str) -> Page:
    """Another slot: in answer to the one proposed, or after a pick-up that did not take place."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    form = slot_form(day=found.day, from_time=found.from_time, to_time=found.to_time)
    verb = services.repropose if "repropose" in queries.offered(found, actor) else services.counter_pickup
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            verb(reference, actor=actor, **form.slot())
        if outcome.ok:
            flash(_("The slot is proposed. The other side is told, and answers."), "success")
            return redirect(url_for("collection.pickup", reference=reference))
        status = outcome.status
    view = queries.view(found)
    claim = claims.get(view.claim_reference)
    assert claim is not None
    return _slot_page(form, claims.view(claim), view.planned, view), status


@blueprint.get("/enlevements/<string:reference>/rendez-vous.ics")
@access("taker")
def ics(reference: str) -> FlaskResponse:
    """The slot for one's calendar."""
    found = queries.seen(reference, current_actor())
    view = queries.view(found)
    url = url_for("collection.pickup", reference=reference, _external=True)
    text = calendar.event(
        view,
        accounts.site(found.site_id),
        _("Pick-up %(reference)s: %(title)s", reference=view.reference, title=view.lot_title),
        f"{view.holder} → {view.actor}\n{url}",
        url,
        version=found.version,
    )
    return FlaskResponse(
        text,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="{reference}.ics"'},
    )


@blueprint.get("/enlevements/<string:reference>/<any(bon, bordereau):paper>.pdf")
@access("party")
def paper(reference: str, paper: str) -> FlaskResponse:
    """The current pick-up order or handover note, as issued."""
    found = queries.seen(reference, current_actor())
    issued = documents.of(subject(found.reference), kind=PAPERS[paper])
    if not issued:
        raise NotFound(N_("This document does not exist."))
    document = documents.readable(issued[0].number, current_actor())
    return FlaskResponse(
        documents.content(document), mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{document.number}.pdf"'},
    )  # fmt: skip


@blueprint.get("/enlevements/<string:reference>/appareils.csv")
@access("party")
def devices(reference: str) -> FlaskResponse:
    """Every device of the pick-up with what was noted of it, for a spreadsheet."""
    found = queries.seen(reference, current_actor())
    heads = (_("Code"), _("Device"), _("Serial number"), _("Asset tag"), _("Check-off"), _("Reason"))
    outcomes = {code: wording.outcome(code)[0] for code in ("taken", "missing", "refused", "extra")}
    return FlaskResponse(
        exports.devices_csv(found, heads, outcomes, language()),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{reference}.csv"'},
    )


def _act(reference: str, verb: Callable[[], object], done: str, form: Any = None) -> Page:
    """One verb from a button of the pick-up page; a refusal comes back on that page."""
    found = queries.seen(reference, current_actor())
    form = form if form is not None else ReasonForm()
    with telling(form) as outcome:
        verb()
    if outcome.ok:
        flash(done, "success")
        return redirect(url_for("collection.pickup", reference=reference))
    return _pickup_page(found, form), outcome.status


def _pickup_page(found: Pickup, form: Any = None) -> str:
    actor = current_actor()
    view, offered = queries.view(found), queries.offered(found, actor)
    site = accounts.site(found.site_id)
    expected = view.as_is and found.state in ("proposed", "countered", "agreed", "failed")
    return render_template(
        "collection/pickup.html",
        pickup=found,
        lacking=direct.unproven(found) if expected else None,
        view=view,
        offered=offered,
        coming=reading.expected_at(found.id) if found.state == "agreed" else None,
        late_cancel=is_late(found, actor),
        site=site,
        address=papers.address(site),
        site_access=papers.access(site, language()),
        lines=queries.tally(found),
        note=papers.note_facts(found, language()) if found.state == "done" else None,
        issued=documents.of(subject(found.reference)),
        code=signatures.current_code(subject(found.reference)) if "new_code" in offered else None,
        form=form or ReasonForm(),
        refused=form,
        organisation_id=actor.organisation_id,
        gives_link="give_link" in offered,
        panels=panels.drawn("pickup.main", found, actor),
        wording=wording,
    )


def _slot_page(form: SlotForm, claim: claims.ClaimView, units: int, view: queries.PickupView | None) -> str:
    lot = lots.get(claim.lot_reference)
    site = accounts.site(lot.site_id if lot else None)
    return render_template(
        "collection/slot.html", form=form, claim=claim, units=units, lot=lot, site=site, view=view,
        site_access=papers.access(site, language()), hours=hours.said(site, language()),
        least=sheet.least_units(claim.organisation_id),
        free=proposals.free_slots(lot, claim.organisation_id) if lot and "arrival" in form else [],
    )  # fmt: skip
