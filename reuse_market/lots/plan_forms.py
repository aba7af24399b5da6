"""The form of an announcement: month, site, and a few counted lines (kind_1, units_1, label_1, kind_2…)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.kernel import clock
from reuse_market.lots import conditions, words
from reuse_market.lots.models import Lot, LotLine
from reuse_market.lots.services.planning import Expected
from reuse_market.web.filters import month_long
from reuse_market.web.forms import Form, IntField, answers

SPARE, MOST_LINES = 3, 30


class PlanForm(Form):
    """What a holder announces. Its counted lines are fields of the class that `plan_form` makes."""

    rows: tuple[int, ...] = ()

    title = StringField(
        _l("Title of the lot"), [Length(max=160)], render_kw={"class": "wide"},
        description=_l("Empty: made from what you announce."),
    )  # fmt: skip
    site_id = SelectField(
        _l("Site of the pick-up"), [InputRequired()],
        description=_l("Others see its commune only, never the address."),
    )  # fmt: skip
    expected_month = SelectField(_l("Expected in"), [InputRequired()])
    regime = SelectField(
        _l("How you would part with the devices"), description=_l("It may be decided later.")
    )
    note = TextAreaField(
        _l("Anything else to say"), [Length(max=1000)], render_kw={"rows": 3},
        description=_l("Seen by everybody: no name, no address, no phone number."),
    )  # fmt: skip

    def expected(self) -> list[Expected]:
        """The lines that say something; a kind or a number alone is refused at its field."""
        return [
            Expected(self[f"kind_{row}"].data, self[f"units_{row}"].data, self[f"label_{row}"].data or "")
            for row in self.rows
            if self[f"kind_{row}"].data and self[f"units_{row}"].data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, then that each line is whole and one is there at least."""
        right = super().validate(extra_validators)
        for row in self.rows:
            kind, units, label = (self[f"{name}_{row}"] for name in ("kind", "units", "label"))
            if units.data and not kind.data:
                kind.errors = [_("Choose a kind of device in the list.")]
            elif not units.data and not units.errors and (kind.data or label.data):
                units.errors = [_("Say how many, or empty the whole line.")]
        if right and not self.expected() and not self.errors:
            self[f"units_{self.rows[0]}"].errors = [_("Say how many devices of what kind you expect.")]
        return right and not self.errors

    def values(self) -> dict[str, Any]:
        """The terms as services.change_plan takes them."""
        return {
            "title": self.title.data, "note": self.note.data,
            "site_id": int(self.site_id.data) if self.site_id.data else None,
            "expected_month": date.fromisoformat(f"{self.expected_month.data}-01"),
            "regime": self.regime.data or None,
        }  # fmt: skip


def plan_form(
    lot: Lot | None,
    lines: Sequence[LotLine | Expected],
    sites: Sequence[tuple[int, str]],
    regimes: Collection[str],
    **data: Any,
) -> Any:
    """The form of a new announcement, or of this lot's with these counted lines, posted values first."""
    members: dict[str, Any] = {"rows": tuple(range(1, min(len(lines) + SPARE, MOST_LINES) + 1))}
    kinds = answers([("", _("Choose")), *((code, pair[1]) for code, pair in words.kind_labels().items())])
    for row in members["rows"]:
        line = lines[row - 1] if row <= len(lines) else None
        members[f"kind_{row}"] = SelectField(
            _("Kind of device"), choices=kinds, default=line.kind if line else ""
        )
        members[f"units_{row}"] = IntField(
            _("How many"), minimum=1, maximum=conditions.MOST_UNITS, default=_units(line)
        )
        members[f"label_{row}"] = StringField(
            _("What they are, if known"), [Length(max=200)], default=line.label if line else ""
        )
    kind: Any = type("PlanFormOfLines", (PlanForm,), members)
    if lot is not None:
        data |= {name: getattr(lot, name) for name in ("title", "site_id", "regime", "note")}
        data["expected_month"] = lot.expected_month
    if month := data.get("expected_month"):
        data["expected_month"] = f"{month:%Y-%m}"
    form = kind.from_request(data=data)
    form.site_id.choices = answers([(str(i), name) for i, name in sites] or [("", _("No site yet"))])
    first = [] if data.get("expected_month") else [("", _("Choose"))]
    form.expected_month.choices = answers([*first, *_months(lot.expected_month if lot else None)])
    form.regime.choices = answers(
        [("", _("Not decided yet")), *((code, _(words.REGIMES[code])) for code in conditions.OPEN_REGIMES
                                       if code in regimes)]
    )  # fmt: skip
    return form


def _units(line: LotLine | Expected | None) -> int | None:
    if line is None:
        return None
    return line.declared if isinstance(line, LotLine) else line.units


def _months(now: date | None) -> Iterable[tuple[str, str]]:
    """This month and the 36 after it; a month gone by of the announcement itself stays on offer, to be changed."""
    today = clock.today()
    first = [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1)
             for n in range(conditions.MOST_MONTHS + 1)]  # fmt: skip
    gone = [now] if now is not None and now < first[0] else []
    return [(f"{month:%Y-%m}", month_long(month)) for month in (*gone, *first)]
