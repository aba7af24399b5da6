"""Pages of forgetting: of a person and of a device's serials (administrators); one's own request."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs.forgetting import open_ends, services
from reuse_market.proofs.forgetting.forms import ForgetPersonForm, ForgetSerialsForm
from reuse_market.units import queries as units
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

blueprint = Blueprint("forgetting", __name__)
Page = Response | str | tuple[str, int]


@blueprint.route("/administration/oubli/<int:person_id>", methods=["GET", "POST"])
@access("administrator")
def person(person_id: int) -> Page:
    """What is forgotten and what is kept; the address typed again; then it is done."""
    found = accounts.person(person_id)
    if found is None or services.forgotten(found):
        raise NotFound(services.NOBODY)
    form = ForgetPersonForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.forget_person(person_id, actor=current_actor(), confirmed=form.confirmed.data)
        if outcome.ok:
            flash(_("This person is forgotten."), "success")
            return redirect(url_for("observatory.information", page="donnees-personnelles"))
        status = outcome.status
    return render_template(
        "proofs/forget_person.html", form=form, person=found, open_ends=open_ends.of_person(person_id),
        organisations=[one.organisation_name for one in accounts.memberships(person_id)],
    ), status  # fmt: skip


@blueprint.route("/administration/oubli/appareils/<int:unit_id>", methods=["GET", "POST"])
@access("administrator")
def serials(unit_id: int) -> Page:
    """The serials of a device: what is forgotten; then it is done."""
    found = units.get(unit_id)
    if found is None:
        raise NotFound(N_("This device does not exist."))
    form = ForgetSerialsForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.forget_serials(unit_id, actor=current_actor(), confirmed=form.confirmed.data)
        if outcome.ok:
            flash(_("The serial numbers of this device are forgotten."), "success")
            return redirect(url_for("forgetting.serials", unit_id=unit_id))
        status = outcome.status
    return render_template(
        "proofs/forget_serials.html", form=form, unit=found, settled=found.state in open_ends.SETTLED
    ), status


@blueprint.route("/compte/oubli", methods=["GET", "POST"])
@access("signed-in")
def ask() -> Page:
    """Ask to be forgotten: what goes, what stays and why."""
    actor = current_actor()
    if request.method == "POST":
        services.ask_to_be_forgotten(actor=actor)
        flash(_("Your request is sent to the administrators."), "success")
        return redirect(url_for("accounts.account"))
    here = actor.person_id or 0
    return render_template(
        "proofs/forget_ask.html", open_ends=open_ends.unfinished(here),
        alone=list(accounts.names(open_ends.alone_in(here)).values()),
    )  # fmt: skip
