"""At the holder's door: what is there is noted unit by unit, by line, or all at once. Undone until signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.collection import direct, policy, queries
from reuse_market.collection.lifecycle import FLOW
from reuse_market.collection.models import Container, Pickup, PickupCheck
from reuse_market.collection.services.gesture import Gesture
from reuse_market.collection.words import BY_OUTCOME
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.units import codes
from reuse_market.units.models import Engagement, Label, Unit

REASON = N_("Choose a reason.")


@command
def check_off(
    reference: str,
    code: str,
    *,
    outcome: str = "taken",
    reason: str | None = None,
    note: str = "",
    gesture: Gesture | None = None,
    actor: Actor,
) -> PickupCheck:
    """Note one unit by its label code, serial or asset tag. Another outcome replaces the one noted before.

    A unit taken may be noted as broken, in words: the workshop then knows.

    Refused (Invalid): a code of no unit of this pick-up, or of several; the same outcome twice; a difference
    without its reason.
    """
    pickup = locked_for_checks(reference, actor)
    return _note(pickup, code, _shared(pickup, actor, gesture) | _outcome(outcome, reason, note))


@command
def check_off_line(
    reference: str,
    line: int,
    units: int,
    *,
    outcome: str = "taken",
    reason: str | None = None,
    note: str = "",
    gesture: Gesture | None = None,
    actor: Actor,
) -> int:
    """Note `units` of a line at once; returns how many. Units without any number are alike: the first ones.

    Refused (Invalid): more than are left; only some of a line whose units have serials (name them instead).
    """
    pickup = locked_for_checks(reference, actor)
    shared = _shared(pickup, actor, gesture) | _outcome(outcome, reason, note)
    return _note_line(pickup, line, units, shared, "units")


@command
def note_differences(
    reference: str, outcome: str, *, reason: str | None, note: str = "", codes: Sequence[str] = (),
    by_line: Mapping[int, int] | None = None, gesture: Gesture | None = None, actor: Actor,
) -> int:  # fmt: skip
    """Several units missing or refused for one reason, by code and by line, as one act; returns how many.

    Refused (Invalid): no unit at all, and as `check_off` and `check_off_line` refuse.
    """
    pickup = locked_for_checks(reference, actor)
    shared = _shared(pickup, actor, gesture) | _outcome(outcome, reason, note)
    for code in codes:
        _note(pickup, code, shared)
    wanted = {line: units for line, units in (by_line or {}).items() if units}
    noted = sum(_note_line(pickup, line, n, shared, f"line_{line}") for line, n in wanted.items())
    if not codes and not noted:
        raise Invalid(N_("Say which device, or how many."), field="code", code="check.nothing")
    return noted + len(codes)


@command
def check_off_rest(reference: str, *, gesture: Gesture | None = None, actor: Actor) -> int:
    """Everything not yet noted is taken; returns how many. Conflict when nothing is left."""
    pickup = locked_for_checks(reference, actor)
    shared = _shared(pickup, actor, gesture) | _outcome("taken", None, "")
    columns = sorted(shared)
    literals = [sa.literal(shared[name], PickupCheck.__table__.c[name].type) for name in columns]
    source = units_left(reference, *literals)
    insert = sa.insert(PickupCheck).from_select(["unit_id", "line", *columns], source, include_defaults=False)
    made = session().execute(insert.execution_options(preserve_rowcount=True))
    if not made.rowcount:  # type: ignore[attr-defined]
        raise Conflict(N_("Everything is already checked off."), code="check.nothing-left")
    return int(made.rowcount)  # type: ignore[attr-defined]


@command
def add_extra(
    reference: str, kind: str, label: str, *, serial: str | None = None, reason: str = "not_declared",
    note: str = "", gesture: Gesture | None = None, actor: Actor,
) -> PickupCheck:  # fmt: skip
    """Note a device that is there but not listed. Refused: unknown kind; a serial that is on the list;
    any at a pick-up by who takes the devices as they are."""
    pickup = locked_for_checks(reference, actor)
    if direct.is_direct(pickup):
        raise Conflict(
            N_("A device that is not on the list stays with the holder: nobody has proven its data erased."),
            code="check.extra-as-is",
        )
    if equipment.kind(kind) is None:
        raise Invalid(N_("Choose a kind of device."), field="kind", code="check.kind")
    serial = (serial or "").strip() or None
    if serial and matching(pickup, serial):
        raise Invalid(N_("This device is on the list: check it off by its number."), field="serial",
                      code="check.on-list")  # fmt: skip
    praise.require_plain(label, field="label")
    said = label.strip() or (equipment.kind_label(kind, "fr"))
    extra = _outcome("extra", reason, note) | {"kind": kind, "label": said[:200], "serial": serial}
    made = PickupCheck(**(_shared(pickup, actor, gesture) | extra))
    session().add(made)
    session().flush()
    return made


@command
def undo_check(check_id: int, *, actor: Actor) -> int:
    """Forget an act of checking off, all its units; returns how many. Until the driver signs."""
    seen = session().scalars(
        sa.select(Pickup)
        .join(PickupCheck, PickupCheck.pickup_id == Pickup.id)
        .where(PickupCheck.id == check_id)
    ).one_or_none()  # fmt: skip
    if seen is None or not policy.may_see(actor, seen):  # a stranger learns nothing of the numbers in use
        raise NotFound(N_("This is already undone."))
    pickup = locked_for_checks(seen.reference, actor)
    batch = session().scalar(sa.select(PickupCheck.batch).where(PickupCheck.id == check_id))
    return _forget(pickup, batch or "")


@command
def undo_gesture(reference: str, batch: str, *, actor: Actor) -> int:
    """As `undo_check`, by the number of the act. NotFound when nothing is noted under it."""
    done = _forget(locked_for_checks(reference, actor), batch)
    if not done:
        raise NotFound(N_("This is already undone."))
    return done


def _forget(pickup: Pickup, batch: str) -> int:
    found = session().execute(
        sa.delete(PickupCheck)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.batch == batch)
        .execution_options(synchronize_session=False)
    )
    session().execute(
        sa.delete(Container).where(Container.pickup_id == pickup.id, Container.batch == batch)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    session().expire_all()
    return int(found.rowcount)  # type: ignore[attr-defined]


def _note(pickup: Pickup, code: str, shared: dict[str, Any]) -> PickupCheck:
    """Write one unit's outcome down, in place of another one noted before."""
    unit_id, line = _found(pickup, code)
    before: PickupCheck | None = session().scalars(_check_of(pickup, unit_id)).one_or_none()
    if before is not None and (before.outcome, before.reason) == (shared["outcome"], shared["reason"]):
        raise Invalid(N_("This device is already checked off."), field="code", code="check.twice")
    if before is not None and before.container_id is not None:
        raise Conflict(
            N_("This device is in a sealed container: take the container off the list first."),
            code="check.sealed",
        )  # fmt: skip
    if before is not None:
        session().delete(before)
        session().flush()
    made = PickupCheck(**shared, unit_id=unit_id, line=line)
    session().add(made)
    session().flush()
    return made


