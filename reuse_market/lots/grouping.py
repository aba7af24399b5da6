"""Which units are alike, and what a line of them is called. Pure."""

from __future__ import annotations

import re
from typing import Protocol

_PROCESSOR = re.compile(
    r"(?i)\b(i[3579]-?\s?\d{3,5}[A-Z]{0,3}\d?|Ultra [579] \w+|Ryzen (?:\d|Threadripper)(?: PRO)? \w+"
    r"|(?:Celeron|Pentium|Xeon|Atom|Athlon)(?:\s(?:Gold|Silver|Bronze|Platinum))?\s[\w-]+"
    r"|M[1-9](?: (?:Pro|Max|Ultra))?)\b"
)


class Described(Protocol):
    """The descriptive columns of a unit that make two units alike."""

    kind: str
    model_id: int | None
    cpu: str | None
    ram_mb: int | None
    screen_tenths: int | None


def processor(text: str | None) -> str:
    """The short name of a processor: "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz" → "i5-8350U"."""
    found = _PROCESSOR.search((text or "").replace("(R)", "").replace("(TM)", ""))
    return " ".join(found[0].split()) if found else ""


def memory(megabytes: int | None) -> str:
    """8192 → « 8 Go »; what is under one gigabyte in megabytes."""
    if not megabytes:
        return ""
    return f"{round(megabytes / 1024)}\u00a0Go" if megabytes >= 1000 else f"{megabytes}\u00a0Mo"


def screen(tenths: int | None) -> str:
    """238 → « 23,8″ »; whole inches without a decimal."""
    if not tenths:
        return ""
    return f"{tenths // 10}″" if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}″"


def likeness(unit: Described) -> tuple[str, int | None, str, str, str]:
    """Units with the same likeness share a line."""
    return unit.kind, unit.model_id, processor(unit.cpu), memory(unit.ram_mb), screen(unit.screen_tenths)


def line_label(model_name: str, kind_name: str, alike: tuple[str, int | None, str, str, str]) -> str:
    """« HP EliteBook 840 G5, i5-8350U, 8 Go »; the kind's name when no model is known."""
    return ", ".join(part for part in (model_name or kind_name, *alike[2:]) if part)[:200]
