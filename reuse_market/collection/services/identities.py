"""Serials read at the door on units that had no number: written on the units once custody has passed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.fleets.reading.values import serial_key
from reuse_market.kernel.db import session
from reuse_market.traceability import journal
from reuse_market.units import services as moves
from reuse_market.units.models import Unit
from reuse_market.units.services import Move


def identify_read(pickup: Pickup, doing: journal.Act, stream: str) -> int:
    """Write each serial read on its unit, one event a unit, the serial as a commitment; how many."""
    statement = (
        sa.select(PickupCheck.unit_id, PickupCheck.serial)
        .join(Unit, Unit.id == PickupCheck.unit_id)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome == "taken")
        .where(PickupCheck.serial.is_not(None), Unit.serial.is_(None))
        .order_by(PickupCheck.id)
    )
    rows: Any = session().execute(statement)
    read: list[tuple[int, str]] = [(unit_id, serial) for unit_id, serial in rows]
    for unit_id, serial in read:
        moves.act(
            Move(values={"serial": serial, "serial_key": serial_key(serial, "")}), [unit_id], doing=doing,
            stream=stream, event_type="unit.identified", facts={}, commitments={"serial": serial},
        )  # fmt: skip
    return len(read)
