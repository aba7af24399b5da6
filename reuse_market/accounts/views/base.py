"""The blueprint every page of accounts hangs on, and what they share."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

blueprint = Blueprint("accounts", __name__)

Page = str | Response | tuple[str, int]


def local_path(target: str | None) -> str | None:
    """`target` when it is a path of this site, else None (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def opened(target: str | None) -> str | None:
    """`target` when it is a page of this site that a link may open, else None."""
    path = local_path(target)
    adapter = current_app.create_url_adapter(request)
    if path is None or adapter is None:
        return None
    try:
        adapter.match(urlsplit(path).path, method="GET")
    except HTTPException:
        return None
    return path
