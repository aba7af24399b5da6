"""What the addresses of the ledger ask for: a year, an organisation, a category."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from reuse_market.kernel import clock
from reuse_market.obligations.agec import policy
from reuse_market.obligations.agec.categories import CODES, EARLIEST, FIRST
from reuse_market.web.access import current_actor

blueprint = Blueprint("agec", __name__)
Page = str | AnyResponse | tuple[str, int]


def asked_year() -> int:
    """The year of the address, this one when absent or nonsense."""
    text = request.args.get("annee", "")
    this = clock.today().year
    return int(text) if text.isascii() and text.isdecimal() and EARLIEST <= int(text[:5]) <= this else this


def asked_organisation() -> int:
    """The organisation whose ledger is read: one's own, or as an overseer asks."""
    text = request.args.get("organisme", "")
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    return policy.whose(current_actor(), asked)


def asked_category() -> str:
    """The category the two figures and the gap are about."""
    code = request.values.get("category") or request.args.get("categorie") or FIRST
    return code if code in CODES else FIRST
