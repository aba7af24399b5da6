"""Pages that look again by themselves while something works, until their reader asks them to stop (RGAA 13.1)."""

from __future__ import annotations

from flask import make_response, request
from werkzeug.wrappers import Response

STILL = "fixe"
SECONDS = 3


def stands_still() -> bool:
    """Whether the reader asked the page not to look again by itself."""
    return STILL in request.args


def looking_again(page: str) -> Response:
    """The page, asked for again every few seconds unless it stands still."""
    response = make_response(page)
    if not stands_still():
        response.headers["Refresh"] = str(SECONDS)
    return response
