"""The filters of the map and of the forecast."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from reuse_market.equipment.models import Kind
from reuse_market.observatory.dataset import AVAILABLE, DATED, STATES
from reuse_market.observatory.words import STATE_CHOICES, quarter_long
from reuse_market.places.models import Commune
from reuse_market.web.forms import Form, answers


class MapForm(Form):
    """What the map counts; an unknown answer is as none."""

    state = SelectField(_l("What is counted"), validate_choice=False)
    kind = SelectField(_l("Kind of device"), validate_choice=False)
    quarter = SelectField(_l("Quarter of release"), validate_choice=False)

    def offer(self, kinds: list[Kind], quarters: list[str], language: str) -> tuple[str, str, str]:
        """Fill the choices; (state, kind, quarter) asked for, "" for any, `available` when no state is."""
        self.state.choices = answers([(state, _(STATE_CHOICES[state])) for state in STATES])
        self.kind.choices = answers([("", _("All devices")), *kind_words(kinds, language)])
        self.quarter.choices = answers([("", _("All quarters")), *((q, quarter_long(q)) for q in quarters)])
        self.state.data = state = self.state.data if self.state.data in STATES else AVAILABLE
        kind = chosen(self.kind)
        return state, kind, chosen(self.quarter) if state in DATED else ""


class ForecastForm(Form):
    """Which kind and commune the forecast is for; an unknown answer is as none."""

    kind = SelectField(_l("Kind of device"), validate_choice=False)
    commune = SelectField(_l("Commune"), validate_choice=False)

    def offer(self, kinds: list[Kind], communes: list[Commune], language: str) -> tuple[str, str]:
        """Fill the choices; (kind, commune) asked for, "" for any."""
        self.kind.choices = answers([("", _("All devices")), *kind_words(kinds, language)])
        self.commune.choices = answers(
            [("", _("The whole territory")), *((c.insee, c.name) for c in communes)]
        )
        return chosen(self.kind), chosen(self.commune)


def kind_words(kinds: list[Kind], language: str) -> list[tuple[str, str]]:
    """(code, plural) of each kind."""
    return [(kind.code, kind.plural_en if language == "en" else kind.plural_fr) for kind in kinds]


def chosen(field: SelectField) -> str:
    """The answer, when it is one of those offered; it stays in the box, another does not."""
    known = {choice.value for choice in field.choices or ()}
    field.data = field.data if field.data in known else ""
    return str(field.data)