def _note_line(pickup: Pickup, line: int, units: int, shared: dict[str, Any], field: str) -> int:
    loose = queries.ANONYMOUS.label("loose")
    left = session().execute(units_left(pickup.reference, loose).where(Engagement.line == line)).all()
    alike = [row.unit_id for row in left if row.loose]
    if not 1 <= units <= len(left):
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field=field, code="check.number",
                      most=len(left))  # fmt: skip
    if len(alike) < units < len(left):
        raise Invalid(
            N_("These devices have numbers: check them off one by one, or take the whole line."),
            field=field, code="check.numbered",
        )  # fmt: skip
    if direct.is_direct(pickup):
        alike = direct.sorted_out(pickup, alike, shared["outcome"])
    chosen = [row.unit_id for row in left] if units == len(left) else alike[:units]
    rows = [shared | {"unit_id": unit_id, "line": line} for unit_id in chosen]
    session().execute(sa.insert(PickupCheck), rows)
    return len(chosen)


def locked_for_checks(reference: str, actor: Actor) -> Pickup:
    """The pick-up, its row locked; refused when this actor may not check off now."""
    queries.seen(reference, actor)
    pickup: Pickup = lock(Pickup, Pickup.reference == reference)
    FLOW.require("check_off", pickup, actor)
    return pickup


