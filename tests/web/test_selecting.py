"""A list to choose from is drawn as the library draws it."""

from __future__ import annotations

import wtforms

from reuse_market.web import selecting

CHOICES = [
    wtforms.fields.SelectChoice("", "Peu importe"),
    wtforms.fields.SelectChoice('a"b', "<b> & d’autres"),
    wtforms.fields.SelectChoice("8", "8 Go"),
]


class _Asked(wtforms.Form):
    ram = wtforms.SelectField("Mémoire", choices=CHOICES)
    several = wtforms.SelectMultipleField("Plusieurs", choices=CHOICES)


def test_the_same_as_the_library() -> None:
    for chosen in ("", 'a"b', "8", "absent", None):
        field = _Asked(data={"ram": chosen}).ram
        told = {"aria_describedby": "hint-ram", "aria_invalid": False, "required": False, "class_": "short"}
        assert selecting.plain(field)
        assert selecting.drawn(field, dict(told)) == field.widget(field, **told)
    assert not selecting.plain(_Asked().several)
