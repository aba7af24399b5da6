"""Every row judged: good, to correct, set aside or known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reuse_market.fleets.reading.dates import is_undecided, order_of
from reuse_market.fleets.reading.formats import MONTH_FIRST
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.mapping import Mapping as ColumnMapping
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.record import DATE_FIELDS, Reading, RowReader
from reuse_market.fleets.reading.report import Known, Record, Report, SetAside, ToCorrect
from reuse_market.fleets.reading.table import Row, Table

KnownTest = Callable[[str], "bool | Mapping[str, Any] | None"]
_COMPARED = (
    "kind",
    "maker",
    "model",
    "serial",
    "asset_tag",
    "site",
    "bought_on",
    "cpu",
    "ram_mb",
    "storage_mb",
    "screen_tenths",
    "os",
    "status",
    "entity",
    "hostname",
    "ownership",
    "lease_end",
)


def judge(
    table: Table, mapping: ColumnMapping, *, known: KnownTest = lambda serial_key: False, today: dt.date
) -> Report:
    """Judge every row of `table` read through `mapping`.

    `known` gets a serial key (`values.serial_key`) and answers False or None for a new device, True for one
    the holder has here, or the values held now (field → value): the row's `changes` are then those that
    differ; a blank cell changes nothing. Raises `Invalid` for a mapping that cannot be used.
    """
    mapping.validate()
    report = Report(table.format, mapping.dropped, mapping.ignored, notes=list(table.notes))
    orders = _date_orders(table, mapping, report.notes)
    reader = RowReader(table, mapping, orders, today)
    rows_of: dict[str, int] = {}
    header = tuple(fold(label) for label in table.header)
    for row in table.rows():
        if _is_header(row, header):
            report.set_aside.append(SetAside(row.number, because("header_again")))
            continue
        _place(reader.read(row), rows_of, known, report)
    return report


def _is_header(row: Row, header: tuple[str, ...]) -> bool:
    return fold(row.cells[0]) == header[0] and tuple(fold(c) for c in row.cells if len(c) < 200) == header


def _place(reading: Reading, rows_of: dict[str, int], known: KnownTest, report: Report) -> None:
    """Put one row in its list. Set aside wins over to correct: nobody corrects what is not wanted."""
    record, key = reading.record, reading.record.serial_key
    aside = reading.set_aside
    if aside is None and key is not None and key in rows_of:
        aside = because("doubled_serial", other=rows_of[key])
    if key is not None:
        rows_of.setdefault(key, record.row)
    if aside is not None:
        report.set_aside.append(SetAside(record.row, aside))
    elif reading.faults:
        report.to_correct.append(ToCorrect(record.row, tuple(reading.faults)))
    else:
        held = known(key) if key is not None else False
        if held is None or held is False:
            report.good.append(replace(record, warnings=tuple(reading.warnings)))
        else:
            report.known.append(Known(record.row, record, _changes(record, held)))


def _changes(record: Record, held: bool | Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    if isinstance(held, bool):
        return {}
    return {
        name: (held[name], new)
        for name in _COMPARED
        if name in held and (new := getattr(record, name)) is not None and new != held[name]
    }


def _date_orders(table: Table, mapping: ColumnMapping, notes: list[Reason]) -> dict[str, str]:
    """Day first or month first, per date column: one light pass, because row 3 may depend on row 4,000."""
    places = {name: mapping.places[name] for name in DATE_FIELDS if name in mapping.places}
    default = "mdy" if table.format in MONTH_FIRST else "dmy"
    orders: dict[str, str] = {}
    for name, place in places.items():
        told = order_of(row.cells[place] for row in table.rows())
        if told is None and any(is_undecided(row.cells[place]) for row in table.sample(1000)):
            notes.append(
                because(
                    "date_order_guessed",
                    column=table.header[place],
                    order="31/12/2024" if default == "dmy" else "12/31/2024",
                )
            )
        orders[name] = told or default
    return orders
