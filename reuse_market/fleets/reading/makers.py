"""One name per maker, whatever the BIOS calls it."""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from reuse_market.equipment.readable import MAKERS, readable
from reuse_market.fleets.reading.labels import fold, one_line

# What a maker calls itself in a BIOS, an EDID block or an invoice, folded and without its legal form.
with MAKERS.open(encoding="utf-8", newline="") as _file:
    _NAMES = {row["spelling"]: row["maker"] for row in csv.DictReader(_file)}
_LEGAL = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|ltd|limited|co|company|gmbh|sa|sas|ag|plc|nv|bv|spa|llc|"
    r"corporate|lp|l p|s a|pty|srl|oy|kg|mbh|sarl|sasu|international corporation|france|europe|deutschland|usa|"
    r"north america|emea)\b"
)
_BY_MODEL: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), maker)
    for pattern, maker in (
        (
            r"\b(latitude|optiplex|poweredge|vostro|inspiron|ultrasharp|precision (?:\d{4}|t\d{4}|tower))\b",
            "Dell",
        ),
        (r"\b(thinkpad|thinkcentre|thinkstation|thinkvision|ideapad|thinkbook)\b", "Lenovo"),
        (
            r"\b(elitebook|probook|prodesk|elitedesk|eliteone|proone|zbook|elitedisplay|prodisplay|laserjet|officejet|designjet)\b",
            "HP",
        ),
        (r"\b(macbook|imac|ipad|iphone|mac ?mini|mac ?pro)\b", "Apple"),
        (r"\bsurface (pro|laptop|go|book)\b", "Microsoft"),
        (r"\b(lifebook|esprimo|celsius|futro)\b", "Fujitsu"),
        (r"\b(travelmate|veriton|aspire)\b", "Acer"),
        (r"\btoughbook\b", "Panasonic"),
        (r"\bgalaxy\b", "Samsung"),
        (r"\b(portege|portégé|tecra|satellite pro)\b", "Toshiba"),
        (r"\b(zenbook|vivobook|expertbook|zenfone)\b", "Asus"),
        (r"\bprolite\b", "Iiyama"),
        (r"\bflexscan\b", "Eizo"),
        (r"\b(catalyst|aironet)\b", "Cisco"),
    )
)


@lru_cache(maxsize=4096)
def canonical_maker(text: str) -> str:
    """« Dell Inc. » → Dell, « LENOVO » → Lenovo; an unknown maker keeps its own writing; "" for none."""
    told = one_line(text)
    folded = fold(told)
    if folded in _NAMES:
        return _NAMES[folded]
    bare = " ".join(_LEGAL.sub(" ", folded).split())
    return _NAMES.get(bare, told)


def is_known_maker(text: str) -> bool:
    """Whether a cell names a maker of the list."""
    return canonical_maker(text) in _NAMES.values()


def maker_of_model(model: str) -> str:
    """The maker that a model name tells (`Latitude 5400` → Dell, `20L5CTO1WW` → Lenovo), or ""."""
    known = readable("", model)
    if known is not None:
        return known.maker
    words = fold(model).split()
    for count in (2, 1):
        if len(words) > count and " ".join(words[:count]) in _NAMES:
            return _NAMES[" ".join(words[:count])]
    return next((maker for pattern, maker in _BY_MODEL if pattern.search(model)), "")
