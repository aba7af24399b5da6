"""The pages of the room: reports dropped in one go, and second looks."""

from __future__ import annotations

from flask import Blueprint

from reuse_market.erasure.views import checks, reports

blueprint = Blueprint("erasure", __name__)
reports.register(blueprint)
checks.register(blueprint)
