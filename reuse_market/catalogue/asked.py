"""The filters of an address somebody kept, without a form: for the digest of a saved search."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reuse_market.catalogue.filtering import SORTS, Filters

NUMBERS = {"units": "units", "ram": "ram_gb", "storage": "storage_gb", "screen": "screen", "battery": "battery",
           "warranty": "warranty", "within": "within_km"}  # fmt: skip
CODES = ("kind", "brand", "cpu", "grade", "regime", "os")
FLAGS = ("free", "windows_11", "charger")
_EUROS = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?€?")


def filters_of(answers: Mapping[str, str]) -> Filters:
    """The filters an address asks for; nonsense counts as none."""
    values: dict[str, object] = {"text": answers.get("text", "")[:120]}
    for name, column in NUMBERS.items():
        text = answers.get(name, "")
        if text.isascii() and text.isdigit() and len(text) < 8:
            values[column] = int(text)
    values |= {name: answers[name] for name in CODES if answers.get(name)}
    values |= {name: bool(answers.get(name)) for name in FLAGS}
    for name, column in (("most", "most_cents"), ("least", "least_cents")):
        if (cents := _cents(answers.get(name, ""))) is not None:
            values[column] = cents
    if answers.get("agec") in ("yes", "no"):
        values["agec"] = answers["agec"]
    if answers.get("sort") in SORTS:
        values["sort"] = answers["sort"]
    return Filters(**values)  # type: ignore[arg-type]  # each value is of its field's kind


def _cents(text: str) -> int | None:
    found = _EUROS.fullmatch("".join(text.split()))
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None
