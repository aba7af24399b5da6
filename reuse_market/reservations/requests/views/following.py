"""Where a request stands, for whoever holds its personal link: in plain words, on screen and on paper."""

from __future__ import annotations

from flask import redirect, render_template, url_for

from reuse_market.reservations.requests import links, queries, services, words
from reuse_market.reservations.requests.answers import UNKNOWN
from reuse_market.reservations.requests.lifecycle import OPEN
from reuse_market.reservations.requests.request_models import AssociationRequest
from reuse_market.reservations.requests.views.asking import check
from reuse_market.reservations.requests.views.base import Page, Step, blueprint
from reuse_market.web.access import access

ONE = "/demande/suivi/<string:token>"


@blueprint.get(ONE)
@access("public")
def follow(token: str) -> Page:
    """Where the request stands, what was asked, what can be done."""
    found = links.opened(token)
    return render_template("reservations/requests/follow.html", token=token, **_context(found))


@blueprint.get(f"{ONE}/lettre")
@access("public")
def letter(token: str) -> Page:
    """The same as a letter of one page, to print."""
    found = links.opened(token)
    return render_template("reservations/requests/letter.html", token=token, **_context(found))


@blueprint.post(f"{ONE}/changer")
@access("public")
def change(token: str) -> Page:
    """The page that checks the answers, for this request; each answer can be changed there."""
    found = links.opened(token)
    return check(Step(queries.answers(found), token=token))


@blueprint.post(f"{ONE}/rappel")
@access("public")
def call_me(token: str) -> Page:
    """Call us back: the request is in front of the operator again."""
    services.ask_call(token)
    return redirect(url_for("requests.follow", token=token))


@blueprint.route(f"{ONE}/arret", methods=["GET"])
@access("public")
def stop(token: str) -> Page:
    """Is it sure? The request is given up by the button of this page only."""
    return render_template("reservations/requests/stop.html", token=token, found=links.opened(token))


@blueprint.post(f"{ONE}/arret")
@access("public")
def cancel(token: str) -> Page:
    """Give the request up."""
    services.cancel_request(token)
    return redirect(url_for("requests.follow", token=token))


def _context(found: AssociationRequest) -> dict[str, object]:
    return {
        "found": found, "answers": queries.answers(found), "standing": queries.standing(found),
        "is_open": found.state in OPEN, "words": words, "UNKNOWN": UNKNOWN,
    }  # fmt: skip
