"""Acting on behalf: the operator does what an organisation asks by telephone, letter or visit.

Meanwhile the actor is that organisation's, with its roles and none of the operator's own; the journal says
`via` operator. It never signs nor attests (kernel.actor.require_own_hand); each act is told (desk.telling).
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Membership, Organisation
from reuse_market.accounts.services import stream
from reuse_market.desk.models import CHANNELS, OnBehalf
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

IDLE = timedelta(minutes=30)  # a screen left open no longer acts for anybody
SEEN_EVERY = timedelta(minutes=1)  # how finely `seen_at` is kept
OVERSEERS = frozenset({"operator", "administrator", "auditor"})


def obstacle(organisation: Organisation, actor: Actor) -> str | None:
    """Why this actor may not act for that organisation, as a msgid; None when nothing is in the way."""
    if not (actor.has("operator") and actor.commits and actor.via in ("self", "token")):
        return N_("Only somebody who commits the operator acts for an organisation.")
    if accounts.roles_of(organisation.id) & OVERSEERS:
        return N_("Nobody acts for an operator, an administrator or an auditor.")
    if organisation.state != "verified":
        return N_("This organisation is not admitted: it acts on nothing, nor does anybody for it.")
    if _is_member(actor.person_id, organisation.id):
        return N_("You are a member of this organisation: act for it under your own name.")
    return None


@command
def start(organisation_id: int, channel: str, *, actor: Actor, caller_name: str = "") -> OnBehalf:
    """Begin to act for an organisation; what this person had begun before ends.

    `channel`: phone, mail or visit (program for a token). `caller_name` is kept beside the journal.
    Refused: NotAllowed with its reason (not the operator; an overseer, not admitted, one's own organisation).
    """
    found = lock(Organisation, Organisation.id == organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    if (reason := obstacle(found, actor)) is not None:
        raise NotAllowed(reason, code="on-behalf.not-allowed")
    if channel not in CHANNELS:
        raise Invalid(N_("Say how the organisation asked you."), field="channel")
    for other in _open_of(actor.person_id or 0, by_program=channel == "program"):
        if channel != "program" or other.organisation_id == organisation_id:
            _close(other, "replaced")
    now = clock.now()
    made = OnBehalf(
        person_id=actor.person_id, operator_id=actor.organisation_id, organisation_id=organisation_id,
        channel=channel, caller_name=caller_name.strip()[:120], started_at=now, seen_at=now,
    )  # fmt: skip
    session().add(made)
    session().flush()
    _write(made, "organisation.on-behalf-started")
    return made


@command
def end(on_behalf_id: int, how: str = "asked") -> OnBehalf | None:
    """End it; nothing happens to one that has ended. Returns it, None when there is none."""
    found = lock(OnBehalf, OnBehalf.id == on_behalf_id)
    if found is not None and found.ended_at is None:
        _close(found, how)
    return found


def resume(on_behalf_id: int, person_id: int) -> Actor | None:
    """The actor this person is meanwhile; None once it has ended, and it ends here after 30 idle minutes
    or when the operator, the organisation or their rights no longer allow it."""
    found = session().get(OnBehalf, on_behalf_id)
    if found is None or found.person_id != person_id or found.ended_at is not None:
        return None
    if found.seen_at < clock.now() - IDLE:
        end(on_behalf_id, "idle")
        return None
    operator = accounts.actor_of(person_id, found.operator_id)
    organisation = accounts.organisation(found.organisation_id)
    allowed = operator is not None and operator.is_org(found.operator_id) and organisation is not None
    if not allowed or obstacle(organisation, operator) is not None:  # type: ignore[arg-type]
        end(on_behalf_id, "no_longer_allowed")
        return None
    if found.seen_at < clock.now() - SEEN_EVERY:
        _note_seen(on_behalf_id)
        found = session().get(OnBehalf, on_behalf_id)
    assert found is not None
    return acting(found)


def acting(row: OnBehalf) -> Actor:
    """The operator's person, with the organisation's roles, via operator."""
    person = accounts.person(row.person_id)
    organisation = accounts.organisation(row.organisation_id)
    assert person is not None
    assert organisation is not None
    return Actor(
        organisation_id=organisation.id,
        person_id=person.id,
        roles=accounts.roles_of(organisation.id),
        via="operator",
        commits=True,
        person_name=person.name,
        organisation_name=organisation.name,
        on_behalf_id=row.id,
    )


def for_program(organisation_id: int, *, actor: Actor, acts: bool) -> Actor:
    """The actor of a token that says for whom it acts. `acts`: this request may write, and is kept as begun.

    Refused as `start` is; an unknown organisation is NotFound.
    """
    organisation = accounts.organisation(organisation_id)
    if organisation is None:
        raise NotFound(N_("This organisation does not exist."))
    if (reason := obstacle(organisation, actor)) is not None:
        raise NotAllowed(reason, code="on-behalf.not-allowed")
    mine = _open_of(actor.person_id or 0, by_program=True)
    kept = next((row for row in mine if row.organisation_id == organisation_id), None)
    resumed = resume(kept.id, actor.person_id or 0) if kept is not None else None
    if resumed is not None:
        return resumed
    if acts:
        return acting(start(organisation_id, "program", actor=actor))
    now = clock.now()
    return acting(
        OnBehalf(person_id=actor.person_id, organisation_id=organisation_id, started_at=now, seen_at=now)
    )


def _open_of(person_id: int, *, by_program: bool) -> list[OnBehalf]:
    """What this person has under way: on screen, or by programs (which do not end one another's)."""
    statement = sa.select(OnBehalf).where(OnBehalf.person_id == person_id, OnBehalf.ended_at.is_(None))
    wanted = OnBehalf.channel == "program" if by_program else OnBehalf.channel != "program"
    return list(session().scalars(statement.where(wanted).order_by(OnBehalf.id)))


def _close(row: OnBehalf, how: str) -> None:
    row.ended_at, row.ended_how = clock.now(), how
    session().flush()
    _write(row, "organisation.on-behalf-ended", {"how": how})


def _write(row: OnBehalf, event: str, more: dict[str, str] | None = None) -> None:
    facts = {"channel": row.channel} | (more or {})
    journal.append(journal.Act(acting(row)), stream(row.organisation_id), event, facts=facts)


@command
def _note_seen(on_behalf_id: int) -> None:
    found = lock(OnBehalf, OnBehalf.id == on_behalf_id)
    found.seen_at = clock.now()


def _is_member(person_id: int | None, organisation_id: int) -> bool:
    statement = sa.select(Membership.id).where(
        Membership.person_id == person_id, Membership.organisation_id == organisation_id
    )
    return session().scalar(statement) is not None
