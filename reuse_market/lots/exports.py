"""A holder's lots as a CSV file: one row a line, with its regime, its value and what is kept for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.lots.models import Lot, LotLine

COLUMNS = (
    "lot", "title", "state", "regime", "price", "requests_until", "public_first_until", "line", "device", "kind",
    "declared", "value", "value_how", "valued_on", "expected_month", "works", "charger", "os_installed",
    "windows_11", "locks_released", "lock_mdm", "lock_activation", "lock_frp", "lock_bios", "note",
)  # fmt: skip


def lines_csv(holder_id: int, heads: Iterable[str], words: Mapping[str, str]) -> bytes:
    """The lines of all the holder's lots, the newest first. `heads`: COLUMNS in the reader's words; `words`:
    code → word of regimes, ways of estimating and conditions. Amounts in euros, dates as 2026-03-04, "" when not
    known."""
    statement = (
        sa.select(Lot, LotLine)
        .join(LotLine, LotLine.lot_id == Lot.id)
        .where(Lot.holder_id == holder_id)
        .order_by(Lot.id.desc(), LotLine.number)
    )
    rows = (_row(lot, line, words) for lot, line in session().execute(statement))
    return csv_bytes([list(heads), *rows])


def _row(lot: Lot, line: LotLine, words: Mapping[str, str]) -> list[Any]:
    return [
        lot.reference, lot.title, lot.state, words.get(lot.regime or "", ""), _euros(lot.price_cents),
        lot.claims_until, lot.public_first_until, line.number, line.label, line.kind, line.declared,
        _euros(line.value_cents), words.get(line.value_how or "", ""), line.valued_on,
        f"{lot.expected_month:%Y-%m}" if lot.expected_month else "",
        *(words.get(getattr(line, name) or "", "") for name in COLUMNS[15:24]), line.note,
    ]  # fmt: skip


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"
