"""Forms of claims. The lines of a lot become fields line_1, line_2…"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.claims.queries import LineView
from reuse_market.lots.conditions import MOST_UNITS
from reuse_market.web.forms import EuroField, Form, IntField

PROPOSALS = {
    "pay": _l("I pay an amount"),
    "fee": _l("I ask for a fee to collect"),
    "free": _l("Free of charge"),
}


class LinesForm(Form):
    """How many of each line; `asked()` gives line → number."""

    line_numbers: tuple[int, ...] = ()

    def asked(self) -> dict[int, int]:
        """Line number → units, the empty boxes as 0."""
        return {number: self[f"line_{number}"].data or 0 for number in self.line_numbers}

    def line_fields(self) -> list[Any]:
        """The fields of the lines, in order."""
        return [self[f"line_{number}"] for number in self.line_numbers]


class InterestForm(Form):
    """How many devices of a lot to come an organisation would like."""

    units = IntField(_l("How many devices would you like?"), [InputRequired()], minimum=1, maximum=MOST_UNITS)
    note = TextAreaField(
        _l("Note"), [Length(max=500)], render_kw={"rows": 3},
        description=_l("The holder and the operator read it. For example: what you would use them for."),
    )  # fmt: skip


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField(
        _l("Reason"), [InputRequired(), Length(max=500)],
        description=_l("The other organisation will read it."), render_kw={"rows": 3},
    )  # fmt: skip


def claim_form(
    lines: Sequence[LineView],
    proposals: Sequence[str],
    capacity: str = "reuse_actor",
    undertaking: bool = False,
    at_closing: bool = False,
    **data: Any,
) -> LinesForm:
    """The form of a claim: what is left of each line by default, what is proposed, what is committed to."""
    members: dict[str, Any] = _line_fields(lines, {each.number: each.left for each in lines})
    if len(proposals) > 1:
        choices = [(code, PROPOSALS[code]) for code in proposals]
        members["proposal"] = RadioField(_l("What I propose"), choices=choices, default=proposals[0])
    if proposals != ("free",):
        members["amount"] = EuroField(
            _l("Amount before tax, for everything you ask for"),
            description=_l("Leave it empty when you ask for the devices free of charge.")
            if "free" in proposals
            else "",
        )
    if at_closing:
        members["minimum"] = IntField(
            _l("At least how many in all, otherwise none"), minimum=1, maximum=MOST_UNITS,
            description=_l("For example: what makes the trip worth it. Empty: any number."),
        )  # fmt: skip
    members["message"] = TextAreaField(
        _l("Message to the holder"), [Length(max=1000)], render_kw={"rows": 4},
        description=_l("For example: what the devices will be used for, when you can come."),
    )  # fmt: skip
    if capacity == "reuse_actor":
        members["committed"] = BooleanField(_l("We commit to this reuse, and can justify it."))
    if undertaking:
        members["undertaken"] = BooleanField(
            _l("We undertake this in writing, in the name of our organisation.")
        )
    return _bound("ClaimForm", members, **data)


def award_form(lines: Sequence[LineView]) -> LinesForm:
    """The form of an award: what is asked, as far as it is left."""
    members = _line_fields(lines, {each.number: min(each.asked, each.left) for each in lines}, asked=True)
    return _bound("AwardForm", members)


def _bound(name: str, members: dict[str, Any], **data: Any) -> LinesForm:
    kind: Any = type(name, (LinesForm,), members)
    return kind.from_request(**data)


def _line_fields(lines: Sequence[LineView], defaults: dict[int, int], asked: bool = False) -> dict[str, Any]:
    members: dict[str, Any] = {"line_numbers": tuple(each.number for each in lines)}
    for each in lines:
        most = each.asked if asked else each.declared
        hint = (
            gettext("%(asked)s asked for, %(left)s left", asked=each.asked, left=each.left)
            if asked
            else gettext("%(left)s left of %(declared)s", left=each.left, declared=each.declared)
        )
        members[f"line_{each.number}"] = IntField(
            each.label, minimum=0, maximum=most, default=defaults[each.number], description=hint
        )
    return members
