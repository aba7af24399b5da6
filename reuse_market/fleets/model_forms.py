"""Forms of the models of a fleet: the filter of the list, what a model is, which ones are the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.fleets.spellings import Filters
from reuse_market.web.forms import Form, answers


class ModelsForm(Form):
    """What the list of models is narrowed by."""

    kind = SelectField(_l("Kind"), validate_choice=False)
    text = StringField(
        _l("Maker or model"), [Length(max=100)], render_kw={"type": "search", "maxlength": 100}
    )
    to_check = BooleanField(_l("To check only"))

    def offer(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Fill the choices."""
        self.kind.choices = answers([("", _("All kinds")), *kinds])

    def filters(self) -> Filters:
        """The filters asked for; nonsense counts as none."""
        return Filters(self.kind.data or None, (self.text.data or "")[:100], bool(self.to_check.data))


class ModelForm(Form):
    """What a model is."""

    kind = SelectField(_l("Kind"), [InputRequired()])
    maker = StringField(_l("Maker"), [Length(max=80)])
    name = StringField(_l("Model"), [InputRequired(), Length(max=120)])

    @classmethod
    def asked(cls, kinds: Iterable[tuple[str, str]], **data: Any) -> ModelForm:
        """Filled with what the model is called now."""
        form = cls.from_request(**data)
        form.kind.choices = answers(list(kinds))
        return form

    def values(self) -> dict[str, str]:
        """As the verb takes them."""
        return {"kind": self.kind.data, "maker": self.maker.data or "", "name": self.name.data}


class MergeForm(Form):
    """Which models are one, and which of them says how."""

    model = SelectMultipleField(validate_choice=False)
    into = HiddenField()

    def chosen(self) -> tuple[list[int], int]:
        """Their ids, and that of the one to keep (0: nonsense)."""
        ids = [int(one) for one in self.model.data or [] if _is_id(one)]
        return ids, int(self.into.data) if _is_id(self.into.data or "") else 0


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
