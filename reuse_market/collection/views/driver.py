"""A driver without an account: the organisation gives the link, the driver opens the stops of the day."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask import make_response as made_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.collection import driving, papers, queries, wording
from reuse_market.collection.link_forms import DriverLinkForm
from reuse_market.collection.models import DriverLink
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.words import N_
from reuse_market.notices.settings import settings
from reuse_market.web.access import BY_LINK, access, current_actor
from reuse_market.web.problems import telling

LINKS = "/chauffeurs/<string:reference>"


@blueprint.route(LINKS, methods=["GET", "POST"])
@access("taker")
def driver_links(reference: str) -> Page:
    """The links given for a round or a pick-up, and a form to give one; the address made is shown once."""
    actor = current_actor()
    subject = driving.subject_of(reference, actor)
    form: Any = DriverLinkForm.from_request(name=getattr(subject, "driver_name", ""))
    status, given = (422 if request.method == "POST" else 200), None
    if form.accepted():
        with telling(form) as outcome:
            given = driving.give_link(reference, actor=actor, **form.values())
        status = 201 if outcome.ok else outcome.status
    page = render_template(
        "collection/driver_links.html", subject=subject, form=form, links=driving.of_subject(reference, actor),
        alive=driving.alive, given=given.link if given else None, today=clock.today(),
        address=settings().base_url + url_for("collection.driver_welcome", token=given.token) if given else "",
        is_round=reference.startswith("TRN-"), organisation=actor.organisation_name,
    )  # fmt: skip
    return _unkept(page, status)


@blueprint.post(f"{LINKS}/retirer/<int:link_id>")
@access("taker")
def revoke_driver_link(reference: str, link_id: int) -> Page:
    """Withdraw a link: it stops at once."""
    actor = current_actor()
    if link_id not in [link.id for link in driving.of_subject(reference, actor)]:
        raise NotFound(N_("This link does not exist."))
    driving.revoke_link(link_id, actor=actor)
    flash(_("The link is withdrawn: it no longer opens anything."), "success")
    return redirect(url_for("collection.driver_links", reference=reference))


@blueprint.get("/chauffeur/<string:token>")
@access("public")
def driver_welcome(token: str) -> Page:
    """What the link is for, and the button. Nothing happens before it is pressed."""
    link = driving.peek(token)
    if link is None or not driving.alive(link):
        return _unkept(render_template("collection/dead_link.html", message=_(driving.DEAD)), 404)
    return _unkept(_welcome(link), 200)


@blueprint.post("/chauffeur/<string:token>")
@access("public")
def begin_driving(token: str) -> Page:
    """The driver's day begins on this phone, until midnight or until the link is withdrawn."""
    if current_actor().person_id is not None:
        raise Conflict(
            N_("Sign out first: this link is for a driver without an account."), code="driver.signed-in"
        )
    link = driving.open_link(token)
    session.clear()
    session[BY_LINK] = link.id
    return redirect(url_for("collection.driver_stops"))


@blueprint.get("/chauffeur")
@access("driver")
def driver_stops() -> Page:
    """The stops in the order driven: where, whom to ask for, what is left to check off."""
    link = _link()
    found = [(one, queries.view(one), accounts.site(one.site_id)) for one in driving.stops(link)]
    rows = [
        {"pickup": one, "view": view, "site": site, "address": papers.address(site),
         "site_access": papers.access(site, language()), "left": sum(row.left for row in queries.tally(one))}
        for one, view, site in found
    ]  # fmt: skip
    return render_template("collection/driver_stops.html", link=link, rows=rows, wording=wording)


@blueprint.post("/chauffeur/quitter")
@access("driver")
def stop_driving() -> Page:
    """Leave: this phone forgets the link, which still works from the message."""
    session.clear()
    return redirect(url_for("observatory.home"))


def _link() -> DriverLink:
    found = driving.by_id(current_actor().link_id or 0)
    if found is None:
        raise NotFound(driving.DEAD)
    return found


def _welcome(link: DriverLink) -> str:
    names = accounts.names([link.organisation_id])
    return render_template(
        "collection/driver_welcome.html", link=link, organisation=names[link.organisation_id],
        early=link.day > clock.today(), number=len(driving.stops(link)),
    )  # fmt: skip


def _unkept(page: str, status: int) -> Response:
    """A page that shows or answers a secret stays in no cache."""
    answer = made_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
