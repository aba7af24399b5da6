"""What many rows of a file say in the same words, read once: kind, maker, model, sizes, dates, status, site."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple, Protocol

from reuse_market.fleets.reading.dates import read_date
from reuse_market.fleets.reading.kinds import kind_of_chassis, kind_of_model, kind_of_type, virtual_sign
from reuse_market.fleets.reading.labels import clean, fold, one_line
from reuse_market.fleets.reading.naming import Corrections, Named, named
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.report import Fault, Record
from reuse_market.fleets.reading.sizes import screen_tenths, size_mb
from reuse_market.fleets.reading.table import Row
from reuse_market.fleets.reading.values import (
    is_gone,
    is_leased,
    ownership_fault,
    said,
    serial_key,
)
from reuse_market.kernel.praise import may_praise, without

DATE_FIELDS = ("bought_on", "lease_end")
DAMAGED = "\ufffd"
MAX_TEXT = 300
_AT = Record._fields.index
_TEXTS = ("site", "cpu", "os", "status", "entity", "ownership")
BESIDE = ("dock", "monitor", "projector")
_PRAISED = ("maker", "model")
_tokens = count(1)
_NUMBERS = ("ram_mb", "storage_mb", "screen_tenths")

Foreign = Callable[[str], bool]


class Orders(Protocol):
    """The order of day and month of date columns; asked only where it matters, for it may cost a pass."""

    def get(self, name: str, default: str, /) -> str:
        """`dmy` or `mdy`."""


class Around(Protocol):
    """What a row is read with (a RowReader)."""

    header: list[str]
    folded: tuple[str, ...]
    places: dict[str, int]
    owner_places: list[int]
    count_place: int | None
    shared_places: list[int]
    orders: Orders
    today: dt.date
    foreign: Foreign
    corrections: Corrections


class Alike(NamedTuple):
    """The common part. `head`, `middle`, `tail`: slices of a record before serial, from site, from ownership.

    `first` and `then` are reasons to set aside, those of the serial number coming between. `plain`: nothing but
    good can come of it. `token` tells it from any other.
    """

    head: tuple[Any, ...]
    middle: tuple[Any, ...]
    tail: tuple[Any, ...]
    made_by: str
    warnings: Sequence[Reason]
    faults: Sequence[Fault]
    first: Reason | None
    then: Reason | None
    damaged: bool
    like_header: bool
    plain: bool
    token: int


def read_alike(around: Around, row: Row) -> Alike:
    """The common part of a row."""
    return _Common(around, row).read()


def virtual_machine(*texts: str) -> Reason | None:
    """The reason to set aside what one of these texts tells to be a virtual machine."""
    sign = virtual_sign(*texts)
    return because("virtual_machine", value=sign[:MAX_TEXT]) if sign else None


class _Common:
    def __init__(self, around: Around, row: Row) -> None:
        self.around, self.cells, self.places = around, row.cells, around.places
        self.warnings: list[Reason] = []
        self.faults: list[Fault] = []

    def read(self) -> Alike:
        """Its parts, read in the order in which a person is told of them."""
        self._praise()
        maker, model, corrected = self._names()
        values: dict[str, Any] = {"maker": maker or None, "model": model or None}
        values["kind"] = corrected or self._kind(maker, model) or None
        values |= {name: self._date(name) for name in DATE_FIELDS}
        values |= {name: said(self._cell(name))[:MAX_TEXT] or None for name in _TEXTS}
        values |= {name: self._number(name) for name in _NUMBERS}
        told = tuple(values.get(name) for name in Record._fields)
        machine = virtual_machine(one_line(self._cell("maker")), model, one_line(self._cell("kind")))
        self._counted()
        first, then = self._other_organisation() or machine, self._aside(values)
        damaged = any(DAMAGED in self.cells[place] for place in self.places.values())
        header = all(fold(self.cells[at]) == self.around.folded[at] for at in self.around.shared_places)
        return Alike(
            told[1 : _AT("serial")], told[_AT("site") : _AT("hostname")],
            told[_AT("ownership") : _AT("serial_key")], serial_key("", maker)[1:],
            tuple(self.warnings), tuple(self.faults), first, then,
            damaged, header, not (damaged or header or first or then or self.faults), next(_tokens),
        )  # fmt: skip

    def _cell(self, name: str) -> str:
        place = self.places.get(name)
        return "" if place is None else self.cells[place]

    def _praise(self) -> None:
        """Words the law keeps are taken out of what others may read, and told."""
        if not may_praise(" ".join(self.cells)):
            return
        told = list(self.cells)
        for name in (*_PRAISED, *_TEXTS):
            place = self.places.get(name)
            if place is not None and (left := without(told[place])) != told[place]:
                text, label = one_line(told[place])[:MAX_TEXT], self.around.header[place]
                self.warnings.append(because("praise_left_out", value=text, column=label))
                told[place] = left
        self.cells = tuple(told)

    def _counted(self) -> None:
        """A row that stands for several devices would come in as one, and the others be lost."""
        place = self.around.count_place
        text = clean(self.cells[place]) if place is not None else ""
        if (found := re.fullmatch(r"(\d{1,6})(?:[.,]0+)?", text)) and int(found[1]) > 1:
            self.faults.append(Fault("row", text, because("several_devices", count=int(found[1]))))

    def _other_organisation(self) -> Reason | None:
        for place in self.around.owner_places:
            text = one_line(self.cells[place])[:MAX_TEXT]
            if text and self.around.foreign(text):
                return because("other_organisation", column=self.around.header[place], value=text)
        return None

    def _names(self) -> Named:
        told = named(said(self._cell("maker")), said(self._cell("model"))[:MAX_TEXT], self.around.corrections)
        return told._replace(maker=told.maker[:MAX_TEXT])

    def _kind(self, maker: str, model: str) -> str:
        text = said(self._cell("kind"))
        told = kind_of_type(text)
        if (
            told == "carton" and (named := kind_of_model(model, maker)) in BESIDE
        ):  # « Périphérique » says little
            self.warnings.append(because("kind_guessed", kind=named))
            return named
        if told:
            return told
        guessed = kind_of_model(model, maker) or kind_of_chassis(text)
        if guessed:
            self.warnings.append(because("kind_guessed", kind=guessed))
            return guessed
        if told is None:
            shown = text[:MAX_TEXT]
            self.faults.append(Fault("kind", shown, because("kind_not_understood", value=shown)))
            return ""
        if not model:
            self.faults.append(Fault("kind", text, because("neither_kind_nor_model")))
            return ""
        self.warnings.append(because("kind_unknown"))
        return "other"

    def _date(self, name: str) -> dt.date | None:
        text, today = clean(self._cell(name))[:MAX_TEXT], self.around.today
        read = read_date(text, order="dmy", today=today)
        other = read_date(text, order="mdy", today=today)
        if read != other and self.around.orders.get(name, "dmy") == "mdy":
            read = other
        if read is None:
            self.faults.append(Fault(name, text, because("date_unreadable", value=text)))
            return None
        if read.warning:
            self.warnings.append(because(read.warning, value=text))
        if read.day is not None and read.day.year < 1980:
            self.faults.append(Fault(name, text, because("date_too_old", date=read.day.isoformat())))
            return None
        if name == "bought_on" and read.day is not None and read.day > today:
            self.faults.append(Fault(name, text, because("date_in_future", date=read.day.isoformat())))
            return None
        return read.day

    def _number(self, name: str) -> int | None:
        """A size; one that is not understood is left out with a warning, for it blocks nothing."""
        text = self._cell(name)
        if not said(text):
            return None
        label = self.around.header[self.places[name]]
        number = (
            screen_tenths(text) if name == "screen_tenths" else size_mb(text, label, binary=name == "ram_mb")
        )
        if number is None:
            self.warnings.append(because("value_left_out", value=one_line(text)[:MAX_TEXT], column=label))
        return number

    def _aside(self, values: Mapping[str, Any]) -> Reason | None:
        ownership = values["ownership"] or one_line(self._cell("ownership"))[:MAX_TEXT]
        if ownership and (fault := ownership_fault(ownership)):
            return because(fault, value=ownership)
        if "ownership" in self.places and not ownership:
            self.warnings.append(because("ownership_blank"))
        lease_end = values["lease_end"]
        if lease_end is not None:
            if lease_end >= self.around.today:
                return because("leased_until", date=lease_end.isoformat())
            self.warnings.append(because("lease_over", date=lease_end.isoformat()))
        status = values["status"]
        if status and is_leased(status):
            return because("leased", value=status)
        if status and is_gone(status):
            return because("already_gone", value=status)
        return None
