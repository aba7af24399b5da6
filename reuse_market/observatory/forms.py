"""The filter of the map."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from reuse_market.equipment.models import Kind
from reuse_market.web.forms import Form, answers


class MapForm(Form):
    """Which kind of device the map counts; an unknown one counts all."""

    kind = SelectField(_l("Kind of device"), validate_choice=False)

    def offer(self, kinds: list[Kind], language: str) -> str | None:
        """Fill the choices; the kind asked for, when it is one of them."""
        words = [(k.code, k.plural_en if language == "en" else k.plural_fr) for k in kinds]
        self.kind.choices = answers([("", _("All devices")), *words])
        return self.kind.data if self.kind.data in dict(words) else None
