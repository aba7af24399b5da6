"""Verbs: take in, identify, lose and find again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.equipment.services import get_or_create_model
from reuse_market.fleets.reading.values import serial_key
from reuse_market.kernel import praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import policy, queries
from reuse_market.refurbishing.services import work
from reuse_market.refurbishing.services.returning import GATES, rearm
from reuse_market.traceability import journal
from reuse_market.units import labels
from reuse_market.units import services as units
from reuse_market.units.models import Unit

GONE = ("merged", "parts", "recycled", "provided")
TEXTS = {"serial": 80, "asset_tag": 80, "cpu": 120, "os": 80}
SIZES = ("ram_mb", "storage_mb", "screen_tenths")


@dataclass(frozen=True, slots=True)
class Identified:
    """The unit, and the other live units of the same custodian that bear the same serial."""

    unit_id: int
    same_serial: tuple[int, ...]


@command
def receive_units(unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Take collected units into the workshop, each with a label code; how many. One act.

    Refused: units of somebody else, units not just collected. The holder's counter-signature may still come.
    """
    found = work.locked(unit_ids, actor)
    for unit in found:
        work.require("receive", unit, actor)
    work.move(units.Move(action="receive"), found, journal.Act(actor))
    labels.ensure_labels([unit.id for unit in found], actor=actor)
    return len(found)


@command
def identify_unit(unit_id: int, values: Mapping[str, Any], *, actor: Actor) -> Identified:
    """Write down what the unit is: TEXTS, SIZES, maker and model; only the keys given change.

    The journal tells what is no longer as it was, serial and asset tag as commitments. A serial borne by
    another live unit of the same custodian is told, never merged. Refused outside `collected` and
    `in_workshop`.
    """
    [unit] = work.locked([unit_id], actor)
    if not policy.works_on(actor, unit):
        raise NotAllowed(policy.ELSEWHERE)
    if unit.state not in ("collected", "in_workshop"):
        raise Conflict(N_("Take the device back to the workshop first."), code="unit.identify.state")
    columns = {name: _text(name, values[name]) for name in TEXTS if name in values}
    columns |= {name: values[name] for name in SIZES if name in values}
    maker = _model(unit, values, columns)
    serial = columns.get("serial", unit.serial)
    columns["serial_key"] = serial_key(serial, maker) if serial else None
    new = {name: value for name, value in columns.items() if value != getattr(unit, name)}
    secret = {name: value for name in ("serial", "asset_tag") if (value := new.get(name))}
    facts = {name: new[name] for name in ("model_id", *SIZES) if name in new}
    units.act(
        units.Move(values=columns), [unit_id], doing=journal.Act(actor), stream=unit.stream,
        event_type="unit.identified", facts=facts, commitments=secret,
    )  # fmt: skip
    return Identified(unit_id, _same_serial(unit_id, serial, unit.custodian_id))


@command
def report_lost(unit_id: int, *, actor: Actor) -> None:
    """A unit of the workshop cannot be found: it becomes missing, custody and owner kept."""
    [unit] = work.locked([unit_id], actor)
    work.require("lose", unit, actor)
    work.move(units.Move(action="lose"), [unit], journal.Act(actor))


@command
def find_again(unit_id: int, *, actor: Actor) -> None:
    """A unit lost in the workshop is back: media, erasures and tests are to be done again.

    Refused: a unit that went missing at a pick-up (that difference is revised with the holder).
    """
    [unit] = work.locked([unit_id], actor)
    work.require("find_at_actor", unit, actor)
    if not actor.has("reuse_actor") or queries.last_loss(unit_id) not in ("unit.lost", "shipment.missing"):
        raise Conflict(
            N_("This device went missing at the pick-up: revise the handover note."), code="unit.not-lost"
        )
    work.move(units.Move(action="find_at_actor", clears=GATES), [unit], journal.Act(actor))
    rearm([unit_id])


def _text(name: str, value: Any) -> str | None:
    text = " ".join(str(value or "").split())
    if len(text) > TEXTS[name]:
        raise Invalid(N_("Shorten this to %(most)s characters."), field=name, most=TEXTS[name])
    praise.require_plain(text, field=name)
    return text or None


def _model(unit: Unit, values: Mapping[str, Any], columns: dict[str, Any]) -> str:
    """Set `model_id` from the names typed; the maker, for the serial's key."""
    if "model" not in values:
        known = equipment.model(unit.model_id) if unit.model_id else None
        return known.maker if known else ""
    name, maker = str(values["model"] or "").strip(), str(values.get("maker") or "").strip()
    if not name:
        columns["model_id"] = None
        return maker
    for field, text in (("model", name), ("maker", maker)):
        praise.require_plain(text, field=field)
    columns["model_id"] = get_or_create_model(unit.kind, maker, name).id
    return maker


def _same_serial(unit_id: int, serial: str | None, custodian_id: int) -> tuple[int, ...]:
    if not serial:
        return ()
    plain = sa.func.replace(sa.func.upper(Unit.serial), " ", "")
    statement = sa.select(Unit.id).where(
        Unit.custodian_id == custodian_id, Unit.id != unit_id, Unit.state.not_in(GONE),
        plain == "".join(serial.upper().split()),
    )  # fmt: skip
    return tuple(session().scalars(statement.order_by(Unit.id)))
