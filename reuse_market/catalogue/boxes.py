"""What the filters of the list answer, and their boxes as the kit draws them.

Both are remembered, since they are the same from page to page; a form is made of what has not been read before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import current_app, get_template_attribute, request
from markupsafe import Markup

from reuse_market.catalogue import forms
from reuse_market.catalogue.forms import PLAIN, ListForm, Offered

MOST = 512  # boxes remembered by a process: a few for each list, and what was typed lately
LONGEST = 200  # characters of the values of a field that are remembered


class Box(NamedTuple):
    """A field without an error: its value, and how it is drawn."""

    value: Any
    drawn: Markup


class Read(NamedTuple):
    """`values` by name, of what can be read; `form` says what is wrong with the rest, None when nothing is."""

    values: dict[str, Any]
    boxes: Markup
    form: ListForm | None


def read(told: Offered) -> Read:
    """The fields of PLAIN as this address answers them."""
    kept: dict[Any, Box] = current_app.extensions.setdefault("catalogue.boxes", {})
    if len(kept) > MOST or current_app.debug:  # a template may have changed
        kept.clear()
    asked = request.args
    keys = {
        name: (name, told.lang, not asked, tuple(asked.getlist(name)), told.answers.get(name))
        for name in PLAIN
    }
    boxes = {name: kept.get(key) for name, key in keys.items()}
    if missing := tuple(name for name, box in boxes.items() if box is None):
        form = forms.filter_form(forms.part(missing), told)
        if not form.validate():
            return _wrong(told)
        for name in missing:
            made = boxes[name] = Box(form[name].data, _drawn(form[name]))
            if sum(map(len, asked.getlist(name))) <= LONGEST:  # an address may say a field many times
                kept[keys[name]] = made
    found = {name: box for name, box in boxes.items() if box is not None}
    return Read(
        {name: box.value for name, box in found.items()},
        Markup("").join(box.drawn for box in found.values()),
        None,
    )


def _wrong(told: Offered) -> Read:
    """Something cannot be read: the whole form says so."""
    form = forms.filter_form(ListForm, told)
    form.validate()
    values = {name: form[name].data for name in PLAIN if not form[name].errors}
    return Read(values, Markup("").join(_drawn(form[name]) for name in PLAIN), form)


def _drawn(field: Any) -> Markup:
    drawn: Markup = get_template_attribute("kit/field.html", "field")(field, mark=False)
    return drawn
