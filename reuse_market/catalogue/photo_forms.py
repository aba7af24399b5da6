"""The form of a photo of what one offers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.refurbishing.photos.services import LONGEST, SHORTEST
from reuse_market.web.forms import Form


class OfferPhotoForm(Form):
    """A picture, and what it shows."""

    picture = FileField(
        _l("Photo"), description=_l("JPEG, PNG or WebP, at most 5 MB. Place and date are taken out of it."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )  # fmt: skip
    words = StringField(
        _l("What does it show?"), [InputRequired(), Length(min=SHORTEST, max=LONGEST)],
        description=_l("Read aloud to who does not see it. For example: lid seen from above, two light scratches."),
    )  # fmt: skip
