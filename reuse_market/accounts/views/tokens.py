"""Tokens of the API in one's own account: made (the secret shown once), listed, revoked."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import queries, tokens
from reuse_market.accounts.people_forms import TokenForm
from reuse_market.accounts.token_words import CHOICES, scope_words
from reuse_market.accounts.views.base import blueprint
from reuse_market.accounts.views.passwords import unkept
from reuse_market.kernel import clock
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import answers
from reuse_market.web.problems import telling


@blueprint.route("/compte/jetons", methods=["GET", "POST"])
@access("organisation-member")
def api_tokens() -> Response:
    """One's tokens; a new one is told once, on the answer to its form."""
    actor = current_actor()
    form = TokenForm.from_request()
    form.scopes.choices = answers((code, _(word)) for code, word in CHOICES)
    status, secret = 422 if request.method == "POST" else 200, ""
    if form.accepted():
        with telling(form) as outcome:
            _made, secret = tokens.make_own_token(
                form.scopes.data, label=form.label.data, days=int(form.days.data or 0) or None, actor=actor
            )
        status = outcome.status
    mine = tokens.tokens_of(actor.person_id or 0)
    page = render_template(
        "accounts/tokens.html", form=form, tokens=mine, secret=secret, today=clock.today(),
        names=queries.names(one.organisation_id for one in mine), scope_words=lambda scopes: scope_words(scopes, _),
    )  # fmt: skip
    return unkept(Response(page, status, mimetype="text/html"))


@blueprint.post("/compte/jetons/<int:token_id>/revocation")
@access("organisation-member")
def revoke_api_token(token_id: int) -> Response:
    """End a token."""
    tokens.revoke_token(token_id, actor=current_actor())
    flash(_("The token is revoked: it no longer opens anything."), "success")
    return redirect(url_for("accounts.api_tokens"))
