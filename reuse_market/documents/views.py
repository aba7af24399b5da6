"""Verifying a paper: anybody who holds it may check that it was issued here, and is still the current one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import get_locale
from werkzeug.wrappers import Response

from reuse_market.documents import queries
from reuse_market.documents.rendering import Lang
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor

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
    parts = panels.drawn("document.main", found, current_actor()) if found else []
    page = render_template("documents/verification.html", asked=code, document=found, parts=parts)
    return page, 200 if found else 404


def reading_language() -> Lang:
    """The page's language, for titles of papers."""
    return "en" if str(get_locale())[:2] == "en" else "fr"


@blueprint.get("/documents/<string:number>.pdf")
@access("signed-in")
def paper(number: str) -> FlaskResponse:
    """A paper, for its parties and those who oversee; `?langue=en` reads it in the other language."""
    document = queries.readable(number, current_actor())
    asked = request.args.get("langue", document.lang)
    lang = asked if asked in ("fr", "en") else document.lang
    return FlaskResponse(
        queries.content_in(document, lang), mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{document.number}-{lang}.pdf"'},
    )  # fmt: skip
