"""The form of a lot's solidarity share."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from reuse_market.refurbishing.solidarity.choosing import MOST_DAYS
from reuse_market.web.forms import Form, IntField


class ShareForm(Form):
    """How much is kept for associations, for how long."""

    percent = IntField(
        _l("Share kept for associations"), [InputRequired()], minimum=0, maximum=100, unit="%",
        description=_l("0 to keep nothing more. What is kept already stays so until its day."),
    )  # fmt: skip
    days = IntField(
        _l("For how many days"), [InputRequired()], minimum=1, maximum=MOST_DAYS,
        description=_l("From the day each device is ready; then it opens to everybody by itself."),
    )  # fmt: skip
