"""Verbs on sealed containers at the door: noted in place of their units, taken off the list until signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from reuse_market.collection import direct
from reuse_market.collection import queries as pickups
from reuse_market.collection.container_models import CONTAINER_KINDS
from reuse_market.collection.containers import queries
from reuse_market.collection.models import Container, Pickup, PickupCheck
from reuse_market.collection.services.checks import Gesture, locked_for_checks, undo_gesture, units_left
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.units import codes
from reuse_market.units.models import Label

MOST = 60  # containers noted at once
HEAVIEST = 2_000_000  # grams


@dataclass(frozen=True, slots=True)
class Sealed:
    """A container as the driver notes it: what is said to be in it, by line, or `units` in all.

    `units` alone is spread over the lines that are left, in their order.
    """

    kind: str
    units: int = 0
    lines: Mapping[int, int] = field(default_factory=dict)
    seal: str = ""
    weight_g: int | None = None


@command
def note_containers(
    reference: str, sealed: Sequence[Sealed], *, gesture: Gesture | None = None, actor: Actor
) -> list[Container]:
    """Note sealed containers in place of their units, subject to counting; each is undone by its batch.

    Units without numbers are fungible: the first ones of the line. Refused: a pick-up of devices handed over
    as they are (each must be seen, Conflict); nothing noted, an unknown kind, more units than are left, some
    of a line whose units have numbers (Invalid).
    """
    pickup = locked_for_checks(reference, actor)
    if direct.is_direct(pickup):
        raise Conflict(N_("Devices handed over as they are are seen one by one: no sealed container."),
                       code="container.as-is")  # fmt: skip
    if not 1 <= len(sealed) <= MOST:
        raise Invalid(N_("Note between 1 and %(most)s containers."), field="containers", code="container.number",
                      most=MOST)  # fmt: skip
    done = gesture or Gesture()
    left = _left(pickup)
    wanted = [_spread(each, left, index) for index, each in enumerate(sealed)]
    _require_whole_lines(left, wanted)
    number = len(queries.of_pickup(pickup.id))
    made = []
    for index, (each, lines) in enumerate(zip(sealed, wanted, strict=True)):
        batch = done.batch if len(sealed) == 1 else f"{done.batch[:28]}-{index + 1}"
        made.append(_noted(pickup, each, lines, left, number + index + 1, Gesture(done.at, batch), actor))
    session().flush()
    return made


@command
def remove_container(code: str, *, actor: Actor) -> int:
    """Take a container off the list, until the driver signs; returns how many units are to check off again."""
    container, pickup = queries.seen(code, actor)
    removed = undo_gesture(pickup.reference, container.batch, actor=actor)
    for index, each in enumerate(queries.of_pickup(pickup.id)):
        each.number = index + 1
        session().flush()
    return removed


def _left(pickup: Pickup) -> dict[int, list[tuple[int, bool]]]:
    """Line → (unit id, whether it has no number) of the units without an outcome, those without numbers first."""
    found: dict[int, list[tuple[int, bool]]] = {}
    for unit_id, line, loose in session().execute(
        units_left(pickup.reference, pickups.ANONYMOUS.label("loose"))
    ):
        found.setdefault(line or 0, []).append((unit_id, bool(loose)))
    return {
        line: sorted(units, key=lambda one: (not one[1], one[0])) for line, units in sorted(found.items())
    }


def _spread(sealed: Sealed, left: Mapping[int, Sequence[object]], index: int) -> dict[int, int]:
    """Line → units of a container. `left` is what the whole act may take, judged together afterwards."""
    if sealed.kind not in CONTAINER_KINDS:
        raise Invalid(N_("Choose a kind of container."), field=f"kind_{index}", code="container.kind")
    if sealed.weight_g is not None and not 0 < sealed.weight_g <= HEAVIEST:
        raise Invalid(N_("Enter a weight between 1 and %(most)s kg."), field=f"kilos_{index}",
                      code="container.weight", most=HEAVIEST // 1000)  # fmt: skip
    if sealed.lines:
        return {line: units for line, units in sealed.lines.items() if units}
    return {0: sealed.units} if sealed.units > 0 else _empty(index)


def _empty(index: int) -> dict[int, int]:
    raise Invalid(N_("Say how many devices are in this container."), field=f"units_{index}",
                  code="container.empty")  # fmt: skip


def _require_whole_lines(
    left: Mapping[int, list[tuple[int, bool]]], wanted: Sequence[dict[int, int]]
) -> None:
    """Spread what names no line over what is left, then judge each line in all containers together."""
    room = Counter({line: len(units) for line, units in left.items()})
    for lines in wanted:
        for line, units in lines.items():
            if line in left or line != 0:
                room[line] -= units
    for index, lines in enumerate(wanted):
        if 0 in lines and 0 not in left:
            _share(lines, room, index)
    for line, there in left.items():
        taken, loose = sum(each.get(line, 0) for each in wanted), sum(one[1] for one in there)
        if loose < taken < len(there):
            raise Invalid(
                N_("These devices have numbers: note those that stay first, then the containers take the rest."),
                field="containers", code="container.numbered",
            )  # fmt: skip
    if any(units < 0 for units in room.values()):
        raise Invalid(N_("There are more devices in the containers than are left to check off: %(most)s."),
                      field="containers", code="container.too-many",
                      most=sum(len(units) for units in left.values()))  # fmt: skip


def _share(lines: dict[int, int], room: Counter[int], index: int) -> None:
    units = lines.pop(0)
    for line in sorted(room):
        part = min(units, max(0, room[line]))
        if part:
            lines[line] = part
            room[line] -= part
            units -= part
    if units:
        raise Invalid(N_("There are more devices in the containers than are left to check off: %(most)s."),
                      field=f"units_{index}", code="container.too-many",
                      most=sum(lines.values()))  # fmt: skip


def _noted(
    pickup: Pickup, sealed: Sealed, lines: Mapping[int, int], left: dict[int, list[tuple[int, bool]]],
    number: int, gesture: Gesture, actor: Actor,
) -> Container:  # fmt: skip
    at = max(pickup.made_at, min(gesture.at, clock.now()))  # a phone's clock may be wrong
    made = Container(
        code=_free_code(), pickup_id=pickup.id, number=number, kind=sealed.kind, seal=sealed.seal.strip()[:40],
        declared=sum(lines.values()), weight_g=sealed.weight_g, batch=gesture.batch, at=at,
        person_id=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    shared = {"pickup_id": pickup.id, "batch": gesture.batch, "at": at, "person_id": actor.person_id,
              "outcome": "taken", "reason": None, "note": "", "label": "", "container_id": made.id}  # fmt: skip
    for line, units in lines.items():
        chosen, left[line] = left[line][:units], left[line][units:]
        rows = [shared | {"unit_id": unit_id, "line": line} for unit_id, _loose in chosen]
        session().execute(sa.insert(PickupCheck), rows)
    return made


def _free_code() -> str:
    while True:
        code = codes.draw()
        used = sa.union_all(
            sa.select(Label.code).where(Label.code == code),
            sa.select(Container.code).where(Container.code == code),
        )
        if not session().scalars(used).first():
            return code
