"""A lost password, and the page where one is chosen by the link of a mail. Anonymous: no cookie."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reuse_market.accounts import links, password_reset
from reuse_market.accounts.people_forms import LostPasswordForm, NewPasswordForm
from reuse_market.accounts.views.base import Page, blueprint
from reuse_market.web.access import access
from reuse_market.web.problems import telling


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@access("public")
def lost_password() -> Page:
    """Ask for the link; the answer does not say whether the address is known."""
    form = LostPasswordForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            password_reset.ask(form.email.data, network=request.remote_addr or "")
        if outcome.ok:
            return render_template("accounts/lost_password_sent.html", email=form.email.data)
        status = outcome.status
    return render_template("accounts/lost_password.html", form=form), status


@blueprint.route("/mot-de-passe/<string:token>", methods=["GET", "POST"])
@access("public")
def choose_password(token: str) -> Response:
    """A new password instead of a lost one."""
    return _choosing(token, "reset_password")


@blueprint.route("/confirmer/<string:token>", methods=["GET", "POST"])
@access("public")
def confirm_address(token: str) -> Response:
    """The first password of somebody whose address this link confirms."""
    return _choosing(token, "confirm_address")


def _choosing(token: str, purpose: str) -> Response:
    """Opening the page changes nothing (mail filters open links); its button does."""
    if links.peek(token, purpose) is None:
        return dead_link("accounts/dead_link.html", purpose=purpose)
    form = NewPasswordForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            password_reset.choose_password(token, form.password.data, purpose=purpose)
        if outcome.ok:
            return unkept(redirect(url_for("accounts.sign_in", fait=purpose), 303))
        status = outcome.status
    page = render_template("accounts/choose_password.html", form=form, purpose=purpose, token=token)
    return unkept(make_response(page, status))


def dead_link(template: str, **context: object) -> Response:
    """Used, replaced, too old or never made: told alike, with the way to a new one."""
    return unkept(make_response(render_template(template, **context), 410))


def unkept(response: Response) -> Response:
    """The address holds a secret: no cache keeps the page, no other site learns it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