def _shared(pickup: Pickup, actor: Actor, gesture: Gesture | None) -> dict[str, Any]:
    done = gesture or Gesture()
    at = max(pickup.made_at, min(done.at, clock.now()))  # a phone's clock may be wrong
    return {"pickup_id": pickup.id, "batch": done.batch, "at": at, "person_id": actor.person_id, "label": ""}


def _outcome(outcome: str, reason: str | None, note: str) -> dict[str, Any]:
    if outcome == "taken":  # a broken one is taken all the same: no difference, only a word about it
        broken = reason == "broken"
        return {"outcome": "taken", "reason": reason if broken else None, "note": note.strip()[:300] * broken}
    if outcome not in BY_OUTCOME:
        raise Invalid(N_("Choose what happened."), field="outcome", code="check.outcome")
    if reason not in BY_OUTCOME[outcome]:
        raise Invalid(REASON, field="reason", code="check.reason")
    note = note.strip()[:300]
    if reason == "other" and not note:
        raise Invalid(N_("Say why, in a few words."), field="note", code="check.note")
    return {"outcome": outcome, "reason": reason, "note": note}


def _check_of(pickup: Pickup, unit_id: int) -> sa.Select[PickupCheck]:
    return sa.select(PickupCheck).where(PickupCheck.pickup_id == pickup.id, PickupCheck.unit_id == unit_id)


def units_left(reference: str, *columns: Any) -> sa.Select[Any]:
    """(unit_id, line, …) of the planned units without an outcome, lowest first."""
    noted = sa.exists().where(PickupCheck.pickup_id == Pickup.id, PickupCheck.unit_id == Engagement.unit_id)
    return (
        sa.select(Engagement.unit_id, Engagement.line, *columns)
        .select_from(Engagement)
        .join(Pickup, Pickup.reference == Engagement.reference)
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == "pickup", Engagement.reference == reference, Engagement.until_at.is_(None))
        .where(~noted)
        .order_by(Engagement.unit_id)
    )


def _found(pickup: Pickup, typed: str) -> tuple[int, int | None]:
    if not typed.strip():
        raise Invalid(N_("Type or scan the code of a device."), field="code", code="check.empty")
    matches = matching(pickup, typed)
    if not matches:
        raise Invalid(
            N_("No device of this pick-up has this number. If it is not on the list, note it as extra."),
            field="code", code="check.unknown",
        )  # fmt: skip
    if len(matches) > 1:
        raise Invalid(
            N_("Several devices have this number: type the code of the label instead."),
            field="code", code="check.several",
        )  # fmt: skip
    return matches[0]


def matching(pickup: Pickup, typed: str) -> list[tuple[int, int | None]]:
    """(unit id, line) of the planned units whose label, else whose serial or asset tag, is what was typed."""
    planned = (
        sa.select(Engagement.unit_id, Engagement.line)
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == "pickup", Engagement.reference == pickup.reference)
        .where(Engagement.until_at.is_(None))
    )
    plain = codes.normalise(typed.rpartition("/u/")[2])  # a scanner reads the label's whole address
    if codes.is_code(plain):
        labelled = planned.join(Label, Label.unit_id == Unit.id).where(Label.code == plain)
        if found := session().execute(labelled).all():
            return list(found)
    numbers = sa.or_(_plain(Unit.serial) == plain, _plain(Unit.asset_tag) == plain)
    return list(session().execute(planned.where(numbers).limit(2)))


def _plain(column: Any) -> Any:
    """A number as `codes.normalise` leaves it, as far as SQL goes: upper case, usual separators dropped."""
    kept = sa.func.upper(column)
    for separator in (" ", "-", "_", ".", "/", ":", "#"):
        kept = sa.func.replace(kept, separator, "")
    return kept
