"""The workshop's shared computer: who takes a turn, and what the session opens meanwhile.

Once opened as a shared computer, a session leads to the workshop only, until it signs out: nobody reaches the
account of whoever opened it. Between two turns nobody acts at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import technicians
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.turn_forms import TurnForm, turn_form
from reuse_market.refurbishing.views.page import Page, blueprint
from reuse_market.web.access import access, current_actor, rule_of
from reuse_market.web.problems import telling

IDLE = 10 * 60  # seconds without a page: the turn ends by itself
WORKSHOP = ("refurbishing.", "erasure.", "accounts.change_language")  # the language is the technician's own
POST, TURN, SEEN = "post", "turn", "turn_seen"
ALWAYS = frozenset({
    "refurbishing.shared_post", "refurbishing.end_turn", "refurbishing.post_scan", "accounts.sign_out", "static",
})  # fmt: skip


def at_post(actor: Actor) -> Actor:
    """Who acts in this session: the technician whose turn it is on a shared computer, else `actor`."""
    if POST not in session or actor.via != "self":
        return actor
    g.at_post, g.opener = True, actor
    found = None
    if session[POST] != actor.organisation_id:
        session.pop(TURN, None)  # whoever opened it left the organisation: nobody takes turns here any more
    elif TURN in session and _now() - int(session.get(SEEN, 0)) < IDLE:
        found = technicians.turn_of(actor, int(session[TURN]))
    if found is None:
        if session.pop(TURN, None) is not None:
            g.turn_over = True
        g.no_turn = True
        return replace(actor, commits=False)
    session[SEEN] = _now()
    return found


@blueprint.before_app_request
def keep_to_the_workshop() -> Response | None:
    """On a shared computer: the workshop's pages during a turn, else the page that asks who works."""
    endpoint = request.endpoint
    if not g.get("at_post") or endpoint is None or endpoint in ALWAYS:
        return None
    if g.get("no_turn"):
        if g.get("turn_over"):
            flash(_("Nothing was done for ten minutes: the turn is over. Say who works."), "warning")
        return redirect(url_for("refurbishing.shared_post"))
    if endpoint.startswith(WORKSHOP) or rule_of(_app(), endpoint) == "public":
        return None
    flash(_("This computer is the workshop’s: sign out to leave the workshop’s pages."), "warning")
    return redirect(url_for("refurbishing.bench"))


@blueprint.route("/atelier/poste", methods=["GET", "POST"])
@access("reuse-actor")
def shared_post() -> Page:
    """Say who works, by PIN or badge."""
    organisation_id = current_actor().organisation_id or 0
    known = technicians.technicians(organisation_id)
    form = turn_form(known)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            _begin(_identified(form, organisation_id))
        if outcome.ok:
            return redirect(url_for("refurbishing.bench"))
        status = outcome.status
    at = bool(g.get("at_post"))
    page = render_template("refurbishing/shared_post.html", form=form, technicians=known, at_post=at,
                           working=None if not at or g.get("no_turn") else current_actor())  # fmt: skip
    return page, status


@blueprint.post("/atelier/poste/ouverture")
@access("reuse-actor")
def open_post() -> Response:
    """Make this session the workshop's shared computer, until it signs out."""
    actor = current_actor()
    if actor.via != "self" or not technicians.technicians(actor.organisation_id or 0):
        raise Conflict(
            N_("Nobody has a PIN or a badge yet: set your own first, from “My account”."), code="post.nobody"
        )
    session[POST] = actor.organisation_id
    return redirect(url_for("refurbishing.shared_post"))


@blueprint.post("/atelier/poste/fin")
@access("reuse-actor")
def end_turn() -> Response:
    """The turn is over; the computer stays the workshop's."""
    session.pop(TURN, None)
    flash(_("The turn is over."), "success")
    return redirect(url_for("refurbishing.shared_post"))


@blueprint.post("/atelier/poste/scan")
@access("reuse-actor")
def post_scan() -> Page:
    """The scanner's field of a shared computer: a badge begins a turn, anything else is looked up."""
    typed = request.form.get("code", "")[:80]
    if not technicians.looks_like_badge(typed):
        return redirect(url_for("refurbishing.bench", code=typed))
    form = TurnForm()
    with telling(form) as outcome:
        _begin(technicians.by_badge(current_actor().organisation_id or 0, typed))
    if outcome.ok:
        flash(_("%(name)s works now.", name=_name(int(session[TURN]))), "success")
        return redirect(url_for("refurbishing.bench"))
    flash(" ".join(text for texts in form.errors.values() for text in texts), "error")
    return redirect(url_for("refurbishing.shared_post"))


def _identified(form: Any, organisation_id: int) -> int:
    if form.badge.data:
        return technicians.by_badge(organisation_id, form.badge.data)
    return technicians.by_pin(organisation_id, int(form.person.data or 0), form.pin.data or "")


def _begin(person_id: int) -> None:
    if not g.get("at_post"):
        raise Conflict(N_("Open this computer as the workshop’s first."), code="post.closed")
    session[TURN], session[SEEN] = person_id, _now()


def _name(person_id: int) -> str:
    known = technicians.technicians(current_actor().organisation_id or 0)
    return next((one.name for one in known if one.person_id == person_id), "")


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's target


def _now() -> int:
    return int(clock.now().timestamp())
