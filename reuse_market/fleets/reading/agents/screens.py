"""The screens an agent saw: the size of the device's own panel, and monitors that are devices of their own."""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import Any

from reuse_market.fleets.reading.agents.shapes import raw, text
from reuse_market.fleets.reading.makers import is_known_maker
from reuse_market.fleets.reading.values import is_placeholder

_EDID = bytes.fromhex("00ffffffffffff00")
# Makers of bare panels: what they made is inside the computer, not beside it.
_PANELS = re.compile(
    r"\b(au ?optronics|auo|boe|chi ?mei|chimei|innolux|cmn|cmo|lg ?display|lgd|lg ?philips|lpl|ivo|infovision|"
    r"sharp|shp|samsung display|sdc|tianma|panda|csot|chunghwa|cpt|hannstar|hsd|japan display|jdi|wistron|"
    r"nakamichi|color lcd|built.?in|internal)\b",
    re.IGNORECASE,
)
_OWN_SCREEN = ("laptop", "all_in_one", "tablet", "smartphone")


def apart(monitors: list[dict[str, Any]], kind: str) -> tuple[list[dict[str, str]], str]:
    """Monitors to count as devices, and the size of the computer's own panel ("" when unknown).

    A monitor counts when it bears a serial number of its own and a maker of monitors: panels inside laptops
    and all-in-one computers, and what the agent only guessed, do not.
    """
    found: list[dict[str, str]] = []
    panel = ""
    for monitor in monitors:
        maker, model = text(monitor, "manufacturer"), text(monitor, "caption", "name", "description")
        serial = raw(monitor, "serial") or raw(monitor, "altserial")
        inches = _inches(raw(monitor, "base64"))
        inside = _PANELS.search(f"{maker} {model}") or not is_known_maker(maker)
        if kind in _OWN_SCREEN and (inside or len(monitors) == 1):
            panel = panel or inches
        elif serial and not is_placeholder(serial) and not _PANELS.search(f"{maker} {model}") and maker:
            found.append(
                {
                    "kind": "monitor",
                    "maker": maker,
                    "model": model,
                    "serial": serial,
                    "screen_tenths": inches,
                }
            )
    return found, panel


def _inches(edid: str) -> str:
    """The diagonal told by a screen's own description (EDID: width and height in cm), as `23.8"`; or ""."""
    try:
        told = base64.b64decode(edid[:400], validate=False)
    except (binascii.Error, ValueError):
        return ""
    if not told.startswith(_EDID) or len(told) < 23:
        return ""
    wide, high = told[21], told[22]
    tenths = math.isqrt((wide * wide + high * high) * 1_000_000) // 254 if wide and high else 0
    return f'{tenths // 10}.{tenths % 10}"' if 40 <= tenths <= 1100 else ""
