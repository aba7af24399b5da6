"""The boxes of the list's filters, as the kit draws them: remembered, since they are the same from page to page."""

from __future__ import annotations

from typing import Any

from flask import current_app, get_template_attribute
from markupsafe import Markup

from reuse_market.catalogue.forms import PLAIN, ListForm

MOST = 512  # boxes remembered by a process: a few for each list, and what was typed lately


def boxes(form: ListForm, lang: str) -> Markup:
    """The boxes of PLAIN, in order. The form has been validated: one with an error is drawn anew."""
    kept: dict[Any, Markup] = current_app.extensions.setdefault("catalogue.boxes", {})
    if len(kept) > MOST or current_app.debug:  # a template may have changed
        kept.clear()
    return Markup("").join(_box(form, name, lang, kept) for name in PLAIN)


def _box(form: ListForm, name: str, lang: str, kept: dict[Any, Markup]) -> Markup:
    field = form[name]
    if field.errors:
        return _drawn(field)
    key = (name, lang, tuple(field.raw_data or ()), field.data, form.offered.get(name))
    found = kept.get(key)
    if found is None:
        found = kept[key] = _drawn(field)
    return found


def _drawn(field: Any) -> Markup:
    drawn: Markup = get_template_attribute("kit/field.html", "field")(field, mark=False)
    return drawn
