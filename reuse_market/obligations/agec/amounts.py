"""Amounts and answers as accounting systems write them, to cents. Pure."""

from __future__ import annotations

import re

from reuse_market.fleets.reading.labels import clean, fold

MOST_CENTS = 21_000_000_00  # of one line: what an integer column holds
_AMOUNT = re.compile(r"([0-9]{1,3}(?:([.,'’ ])[0-9]{3})+|[0-9]{1,12})(?:([.,])([0-9]{1,2}))?0*")
YES = frozenset((
    "oui", "o", "yes", "y", "x", "vrai", "true", "reemploi", "reemploye", "reutilise", "occasion", "reconditionne",
))  # fmt: skip
NO = frozenset(["non", "n", "no", "faux", "false", "neuf"])
_SIDES = dict.fromkeys(("", "d", "dt", "db", "dr", "debit", "débit", "+", "+1", "1"), 1)
_SIDES |= dict.fromkeys(("c", "ct", "cr", "credit", "crédit", "-", "-1"), -1)


def cents_of(cell: str) -> int | None:
    """Cents of « 1 234,56 € », "1,234.56", "-12.00", "(12,00)", "12,00-"; None for what cannot be read.

    One separator and three digits after ("1,234") is refused: a thousand to one reader, one euro to another.
    """
    text = clean(cell).replace("\u00a0", " ").replace("\u202f", " ").strip()
    text = re.sub(r"(?i)^€|\s*(€|eur(os?)?)\s*(ht)?$", "", text).strip()
    minus = text.startswith(("-", "−", "(")) or text.endswith("-")
    text = text.strip("+-−() ")
    match = _AMOUNT.fullmatch(text)
    if not match:
        return None
    whole, thousands, point, part = match.groups()
    if thousands in (",", ".") and (point is None or point == thousands):
        return None
    if thousands and len({c for c in whole if not c.isdigit()}) > 1:
        return None
    cents = int(re.sub(r"[^0-9]", "", whole)) * 100 + int((part or "0").ljust(2, "0"))
    return -cents if minus else cents


def share_of(cell: str, amount_cents: int) -> int | None:
    """Of a column that says how much (or whether) something is reused: the amount, all of it, or none."""
    said = fold(clean(cell))
    if said == "" or said in NO:
        return 0
    return amount_cents if said in YES else cents_of(cell)


def sign_of(cell: str) -> int | None:
    """Of a column of sides, as accounting exports have it (LPF, art. A47 A-1: D or C, +1 or -1): 1 for a debit or
    nothing, -1 for a credit; None for anything else."""
    return _SIDES.get(clean(cell).strip().casefold().replace("−", "-"))
