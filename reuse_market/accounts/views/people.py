"""The people of an organisation: who acts for it, invitations, rights."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import invitations, members, policy, queries, technicians, words
from reuse_market.accounts.members import OfOrganisation
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.people_forms import InvitationForm, MemberForm, RemovalForm
from reuse_market.accounts.views.base import Page, blueprint
from reuse_market.accounts.views.passwords import unkept
from reuse_market.kernel import clock
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.notices.settings import settings
from reuse_market.web.access import access, current_actor, only_reads
from reuse_market.web.problems import telling

PEOPLE = "/organismes/<int:organisation_id>/personnes"
MEMBER = f"{PEOPLE}/<int:person_id>"
INVITATION = "/organismes/<int:organisation_id>/invitations/<int:invitation_id>"


@blueprint.get("/organisation/personnes")
@access("organisation-member")
def my_people() -> Page:
    """Who acts for one's own organisation."""
    return people(current_actor().organisation_id or 0)


@blueprint.get(PEOPLE)
@access("organisation-member")
def people(organisation_id: int) -> Page:
    """Who acts for the organisation, what each may do, who is invited."""
    found = _known(organisation_id)
    return render_template(
        "accounts/people.html", organisation=found, members=members.members(organisation_id),
        waiting=invitations.open_invitations(organisation_id), words=words, now=clock.now(),
        keeps=_keeps(organisation_id), committing=members.committing(organisation_id),
        is_mine=current_actor().is_org(organisation_id),
        works=current_actor().is_org(organisation_id) and current_actor().has("reuse_actor"),
        technicians={one.person_id for one in technicians.technicians(organisation_id)},
    )  # fmt: skip


@blueprint.route(f"{PEOPLE}/invitation", methods=["GET", "POST"])
@access("organisation-member")
def invite(organisation_id: int) -> Page:
    """Invite somebody by mail."""
    found, actor = _known(organisation_id), current_actor()
    members.require_keeper(actor, organisation_id)
    form = InvitationForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            kept = invitations.invite(organisation_id, actor=actor, **form.data)
        if outcome.ok:
            flash(_("The invitation is on its way to %(email)s.", email=kept.email), "success")
            return _back(organisation_id)
        status = outcome.status
    return render_template("accounts/invite.html", form=form, organisation=found), status


@blueprint.post(f"{INVITATION}/renvoi")
@access("organisation-member")
def send_invitation_again(organisation_id: int, invitation_id: int) -> Response:
    """A new mail with a fresh link."""
    kept = invitations.send_again(invitation_id, actor=current_actor())
    flash(_("The invitation is on its way to %(email)s.", email=kept.email), "success")
    return _back(organisation_id)


@blueprint.post(f"{INVITATION}/annulation")
@access("organisation-member")
def cancel_invitation(organisation_id: int, invitation_id: int) -> Response:
    """Withdraw an invitation."""
    invitations.cancel(invitation_id, actor=current_actor())
    flash(_("The invitation is cancelled: its link no longer works."), "success")
    return _back(organisation_id)


@blueprint.post(f"{INVITATION}/lien")
@access("organisation-member")
def copy_invitation_link(organisation_id: int, invitation_id: int) -> Response:
    """A fresh link, shown once, to hand on by another way."""
    found = _known(organisation_id)
    token = invitations.copy_link(invitation_id, actor=current_actor())
    address = settings().base_url + url_for("accounts.join", token=token)
    page = render_template("accounts/copied_link.html", address=address, organisation=found)
    return unkept(Response(page, mimetype="text/html"))


@blueprint.route(MEMBER, methods=["GET", "POST"])
@access("organisation-member")
def member(organisation_id: int, person_id: int) -> Page:
    """Change what a member may do, until when."""
    found, one, actor = _known(organisation_id), _member(organisation_id, person_id), current_actor()
    members.require_keeper(actor, organisation_id)
    form = MemberForm.from_request(rights=one.rights, until=one.until)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            members.change_member(organisation_id, person_id, actor=actor, **form.data)
        if outcome.ok:
            flash(_("The rights of %(name)s are changed.", name=one.name), "success")
            return _back(organisation_id)
        status = outcome.status
    return render_template("accounts/member.html", form=form, organisation=found, member=one), status


@blueprint.route(f"{MEMBER}/retrait", methods=["GET", "POST"])
@access("organisation-member")
def remove_member(organisation_id: int, person_id: int) -> Page:
    """What removing somebody means, then the act."""
    found, one, actor = _known(organisation_id), _member(organisation_id, person_id), current_actor()
    members.require_keeper(actor, organisation_id)
    form, is_me = RemovalForm.from_request(), person_id == actor.person_id
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            members.remove_member(organisation_id, person_id, actor=actor, confirmed=form.confirmed.data)
        if outcome.ok:
            flash(_("%(name)s no longer acts for the organisation.", name=one.name), "success")
            return redirect(url_for("observatory.welcome")) if is_me else _back(organisation_id)
        status = outcome.status
    page = render_template(
        "accounts/remove_member.html", form=form, organisation=found, member=one, is_me=is_me
    )
    return page, status


def _known(organisation_id: int) -> Organisation:
    found = queries.organisation(organisation_id)
    if found is None or not policy.may_know_people(current_actor(), organisation_id):
        raise NotFound(N_("This organisation does not exist."))
    return found


def _member(organisation_id: int, person_id: int) -> OfOrganisation:
    found = next((one for one in members.members(organisation_id) if one.person_id == person_id), None)
    if found is None:
        raise NotFound(members.NOBODY)
    return found


def _keeps(organisation_id: int) -> bool:
    actor = current_actor()
    if only_reads(actor):  # the gate refuses what the buttons would send
        return False
    return actor.own_hand and policy.keeps_people(actor, organisation_id, queries.roles_of(organisation_id))


def _back(organisation_id: int) -> Response:
    if current_actor().is_org(organisation_id):
        return redirect(url_for("accounts.my_people"))
    return redirect(url_for("accounts.people", organisation_id=organisation_id))
