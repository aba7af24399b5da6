"""Who a request of the API comes from: the token it bears, never a session cookie."""

from __future__ import annotations

from flask import Flask, current_app, g, request

from reuse_market.accounts import tokens
from reuse_market.kernel.errors import NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.web.problems import wants_json


def identify() -> None:
    """Set g.actor (via "token"), g.scopes and g.language when the request bears a valid token."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    grant = tokens.granted(secret.strip()) if kind.lower() == "bearer" and secret.strip() else None
    if grant is not None:
        g.actor, g.scopes, g.language = grant.actor, grant.scopes, grant.language


def guard(app: Flask) -> None:
    """After the access gate: an operation also wants its collection and right within the token's scopes."""

    @app.before_request
    def check() -> None:
        if not wants_json() or request.endpoint is None:
            return
        wanted = getattr(current_app.view_functions[request.endpoint], "scope", None)
        if wanted is not None and not tokens.covers(g.get("scopes", ()), *wanted):
            raise NotAllowed(
                N_("This token may not do this: it lacks the scope %(scope)s."),
                code="token.scope", scope=":".join(wanted),
            )  # fmt: skip
