"""Every row judged: good, to correct, set aside or known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reuse_market.fleets.reading.alike import DATE_FIELDS, Foreign
from reuse_market.fleets.reading.dates import DateOrder
from reuse_market.fleets.reading.formats import MONTH_FIRST
from reuse_market.fleets.reading.mapping import Mapping as ColumnMapping
from reuse_market.fleets.reading.naming import Corrections
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.record import Reading, RowReader
from reuse_market.fleets.reading.report import Known, Record, Report, SetAside, ToCorrect, Verdict
from reuse_market.fleets.reading.scratch import Seen
from reuse_market.fleets.reading.swift import Goods, Sames, read_swiftly
from reuse_market.fleets.reading.table import Row, Table
from reuse_market.fleets.reading.titles import screens_beside

BATCH = 500
KnownTest = Callable[[str], "bool | Mapping[str, Any] | None"]
SameTest = Callable[[Goods], Mapping[str, Any]]
Differ = Callable[[Record, Any], Mapping[str, tuple[Any, Any]]]
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
    in the fleet of somebody else. `foreign`: whether a name is that of another organisation. `changes`: what
    differs. `same`: of many records, serial keys → those
    the holder has just as told. `corrections`: what the holder said of its spellings before.
    """

    known: Callable[[Sequence[str]], Mapping[str, Any]] = lambda keys: {}
    elsewhere: Callable[[Sequence[str]], Collection[str]] = lambda keys: ()
    foreign: Foreign = lambda name: False
    changes: Differ = lambda record, held: changes(record, held)  # noqa: E731 – defined below
    same: SameTest = lambda goods: {}
    corrections: Corrections = field(default_factory=dict)


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
    for told in judged(table, mapping, around, today=today, notes=notes, seen=seen):
        if isinstance(told, Goods):
            yield from told.records()
        elif isinstance(told, Sames):
            yield from told.verdicts()
        else:
            yield told


def judged(
    table: Table,
    mapping: ColumnMapping,
    around: Surroundings,
    *,
    today: dt.date,
    notes: list[Reason],
    seen: Seen | None = None,
) -> Iterator[Verdict | Goods | Sames]:
    """The same, good records that stand together told together, and known ones that say nothing else."""
    mapping.validate()
    seen = seen or Seen()
    orders = _Orders(table, mapping, notes)
    if beside := screens_beside(mapping.ignored):
        notes.append(because("screens_beside", columns=", ".join(beside)))
    reader = RowReader(table, mapping, orders, today, around.foreign, around.corrections)
    for block in table.blocks(BATCH):
        goods = read_swiftly(reader, block)
        if goods is None:
            yield from _one_by_one(reader, table.rows_of(block), seen, around)
        else:
            yield from _together(goods, seen, around)


def _together(goods: Goods, seen: Seen, around: Surroundings) -> Iterator[Verdict | Goods | Sames]:
    before = seen.rows_of(goods.keys, goods.numbers)
    same = around.same(goods)
    apart = [at for at, key in enumerate(goods.keys) if key not in same] if same else range(goods.size)
    keys = [goods.keys[at] for at in apart] if same else goods.keys
    held, others = (around.known(keys), around.elsewhere(keys)) if keys else ({}, ())
    if not (same or held or others or before):
        yield goods
        return
    begin = last = 0  # what stands before `last` is told; the new ones from `begin` are told together
    for at in (*(sorted({*apart, *before}) if before else apart), goods.size):
        if at > last and begin < last:
            yield goods.part(begin, last)
        if at > last:
            yield Sames(goods.part(last, at), [same[key] for key in goods.keys[last:at]])
            begin = at
        if at == goods.size:
            break
        key = goods.keys[at]
        if at in before or key in held or key in others:
            if begin < at:
                yield goods.part(begin, at)
            [record] = goods.part(at, at + 1).records()
            yield _held_against(record, before.get(at), held, others, around.changes)
            begin = at + 1
        last = at + 1
    if begin < last:
        yield goods.part(begin, last)


def _one_by_one(
    reader: RowReader, batch: Sequence[Row], seen: Seen, around: Surroundings
) -> Iterator[Verdict]:
    readings = [reader.read(row) for row in batch]
    keys = sorted({key for one in readings if one and (key := one.record.serial_key)})
    held, others = around.known(keys), around.elsewhere(keys)
    for row, reading in zip(batch, readings, strict=True):
        if reading is None:
            yield SetAside(row.number, because("header_again"))
        else:
            yield _place(reading, seen, held, others, around.changes)


def changes(record: Record, held: Any) -> dict[str, tuple[Any, Any]]:
    """The values that differ from those held; a blank cell changes nothing."""
    if isinstance(held, bool):
        return {}
    return {
        name: (held[name], new)
        for name in _COMPARED
        if name in held and (new := getattr(record, name)) is not None and new != held[name]
    }


def _place(
    reading: Reading, seen: Seen, known: Mapping[str, Any], others: Collection[str], differ: Differ
) -> Verdict:
    """Where one row goes. Set aside wins over to correct: nobody corrects what is not wanted."""
    record, faults, aside = reading
    key = record.serial_key
    before = seen.row_of(key, record.row) if key is not None else None
    if aside is not None:
        return SetAside(record.row, aside)
    if before is None and faults:
        return ToCorrect(record.row, tuple(faults))
    return _held_against(record, before, known, others, differ)


def _held_against(
    record: Record, before: int | None, known: Mapping[str, Any], others: Collection[str], differ: Differ
) -> Verdict:
    """A record in which nothing is wrong, held against the rows before it and what is here and elsewhere."""
    key = record.serial_key
    if before is not None:
        return SetAside(record.row, because("doubled_serial", other=before))
    if key is not None and key in known:
        return Known(record.row, record, differ(record, known[key]), known[key])
    if key in others:
        return record._replace(warnings=(*record.warnings, because("alive_elsewhere")))
    return record


class _Orders:
    """Day first or month first, per date column: one light pass, because row 3 may depend on row 4,000.

    It is made when a date is met that can be read in two ways, which most files never have.
    """

    def __init__(self, table: Table, mapping: ColumnMapping, notes: list[Reason]) -> None:
        self._of = lambda: _date_orders(table, mapping, notes)
        self._told: dict[str, str] | None = None

    def get(self, name: str, default: str, /) -> str:
        """`dmy` or `mdy`."""
        if self._told is None:
            self._told = self._of()
        return self._told.get(name, default)


def _date_orders(table: Table, mapping: ColumnMapping, notes: list[Reason]) -> dict[str, str]:
    places = {name: mapping.places[name] for name in DATE_FIELDS if name in mapping.places}
    default = "mdy" if table.format in MONTH_FIRST else "dmy"
    signs = {name: DateOrder() for name in places}
    for row in table.rows():
        for name, place in places.items():
            signs[name].see(row.cells[place])
    for name, place in places.items():
        if signs[name].told is None and signs[name].undecided:
            shown = "31/12/2024" if default == "dmy" else "12/31/2024"
            notes.append(because("date_order_guessed", column=table.header[place], order=shown))
    return {name: sign.told or default for name, sign in signs.items()}
