"""At the workshop: a sealed container is opened, its devices are read one by one or counted."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from reuse_market.collection import queries as pickups
from reuse_market.collection.containers import queries
from reuse_market.collection.models import Container, NoteRevision, Pickup, PickupCheck
from reuse_market.collection.revising.choosing import Correction
from reuse_market.collection.revising.services import propose_revision
from reuse_market.collection.services.slots import locked
from reuse_market.fleets.reading.values import serial_key
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import REFUSED
from reuse_market.traceability import journal
from reuse_market.units import codes
from reuse_market.units import services as moves
from reuse_market.units.labels import replace_label, unit_of_code
from reuse_market.units.models import Engagement, Label, Unit
from reuse_market.units.services import Move


@command
def read_unit(
    code: str, typed: str, *, line: int | None = None, serial: str | None = None, actor: Actor
) -> int:
    """A unit is taken out of the container and read: its own number, or a new label stuck on one of `line`.

    Returns the unit's id. Refused: not who collected; before the driver signed; a number that is not of this
    container and no line named (Invalid); a label that is elsewhere (Conflict).
    """
    container, pickup = _at_the_workshop(code, actor)
    if not typed.strip():
        raise Invalid(N_("Type or scan the code of a device."), field="code", code="check.empty")
    check = _known(container, typed) or _labelled(container, typed, line, actor)
    if check.read_at is not None and serial is None:
        raise Invalid(N_("This device is already read."), field="code", code="container.read-twice")
    check.read_at = check.read_at or clock.now()
    session().flush()
    unit_id = int(check.unit_id or 0)
    if serial and serial.strip():
        _identify(unit_id, serial.strip()[:80], pickup, actor)
    return unit_id


@command
def count_container(
    code: str, counted: Mapping[int, int], *, extra_kind: str | None = None, extra_label: str = "",
    extra: int = 0, actor: Actor,
) -> NoteRevision | None:  # fmt: skip
    """Units found of each line (a line left out holds what it was said to hold), and devices in addition.

    All as said: the container is counted, None. Otherwise a revision is proposed to the holder: fewer are
    missing (those nobody read), more are extras of the line's kind. Refused: not who collected, by somebody
    who commits when it differs; counted already, or later than the delay `container.count` (Conflict);
    fewer than were read (Invalid).
    """
    container, pickup = _at_the_workshop(code, actor)
    until = queries.count_until(pickup)
    if container.counted_at is not None:
        raise Conflict(N_("This container is already counted."), code="container.counted")
    if until is None or until < clock.today():
        raise Conflict(N_("It is too late to count this container: what was signed stands."),
                       code="container.late")  # fmt: skip
    corrections = _differing(container, pickup, counted)
    if extra:
        corrections.append(Correction(None, "extra", None, extra, reason="not_declared", kind=extra_kind,
                                      label=extra_label.strip(), container_id=container.id))  # fmt: skip
    change = sum((each.units if each.after == "extra" else -each.units) for each in corrections)
    container.counted, container.counted_at = container.declared + change, clock.now()
    container.counted_by = actor.person_id
    session().flush()
    _pickup, _claim, lot = locked(pickup.reference, actor)
    facts = {"lot": lot.reference, "pickup": pickup.reference, "container": container.number,
             "declared": container.declared, "counted": container.counted}  # fmt: skip
    journal.append(journal.Act(actor), f"lot/{lot.reference}", "container.counted", facts=facts)
    if not corrections:
        return None
    # Written by the product and read by both sides, whatever their languages: numbers only.
    said = f"{container.declared} → {container.counted}"
    return propose_revision(
        pickup.reference, corrections, said, ground="count", container_id=container.id, actor=actor
    )


def _at_the_workshop(code: str, actor: Actor) -> tuple[Container, Pickup]:
    container, pickup = queries.seen(code, actor)
    pickup, _claim, _lot = locked(pickup.reference, actor)
    if not actor.is_org(pickup.actor_id) or not actor.roles:
        raise NotAllowed(REFUSED, code="container.not-allowed")
    if pickup.driver_signed_at is None:
        raise Conflict(N_("Nothing is signed yet: correct the check-off itself."), code="container.unsigned")
    return lock(Container, Container.id == container.id), pickup


def _known(container: Container, typed: str) -> PickupCheck | None:
    plain = codes.normalise(typed.rpartition("/u/")[2])
    numbers = sa.or_(Label.code == plain, sa.func.upper(Unit.serial) == typed.strip().upper(),
                     sa.func.upper(Unit.asset_tag) == typed.strip().upper())  # fmt: skip
    statement = (
        sa.select(PickupCheck).join(Unit, Unit.id == PickupCheck.unit_id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .where(PickupCheck.container_id == container.id, numbers).order_by(PickupCheck.id)
    )  # fmt: skip
    return session().scalars(statement).first()


def _labelled(container: Container, typed: str, line: int | None, actor: Actor) -> PickupCheck:
    """The first unread unit without a number, which gets the label just stuck on it."""
    plain = codes.normalise(typed.rpartition("/u/")[2])
    if not codes.is_code(plain):
        raise Invalid(
            N_("No device of this container has this number."), field="code", code="container.unknown"
        )
    if unit_of_code(plain) is not None:
        raise Conflict(N_("This label is already on another device."), code="label.bound")
    statement = (
        sa.select(PickupCheck).join(Unit, Unit.id == PickupCheck.unit_id)
        .where(PickupCheck.container_id == container.id, PickupCheck.read_at.is_(None), pickups.ANONYMOUS)
        .where(PickupCheck.outcome == "taken", *([PickupCheck.line == line] if line else []))
        .order_by(PickupCheck.id)
    )  # fmt: skip
    check = session().scalars(statement).first()
    if check is None:
        raise Invalid(
            N_("Every device of this container is already read."), field="code", code="container.full"
        )
    replace_label(plain, int(check.unit_id or 0), actor=actor)
    return check


def _identify(unit_id: int, serial: str, pickup: Pickup, actor: Actor) -> None:
    unit = session().get_one(Unit, unit_id)
    if unit.serial == serial:
        return
    move = Move(values={"serial": serial, "serial_key": serial_key(serial, "")})
    moves.act(move, [unit_id], doing=journal.Act(actor), stream=unit.stream, event_type="unit.identified",
              facts={}, commitments={"serial": serial})  # fmt: skip


def _differing(container: Container, pickup: Pickup, counted: Mapping[int, int]) -> list[Correction]:
    found = []
    kinds: dict[int | None, str] = {row[0]: row[1] for row in session().execute(
        sa.select(Engagement.line, sa.func.max(Unit.kind)).join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == "pickup", Engagement.reference == pickup.reference).group_by(Engagement.line)
    )}  # fmt: skip
    for content in queries.contents(container, pickup.lot_id):
        units = counted.get(content.line or 0, content.declared)
        if not content.read <= units <= 100_000:
            raise Invalid(
                N_("%(read)s devices of this line are already read: enter at least that."),
                field=f"line_{content.line}", code="container.fewer", read=content.read,
            )  # fmt: skip
        if units < content.declared:
            found.append(Correction("taken", "missing", content.line, content.declared - units,
                                    reason="miscounted", container_id=container.id))  # fmt: skip
        elif units > content.declared:
            found.append(Correction(None, "extra", content.line, units - content.declared, reason="not_declared",
                                    kind=kinds.get(content.line), label=content.label))  # fmt: skip
    return found
