"""Forms of a triage: where ticked lines go, what is known of them, a line in two, a departure."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from reuse_market.kernel import clock
from reuse_market.lots import advice, conditions, triage_words, words
from reuse_market.web.forms import DateField, EuroField, Form, IntField, answers


class TickedForm(Form):
    """The ticked lines."""

    line = SelectMultipleField(validate_choice=False)

    def numbers(self) -> list[int]:
        """Their numbers."""
        return [int(n) for n in self.line.data or [] if n.isascii() and n.isdecimal() and len(n) < 6]


class SortForm(TickedForm):
    """Where the ticked lines go, and why."""

    outlet = SelectField(_l("The ticked lines go to"))
    reason = SelectField(_l("Why"), description=_l("May be left empty where it is the advice."))
    note = StringField(_l("In a few words"), [Length(max=300)])

    def offer(self, *, public: bool) -> SortForm:
        """Fill the choices."""
        codes = [code for code in advice.OUTLETS if public or code != "transfer"]
        self.outlet.choices = answers((code, triage_words.outlet(code, public=public)) for code in codes)
        reasons = [(code, _(word)) for code, word in triage_words.REASONS.items()]
        self.reason.choices = answers([("", _("As advised, or choose")), *reasons])
        return self


class DescribeForm(TickedForm):
    """What is known of the ticked lines: do they work, what is one worth."""

    works = SelectField(_l("Do they work?"))
    value_cents = EuroField(
        _l("Estimated value of one device, tax included"),
        description=_l("Empty: what was known stays."),
    )
    value_how = SelectField(_l("How was it estimated?"))
    valued_on = DateField(_l("Estimated on"), description=_l("Empty: today."))

    def offer(self) -> DescribeForm:
        """Fill the choices."""
        self.works.choices = answers([("", _("No change")), *((c, _(w)) for c, w in words.WORKS.items())])
        ways = [(code, _(word)) for code, word in words.VALUATIONS.items()]
        self.value_how.choices = answers([("", _("Choose")), *ways])
        return self

    def values(self) -> dict[str, Any]:
        """As services.describe_lines takes them: what was left empty stays."""
        found: dict[str, Any] = {"works": self.works.data} if self.works.data else {}
        if self.value_cents.data is not None:
            found |= {name: self[name].data for name in ("value_cents", "value_how", "valued_on")}
        return found


class SplitForm(Form):
    """Devices that leave a line: ticked, or so many."""

    unit = SelectMultipleField(validate_choice=False)
    units = IntField(
        _l("Or so many of them, whichever"), minimum=1, maximum=conditions.MOST_UNITS,
        description=_l("Counted when no device is ticked."),
    )  # fmt: skip

    def ids(self) -> list[int]:
        """Ids of the ticked devices."""
        return [int(n) for n in self.unit.data or [] if n.isascii() and n.isdecimal() and len(n) < 10]


class DepartureForm(Form):
    """What left outside the tool, and when."""

    outlet = HiddenField(validators=[AnyOf(advice.OUTSIDE)])
    left_on = DateField(_l("They left on"), [InputRequired()])
    note = StringField(
        _l("To whom, or on which paper"), [Length(max=300)],
        description=_l("No name of a person: the number of an agreement, a return slip."),
    )  # fmt: skip
    erased = BooleanField(_l("Their data are erased, or their disks taken out"))

    @classmethod
    def asked(cls) -> DepartureForm:
        """Posted values first; not later than today."""
        form: Any = cls.from_request()
        form.left_on.latest = clock.today()
        return form
