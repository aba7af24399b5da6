"""`/units/…:import-hardware`, `:decide-hardware`: what an inventory agent read of a unit."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask_babel import gettext as _

from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import schemas
from reuse_market.refurbishing.api.shared import UNIT, case_here, shown, units
from reuse_market.refurbishing.hardware import services
from reuse_market.web.access import current_actor
from reuse_market.web.rest import Refused


@units.verb(
    f"{UNIT}:import-hardware", rule="reuse-actor", body=schemas.HardwareInput, shape=schemas.UnitSchema
)
def import_hardware(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Keep an agent's report and tell what differs; nothing of the unit changes."""
    case_here(unit_id)
    try:
        data = base64.b64decode(values["file"], validate=True)
    except (binascii.Error, ValueError):
        raise Refused([{"field": "file", "detail": _("Send the file in base64.")}]) from None
    services.import_report(unit_id, data, values["name"], actor=current_actor())
    return shown(unit_id)


@units.verb(
    f"{UNIT}:decide-hardware", rule="reuse-actor", body=schemas.DecisionsInput, shape=schemas.UnitSchema
)
def decide_hardware(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Accept or leave each difference of the last report; others of yours with its serial are told."""
    made = services.decide(_last(unit_id), values["decisions"], actor=current_actor())
    return shown(unit_id) | {"same_serial": list(made.same_serial)}


@units.verb(f"{UNIT}:count-hardware-media", rule="reuse-actor", shape=schemas.UnitSchema)
def count_hardware_media(unit_id: int) -> dict[str, Any]:
    """Count the storage media that the last report names."""
    services.count_told_media(_last(unit_id), actor=current_actor())
    return shown(unit_id)


def _last(unit_id: int) -> int:
    case_here(unit_id)
    report = services.latest(unit_id)
    if report is None:
        raise NotFound(N_("This report does not exist."))
    return report.id
