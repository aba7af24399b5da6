"""How names of communes are compared: without accents, case, hyphens, apostrophes, "St", "Cedex 9"."""

from __future__ import annotations

import re
import unicodedata

_SHORT = {"st": "saint", "ste": "sainte"}
_CEDEX = re.compile(r"\bcedex( \d+)?$")


def name_key(name: str) -> str:
    """The comparable form of a commune's name, e.g. "ST-MARTIN D'HÈRES Cedex" → "saint martin d heres"."""
    letters = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "oe")).casefold()
    plain = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    words = [_SHORT.get(word, word) for word in plain.split()]
    return _CEDEX.sub("", " ".join(words)).strip()
