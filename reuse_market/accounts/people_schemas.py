"""People, invitations, evidence and registrations as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import validate

from reuse_market.accounts import registration
from reuse_market.accounts.models import LEGAL_KINDS
from reuse_market.accounts.schemas import POSTCODE
from reuse_market.web.fields import (
    Asked,
    Choice,
    Day,
    Flag,
    Shown,
    Text,
    ValidationError,
    fields,
    maybe,
)
from reuse_market.web.forms import siret_fault

RIGHTS = ("prepare", "commit")
LANGUAGES = ("fr", "en")
EMAIL = r"^[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+\.[^\s@,;:<>()\[\]\"\\]+$"
WRONG_EMAIL = _l("Enter an e-mail address such as name@example.org.")
WRONG_RNA = _l("Enter the letter W and 9 digits, for example W381234567.")
BASE64 = r"^[A-Za-z0-9+/=\s]+$"


class Siret(Text):
    """The 14 digits of an establishment, its key checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(14, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and (fault := siret_fault(text)):
            raise ValidationError(str(_l(fault)))
        return text


def email(**kwargs: Any) -> Text:
    """An e-mail address."""
    return Text(200, pattern=EMAIL, said=WRONG_EMAIL, **kwargs)


class MemberSchema(Shown):
    """Somebody who acts for an organisation: `prepare` fills in everything, `commit` also decides."""

    person_id = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    rights = fields.String(required=True)
    until = maybe(fields.Date, metadata={"description": "The last day of access; null: no end."})
    seen = fields.Boolean(metadata={"description": "Has signed in once."})


class MemberChange(Asked):
    """What a member may do, until when; both are replaced."""

    rights = Choice(RIGHTS, required=True)
    until = Day(allow_none=True, load_default=None, metadata={"description": "null: no end."})


class MemberRemoval(Asked):
    """To remove oneself, confirm."""

    confirmed = Flag(load_default=False)


class InvitationSchema(Shown):
    """Somebody asked by mail to act for an organisation."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    rights = fields.String(required=True)
    until = maybe(fields.Date)
    language = fields.String()
    made_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime(metadata={"description": "From then on its link is dead."})


class InvitationInput(Asked):
    """Whom to invite, and what they may do."""

    name = Text(120, 1, required=True)
    email = email(required=True)
    rights = Choice(RIGHTS, required=True)
    until = Day(allow_none=True, load_default=None, metadata={"description": "null: no end."})
    language = Choice(LANGUAGES, load_default="fr")


class EvidenceSchema(Shown):
    """A file that shows what an organisation is."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    note = fields.String()
    media_type = fields.String()
    size = fields.Integer(metadata={"description": "Bytes."})
    sha256 = fields.String()
    issued_on = maybe(fields.Date)
    until = maybe(fields.Date)
    sent_at = fields.AwareDateTime()


class EvidenceFileSchema(EvidenceSchema):
    """The same with its file; a reading by those who oversee is written down."""

    file = fields.String(required=True, metadata={"description": "In base 64."})


class EvidenceInput(Asked):
    """A file that shows what the organisation is: PDF, JPEG or PNG, 5 MB at most."""

    kind = Text(40, 1, required=True)
    file = Text(7_000_000, 1, pattern=BASE64, required=True, metadata={"description": "In base 64."})
    issued_on = Day(allow_none=True, load_default=None)
    until = Day(allow_none=True, load_default=None, metadata={"description": "null: no end."})
    note = Text(200, load_default="")


class OrganisationChange(Asked):
    """What to correct of an organisation: its members change `phone` and `email`, the operator all of it."""

    name = Text(160, 1)
    legal_kind = Choice(LEGAL_KINDS)
    roles = fields.List(Choice(registration.ROLES), validate=validate.Length(1))
    siret = Siret()
    rna = Text(10, pattern=r"^(W[0-9]{9})?$", said=WRONG_RNA)
    phone = Text(30)
    email = email()


class RegistrationInput(Asked):
    """An organisation, its main site and, if known, its first person."""

    name = Text(160, 1, required=True)
    legal_kind = Choice(LEGAL_KINDS, required=True)
    roles = fields.List(Choice(registration.ROLES), required=True, validate=validate.Length(1))
    siret = Siret(load_default="")
    rna = Text(10, pattern=r"^(W[0-9]{9})?$", said=WRONG_RNA, load_default="")
    phone = Text(30, load_default="")
    street = Text(200, load_default="")
    postcode = Text(5, pattern=POSTCODE, required=True)
    commune_name = Text(80, 1, required=True)
    person_name = Text(120, load_default="")
    email = email(load_default="")
    language = Choice(LANGUAGES, load_default="fr")


class TechnicianSchema(Shown):
    """Somebody with a PIN or a badge of the workshop's shared computer."""

    person_id = fields.Integer(required=True)
    name = fields.String(required=True)
    pin = fields.Boolean(required=True, metadata={"description": "A PIN is in use; nobody can read it."})
    badge = fields.Boolean(required=True)
    used_at = maybe(fields.AwareDateTime, metadata={"description": "The last turn begun."})
