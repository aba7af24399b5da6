"""What the pages of the fleet share: their blueprint, what a page is, a file to download."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from reuse_market.equipment import queries as equipment

blueprint = Blueprint("fleets", __name__)

Page = str | BaseResponse | tuple[str, int]


def kind_names() -> dict[str, str]:
    """Kind → its name in the reader's language."""
    english = str(get_locale()) == "en"
    return {kind.code: (kind.label_en if english else kind.label_fr) for kind in equipment.kinds()}


def ways(current: str) -> list[dict[str, Any]]:
    """The ways to see a fleet, as tabs: device by device, by configuration, by model."""
    pages = (
        ("fleets.fleet", _("Device by device")), ("fleets.by_configuration", _("By configuration")),
        ("fleets.by_model", _("Models")),
    )  # fmt: skip
    return [
        {"label": label, "url": url_for(endpoint), "current": endpoint == current}
        for endpoint, label in pages
    ]


def download(data: bytes, name: str, media_type: str) -> Response:
    """A file given back under a name."""
    response = Response(data, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
