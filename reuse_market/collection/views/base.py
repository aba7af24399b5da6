"""What the pages of the room share."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import get_locale
from werkzeug.wrappers import Response

from reuse_market.collection.papers import Lang

blueprint = Blueprint("collection", __name__)

Page = str | Response | tuple[str, int]


def language() -> Lang:
    """The page's language, for the words papers share with pages."""
    return "en" if str(get_locale())[:2] == "en" else "fr"
