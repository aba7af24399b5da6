"""Model codes turned into names: Lenovo machine types, Apple identifiers. Pure; only codes one is sure of."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from reuse_market.equipment.names import clean

_DATA = Path(__file__).with_name("data")
MAKERS = _DATA / "makers.csv"
READ_ON = "2026-11-22"
LENOVO = ("Lenovo", "IBM")
# 4 characters of type, then 6 of configuration (CTO1WW, 003QRU…), perhaps apart.
_TYPE = re.compile(
    r"(?<![0-9A-Za-z])((?:1[0-2]|2[01]|30|8[0-3])[0-9A-Za-z]{2})(?:[ -]?[0-9A-Za-z]{6})?(?![0-9A-Za-z])"
)
_WHOLE = re.compile(r"(?:1[0-2]|2[01]|30|8[0-3])[0-9A-Z]{2}[0-9A-Z]{6}", re.IGNORECASE)
_APPLE = re.compile(r"(?<![A-Za-z])(?:Mac[A-Za-z]*|iMac[A-Za-z]*|iPad|iPhone)\d{1,2},\d{1,2}\b")
_CODE = re.compile(r"(?=\S*\d)(?=\S*[A-Z])[0-9A-Z][0-9A-Z,#/-]{3,}$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]{4}")
_LOOSE = re.compile(r"[\s()\[\],;:/-]+")


class Known(NamedTuple):
    """What a code stands for."""

    maker: str
    name: str
    kind: str


@lru_cache(maxsize=8192)
def readable(maker: str, model: str) -> Known | None:
    """The maker, name and kind a model code tells ("20L5CTO1WW" → ThinkPad T480), None for anything else.

    `maker` is the canonical one, "" when not told: then only what cannot be another's code is read. A name
    beside the code wins ("ThinkPad T480s (20L7)" keeps its own). Sources stand beside each code in
    data/lenovo_types.csv and data/apple_identifiers.csv, read on READ_ON; a code that is in neither stays.
    """
    if maker in ("Apple", ""):
        found = _APPLE.search(model)
        if found and (known := _apple().get(found[0].casefold())):
            return known
    if maker not in (*LENOVO, ""):
        return None
    found = _TYPE.search(model)
    known = _lenovo().get(found[1].upper()) if found else None
    if found is None or known is None or (not maker and not _WHOLE.fullmatch(model.strip())):
        return None
    rest = clean(_LOOSE.sub(" ", model[: found.start()] + " " + model[found.end() :]))
    bare = rest.casefold().removeprefix("lenovo").strip()
    return known if not bare or bare in known.name.casefold() else None


def is_code(name: str) -> bool:
    """Whether a model name is a code that nobody reads ("10VXS0AB00", "Mac99,1"): its name is not known here."""
    if not _CODE.match(name) or sum(c.isdigit() for c in name) < 2:
        return False
    return "," in name or (len(name) >= 8 and not _WORD.search(name))


@lru_cache(maxsize=1)
def _lenovo() -> dict[str, Known]:
    return {row["machine_type"]: Known("Lenovo", row["name"], row["kind"]) for row in _rows("lenovo_types")}


@lru_cache(maxsize=1)
def _apple() -> dict[str, Known]:
    rows = _rows("apple_identifiers")
    return {row["identifier"].casefold(): Known("Apple", row["name"], row["kind"]) for row in rows}


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
