"""Verifying a paper: anybody who holds it may check that it was issued here, and is still the current one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reuse_market.documents import queries
from reuse_market.web.access import access

blueprint = Blueprint("documents", __name__)


@blueprint.get("/verification")
@access("public")
def ask() -> str | Response:
    """Type the code printed at the foot of a paper."""
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(url_for("documents.verification", code=typed[:40]))
    return render_template("documents/verification.html", asked=None, document=None)


@blueprint.get("/verification/<string:code>")
@access("public")
def verification(code: str) -> tuple[str, int]:
    """What may be said of a paper to whoever has its code: number, kind, day, SHA-256, superseded or not."""
    found = queries.verify(code)
    page = render_template("documents/verification.html", asked=code, document=found)
    return page, 200 if found else 404
