"""What only a demonstration has: every message the service would have sent, and where to see which case."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from reuse_market.demo import cases as shown
from reuse_market.demo.parties import address
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.words import REGIMES
from reuse_market.notices import queries
from reuse_market.notices.models import Message
from reuse_market.web.access import access
from reuse_market.web.paging import SIZE, Slice

blueprint = Blueprint("demo", __name__)

# A mail is somebody else's HTML: no script, no form, nothing loaded, an origin of its own.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
LINK = re.compile(r"https?://[^\s<>\"]+")


@blueprint.get("/demo/cas")
@access("demo")
def cases() -> str:
    """What the law allows and refuses, regime by regime, and where to see it."""
    found = [(case, _url(case.page, values)) for case, values in shown.places()]
    regimes = [(regime, [row for row in found if row[0].regime == regime]) for regime in REGIMES]
    return render_template("demo/cases.html", regimes=regimes, names=REGIMES, address=address)


def _url(page: str, values: dict[str, Any] | None) -> str | None:
    return url_for(page, **values) if values else None


@blueprint.get("/demo/courrier")
@access("demo")
def mailbox() -> str:
    """Messages, newest first, those to one address when asked."""
    asked = request.args.get("adresse", "").strip()
    cursor = request.args.get("cursor", "0")
    offset = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 7 else 0
    found = queries.messages(SIZE + 1, offset, asked or None)
    following = str(offset + SIZE) if len(found) > SIZE else None
    return render_template("demo/mailbox.html", page=Slice(found[:SIZE], following), address=asked)


@blueprint.get("/demo/courrier/<int:message_id>")
@access("demo")
def message(message_id: int) -> str:
    """One message as text, its links made clickable beside."""
    found = _message(message_id)
    links = list(dict.fromkeys(link.rstrip(".,;") for link in LINK.findall(found.text)))
    return render_template("demo/message.html", message=found, links=links)


@blueprint.get("/demo/courrier/<int:message_id>/html")
@access("demo")
def message_html(message_id: int) -> Response:
    """The HTML of a message as its reader's program shows it, shut in by a policy of its own."""
    response = make_response(_message(message_id).html)
    response.headers["Content-Security-Policy"] = MAIL_CSP
    return response


def _message(message_id: int) -> Message:
    found = queries.get(message_id)
    if found is None:
        raise NotFound(N_("This message does not exist."))
    return found
