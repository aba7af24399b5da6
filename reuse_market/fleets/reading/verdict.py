"""Every row judged: good, to correct, set aside or known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from reuse_market.fleets.reading.dates import DateOrder
from reuse_market.fleets.reading.formats import MONTH_FIRST
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.mapping import Mapping as ColumnMapping
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.record import DATE_FIELDS, Foreign, Reading, RowReader
from reuse_market.fleets.reading.report import Known, Record, Report, SetAside, ToCorrect, Verdict
from reuse_market.fleets.reading.scratch import Seen
from reuse_market.fleets.reading.table import Row, Table

BATCH = 500
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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rows are held against, asked for many at once.

    `known`: serial keys → those the holder has here, with the values held now (or True). `elsewhere`: those
    in the fleet of somebody else. `foreign`: whether a name is that of another organisation.
    """

    known: Callable[[Sequence[str]], Mapping[str, Any]] = lambda keys: {}
    elsewhere: Callable[[Sequence[str]], Collection[str]] = lambda keys: ()
    foreign: Foreign = lambda name: False


def judge(
    table: Table, mapping: ColumnMapping, *, known: KnownTest = lambda serial_key: False, today: dt.date
) -> Report:
    """All the verdicts of `verdicts` in one report, for files that fit in memory.

    `known` gets one serial key and answers False or None for a new device.
    """

    def held(keys: Sequence[str]) -> dict[str, Any]:
        told = {key: known(key) for key in keys}
        return {key: value for key, value in told.items() if value is not None and value is not False}

    report = Report(table.format, mapping.dropped, mapping.ignored, notes=list(table.notes))
    for verdict in verdicts(table, mapping, Surroundings(held), today=today, notes=report.notes):
        report.add(verdict)
    return report


def verdicts(
    table: Table,
    mapping: ColumnMapping,
    around: Surroundings,
    *,
    today: dt.date,
    notes: list[Reason],
    seen: Seen | None = None,
) -> Iterator[Verdict]:
    """Judge the rows of `table` read through `mapping`, in the file's order, 500 at a time in memory.

    A known row's `changes` are the values that differ; a blank cell changes nothing. Notes on the whole file
    are added to `notes`. `seen` keeps the serial keys met. Raises `Invalid` for a mapping that cannot be used.
    """
    mapping.validate()
    seen = seen or Seen()
    orders = _date_orders(table, mapping, notes)
    reader = RowReader(table, mapping, orders, today, around.foreign)
    header = tuple(fold(label) for label in table.header)
    rows = table.rows()
    while batch := list(islice(rows, BATCH)):
        readings = [None if _is_header(row, header) else reader.read(row) for row in batch]
        keys = sorted({key for one in readings if one and (key := one.record.serial_key)})
        held = around.known(keys)
        others = set(around.elsewhere([key for key in keys if key not in held]))
        for row, reading in zip(batch, readings, strict=True):
            if reading is None:
                yield SetAside(row.number, because("header_again"))
            else:
                yield _place(reading, seen, held, others)


def _is_header(row: Row, header: tuple[str, ...]) -> bool:
    return fold(row.cells[0]) == header[0] and tuple(fold(c) for c in row.cells if len(c) < 200) == header


def _place(reading: Reading, seen: Seen, known: Mapping[str, Any], others: Collection[str]) -> Verdict:
    """Where one row goes. Set aside wins over to correct: nobody corrects what is not wanted."""
    record, key = reading.record, reading.record.serial_key
    aside = reading.set_aside
    before = seen.row_of(key, record.row) if key is not None else None
    if aside is None and before is not None:
        aside = because("doubled_serial", other=before)
    if aside is not None:
        return SetAside(record.row, aside)
    if reading.faults:
        return ToCorrect(record.row, tuple(reading.faults))
    if key is not None and key in known:
        return Known(record.row, record, _changes(record, known[key]))
    if key in others:
        reading.warnings.append(because("alive_elsewhere"))
    return replace(record, warnings=tuple(reading.warnings))


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
    signs = {name: DateOrder() for name in places}
    for row in table.rows() if places else ():
        for name, place in places.items():
            signs[name].see(row.cells[place])
    for name, place in places.items():
        if signs[name].told is None and signs[name].undecided:
            shown = "31/12/2024" if default == "dmy" else "12/31/2024"
            notes.append(because("date_order_guessed", column=table.header[place], order=shown))
    return {name: sign.told or default for name, sign in signs.items()}
