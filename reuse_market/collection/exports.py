"""The devices of a pick-up as a CSV file, one row each, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reuse_market.collection import queries, words
from reuse_market.collection.models import Pickup
from reuse_market.kernel.spreadsheets import BOM, csv_text
from reuse_market.units.labels import codes_of


def devices_csv(pickup: Pickup, heads: Iterable[str], outcomes: Mapping[str, str], lang: str) -> str:
    """Code, device, serial, asset tag, outcome, reason: semicolons, and a BOM for French spreadsheets.

    `heads` and `outcomes` are words already in the reader's language. A text that a spreadsheet would run
    as a formula gets an apostrophe before it.
    """
    labels, extras = queries.line_labels(pickup.lot_id), queries.extras(pickup)
    codes = codes_of([check.unit_id for check in extras if check.unit_id])
    rows: list[Sequence[str | None]] = [list(heads)]
    for unit in queries.sheet(pickup):
        reason = words.reason(unit.reason, lang, unit.note)
        row = [
            unit.code,
            labels.get(unit.line),
            unit.serial,
            unit.asset_tag,
            outcomes.get(unit.outcome or ""),
        ]
        rows.append([*row, reason])
    for check in extras:
        reason = words.reason(check.reason, lang, check.note)
        row = [codes.get(check.unit_id or 0), check.label, check.serial, None, outcomes["extra"]]
        rows.append([*row, reason])
    return BOM + csv_text(rows)
