"""One row read into a record, with what is doubtful, wrong, or a reason to leave it aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from reuse_market.fleets.reading.dates import read_date
from reuse_market.fleets.reading.kinds import kind_of_model, kind_of_type, virtual_sign
from reuse_market.fleets.reading.labels import clean, fold_label, one_line
from reuse_market.fleets.reading.makers import canonical_maker, maker_of_model
from reuse_market.fleets.reading.mapping import Mapping
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.report import Fault, Record
from reuse_market.fleets.reading.table import Row, Table
from reuse_market.fleets.reading.values import (
    is_gone,
    is_leased,
    is_placeholder,
    ownership_fault,
    said,
    screen_tenths,
    serial_fault,
    serial_key,
    size_mb,
)

DATE_FIELDS = ("bought_on", "lease_end")
DAMAGED = "\ufffd"
OWNERS = frozenset(("owner", "proprietaire", "registered owner", "detenteur"))
_MAX_TEXT = 300

Foreign = Callable[[str], bool]


@dataclass
class Reading:
    """A record and what was found on the way: warnings, faults to correct, a reason to set it aside."""

    record: Record
    warnings: list[Reason] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    set_aside: Reason | None = None


class RowReader:
    """Reads the rows of one table through one mapping. `orders`: `dmy` or `mdy` per date field."""

    def __init__(
        self, table: Table, mapping: Mapping, orders: dict[str, str], today: dt.date, foreign: Foreign
    ) -> None:
        self.header = table.header
        self.foreign = foreign
        owners = [c.index for c in mapping.columns if fold_label(c.label) in OWNERS]
        # Owners are people as a rule and never kept: the column is only held against known organisations.
        self.owner_places = [*owners, *(mapping.places[n] for n in ("entity",) if n in mapping.places)]
        self.is_csv = table.dialect.container == "csv"
        self.places = mapping.places
        self.orders = orders
        self.today = today

    def read(self, row: Row) -> Reading:
        """The reading of one row; the record is complete even when it has faults."""
        out = Reading(Record(row.number))
        if row.broken:
            out.faults.append(Fault("row", row.cells[0], because(row.broken)))
            return out
        self._note_damage(row, out)
        if self.is_csv and row.width > len(self.header):
            reason = because("too_many_cells", cells=row.width, columns=len(self.header))
            out.faults.append(Fault("row", row.cells[0][:_MAX_TEXT], reason))
        maker, model = self._maker_and_model(row)
        serial = self._serial(row, out)
        kind = self._kind(row, maker, model, out)
        bought, lease_end = (self._date(row, name, out) for name in DATE_FIELDS)
        out.record = Record(
            row=row.number,
            kind=kind or None,
            maker=maker or None,
            model=model or None,
            serial=serial or None,
            bought_on=bought,
            lease_end=lease_end,
            asset_tag=self._text(row, "asset_tag"),
            site=self._text(row, "site"),
            cpu=self._text(row, "cpu"),
            os=self._text(row, "os"),
            status=self._text(row, "status"),
            entity=self._text(row, "entity"),
            hostname=self._text(row, "hostname"),
            ownership=self._text(row, "ownership"),
            ram_mb=self._number(row, "ram_mb", out),
            storage_mb=self._number(row, "storage_mb", out),
            screen_tenths=self._number(row, "screen_tenths", out),
            serial_key=serial_key(serial, maker) if serial else None,
        )
        out.set_aside = self._aside(row, out)
        return out

    def _note_damage(self, row: Row, out: Reading) -> None:
        """Characters lost to a wrong encoding: a serial number is to correct, any other cell is told."""
        for name, place in self.places.items():
            if DAMAGED in row.cells[place]:
                text, label = one_line(row.cells[place])[:_MAX_TEXT], self.header[place]
                if name == "serial":
                    out.faults.append(Fault("serial", text, because("serial_damaged", value=text)))
                else:
                    out.warnings.append(because("damaged_cell", value=text, column=label))

    def _other_organisation(self, row: Row) -> Reason | None:
        for place in self.owner_places:
            text = one_line(row.cells[place])[:_MAX_TEXT]
            if text and self.foreign(text):
                return because("other_organisation", column=self.header[place], value=text)
        return None

    def _cell(self, row: Row, name: str) -> str:
        place = self.places.get(name)
        return "" if place is None else row.cells[place]

    def _text(self, row: Row, name: str) -> str | None:
        return said(self._cell(row, name))[:_MAX_TEXT] or None

    def _maker_and_model(self, row: Row) -> tuple[str, str]:
        model = said(self._cell(row, "model"))[:_MAX_TEXT]
        maker = canonical_maker(said(self._cell(row, "maker")))[:_MAX_TEXT]
        return maker or maker_of_model(model), model

    def _serial(self, row: Row, out: Reading) -> str:
        """The serial as written, or "" with a warning; what a spreadsheet destroyed is a fault."""
        text = one_line(self._cell(row, "serial"))
        if not text:
            out.warnings.append(because("no_serial"))
            return ""
        if DAMAGED in text:
            return ""
        if fault := serial_fault(text):
            out.faults.append(Fault("serial", text[:_MAX_TEXT], because(fault, value=text[:_MAX_TEXT])))
            return ""
        if is_placeholder(text):
            out.warnings.append(because("placeholder_serial", value=text))
            return ""
        if self.places["serial"] in row.numbers:
            out.warnings.append(because("serial_as_number"))
        return text

    def _kind(self, row: Row, maker: str, model: str, out: Reading) -> str:
        text = said(self._cell(row, "kind"))
        told = kind_of_type(text)
        if told:
            return told
        guessed = kind_of_model(model, maker)
        if guessed:
            out.warnings.append(because("kind_guessed", kind=guessed))
            return guessed
        if told is None:
            out.faults.append(
                Fault("kind", text[:_MAX_TEXT], because("kind_not_understood", value=text[:_MAX_TEXT]))
            )
            return ""
        if not model:
            out.faults.append(Fault("kind", text, because("neither_kind_nor_model")))
            return ""
        out.warnings.append(because("kind_unknown"))
        return "other"

    def _date(self, row: Row, name: str, out: Reading) -> dt.date | None:
        text = clean(self._cell(row, name))[:_MAX_TEXT]
        read = read_date(text, order=self.orders.get(name, "dmy"), today=self.today)
        if read is None:
            out.faults.append(Fault(name, text, because("date_unreadable", value=text)))
            return None
        if read.warning:
            out.warnings.append(because(read.warning, value=text))
        if read.day is not None and read.day.year < 1980:
            out.faults.append(Fault(name, text, because("date_too_old", date=read.day.isoformat())))
            return None
        if name == "bought_on" and read.day is not None and read.day > self.today:
            out.faults.append(Fault(name, text, because("date_in_future", date=read.day.isoformat())))
            return None
        return read.day

    def _number(self, row: Row, name: str, out: Reading) -> int | None:
        """A size; one that is not understood is left out with a warning, for it blocks nothing."""
        text = self._cell(row, name)
        if not said(text):
            return None
        label = self.header[self.places[name]]
        number = (
            screen_tenths(text) if name == "screen_tenths" else size_mb(text, label, binary=name == "ram_mb")
        )
        if number is None:
            out.warnings.append(because("value_left_out", value=one_line(text)[:_MAX_TEXT], column=label))
        return number

    def _aside(self, row: Row, out: Reading) -> Reason | None:
        record = out.record
        if other := self._other_organisation(row):
            return other
        virtual = virtual_sign(
            one_line(self._cell(row, "maker")),
            record.model or "",
            one_line(self._cell(row, "kind")),
            _before_dash(record.serial or ""),
        )
        if virtual:
            return because("virtual_machine", value=virtual[:_MAX_TEXT])
        ownership = record.ownership or one_line(self._cell(row, "ownership"))[:_MAX_TEXT]
        if ownership and (fault := ownership_fault(ownership)):
            return because(fault, value=ownership)
        if "ownership" in self.places and not ownership:
            out.warnings.append(because("ownership_blank"))
        if record.lease_end is not None:
            if record.lease_end >= self.today:
                return because("leased_until", date=record.lease_end.isoformat())
            out.warnings.append(because("lease_over", date=record.lease_end.isoformat()))
        if record.status and is_leased(record.status):
            return because("leased", value=record.status)
        if record.status and is_gone(record.status):
            return because("already_gone", value=record.status)
        return None


def _before_dash(serial: str) -> str:
    """`VMware-56 4d…` tells a virtual machine by its first word; other serials tell nothing."""
    return serial.split("-")[0] if "-" in serial else ""
