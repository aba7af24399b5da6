"""What may stand in an address: numbers that a row's id can be, texts that a database can be asked for.

Anything else is an address where nothing is (404), before any view runs.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, current_app, request, url_for
from werkzeug.routing import IntegerConverter, UnicodeConverter

from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST, UNSEEN
from reuse_market.web.problems import wants_json

MOST = 500  # addresses remembered by `fixed`


class RowNumber(IntegerConverter):
    """`<int:unit_id>`: at most what an id column holds (a larger one made both databases stumble)."""

    def __init__(self, map: Any, *args: Any, max: int | None = None, **kwargs: Any) -> None:
        kwargs["max"] = BIGGEST if max is None else max
        super().__init__(map, *args, **kwargs)


class PlainText(UnicodeConverter):
    """`<string:reference>`: no control character (PostgreSQL refuses NUL)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regex = self.regex.replace("[^/]", r"[^/\x00-\x1f\x7f]")


def fixed(endpoint: str, **values: Any) -> str:
    """`url_for`, remembered: for the few addresses that stand on every page, with values that are ours.

    An address follows where the application is mounted and, for a visitor, the language of this one.
    """
    known: dict[Any, str] = current_app.extensions.setdefault("addresses.fixed", {})
    english = "lang" in request.args and request.args["lang"] == "en"
    key = (endpoint, *values.items(), request.root_path, english, current_actor().person_id is None)
    if (address := known.get(key)) is None:
        if len(known) > MOST:
            known.clear()
        address = known[key] = url_for(endpoint, **values)
    return address


def install(app: Flask) -> None:
    """Call before the first route. Also refuses a query or a form that no database can hold (400)."""
    app.jinja_env.globals["fixed_url"] = fixed
    app.url_map.converters |= {"int": RowNumber, "string": PlainText, "default": PlainText}

    @app.before_request
    def check() -> None:
        if any(UNSEEN.search(value) for values in request.args.lists() for value in (values[0], *values[1])):
            abort(400)
        if not wants_json() and any("\x00" in value for _, value in request.form.items(multi=True)):
            abort(400)  # no keyboard types it, PostgreSQL refuses it
