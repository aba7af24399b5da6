"""The charter every organisation accepts before it is admitted: a dated text in each language, and who signed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from reuse_market.accounts import queries, services
from reuse_market.accounts.models import CharterSignature
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, NotAllowed
from reuse_market.kernel.words import N_

CURRENT = "2026-11"  # a new text is a new file and a new version: everybody is asked to sign again
_DATA = Path(__file__).parent / "data"


@cache
def text(language: str, version: str = CURRENT) -> list[tuple[str, list[str]]]:
    """The charter as (heading, paragraphs); French unless English is asked for."""
    sections: list[tuple[str, list[str]]] = []
    for line in _source(language, version).splitlines():
        if line.startswith("# "):
            sections.append((line[2:], []))
        elif line.strip():
            sections[-1][1].append(line.strip())
    return sections


@command
def sign_charter(organisation_id: int, version: str, *, language: str, actor: Actor) -> CharterSignature:
    """A person who may commit the organisation accepts the charter for it; done twice it changes nothing.

    Nobody signs for another organisation, nor does a program: NotAllowed. Conflict when the text has changed
    since the page was opened, and for an organisation refused or suspended.
    """
    require_own_hand(actor)
    found = services.locked_organisation(organisation_id)
    if not may_sign(organisation_id, actor):
        raise NotAllowed(
            N_("Only a person who may commit the organisation signs its charter."), code="charter"
        )
    if found.state not in ("to_verify", "verified"):
        raise Conflict(N_("This organisation cannot sign in its present state."), code="charter.state")
    if version != CURRENT:
        raise Conflict(
            N_("The charter has changed: read the new text, then sign it."), code="charter.version"
        )
    return _record(organisation_id, language, actor.person_id, actor)


@command
def record_on_paper(organisation_id: int, *, actor: Actor) -> CharterSignature:
    """The operator holds the charter signed on paper; only an admission calls this."""
    return _record(organisation_id, "fr", None, actor)


def may_sign(organisation_id: int, actor: Actor) -> bool:
    """Whether this person signs for that organisation, by themselves."""
    by_oneself = actor.via == "self" and actor.is_org(organisation_id)
    return by_oneself and queries.rights_of(actor.person_id, organisation_id) == "commit"


def is_signed(organisation_id: int) -> bool:
    """Whether the present text is signed."""
    found = signature(organisation_id)
    return found is not None and found.version == CURRENT


def signature(organisation_id: int) -> CharterSignature | None:
    """The newest signature, of whatever version."""
    statement = sa.select(CharterSignature).where(CharterSignature.organisation_id == organisation_id)
    return session().scalars(statement.order_by(CharterSignature.id.desc()).limit(1)).first()


def _record(organisation_id: int, language: str, person_id: int | None, actor: Actor) -> CharterSignature:
    found = services.locked_organisation(organisation_id)
    known = signature(organisation_id)
    if known is not None and known.version == CURRENT:
        return known
    spoken = language if language == "en" else "fr"
    made = CharterSignature(
        organisation_id=organisation_id, version=CURRENT, language=spoken, person_id=person_id,
        text_sha256=hashlib.sha256(_source(spoken, CURRENT).encode()).hexdigest(), signed_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    found.charter_accepted_on = clock.today()
    how = {"version": CURRENT, "text": made.text_sha256, "on_paper": person_id is None}
    services.tell(found, "organisation.charter-signed", actor, how)
    session().flush()
    return made


def _source(language: str, version: str) -> str:
    spoken = language if language == "en" else "fr"
    return (_DATA / f"charter-{version}.{spoken}.txt").read_text(encoding="utf-8")
