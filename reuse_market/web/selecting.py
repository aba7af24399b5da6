"""A list to choose from, drawn as WTForms draws it, a line at a time: pages of filters hold a hundred options."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape
from wtforms import fields, widgets
from wtforms.widgets import html_params


def plain(field: Any) -> bool:
    """Whether a field is a list of one answer, without groups: what `drawn` knows."""
    return (
        type(field) is fields.SelectField
        and type(field.widget) is widgets.Select
        and not field.widget.multiple
    )


def drawn(field: Any, attributes: dict[str, Any]) -> Markup:
    """The list with its options; the same as the library's, which `tests/web` compares."""
    # a view that sets `choices` after the form is made leaves pairs there, which the library reads as it draws
    offered = [fields.SelectChoice.from_input(one) for one in field.choices]
    if field.flags.disabled or any(one.optgroup is not None or one.render_kw for one in offered):
        return Markup(field.widget(field, **attributes))  # noqa: S704 - a widget's own output
    attributes = {"id": field.id, **attributes}
    told = [f"<select {html_params(name=field.name, **attributes)}>"]
    for one in offered:
        chosen = "selected " if field.coerce(one.value) == field.data else ""
        value = str(one.value) if isinstance(one.value, bool) else one.value
        told.append(f'<option {chosen}value="{escape(value)}">{escape(one.label or one.value)}</option>')
    told.append("</select>")
    return Markup("".join(told))  # noqa: S704 - every value above is escaped
