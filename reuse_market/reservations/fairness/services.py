"""Verbs of fairness: no structure beyond its ceiling; the operator's dated exceptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from reuse_market.accounts.models import Organisation
from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations.fairness import ceilings, mails
from reuse_market.reservations.models import CeilingException
from reuse_market.traceability import journal

if TYPE_CHECKING:
    from reuse_market.catalogue.queries import Group

MOST_UNITS = 500
MOST_DAYS = 366
INSTEAD = (
    N_("Reserve no more than what is left."),
    N_("Ask the operator for an exception, and say what the devices are for."),
)


def require_fair(group: Group, count: int, actor: Actor) -> None:
    """Refuse (Invalid) `count` more of the group's kind where they exceed the structure's ceiling over 12 months."""
    require_all_fair([(group, count)], actor)


def require_all_fair(wanted: Iterable[tuple[Group, int]], actor: Actor) -> None:
    """The same for several groups at once, added up by kind.

    Counted under a lock on the structure, to be called inside the verb that holds the units: two reservations
    at the same time cannot exceed it together. Without a ceiling nothing is locked; one statement then.
    """
    units: Counter[str] = Counter()
    for group, count in wanted:
        units[group.kind] += count
    own = actor.organisation_id or 0
    if not ceilings.known(units, own):
        return
    ceilings.stand_in_line(own)
    for kind, count in sorted(units.items()):
        room = ceilings.room(own, kind)
        if room is not None and count > room.left:
            raise _beyond(room)


@command
def grant_exception(
    organisation_id: int, kind: str, units: int, until: date, reason: str, *, actor: Actor
) -> CeilingException:
    """The operator lets a structure take so many devices of a kind more, until a day included, and says why.

    The structure is told by mail. Refused: NotAllowed to others; NotFound for nobody; Conflict while it is not
    admitted; Invalid for an unknown kind, a number outside 1–500, a day gone by or beyond a year, no reason.
    """
    if not (actor.has("operator") and actor.commits):
        raise NotAllowed(N_("Only the operator grants an exception."), code="ceiling.exception")
    found = lock(Organisation, Organisation.id == organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    if found.state != "verified":
        raise Conflict(
            N_("This organisation is not admitted: admit it first, or lift its suspension."),
            code="ceiling.admitted",
        )
    if equipment.kind(kind) is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    if not 1 <= units <= MOST_UNITS:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=MOST_UNITS)
    if not clock.today() <= until <= clock.in_days(MOST_DAYS):
        raise Invalid(N_("Choose a day from today on, within a year."), field="until")
    if not reason.strip():
        raise Invalid(N_("Say why, in a few words: the structure reads it."), field="reason")
    made = CeilingException(
        organisation_id=organisation_id, kind=kind, units=units, until=until, reason=reason.strip()[:300],
        granted_at=clock.now(), granted_by=actor.organisation_id, person_id=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    facts = {"exception": made.id, "kind": kind, "units": units, "until": until.isoformat()}
    stream = organisation_stream(organisation_id)
    journal.append(journal.Act(actor), stream, "ceiling.exception-granted", facts=facts)
    mails.exception_granted(made)
    return made


def _beyond(room: ceilings.Room) -> Invalid:
    if room.frees_on is None:
        return Invalid(
            N_("At most %(most)s devices of this kind for one structure over 12 months. You may take %(left)s."),
            field="units", code="fairness.ceiling", most=room.most + room.extra, left=room.left, instead=INSTEAD,
        )  # fmt: skip
    return Invalid(
        N_(
            "At most %(most)s devices of this kind for one structure over 12 months: you have %(taken)s and may "
            "take %(left)s more. Others count no longer from %(day)s on."
        ),
        field="units", code="fairness.ceiling", most=room.most + room.extra, taken=room.taken, left=room.left,
        day=room.frees_on, instead=INSTEAD,
    )  # fmt: skip
