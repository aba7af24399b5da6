"""What a template writes: the same as the library's own, whatever the value and wherever it stands."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext
from jinja2 import DictLoader, Environment, Undefined
from markupsafe import Markup, escape

from reuse_market.web import writing

HOSTILE = """<script>alert("x")</script> & 'y' – é″"""
PAGES = {
    "kit.html": "{% macro cell(value, more='') %}"
    "<td title='{{ more }}'>{{ value }}{{ caller() if caller }}</td>{% endmacro %}",
    "part.html": "<i>{{ text }}</i>",
    "base.html": "<title>{% block title %}{{ text }}{% endblock %}</title>{% block main %}{% endblock %}",
    "page.html": """{% extends "base.html" %}{% from "kit.html" import cell %}
{% macro own(value) -%}{{ value }}{%- endmacro %}
{% block title %}{{ super() }} – {{ text | upper }}{% endblock %}
{% block main %}{% set caught %}<b>{{ text }}</b>{% endset %}{% set held = text ~ safe %}
{{ text }}{{ safe }}{{ number }}{{ none }}{{ missing }}{{ missing is defined }}{{ lazy }}{{ odd }}
{{ caught }}{{ held }}
{% for one in [text, safe, number] %}{{ loop.index }} {{ one }} {{ [one, text] | join(', ') }}{% endfor %}
{{ cell(text, text) }}{{ own(text) }}{{ own(safe) }}{% call cell(safe) %}{{ text }}{{ own(text) }}{% endcall %}
{% include "part.html" %}{% filter upper %}{{ text }}{% endfilter %}{{ text | e }}{{ text | safe }}{{ text | tojson }}
{{ "%s" | format(text) }}{{ text if number else safe }}{{ text | replace("<", safe) }}{{ own(text) | length }}
{% autoescape false %}{{ text }}{{ safe }}{% endautoescape %}{% endblock %}""",
}  # fmt: skip


class Odd:
    """Says itself what is safe of it."""

    def __html__(self) -> str:
        """Its own markup."""
        return "<u>odd</u>"


def _made(template_class: type[Any] | None) -> Environment:
    environment = Environment(loader=DictLoader(PAGES), autoescape=True)
    if template_class is not None:
        environment.template_class = template_class
    return environment


def test_a_page_is_written_as_the_library_writes_it(kit_app: Flask) -> None:
    """Each construct that writes a value, with values that must be escaped, must not be, or are none."""
    with kit_app.test_request_context():
        values = {
            "text": HOSTILE, "safe": Markup("<b>&amp;</b>"), "number": 12, "none": None, "odd": Odd(),
            "lazy": lazy_gettext("Sign in"),
        }  # fmt: skip
        ours, theirs = _made(writing.Page), _made(None)
        assert ours.get_template("page.html").render(values) == theirs.get_template("page.html").render(
            values
        )
        written = ours.get_template("part.html").render(values)
        assert written == f"<i>{escape(HOSTILE)}</i>"
        macro = ours.get_template("kit.html").module.cell  # type: ignore[attr-defined]  # of the template
        assert isinstance(macro(HOSTILE), Markup)
    for value in (*values.values(), "", "plain", 0, 1.5, Undefined(name="x"), [HOSTILE], Markup("")):
        assert writing.escaped(value) == str(escape(value)), value


def test_every_template_of_the_application_is_written_so(app: Flask) -> None:
    """What compiled code calls `escape` is ours: should the library write values otherwise, this says it."""
    for name in ("layout/base.html", "kit/field.html", "catalogue/groups.html"):
        made = app.jinja_env.get_template(name)
        assert made.root_render_func.__globals__["escape"] is writing.escaped
