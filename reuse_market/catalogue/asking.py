"""A need as a buyer writes it: "24 × portable 14″ i5 8 Go". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reuse_market.equipment.names import fold

_COUNT = re.compile(r"^\s*(\d{1,4})\s*(?:[x×*]\s*|\s(?=[^\W\d]))", re.IGNORECASE)
_SIZE = re.compile(r"\b(\d{1,4})\s*(go|gb|to|tb)\b", re.IGNORECASE)
_SCREEN = re.compile(r"\b(\d{1,2})(?:[.,](\d))?\s*(?:″|\"|''|’’|”|pouces?\b|inch(?:es)?\b)", re.IGNORECASE)
_LEAST_STORAGE_GB = 64  # below, a number of gigabytes is a memory
_EMPTY_WORDS = frozenset(re.findall(r"\w+", "a and avec d de des du et l le les of ou pour the un une with"))
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood; None or empty for what was not said."""

    units: int | None = None
    ram_gb: int | None = None
    storage_gb: int | None = None
    screen_tenths: int | None = None
    words: tuple[str, ...] = ()


def understand(text: str) -> Asked:
    """Number, memory, storage and screen read out of the text; the rest are words to find, folded."""
    units = ram = storage = screen = None
    if (found := _COUNT.match(text)) and not _SIZE.match(text) and not _SCREEN.match(text):
        units, text = int(found[1]) or None, text[found.end() :]
    for found in _SIZE.finditer(text):
        gigabytes = int(found[1]) * (1000 if found[2].lower() in ("to", "tb") else 1)
        if gigabytes < _LEAST_STORAGE_GB:
            ram = gigabytes
        else:
            storage = gigabytes
    text = _SIZE.sub(" ", text)
    if found := _SCREEN.search(text):
        screen = int(found[1]) * 10 + int(found[2] or 0)
        text = text[: found.start()] + " " + text[found.end() :]
    words = [word for word in fold(text).split() if word not in _EMPTY_WORDS]
    return Asked(units, ram, storage, screen, tuple(words[:MOST_WORDS]))
