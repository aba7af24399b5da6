"""Deny by default: a route without a named access rule answers 403.

The rule is the coarse gate (which kind of organisation); the life-cycle's policy decides on the object.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.web.problems import wants_json

View = TypeVar("View", bound=Callable[..., Any])

RULES: dict[str, Callable[[Actor], bool]] = {
    "public": lambda actor: True,
    "signed-in": lambda actor: actor.person_id is not None,
    "organisation-member": lambda actor: actor.organisation_id is not None and actor.via != "link",
    "site-keeper": lambda actor: actor.has(
        "holder", "reuse_actor", "buyer", "obliged_buyer", "recipient", "applicant"
    ),
    "holder": lambda actor: actor.has("holder"),
    "waste-keeper": lambda actor: actor.has("holder", "reuse_actor"),
    "reuse-actor": lambda actor: actor.has("reuse_actor"),
    "beneficiary": lambda actor: actor.has("buyer", "obliged_buyer", "recipient"),
    "prescriber": lambda actor: actor.has("recipient", "operator", "administrator", "auditor"),
    # Whoever may take devices of a lot, and its holder (a public body takes in any of its roles).
    "taker": lambda actor: actor.has("holder", "reuse_actor", "buyer", "obliged_buyer", "recipient"),
    # The pages at the holder's door: the same people, and a driver by the link of the day.
    "door": lambda actor: actor.has("holder", "reuse_actor", "buyer", "obliged_buyer", "recipient", "driver"),
    "driver": lambda actor: actor.has("driver"),
    "party": lambda actor: actor.has(
        "holder", "reuse_actor", "buyer", "obliged_buyer", "recipient", "operator", "administrator", "auditor"
    ),
    "administrator": lambda actor: actor.has("administrator"),
    "operator": lambda actor: actor.has("operator", "administrator"),
    "overseer": lambda actor: actor.has("operator", "administrator", "auditor"),
    "demo": lambda actor: True,  # the route itself exists only in demo mode
}


BY_LINK = "driver_link"  # in the session of a driver without an account: the link's number
OPENED = frozenset({"door", "driver"})  # the rules such a link opens; elsewhere its driver is refused

# What somebody who only audits may still send: signing in and out, its own language, password, links and tokens.
OWN_ACCOUNT = frozenset(f"accounts.{name}" for name in (
    "sign_in", "sign_out", "lost_password", "choose_password", "confirm_address", "join", "change_language",
    "change_password", "act_for", "stop_search", "api_tokens", "revoke_api_token",
))  # fmt: skip
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def only_reads(actor: Actor) -> bool:
    """Whether this account changes nothing here: an auditor's, whose organisation has no other role."""
    return actor.roles == {"auditor"}


def access(rule: str) -> Callable[[View], View]:
    """Name the access rule of a view; it stands on the function, under the route decorator."""
    if rule not in RULES:
        raise ValueError(f"unknown access rule {rule}")

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The rule an endpoint names, or None (then it is refused)."""
    if endpoint == "static":
        return "public"
    return getattr(app.view_functions.get(endpoint), "access_rule", None)


def current_actor() -> Actor:
    """Who is asking, as the factory's loader resolved it."""
    return getattr(g, "actor", VISITOR)


def guard(app: Flask) -> None:
    """Install the gate. Unknown addresses fall through to 404."""

    @app.before_request
    def check() -> Response | None:
        if request.endpoint is None:
            return None
        rule = rule_of(app, request.endpoint)
        if rule is None:
            abort(403)
        actor = current_actor()
        if only_reads(actor) and request.method not in READING and request.endpoint not in OWN_ACCOUNT:
            abort(403)
        if RULES[rule](actor):
            return None
        if actor.person_id is None and wants_json():
            raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
        if actor.person_id is None and request.method == "GET" and not g.get("by_link"):
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        abort(403)
        return None
