"""Organisations and the people who act for them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.accounts.search_models import ActorCapacity, ListVisit, SavedSearch
from reuse_market.accounts.sighting_models import Sighting
from reuse_market.accounts.technician_models import TechnicianKey
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

__all__ = [
    "AccountLink", "ActorCapacity", "ApiToken", "CharterSignature", "Evidence", "Invitation", "LEGAL_KINDS",
    "LINK_PURPOSES", "ListVisit", "Membership", "ORGANISATION_STATES", "Organisation", "OrganisationRole",
    "Person", "ROLES", "SavedSearch", "Sighting", "SignInAttempt", "SignatureCode", "Site",
    "TechnicianKey",
]  # fmt: skip

ORGANISATION_STATES = ("to_verify", "verified", "refused", "suspended")
ROLES = (
    "holder", "reuse_actor", "obliged_buyer", "buyer", "recipient", "operator", "administrator", "auditor",
)  # fmt: skip
LINK_PURPOSES = ("confirm_address", "reset_password", "join")
LEGAL_KINDS = ("company", "state", "local_authority", "public_body", "association", "school", "other")


class Organisation(Base):
    """A legal body: SIRET or RNA, or neither until admitted. Owner, custodian or party of units."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(ORGANISATION_STATES) + "')", name="state"),
        sa.CheckConstraint("legal_kind IN ('" + "','".join(LEGAL_KINDS) + "')", name="legal_kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    state: Mapped[str] = mapped_column(sa.String(12), default="to_verify")
    version: Mapped[int] = mapped_column(default=1)
    legal_kind: Mapped[str] = mapped_column(sa.String(20))
    siret: Mapped[str | None] = mapped_column(sa.String(14), unique=True)
    rna: Mapped[str | None] = mapped_column(sa.String(10), unique=True)
    phone: Mapped[str | None] = mapped_column(sa.String(30))
    email: Mapped[str | None] = mapped_column(sa.String(200))
    charter_accepted_on: Mapped[date | None] = mapped_column(sa.Date)
    registration_ref: Mapped[str | None] = mapped_column(sa.String(20), unique=True)  # told to who registered
    answer_until: Mapped[date | None] = mapped_column(sa.Date)  # when the operator should have answered
    decided_at: Mapped[datetime | None] = mapped_column(Instant)  # the last decision on its admission
    decision_reason: Mapped[str | None] = mapped_column(sa.String(500))
    made_at: Mapped[datetime] = mapped_column(Instant)


class OrganisationRole(Base):
    """A role an organisation holds (an organisation can hold several)."""

    __tablename__ = "organisation_role"
    __table_args__ = (sa.CheckConstraint("role IN ('" + "','".join(ROLES) + "')", name="role"),)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(20), primary_key=True)


class Person(Base):
    """Somebody who signs in. `email` is lower case."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(200), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str | None] = mapped_column(sa.String(30))
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    session_key: Mapped[str] = mapped_column(sa.String(32))  # changes when the password does: ends sessions
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


class Membership(Base):
    """A person acts for an organisation: may `prepare`, or also `commit` it; until a date for auditors."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "organisation_id"),
        sa.CheckConstraint("rights IN ('prepare', 'commit')", name="rights"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    rights: Mapped[str] = mapped_column(sa.String(10), default="commit")
    until: Mapped[date | None] = mapped_column(sa.Date)


class Site(Base):
    """A place of an organisation where units are kept, with what a driver must know."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    street: Mapped[str] = mapped_column(sa.String(200), default="")
    postcode: Mapped[str] = mapped_column(sa.String(5))
    commune_insee: Mapped[str | None] = mapped_column(sa.ForeignKey("commune.insee"))
    commune_name: Mapped[str] = mapped_column(sa.String(80))
    latitude: Mapped[int | None]  # micro-degrees
    longitude: Mapped[int | None]
    located_by: Mapped[str | None] = mapped_column(sa.String(10))  # commune | address
    has_dock: Mapped[str] = mapped_column(sa.String(7), default="unknown")  # yes | no | unknown
    has_lift: Mapped[str] = mapped_column(sa.String(7), default="unknown")
    needs_tail_lift: Mapped[str] = mapped_column(sa.String(7), default="unknown")
    floor: Mapped[str] = mapped_column(sa.String(40), default="")
    height_limit_cm: Mapped[int | None]
    hours: Mapped[str] = mapped_column(sa.String(200), default="")
    access_note: Mapped[str] = mapped_column(sa.String(500), default="")
    contact_name: Mapped[str] = mapped_column(sa.String(120), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(200), default="")
    week: Mapped[list[list[list[str]]] | None] = mapped_column(Json)  # Monday first; None: not said
    closed_days: Mapped[list[str] | None] = mapped_column(Json)  # ISO dates on which nobody is there
    protocol_wanted: Mapped[bool] = mapped_column(default=False, server_default=sa.text("false"))


class SignInAttempt(Base):
    """A failed sign-in, kept for the limit only (e-mail and address as salted digests)."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime] = mapped_column(Instant)


class SignatureCode(Base):
    """The 4-digit code by which an absent-from-the-screen party signs: 5 tries, then a new one."""

    __tablename__ = "signature_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(60), index=True)  # e.g. pickup/ENL-2026-0003
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(sa.String(4))
    tries_left: Mapped[int] = mapped_column(default=5)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiToken(Base):
    """A secret by which a program acts as a person for one organisation. Only its SHA-256 is kept."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    scopes: Mapped[str] = mapped_column(sa.String(500))  # separated by spaces
    secret_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_on: Mapped[date | None] = mapped_column(sa.Date)  # the last day it works
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Invitation(Base):
    """Somebody asked by mail to act for an organisation; open until accepted, cancelled or past its date."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint("rights IN ('prepare', 'commit')", name="rights"),
        sa.Index(
            "uq_invitation_open", "organisation_id", "email", unique=True,
            sqlite_where=sa.text("accepted_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NULL AND cancelled_at IS NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(200))  # lower case
    name: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    rights: Mapped[str] = mapped_column(sa.String(10))
    until: Mapped[date | None] = mapped_column(sa.Date)  # of the membership it gives
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)  # of its newest link
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)


class AccountLink(Base):
    """A link of a mail that opens one thing once. Only its SHA-256 is kept."""

    __tablename__ = "account_link"
    __table_args__ = (sa.CheckConstraint("purpose IN ('" + "','".join(LINK_PURPOSES) + "')", name="purpose"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitation.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)  # or the instant it was replaced or withdrawn


class Evidence(Base):
    """A file that shows what an organisation is: `kind` is a code of evidence.kinds(), or other."""

    __tablename__ = "organisation_evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]  # bytes
    issued_on: Mapped[date | None] = mapped_column(sa.Date)
    until: Mapped[date | None] = mapped_column(sa.Date)  # the last day it holds
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    warned_at: Mapped[datetime | None] = mapped_column(Instant)


class CharterSignature(Base):
    """Who accepted which version of the charter for an organisation, and when; None: on paper."""

    __tablename__ = "charter_signature"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    version: Mapped[str] = mapped_column(sa.String(20))
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    language: Mapped[str] = mapped_column(sa.String(2))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    signed_at: Mapped[datetime] = mapped_column(Instant)
