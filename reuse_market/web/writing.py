"""Templates compiled with a cheaper way to write a value: every page does it some hundreds of times."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

import markupsafe
from flask import Flask
from jinja2 import Environment, Template
from markupsafe import Markup


def _by_the_book(text: str) -> str:
    return str(markupsafe.escape(text))


# The library's own work on a text, without the object it wraps the result in: a page joins them at once.
_inner: Callable[[str], str] = getattr(markupsafe, "_escape_inner", _by_the_book)


def escaped(value: Any) -> str:
    """A value as a page writes it: `markupsafe.escape`, whose result nothing but a join sees."""
    if type(value) is str:
        return _inner(value)
    if type(value) is Markup:
        return value
    return markupsafe.escape(value)


class Page(Template):
    """A template whose compiled code writes values by `escaped`."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: Any,
        globals: MutableMapping[str, Any],
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """As the library makes it; what it calls `escape` only writes."""
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__["escape"] = escaped
        return made


def install(app: Flask) -> None:
    """Before the first template is read."""
    app.jinja_env.template_class = Page
