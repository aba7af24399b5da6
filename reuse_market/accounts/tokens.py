"""Tokens of the API: made (the secret is told once), read, revoked.

A token acts as its person for one organisation, never beyond what both may do today, within its scopes:
`read`, `write` (which reads too), or one collection's (`lots:read`, `pickups:write`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.accounts import people_mails, queries
from reuse_market.accounts.models import ApiToken, Person
from reuse_market.accounts.services import stream
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.statements import plain
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

PREFIX = "parc_"  # so that secrets left lying about are found by those who look for them
COLLECTIONS = (
    "organisations", "sites", "fleet-units", "lots", "claims", "pickups", "rounds", "vehicles",
    "round-plans", "containers", "revisions", "collection-days", "loading-protocols", "label-series", "lock-waits",
    "workshop", "units", "removals", "offers",
    "triages", "reservations", "needs", "requests", "baskets", "waits", "returns", "vouchers",
    "events", "documents", "references",
    "saved-searches", "datasets", "shipments", "parts", "checkpoints", "self-audits", "audit",
    "erasure-reports", "erasure-checks", "agec-ledger", "allotments", "quotes", "reen",
)  # fmt: skip
RIGHTS = ("read", "write")
SCOPES = (*RIGHTS, *(f"{name}:{right}" for name in COLLECTIONS for right in RIGHTS))
USED_EVERY = timedelta(minutes=10)  # how finely `last_used_at` is kept


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid token gives: its actor (via "token"), its scopes, the person's language."""

    token_id: int
    actor: Actor
    scopes: frozenset[str]
    language: str


@command
def make_token(
    person_id: int, organisation_id: int, scopes: Iterable[str], *, label: str = "", days: int | None = 365
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again; `days` None: without end.

    Refused: no scope or an unknown one; a person who is not a member of the organisation today.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if not wanted or unknown:
        raise Invalid(
            N_("Unknown scope %(scope)s. Known ones: %(known)s."), field="scopes", code="token.scope",
            scope=", ".join(unknown) or "–", known=", ".join(SCOPES),
        )  # fmt: skip
    if days is not None and not 1 <= days <= 3660:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="days", most=3660)
    if organisation_id not in {m.organisation_id for m in queries.memberships(person_id)}:
        raise NotFound(N_("This organisation does not exist."))
    secret = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(
        person_id=person_id, organisation_id=organisation_id, scopes=" ".join(wanted),
        secret_sha256=_digest(secret), label=" ".join(label.split())[:120], made_at=clock.now(),
        expires_on=clock.in_days(days) if days is not None else None,
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made, secret


@command
def make_own_token(
    scopes: Iterable[str], *, label: str, days: int | None, actor: Actor
) -> tuple[ApiToken, str]:
    """A token for oneself and the organisation one acts for, by one's own hand; journalled, and told by mail.

    Refused as `make_token`, and to whoever is not signed in for an organisation.
    """
    require_own_hand(actor)
    person = queries.person(actor.person_id or 0)
    organisation = queries.organisation(actor.organisation_id or 0)
    if person is None or organisation is None:
        raise NotFound(N_("This organisation does not exist."))
    made, secret = make_token(person.id, organisation.id, scopes, label=label, days=days)
    _tell(made, "organisation.token_made", actor)
    people_mails.token_made(person, organisation, made)
    return made, secret


@command
def revoke_token(token_id: int, *, actor: Actor) -> ApiToken:
    """End a token of the actor's own; done twice it changes nothing. NotFound for anybody else's."""
    found: ApiToken | None = lock(ApiToken, ApiToken.id == token_id)
    if found is None or actor.person_id is None or found.person_id != actor.person_id:
        raise NotFound(N_("This token does not exist."))
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        _tell(found, "organisation.token_revoked", actor)
    return found


def _tell(token: ApiToken, event: str, actor: Actor) -> None:
    journal.append(journal.Act(actor), stream(token.organisation_id), event, facts={"token": token.id})


def tokens_of(person_id: int) -> list[ApiToken]:
    """A person's tokens, the newest first, revoked and expired ones included."""
    statement = sa.select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id.desc())
    return list(session().scalars(statement))


def owner_of(token_id: int) -> int | None:
    """The person of a token, or None when there is no such token."""
    return session().scalar(sa.select(ApiToken.person_id).where(ApiToken.id == token_id))


def granted(secret: str) -> Grant | None:
    """What a secret gives now; None for an unknown, revoked or expired one, or a membership that ended.

    The rights are the person's and the organisation's of this very moment, not those of when it was made.
    """
    rows = plain(_GRANTED, {"today": clock.today(), "digest": _digest(secret)}).all()
    found = rows[0] if rows else None
    if found is None or found.revoked_at is not None or _expired(found.expires_on):
        return None
    actor = queries.as_actor(rows, found.for_id)
    if actor is None or not actor.is_org(found.for_id):
        return None
    grant = Grant(
        found.token_id, replace(actor, via="token"), frozenset(found.scopes.split()), found.language
    )
    if found.last_used_at is None or found.last_used_at < clock.now() - USED_EVERY:
        _note_use(found.token_id)
    return grant


def covers(scopes: Iterable[str], collection: str, right: str) -> bool:
    """Whether scopes allow `right` (read | write) on a collection; to write is to read too."""
    enough = RIGHTS[RIGHTS.index(right) :]
    return any(scope in scopes for each in enough for scope in (each, f"{collection}:{each}"))


@command
def _note_use(token_id: int) -> None:
    session().execute(
        sa.update(ApiToken)
        .where(ApiToken.id == token_id)
        .values(last_used_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _expired(expires_on: date | None) -> bool:
    return expires_on is not None and expires_on < clock.today()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


_GRANTED = (
    queries.standings(
        ApiToken.id.label("token_id"), ApiToken.organisation_id.label("for_id"), ApiToken.scopes,
        ApiToken.revoked_at, ApiToken.expires_on, ApiToken.last_used_at, Person.language,
    )
    .join(ApiToken, ApiToken.person_id == Person.id)
    .where(ApiToken.secret_sha256 == sa.bindparam("digest"))
)  # fmt: skip
