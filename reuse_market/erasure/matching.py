"""Which medium is whose: the serials of a report, typed or pasted, matched to the devices they are in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.units.models import Unit

_CUT = re.compile(r"\s*[;,\t]\s*")


def matched(text: str, units: Sequence[Unit]) -> dict[int, str]:
    """Unit id → serial of its medium, from lines "device ; medium" (a serial number or an asset tag first).

    Refused (Invalid, with the line): a line without both, a device that is not among `units`, one named twice.
    """
    known: dict[str, int] = {}
    for unit in units:
        for name in (unit.serial, unit.asset_tag):
            if name:
                known.setdefault(_key(name), unit.id)
    found: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        device, _, medium = (part.strip() for part in _CUT.sub(";", line, count=1).partition(";"))
        if not device or not medium:
            raise _wrong(N_("Line %(line)s: write the device, a semicolon, then its medium."), number)
        unit_id = known.get(_key(device))
        if unit_id is None:
            raise _wrong(
                N_("Line %(line)s: no device chosen bears “%(device)s”."), number, device=device[:80]
            )
        if unit_id in found:
            raise _wrong(
                N_("Line %(line)s: the device “%(device)s” is there twice."), number, device=device[:80]
            )
        found[unit_id] = medium[:80]
    return found


def _key(name: str) -> str:
    return re.sub(r"[\s\-]+", "", name).upper()


def _wrong(message: str, line: int, **params: Any) -> Invalid:
    return Invalid(message, field="serials", code="erasure.serials", line=line, **params)
