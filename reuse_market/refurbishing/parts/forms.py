"""Forms of repairs, parts and dismantling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.erasure.models import StorageMedium
from reuse_market.refurbishing.parts import words
from reuse_market.refurbishing.parts.stock import PartRow
from reuse_market.refurbishing.services.repairing import HEAVIEST, MOST_COST, Taken
from reuse_market.web.filters import code as printed
from reuse_market.web.forms import CheckboxesField, EuroField, Form, IntField, answers

MOST_SHOWN = 8  # parts in stock shown to choose from; a kind narrows them
ROWS = 4  # parts of one dismantling on the page; the API takes more
GRAMS = _l("g")


class TakeForm(Form):
    """A part that comes out."""

    kind = SelectField(_l("Part"), [InputRequired()])
    medium_id = SelectField(_l("Which storage medium"), [Optional()], coerce=int, default=0)
    label = StringField(_l("Label of its own"), [Length(max=40)])
    serial = StringField(_l("Serial number"), [Length(max=80)])
    weight_g = IntField(_l("Weight"), [Optional()], minimum=1, maximum=HEAVIEST, unit=GRAMS)
    note = StringField(_l("Note"), [Length(max=300)])


class KindForm(Form):
    """The parts to look at, by kind."""

    piece = SelectField(_l("Kind of part"))


def kind_form() -> KindForm:
    """The form with every kind of part, none chosen when the address asks for another."""
    form: KindForm = KindForm.from_query()
    form.piece.choices = [("", _("All kinds of parts")), *((c, _(text)) for c, text in words.KINDS.items())]
    if form.piece.data not in words.KINDS:
        form.piece.data = ""
    return form


class RepairForm(Form):
    """What was done, and the parts put in."""

    work = CheckboxesField(_l("What was done"))
    parts = CheckboxesField(_l("Parts put in, from the stock"), coerce=int)
    cost_cents = EuroField(
        _l("Cost"), maximum=MOST_COST, description=_l("For your own figures: nobody else reads it.")
    )
    note = StringField(_l("Note"), [Length(max=300)])


class DismantleForm(Form):
    """The weights, and why they do not add up."""

    unit_g = IntField(_l("Weight of the device"), [Optional()], minimum=1, maximum=HEAVIEST, unit=GRAMS)
    residue_g = IntField(
        _l("Weight of what is left over"), [Optional()], minimum=0, maximum=HEAVIEST, unit=GRAMS
    )
    reason = SelectField(_l("Reason, where the weights do not add up"), default="")
    note = StringField(_l("Note"), [Length(max=300)])


def take_form(media: Sequence[StorageMedium]) -> TakeForm:
    """The form with its kinds and the media of the device."""
    form: Any = TakeForm.from_request(prefix="take")
    form.kind.choices = answers((code, _(text)) for code, text in words.KINDS.items())
    named = [
        (one.id, " – ".join(part for part in (one.kind, one.model, one.serial) if part)) for one in media
    ]
    form.medium_id.choices = answers([(0, _("Not a storage medium")), *named])
    return form


def repair_form(stock: Sequence[PartRow]) -> RepairForm:
    """The form with what may have been done, and the parts in stock."""
    form: Any = RepairForm.from_request(prefix="repair")
    form.work.choices = answers((code, _(text)) for code, text in words.WORK.items())
    form.parts.choices = answers((row.part.id, part_said(row)) for row in stock)
    return form


def shorten(form: RepairForm) -> None:
    """Show a few of the parts only: those chosen, then the first ones."""
    chosen = set(form.parts.data or [])
    rows: list[Any] = list(form.parts.choices)
    form.parts.choices = sorted(rows, key=lambda row: row.value not in chosen)[:MOST_SHOWN]


def dismantle_form() -> Any:
    """The form with a row for each of a few parts."""
    members: dict[str, Any] = {}
    for row in range(ROWS):
        members[f"kind_{row}"] = SelectField(_l("Kind of part"), default="")
        members[f"weight_{row}"] = IntField(
            _l("Weight"), [Optional()], minimum=1, maximum=HEAVIEST, unit=GRAMS
        )
        members[f"label_{row}"] = StringField(_l("Label of its own"), [Length(max=40)])
    kind: Any = type("DismantleRows", (DismantleForm,), members)
    form = kind.from_request(prefix="dismantle")
    kinds = [("", _("No part")), *((c, _(text)) for c, text in words.KINDS.items() if c != "storage")]
    for row in range(ROWS):
        form[f"kind_{row}"].choices = answers(kinds)
    form.reason.choices = answers(
        [("", _("They add up")), *((c, _(t)) for c, t in words.LOSS_REASONS.items())]
    )
    return form


def taken_rows(form: Any) -> list[Taken]:
    """The rows filled in, as the verb takes them."""
    return [
        Taken(
            form[f"kind_{row}"].data,
            label=form[f"label_{row}"].data or "",
            weight_g=form[f"weight_{row}"].data,
        )
        for row in range(ROWS)
        if form[f"kind_{row}"].data
    ]


def part_said(row: PartRow) -> str:
    """A part in one line: what it is, its label or serial, where it came from."""
    part = row.part
    numbers = [part.label] if part.label else []
    numbers += [_("serial %(serial)s", serial=part.serial)] if part.serial else []
    source = _("from %(code)s", code=printed(row.source_code)) if row.source_code else ""
    return " – ".join([_(words.KINDS[part.kind]), *numbers, *([source] if source else [])])
