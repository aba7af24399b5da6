"""An invitation opened by its link: joined by who is signed in, or by choosing a first password."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import invitations
from reuse_market.accounts.people_forms import JoinForm
from reuse_market.accounts.views.base import blueprint
from reuse_market.accounts.views.passwords import dead_link, unkept
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling


@blueprint.route("/invitation/<string:token>", methods=["GET", "POST"])
@access("public")
def join(token: str) -> Response:
    """Who invites, to what, and the one thing to do: choose a password, sign in, or join."""
    found = invitations.behind(token)
    if found is None:
        return dead_link("accounts/dead_link.html", purpose="join")
    invitation, organisation, person = found
    me = current_actor().person_id
    is_known = person is not None and person.password_hash is not None
    form = Form.from_request() if is_known else JoinForm.from_request(name=invitation.name)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            invitations.accept(token, person_id=me, **form.data)
        if outcome.ok:
            return _welcome(invitation.organisation_id, me)
        status = outcome.status
    page = render_template(
        "accounts/join.html", form=form, invitation=invitation, organisation=organisation, token=token,
        is_known=is_known, is_me=person is not None and person.id == me,
    )  # fmt: skip
    return unkept(make_response(page, status))


def _welcome(organisation_id: int, me: int | None) -> Response:
    if me is None:
        return unkept(redirect(url_for("accounts.sign_in", fait="join"), 303))
    session["organisation"] = organisation_id
    flash(_("You now act for this organisation."), "success")
    return unkept(redirect(url_for("observatory.welcome"), 303))
