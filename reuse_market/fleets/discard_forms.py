"""Forms of the discard: the decision, which devices it is about."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from reuse_market.kernel import clock
from reuse_market.web.forms import DateField, Form

NUMBER, AUTHOR = 60, 120


class DecisionForm(Form):
    """When a discard was decided, under which number, by whom."""

    decided_on = DateField(_l("Date of the decision"))
    decision_number = StringField(
        _l("Number of the decision"), [Length(max=NUMBER)],
        description=_l("As on the decision or resolution. Kept beside the journal, never published."),
        render_kw={"maxlength": NUMBER},
    )  # fmt: skip
    decided_by = StringField(
        _l("Decided by"), [Length(max=AUTHOR)],
        description=_l("An assembly or a function rather than a name: “Council”, “IT director, by delegation”."),
        render_kw={"maxlength": AUTHOR},
    )  # fmt: skip

    @classmethod
    def asked(cls, *, required: bool) -> DecisionForm:
        """The form, posted values first; a public holder sees that nothing of it is optional."""
        form: Any = cls.from_request()
        form.decided_on.latest = clock.today()
        if required:
            for one in form:
                one.flags.required = True
        return form

    def values(self) -> dict[str, Any]:
        """As the verbs take them."""
        return {
            "decided_on": self.decided_on.data,
            "decision_number": self.decision_number.data or "",
            "decided_by": self.decided_by.data or "",
        }
