"""The week of a site, as a person types it and as a program sends it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import validate
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from reuse_market.accounts.hours import MOST_CLOSED, RANGES, WEEK
from reuse_market.web.fields import Asked, Day, Flag, clock_time, fields
from reuse_market.web.forms import Form

_TIME = Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", message=_l("Enter a time, for example 09:30."))
EDGES = ("from_1", "to_1", "from_2", "to_2")
LABELS = (_l("From (hour)"), _l("To (hour)"), _l("then from (hour)"), _l("To (hour)"))


class ClosedDays(TextAreaField):
    """Dates, one a line: 24/12/2026 or 2026-12-24."""

    def dates(self) -> list[date]:
        """The dates typed; ValueError for a line that is none."""
        found = []
        for line in re.split(r"[\n,;]+", self.data or ""):
            text = line.strip()
            french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
            if french:
                text = f"{french[3]}-{french[2]:0>2}-{french[1]:0>2}"
            if text:
                found.append(date.fromisoformat(text))
        return found

    def pre_validate(self, form: Any) -> None:
        """Refuse a line that is no date."""
        try:
            self.dates()
        except ValueError as error:
            raise ValidationError(
                _l("Enter one date a line with day, month and year, for example 24/12/2026.")
            ) from error


class _HoursForm(Form):
    closed_days = ClosedDays(
        _l("Closed days"), [Length(max=1200)], render_kw={"rows": 3},
        description=_l("Holidays, bridges, inventory: one date a line, for example 24/12/2026."),
    )  # fmt: skip
    protocol_wanted = BooleanField(
        _l("A loading safety protocol must be signed before a pick-up is agreed"),
        description=_l("Both organisations sign it once; it holds until the facts of the site change."),
    )

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        form: Any = self
        week = [
            [[form[f"d{day}_{a}"].data or "", form[f"d{day}_{b}"].data or ""]
             for a, b in (EDGES[:2], EDGES[2:]) if form[f"d{day}_{a}"].data or form[f"d{day}_{b}"].data]
            for day in range(WEEK)
        ]  # fmt: skip
        return {
            "week": week,
            "closed_days": form.closed_days.dates(),
            "protocol_wanted": form.protocol_wanted.data,
        }

    def day(self, number: int) -> list[Any]:
        """The four boxes of a weekday."""
        return [self[f"d{number}_{edge}"] for edge in EDGES]

    def refuse(self, field: str | None, message: str) -> None:
        """A refusal of a whole day stands at its first box."""
        if field and field.startswith("day_"):
            field = f"d{field[4:]}_from_1"
        super().refuse(field, message)


HoursForm: Any = type(
    "HoursForm",
    (_HoursForm,),
    {
        f"d{day}_{edge}": StringField(
            label, [Optional(), _TIME], render_kw={"type": "time", "class": "short"}
        )
        for day in range(WEEK)
        for edge, label in zip(EDGES, LABELS, strict=True)
    },
)


def filled(site: Any) -> dict[str, Any]:
    """What the form shows of a site before anybody types."""
    shown: dict[str, Any] = {
        "closed_days": "\n".join(site.closed_days or ()),
        "protocol_wanted": site.protocol_wanted,
    }
    for number, day in enumerate(site.week or ()):
        for edge, time in zip(EDGES, [time for one in day for time in one], strict=False):
            shown[f"d{number}_{edge}"] = time
    return shown


class HoursInput(Asked):
    """When somebody is there: seven days, Monday first, of at most two ranges ["09:00", "12:00"]."""

    week = fields.List(
        fields.List(
            fields.List(clock_time(), validate=validate.Length(2, 2)), validate=validate.Length(0, RANGES)
        ),
        required=True,
        validate=validate.Length(WEEK, WEEK),
    )
    closed_days = fields.List(Day(), load_default=list, validate=validate.Length(0, MOST_CLOSED))
    protocol_wanted = Flag(load_default=False)
