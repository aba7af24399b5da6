"""Forms of saved searches and of the capacity an actor declares."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.accounts.capacities import MOST_KM, MOST_STOP, MOST_UNITS, Declared
from reuse_market.accounts.searches import NAME
from reuse_market.web.forms import CheckboxesField, Form, IntField, answers

CADENCES = [
    ("daily", _l("Each day something is new")),
    ("weekly", _l("Once a week, if something is new")),
    ("never", _l("No mail: I keep the search only")),
]
CONDITIONS = [("any", _l("Working or not")), ("working", _l("Working devices only"))]


class SearchForm(Form):
    """A name, and how often to be told."""

    name = StringField(
        _l("Name of the search"), [InputRequired(), Length(max=NAME)],
        description=_l("You will read it in the mails. For example: laptops near our workshop"),
    )  # fmt: skip
    cadence = RadioField(_l("When do you want a mail?"), [InputRequired()], choices=CADENCES, default="daily")


class CapacityForm(Form):
    """What an organisation can take."""

    units_per_month = IntField(
        _l("Devices you can take in a month"), [InputRequired()], minimum=1, maximum=MOST_UNITS
    )
    condition = RadioField(_l("In which condition?"), [InputRequired()], choices=CONDITIONS, default="any")
    kinds = CheckboxesField(_l("Which kinds?"), description=_l("None ticked: every kind."))
    minimum_per_stop = IntField(
        _l("Fewest devices for which you come"), [InputRequired()], minimum=1, maximum=MOST_STOP, default=1,
        description=_l("Holders read it before they propose a pick-up."),
    )  # fmt: skip
    within_km = IntField(
        _l("How far do you come?"), minimum=1, maximum=MOST_KM, unit="km",
        description=_l("In kilometres from your base, as the crow flies. Empty: any distance."),
    )  # fmt: skip
    communes = CheckboxesField(_l("In which communes?"), description=_l("None ticked: all of them."))

    def offer(self, kinds: Iterable[tuple[str, str]], communes: Iterable[tuple[str, str]]) -> CapacityForm:
        """Fill the choices."""
        self.kinds.choices, self.communes.choices = answers(kinds), answers(communes)
        return self

    def declared(self) -> Declared:
        """What was typed."""
        return Declared(
            self.units_per_month.data or 0, tuple(self.kinds.data or ()), self.condition.data, self.within_km.data,
            tuple(self.communes.data or ()), self.minimum_per_stop.data or 0,
        )  # fmt: skip
