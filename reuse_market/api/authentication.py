"""Who a request of the API comes from: the token it bears, never a session cookie."""

from __future__ import annotations

from flask import Flask, current_app, g, request

from reuse_market.accounts import attempts, tokens
from reuse_market.desk import on_behalf
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.web.access import rule_of
from reuse_market.web.problems import wants_json

ON_BEHALF = "X-On-Behalf-Of"

WRONG_TOKENS = 30  # from one network address in a quarter of an hour; good ones go on working from there


def identify() -> None:
    """Set g.actor (via "token"), g.scopes and g.language when the request bears a valid token.

    TooMany for a wrong one after too many from the same address.
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    grant = tokens.granted(secret.strip()) if kind.lower() == "bearer" and secret.strip() else None
    if grant is None and secret.strip():
        attempts.note("token", (request.remote_addr or "", WRONG_TOKENS))
    if grant is not None:
        g.scopes, g.language = grant.scopes, grant.language
        g.actor = _for_whom(grant.actor)


def _for_whom(actor: Actor) -> Actor:
    """The operator's token may name the organisation it acts for; its scopes stay as they are."""
    asked = request.headers.get(ON_BEHALF)
    if asked is None:
        return actor
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Invalid(N_("X-On-Behalf-Of is the number of an organisation."), code="on-behalf.number")
    return on_behalf.for_program(int(asked), actor=actor, acts=request.method == "POST")


def guard(app: Flask) -> None:
    """After the access gate: an operation also wants its collection and right within the token's scopes."""

    @app.before_request
    def check() -> None:
        if not wants_json() or request.endpoint is None:
            return
        wanted = getattr(current_app.view_functions[request.endpoint], "scope", None)
        if rule_of(current_app, request.endpoint) == "public":
            return  # open data, the document itself: no token, hence no scope
        if wanted is not None and not tokens.covers(g.get("scopes", ()), *wanted):
            raise NotAllowed(
                N_("This token may not do this: it lacks the scope %(scope)s."),
                code="token.scope", scope=":".join(wanted),
            )  # fmt: skip
