"""Grouped collection days: opening one, taking a slot, the list to print."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.collection import papers
from reuse_market.collection import wording as pickup_wording
from reuse_market.collection.arrivals import days, wording
from reuse_market.collection.arrivals.forms import DayForm
from reuse_market.collection.models import CollectionDay
from reuse_market.collection.views.base import Page, blueprint
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import answers
from reuse_market.web.problems import telling

AT = "/journees/<string:reference>"


@blueprint.get("/journees")
@access("party")
def collection_days() -> Page:
    """Grouped days to come."""
    actor = current_actor()
    found = days.to_come(actor)
    sites = {day.id: accounts.site(day.site_id) for day in found}
    free = {day.id: sum(slot.free for slot in days.slots_of(day)) for day in found}
    return render_template(
        "collection/days.html", days=found, sites=sites, free=free, may_open=days.opens(actor), wording=wording,
        names=accounts.names(day.organiser_id for day in found),
    )  # fmt: skip


@blueprint.route("/journees/nouvelle", methods=["GET", "POST"])
@access("party")
def new_day() -> Page:
    """Open a grouped day."""
    actor = current_actor()
    form = DayForm.from_request()
    found = days.places(actor) if days.opens(actor) else []
    form.site_id.choices = answers([(site.id, f"{site.name}, {site.commune_name}") for site in found])
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = days.open_day(actor=actor, **form.values())
        if outcome.ok:
            flash(_("The collection day is open: holders can take a slot."), "success")
            return redirect(url_for("collection.collection_day", reference=made.reference))
        status = outcome.status
    return render_template("collection/new_day.html", form=form, may_open=days.opens(actor)), status


@blueprint.get(AT)
@access("party")
def collection_day(reference: str) -> Page:
    """A grouped day: its place, its slots, who comes."""
    return _day_page(days.get(reference))


@blueprint.post(f"{AT}/creneaux/<int:slot_id>")
@access("holder")
def take_slot(reference: str, slot_id: int) -> Page:
    """The holder brings what one of its claims was awarded."""
    made = days.take_slot(request.form.get("claim", ""), slot_id, actor=current_actor(), of_day=reference)
    flash(
        _("Your slot is kept. Bring the devices and the handover code.")
        if made.state == "agreed"
        else _("The slot is proposed to who collects: you are told when it accepts."),
        "success",
    )
    return redirect(url_for("collection.pickup", reference=made.reference))


@blueprint.post(f"{AT}/<any(fermer, rouvrir, annuler):what>")
@access("party")
def change_day(reference: str, what: str) -> Page:
    """Close it to new holders, open it again, or call it off."""
    verbs = {"fermer": days.close_day, "rouvrir": days.reopen_day, "annuler": days.cancel_day}
    verbs[what](reference, actor=current_actor())
    flash(_("The collection day is changed. Those concerned are told."), "success")
    return redirect(url_for("collection.collection_day", reference=reference))


def _day_page(day: CollectionDay) -> str:
    actor = current_actor()
    site = accounts.site(day.site_id)
    return render_template(
        "collection/day.html", day=day, site=site, slots=days.slots_of(day),
        bookings=days.bookings(day, actor), sees_all=actor.is_org(day.organiser_id) or oversees(actor),
        waiting=days.waiting_claims(day, actor.organisation_id or 0) if actor.has("holder") and actor.commits else [],
        address=papers.address(site) if days.sees_place(day, actor) else None,
        offered=days.DAYS.offered(day, actor), wording=wording, pickup_wording=pickup_wording,
        organiser=accounts.names([day.organiser_id]).get(day.organiser_id, ""),
    )  # fmt: skip
