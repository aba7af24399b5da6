"""The form of a removal request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.equipment.models import SchemeMinimum
from reuse_market.web.filters import kilos
from reuse_market.web.forms import Form, answers


class RequestForm(Form):
    """Whom to ask, and from where."""

    site_id = SelectField(_l("Site of the removal"), [InputRequired()])
    scheme = SelectField(_l("Producer scheme"))
    producer_scheme = StringField(
        _l("Its name, if it is another"), [Length(max=120)], render_kw={"maxlength": 120}
    )
    contact_email = StringField(
        _l("Email address of its contact"), [Length(max=254)],
        description=_l("The request is sent there. Empty: you send it yourself, from the page to print."),
        render_kw={"type": "email"},
    )  # fmt: skip
    note = StringField(
        _l("For the driver"), [Length(max=300)], description=_l("Pallets, lift, opening hours.")
    )
    sure = BooleanField(_l("These devices become waste: there is no way back"), [InputRequired()])

    def offer(self, sites: Sequence[tuple[int, str]], minima: Mapping[str, SchemeMinimum]) -> RequestForm:
        """Fill the choices; each scheme with its minimum."""
        self.site_id.choices = answers([(str(i), name) for i, name in sites] or [("", _("No site yet"))])
        told = [
            (code, _("%(name)s, from %(weight)s", name=row.name, weight=kilos(row.minimum_g)))
            for code, row in minima.items()
        ]
        self.scheme.choices = answers([*told, ("", _("Another one"))])
        return self

    def values(self) -> dict[str, Any]:
        """As services.request_removal takes them."""
        return {
            "site_id": int(self.site_id.data) if self.site_id.data else None,
            "scheme": self.scheme.data or None,
            "producer_scheme": self.producer_scheme.data or "",
            "contact_email": self.contact_email.data or "",
            "note": self.note.data or "",
        }
