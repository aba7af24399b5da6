"""The pages of acting on behalf: begin, end, and the list that each organisation reads."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import user_logged_out
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.views.base import local_path
from reuse_market.desk import on_behalf, told, words
from reuse_market.desk.forms import OnBehalfForm
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

blueprint = Blueprint("on_behalf", __name__)

KEPT = "on_behalf"  # its id, in the operator's session


@blueprint.route("/console/organismes/<int:organisation_id>/agir", methods=["GET", "POST"])
@access("operator")
def start(organisation_id: int) -> str | Response | tuple[str, int]:
    """Begin to act for an organisation: how it asked, and who was on the line."""
    found = _organisation(organisation_id)
    form = OnBehalfForm.from_request(next=request.args.get("next", ""))
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = on_behalf.start(
                found.id, form.channel.data, caller_name=form.caller_name.data or "", actor=current_actor()
            )
        if outcome.ok:
            session[KEPT] = made.id
            return redirect(local_path(form.next.data) or url_for("observatory.welcome"))
        status = outcome.status
    obstacle = on_behalf.obstacle(found, current_actor())
    page = render_template("desk/on_behalf.html", organisation=found, form=form, obstacle=obstacle,
                           done=told.done_for(found.id), channels=words.CHANNELS)  # fmt: skip
    return page, status


@blueprint.post("/compte/agir/terminer")
@access("signed-in")
def end() -> Response:
    """Be the operator again."""
    ended = on_behalf.end(int(session.pop(KEPT, 0)))
    if ended is None:
        return redirect(url_for("observatory.welcome"))
    name = accounts.names([ended.organisation_id])[ended.organisation_id]
    flash(_("You no longer act for %(name)s.", name=name), "success")
    return redirect(url_for("desk.organisation", organisation_id=ended.organisation_id))


@blueprint.get("/compte/actes")
@access("signed-in")
def acts() -> str:
    """What the operator did for one's organisation."""
    organisation_id = current_actor().organisation_id or 0
    return render_template("desk/acts.html", done=told.done_for(organisation_id), channels=words.CHANNELS)


def resumed(actor: Actor) -> Actor:
    """The actor of this request: the organisation's while one acts for it, else `actor` as signed in."""
    kept = session.get(KEPT)
    if kept is None or actor.person_id is None:
        return actor
    meanwhile = on_behalf.resume(int(kept), actor.person_id)
    if meanwhile is not None:
        return meanwhile
    session.pop(KEPT)
    flash(_("You no longer act for somebody else: nothing was done for half an hour, or it ended elsewhere."))
    return actor


@user_logged_out.connect
def _signed_out(*_args: object, **_values: object) -> None:
    if (kept := session.get(KEPT)) is not None:
        on_behalf.end(int(kept), "signed_out")


def _organisation(organisation_id: int) -> Organisation:
    found = accounts.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    return found
