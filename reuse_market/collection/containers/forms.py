"""Forms of sealed containers: three rows noted at once; a device read; a count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from reuse_market.collection.container_models import CONTAINER_KINDS
from reuse_market.collection.containers.queries import Content
from reuse_market.collection.containers.services import Sealed
from reuse_market.collection.words import CONTAINERS
from reuse_market.web.forms import Form, IntField

ROWS = 3


class ReadForm(Form):
    """One device of the container: its number, or the label just stuck on it."""

    code = StringField(_l("Label code, serial number or asset tag"), [Length(max=80)])
    serial = StringField(
        _l("Serial number, if it has a new label"), [Length(max=80)],
        description=_l("Written on the device that just got its label."),
    )  # fmt: skip


def containers_form(lang: str) -> Form:
    """Three containers, as many as a driver rolls at once; a row left empty is none."""
    members: dict[str, Any] = {}
    kinds = [(code, CONTAINERS[code][lang]) for code in CONTAINER_KINDS]
    for row in range(ROWS):
        members[f"kind_{row}"] = SelectField(_l("Kind"), choices=kinds)
        members[f"units_{row}"] = IntField(
            _l("Devices said to be in it"), [Optional()], minimum=1, maximum=100_000
        )
        members[f"seal_{row}"] = StringField(
            _l("Seal number"), [Length(max=40)], render_kw={"class": "short"}
        )
        members[f"kilos_{row}"] = IntField(_l("Weight"), [Optional()], minimum=1, maximum=2000)
    kind: Any = type("ContainersForm", (Form,), members)
    return kind.from_request()


def sealed(form: Any) -> list[Sealed]:
    """The rows filled in, as the verb takes them."""
    rows = [(form[f"kind_{i}"].data, form[f"units_{i}"].data, form[f"seal_{i}"].data, form[f"kilos_{i}"].data)
            for i in range(ROWS)]  # fmt: skip
    return [
        Sealed(kind, units or 0, seal=seal or "", weight_g=kilos * 1000 if kilos else None)
        for kind, units, seal, kilos in rows
        if units or seal or kilos
    ]


def count_form(contents: Sequence[Content]) -> Form:
    """Devices found of each line; as said unless changed."""
    numbers = tuple(one.line for one in contents if one.line is not None)
    members: dict[str, Any] = {"line_numbers": numbers}
    for one in contents:
        if one.line is not None:
            members[f"line_{one.line}"] = IntField(
                one.label, minimum=0, maximum=100_000, default=one.declared,
                description=_("%(said)s said, %(read)s read", said=one.declared, read=one.read),
            )  # fmt: skip
    kind: Any = type("CountForm", (Form,), members)
    return kind.from_request()


def counted(form: Any) -> dict[int, int]:
    """Line → devices found; a line left empty holds what was said."""
    typed = {number: form[f"line_{number}"].data for number in form.line_numbers}
    return {number: units for number, units in typed.items() if units is not None}
