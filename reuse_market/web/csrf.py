"""Cross-site request forgery: an origin check while anonymous, a session token once signed in.

So a visitor gets no cookie. Every unsafe request of a page is checked; there is no opt-out.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, abort, request, session

from reuse_market.web.access import current_actor
from reuse_market.web.problems import wants_json

SAFE = {"GET", "HEAD", "OPTIONS"}
FIELD = "csrf_token"


def token() -> str:
    """The token of this session ('' while anonymous)."""
    if current_actor().person_id is None:
        return ""
    if FIELD not in session:
        session[FIELD] = secrets.token_urlsafe(24)
    return str(session[FIELD])


def same_origin() -> bool:
    """Whether the browser says the request comes from one of our own pages."""
    if fetched := request.headers.get("Sec-Fetch-Site"):
        return fetched == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(source) and urlsplit(source).netloc == request.host


def guard(app: Flask) -> None:
    """Check every unsafe request; give templates `csrf_token()`."""

    @app.before_request
    def check() -> None:
        if request.method in SAFE or wants_json():
            return  # under /api/ only a token says who acts, and no browser sends one by itself
        if current_actor().person_id is None:
            if not same_origin():
                abort(403)
            return
        sent = request.form.get(FIELD) or request.headers.get("X-CSRF-Token", "")
        if not hmac.compare_digest(sent.encode(), token().encode()):
            abort(403)

    app.jinja_env.globals["csrf_token"] = token
