"""Forms of the room: what the fates of devices are narrowed by, and the declaration of a restored backup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.traceability import restoring
from reuse_market.web.forms import DateField, Form, answers


class FatesForm(Form):
    """Devices to which something happened since a day, or those of one lot."""

    since = DateField(_l("Changed since"), [Optional()])
    lot = SelectField(_l("Lot"), validate_choice=False)

    def offer(self, lots: Iterable[str]) -> None:
        """Fill the choices."""
        self.lot.choices = answers([("", _("All lots")), *((one, one) for one in lots)])

    def asked(self) -> dict[str, Any]:
        """`since` and `lot` as `fates` takes them; nonsense counts as none."""
        return {"since": self.since.data, "lot": (self.lot.data or "")[:20]}


class RestoreForm(Form):
    """What happened to the database."""

    reason = TextAreaField(
        _l("What happened"),
        [InputRequired(), Length(min=restoring.SHORTEST, max=restoring.LONGEST)],
        description=_l(
            "Everybody reads it: the cause, the day of the backup, what is lost. No name of a person."
        ),
        render_kw={"rows": 5, "maxlength": restoring.LONGEST},
    )
