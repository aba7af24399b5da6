"""Forms of the forecast: a renewal that is announced, the age at which a kind is renewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.fleets import forecast_words as words
from reuse_market.fleets.forecast_models import RenewalPlan
from reuse_market.fleets.forecasting import HORIZON
from reuse_market.fleets.forecasting.quarters import first_day, period, quarter_of
from reuse_market.fleets.services.plans import LONGEST_MODEL, LONGEST_NOTE, MOST, OLDEST, YOUNGEST, Renewal
from reuse_market.kernel import clock
from reuse_market.web.filters import month_long
from reuse_market.web.forms import Form, IntField, answers


class RenewalForm(Form):
    """What will be released, how much of it and when."""

    quantity = IntField(_l("How many devices"), [InputRequired()], minimum=1, maximum=MOST)
    kind = SelectField(_l("Kind"), [InputRequired()])
    period = SelectField(
        _l("When they will be released"),
        [InputRequired()],
        description=_l("A quarter, or a month when it is known."),
    )
    model = StringField(_l("Model"), [Length(max=LONGEST_MODEL)], render_kw={"maxlength": LONGEST_MODEL})
    site_id = SelectField(_l("Site"), description=_l("Without a site, they are spread as your fleet is."))
    note = StringField(
        _l("A word for yourselves"), [Length(max=LONGEST_NOTE)], render_kw={"maxlength": LONGEST_NOTE},
        description=_l("Nobody else sees it."),
    )  # fmt: skip

    def offer(self, kinds: Iterable[tuple[str, str]], sites: Iterable[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.kind.choices = answers([("", _("Choose")), *kinds])
        self.site_id.choices = answers([("", _("All our sites")), *((str(i), name) for i, name in sites)])
        self.period.choices = answers([("", _("Choose")), *_periods()])

    def renewal(self) -> Renewal:
        """What was typed."""
        assert self.quantity.data is not None
        return Renewal(
            kind=self.kind.data, quantity=self.quantity.data, period=self.period.data,
            model=self.model.data or "", note=self.note.data or "",
            site_id=int(self.site_id.data) if self.site_id.data else None,
        )  # fmt: skip

    @classmethod
    def of(cls, plan: RenewalPlan) -> RenewalForm:
        """The form of a plan as it stands, or as it was posted."""
        form = cls.from_request(
            quantity=plan.quantity, kind=plan.kind, period=period(plan.quarter, plan.month), model=plan.model,
            site_id=str(plan.site_id or ""), note=plan.note,
        )  # fmt: skip
        assert isinstance(form, cls)
        return form


class AgeRuleForm(Form):
    """The age at which devices of a kind are renewed; empty for the usual one."""

    kind = HiddenField(validators=[InputRequired()])
    months = IntField(_l("Renewed at the age of"), minimum=YOUNGEST, maximum=OLDEST, unit=_l("months"))


def _periods() -> list[tuple[str, str]]:
    today, told = clock.today(), []
    for quarter in range(quarter_of(today), quarter_of(today) + HORIZON):
        first = first_day(quarter)
        told.append((period(first), words.quarter_long(first)))
        for place in range(3):
            month = date(first.year, first.month + place, 1)
            if month >= today.replace(day=1):
                told.append((period(first, month), f"– {month_long(month)}"))
    return told
