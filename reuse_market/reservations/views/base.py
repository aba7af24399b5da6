"""What the pages of reservations share."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from reuse_market.documents.rendering import Lang

blueprint = Blueprint("reservations", __name__)

Page = str | AnyResponse | tuple[str, int]


def lang() -> Lang:
    """The reader's language."""
    return "en" if str(get_locale())[:2] == "en" else "fr"
