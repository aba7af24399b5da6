"""Labels that wait for the next sheet: added one by one, printed together, and put back if the paper jammed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import policy
from reuse_market.refurbishing.models import LabelWait
from reuse_market.refurbishing.queries import Case, cases
from reuse_market.traceability import journal
from reuse_market.units.labels import ensure_labels
from reuse_market.units.models import Unit

MOST = 480
SHEETS = 5  # printed sheets a page shows
NO_SHEET = N_("This sheet does not exist.")
NOT_WAITING = N_("This label does not wait.")


@command
def add(unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Put devices of this workshop in the queue; how many were not in it yet. Each gets a code if it has none."""
    found = list(session().scalars(sa.select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.id)))
    if len(found) != len(set(unit_ids)) or not all(policy.works_on(actor, unit) for unit in found):
        raise NotFound(N_("This device does not exist."))
    waits = sa.select(LabelWait.unit_id).where(
        LabelWait.unit_id.in_(unit_ids), LabelWait.sheet.is_(None),
        LabelWait.organisation_id == actor.organisation_id,
    )  # fmt: skip
    there = set(session().scalars(waits))
    fresh = [unit.id for unit in found if unit.id not in there]
    ensure_labels(fresh, actor=actor)
    session().add_all(
        LabelWait(
            unit_id=unit_id, organisation_id=actor.organisation_id, person_id=actor.person_id,
            added_at=clock.now(),
        )
        for unit_id in fresh
    )  # fmt: skip
    session().flush()
    return len(fresh)


@command
def print_queue(*, actor: Actor) -> str:
    """Take all that waits (480 at most) as one sheet, marked printed; its name. Conflict when nothing waits."""
    _require(actor)
    chosen = _ids(actor, LabelWait.sheet.is_(None))[:MOST]
    if not chosen:
        raise Conflict(
            N_("No label waits: put some in the queue, from the page of a device."),
            code="labels.none-waits",
        )
    name = secrets.token_hex(6)
    session().execute(
        sa.update(LabelWait)
        .where(LabelWait.id.in_(chosen))
        .values(sheet=name, printed_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
    _tell(actor, "labels.queue-printed", len(chosen))
    return name


@command
def undo(sheet: str, *, actor: Actor) -> int:
    """Put the labels of a printed sheet back in the queue; how many. NotFound for another's sheet."""
    _require(actor)
    chosen = _ids(actor, LabelWait.sheet == sheet)
    if not chosen:
        raise NotFound(NO_SHEET)
    again = {unit_id for unit_id, in session().execute(
        sa.select(LabelWait.unit_id).where(
            LabelWait.organisation_id == actor.organisation_id, LabelWait.sheet.is_(None)
        )
    )}  # fmt: skip
    session().execute(
        sa.update(LabelWait)
        .where(LabelWait.id.in_(chosen), LabelWait.unit_id.not_in(again))
        .values(sheet=None, printed_at=None)
        .execution_options(synchronize_session="fetch")
    )
    _tell(actor, "labels.queue-undone", len(chosen))
    return len(chosen)


@command
def drop(unit_id: int, *, actor: Actor) -> None:
    """Take one label out of the queue."""
    _require(actor)
    session().execute(
        sa.delete(LabelWait).where(
            LabelWait.organisation_id == actor.organisation_id, LabelWait.unit_id == unit_id,
            LabelWait.sheet.is_(None),
        )
    )  # fmt: skip


def waiting(organisation_id: int) -> list[Case]:
    """The devices whose label waits, in the order they came."""
    statement = (
        sa.select(LabelWait.unit_id)
        .where(LabelWait.organisation_id == organisation_id, LabelWait.sheet.is_(None))
        .order_by(LabelWait.id)
        .limit(MOST)
    )
    return cases(list(session().scalars(statement)))


def count(organisation_id: int) -> int:
    """How many labels wait."""
    statement = sa.select(sa.func.count()).select_from(LabelWait).where(
        LabelWait.organisation_id == organisation_id, LabelWait.sheet.is_(None)
    )  # fmt: skip
    return session().scalar(statement) or 0


def of_sheet(sheet: str, organisation_id: int) -> list[Case]:
    """The devices of a printed sheet; NotFound for another's."""
    statement = (
        sa.select(LabelWait.unit_id)
        .where(LabelWait.organisation_id == organisation_id, LabelWait.sheet == sheet)
        .order_by(LabelWait.id)
    )
    ids = list(session().scalars(statement))
    if not ids:
        raise NotFound(NO_SHEET)
    return cases(ids)


def sheets(organisation_id: int) -> list[tuple[str, datetime, int]]:
    """(name, printed at, labels) of the last sheets."""
    statement = (
        sa.select(LabelWait.sheet, sa.func.max(LabelWait.printed_at), sa.func.count())
        .where(LabelWait.organisation_id == organisation_id, LabelWait.sheet.is_not(None))
        .group_by(LabelWait.sheet)
        .order_by(sa.func.max(LabelWait.printed_at).desc())
        .limit(SHEETS)
    )
    rows = session().execute(statement)
    return [(str(name), at, int(number)) for name, at, number in rows if at is not None]


def _ids(actor: Actor, *criteria: sa.ColumnElement[bool]) -> list[int]:
    statement = (
        sa.select(LabelWait.id)
        .where(LabelWait.organisation_id == actor.organisation_id, *criteria)
        .order_by(LabelWait.id)
        .with_for_update()
    )
    return list(session().scalars(statement))


def _require(actor: Actor) -> None:
    if not actor.has("reuse_actor"):
        raise NotAllowed(policy.NO_WORKSHOP, code="labels.not-allowed")


def _tell(actor: Actor, event: str, labels: int) -> None:
    stream = f"organisation/{actor.organisation_id}"
    journal.append(journal.Act(actor), stream, event, facts={"labels": labels})
