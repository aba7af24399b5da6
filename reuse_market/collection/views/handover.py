"""The two signatures on one phone: the driver's, then the holder's contact's."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.collection import direct, links, papers, queries, services, wording
from reuse_market.collection.forms import DriverForm, HolderForm
from reuse_market.collection.models import Pickup
from reuse_market.collection.services.slots import subject
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.documents import queries as documents
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.get("/enlevements/<string:reference>/remise")
@access("door")
def handover(reference: str) -> Page:
    """Sums and differences; then the signature that is due; then the note."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    offered = queries.offered(found, actor)
    if found.holder_signed_at is None and not {"sign_as_driver", "sign_as_holder"} & set(offered):
        raise Conflict(
            N_("Nothing is to be signed on this pick-up now. Look at its page."), code="pickup.state"
        )
    return _page(found, DriverForm(driver_name=actor.person_name), HolderForm())


@blueprint.post("/enlevements/<string:reference>/remise/conducteur")
@access("door")
def sign_driver(reference: str) -> Page:
    """The driver signs, signed in."""
    found = queries.seen(reference, current_actor())
    form: Any = DriverForm.from_request()
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            services.sign_as_driver(
                reference,
                actor=current_actor(),
                plate=form.plate.data or "",
                driver_name=form.driver_name.data,
            )
        if outcome.ok:
            flash(_("You have signed. Hand the phone to the holder’s contact."), "success")
            return redirect(url_for("collection.handover", reference=reference))
        status = outcome.status
    return _page(found, form, HolderForm()), status


@blueprint.post("/enlevements/<string:reference>/remise/detenteur")
@access("door")
def sign_holder(reference: str) -> Page:
    """The holder's contact signs: name and 4-digit code. A wrong code keeps the name."""
    found = queries.seen(reference, current_actor())
    form: Any = HolderForm.from_request()
    status = 422
    if request.method == "POST" and form.validate():
        with telling(form) as outcome:
            services.sign_as_holder(reference, form.name.data, form.code.data, actor=current_actor())
        if outcome.ok:
            return redirect(url_for("collection.handover", reference=reference))
        status = outcome.status
    return _page(found, DriverForm(), form), status


def _page(found: Pickup, driver: Any, holder: Any) -> str:
    actor = current_actor()
    notes = documents.of(subject(found.reference), kind="handover_note")
    return render_template(
        "collection/handover.html",
        pickup=found,
        view=queries.view(found),
        offered=queries.offered(found, actor),
        totals=papers.totals(found),
        note=papers.note_facts(found, language()),
        issued=notes[0] if notes else None,
        driver=driver,
        holder=holder,
        refused=driver if driver.errors else holder,
        left=sum(row.left for row in queries.tally(found)),
        lacking=direct.unproven(found) if found.state == "agreed" and direct.is_direct(found) else [],
        is_holder=actor.is_org(found.holder_id),
        waiting_until=links.waiting_until(found),
        wording=wording,
    )
