"""PIN and badge of one person for the workshop's shared computer."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from reuse_market.accounts import members, policy, queries, technicians
from reuse_market.accounts.members import OfOrganisation
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.people_forms import PinForm
from reuse_market.accounts.views.base import Page, blueprint
from reuse_market.accounts.views.passwords import unkept
from reuse_market.accounts.views.people import MEMBER
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route(f"{MEMBER}/poste", methods=["GET", "POST"])
@access("organisation-member")
def technician(organisation_id: int, person_id: int) -> Page:
    """Oneself: choose the PIN, draw a badge. Oneself or whoever keeps the people: take both away."""
    found, one = _known(organisation_id, person_id)
    form = PinForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            technicians.set_pin(organisation_id, person_id, form.pin.data or "", actor=current_actor())
        if outcome.ok:
            flash(_("Your PIN is set."), "success")
            return _back(organisation_id, person_id)
        status = outcome.status
    return _page(found, one, form), status


@blueprint.post(f"{MEMBER}/poste/badge")
@access("organisation-member")
def make_badge(organisation_id: int, person_id: int) -> Response:
    """Draw a badge, shown once, to print."""
    found, one = _known(organisation_id, person_id)
    code = technicians.make_badge(organisation_id, person_id, actor=current_actor())
    import segno  # loaded by who draws

    picture = segno.make(code, error="m", micro=False).svg_inline(omitsize=True, border=2, light="#fff")
    page = render_template(
        "accounts/badge.html", organisation=found, member=one, code=code,
        picture=Markup(picture),  # noqa: S704 – SVG made here from a code of letters and figures
    )  # fmt: skip
    return unkept(Response(page, mimetype="text/html"))


@blueprint.post(f"{MEMBER}/poste/retrait")
@access("organisation-member")
def withdraw_technician(organisation_id: int, person_id: int) -> Response:
    """Take PIN and badge away."""
    _found, one = _known(organisation_id, person_id)
    technicians.withdraw(organisation_id, person_id, actor=current_actor())
    flash(_("%(name)s no longer takes turns on the shared computer.", name=one.name), "success")
    return _back(organisation_id, person_id)


def _page(found: Organisation, one: OfOrganisation, form: PinForm) -> str:
    known = {each.person_id: each for each in technicians.technicians(found.id)}
    return render_template(
        "accounts/technician.html", organisation=found, member=one, form=form, key=known.get(one.person_id),
        own=technicians.is_oneself(current_actor(), found.id, one.person_id),
    )  # fmt: skip


def _known(organisation_id: int, person_id: int) -> tuple[Organisation, OfOrganisation]:
    actor = current_actor()
    found = queries.organisation(organisation_id)
    if found is None or not policy.may_know_people(actor, organisation_id):
        raise NotFound(N_("This organisation does not exist."))
    if not technicians.may_withdraw(actor, organisation_id, person_id):
        members.require_keeper(actor, organisation_id)
    one = next((one for one in members.members(organisation_id) if one.person_id == person_id), None)
    if one is None:
        raise NotFound(members.NOBODY)
    return found, one


def _back(organisation_id: int, person_id: int) -> Response:
    return redirect(url_for("accounts.technician", organisation_id=organisation_id, person_id=person_id))
