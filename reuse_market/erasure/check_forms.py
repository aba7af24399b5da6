"""Forms of the second look and of the reports dropped in one go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from reuse_market.erasure import words
from reuse_market.erasure.forms import choices
from reuse_market.web.forms import CheckboxesField, Form, IntField


class DropForm(Form):
    """Reports of erasing tools, as many as there are."""

    files = MultipleFileField(
        _l("Erasure reports"),
        description=_l(
            "Logs, JSON and PDFs of nwipe or ShredOS; XML, JSON and PDFs of Blancco; JSON of eReuse; "
            "tables (CSV); or a ZIP of them. 5 MB each."
        ),
    )

    def given(self) -> list[tuple[str, bytes]]:
        """Names and bytes of the files chosen."""
        return [(one.filename, one.read()) for one in self.files.data or () if getattr(one, "filename", "")]


class MatchForm(Form):
    """The device a line of a report is about."""

    code = StringField(_l("Code, serial number or asset tag"), [InputRequired(), Length(max=80)])


class AsideForm(Form):
    """Why a line of a report waits for no device."""

    reason = SelectField(_l("Or set this line aside"), choices=choices(words.ASIDE))


class DemandForm(Form):
    """The second look a holder asks for."""

    how = RadioField(
        _l("Who else looks at the certificates of erasure?"),
        [InputRequired()],
        choices=[
            ("none", _l("Nobody: the certificate is enough")),
            ("sample", _l("Another person than who erased, on a sample drawn by lot")),
            ("batch", _l("Another person than who erased, on the list as a whole")),
            ("unit", _l("Another person than who erased, on each certificate")),
        ],
    )
    percent = IntField(
        _l("Size of the sample (%)"), minimum=1, maximum=100, description=_l("Only for a sample.")
    )

    def asked(self) -> str | None:
        """The code, None for nobody."""
        return None if self.how.data == "none" else self.how.data


class DrawForm(Form):
    """Which lot, and how its certificates are looked at."""

    lot = StringField(_l("Lot"), [InputRequired(), Length(max=60)])
    how = SelectField(_l("What is checked"), choices=choices(words.CHECKS))
    percent = IntField(_l("Size of the sample (%)"), minimum=1, maximum=100)


class SignForm(Form):
    """The validator's signature under a list as it was read."""

    list_sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    refused = CheckboxesField(_l("Refused"), coerce=int, validate_choice=False)
    title = StringField(_l("Your function"), [Length(max=80)])
    place = StringField(_l("Place"), [Length(max=120)])


class ExceptionForm(Form):
    """Why an erasure that did not end well is accepted."""

    ground = SelectField(_l("Why it is accepted"), choices=choices(words.GROUNDS))
