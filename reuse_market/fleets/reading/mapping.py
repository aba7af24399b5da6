"""Which column fills which field: proposed from the labels, settled by a person, remembered."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reuse_market.fleets.reading.dates import read_date
from reuse_market.fleets.reading.fields import ASK_BELOW, COMMENT, FIELDS, IGNORE, PERSONAL, recognise
from reuse_market.fleets.reading.kinds import kind_of_type
from reuse_market.fleets.reading.labels import fold_label
from reuse_market.fleets.reading.sizes import screen_tenths, size_mb
from reuse_market.fleets.reading.table import Row
from reuse_market.fleets.reading.titles import names_screen
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_

_OF_ONE_DEVICE = ("kind", "maker", "model", "serial", "asset_tag", "bought_on")
TARGETS = (*FIELDS, IGNORE, PERSONAL)
_E_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$")
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4})\b")
_ADDRESS = re.compile(r"^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5})$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its place, its label, a target of TARGETS and the confidence in it (0–100)."""

    index: int
    label: str
    target: str
    confidence: int

    @property
    def to_ask(self) -> bool:
        """Whether the person should confirm: understood, but not surely."""
        return bool(self.label) and self.confidence < ASK_BELOW


@dataclass(frozen=True, slots=True)
class Mapping:
    """The target of every column. `places` gives the column of each field."""

    columns: tuple[Column, ...]

    @property
    def places(self) -> dict[str, int]:
        """Field → column index, for the fields that are read (comments are dropped, never read)."""
        return {c.target: c.index for c in self.columns if c.target in FIELDS and c.target != COMMENT}

    @property
    def dropped(self) -> list[str]:
        """Labels of the columns left out because they are about people or free text: named to the holder."""
        return [c.label for c in self.columns if c.target in (PERSONAL, COMMENT)]

    @property
    def ignored(self) -> list[str]:
        """Labels of the columns of no use here."""
        return [c.label for c in self.columns if c.target == IGNORE and c.label]

    def to_ask(self) -> list[Column]:
        """The columns whose meaning the person should confirm."""
        return [column for column in self.columns if column.to_ask]

    def targets(self) -> list[str]:
        """One target per column, in order: what to remember beside the header signature."""
        return [column.target for column in self.columns]

    @classmethod
    def settled(cls, header: Sequence[str], targets: Sequence[str]) -> Mapping:
        """A mapping chosen by a person or remembered. Refused: unknown targets, two columns on one field."""
        if len(header) != len(targets):
            raise Invalid(N_("This choice of columns was made for another file."), field="mapping")
        mapping = cls(
            tuple(Column(i, h, t, 100) for i, (h, t) in enumerate(zip(header, targets, strict=True)))
        )
        mapping.validate()
        return mapping

    def validate(self) -> None:
        """Raise `Invalid` when a target is unknown, a field is given twice, or nothing tells a device."""
        taken: dict[str, str] = {}
        for column in self.columns:
            if column.target not in TARGETS:
                raise Invalid(N_("“%(target)s” is not a field."), field="mapping", target=column.target)
            if column.target in (IGNORE, PERSONAL, COMMENT):
                continue
            if column.target in taken:
                raise Invalid(
                    N_("The columns “%(one)s” and “%(other)s” are given the same meaning: keep one."),
                    field="mapping",
                    one=taken[column.target],
                    other=column.label,
                    target=column.target,
                )
            taken[column.target] = column.label
        if not taken.keys() & {"kind", "model", "serial"}:
            raise Invalid(N_("No column tells the kind, the model or the serial number."), field="mapping")


def header_signature(header: Sequence[str]) -> str:
    """A short digest of the folded labels in order: the same export gives the same one next time."""
    return hashlib.sha256("\x1f".join(fold_label(label) for label in header).encode()).hexdigest()[:32]


def propose(header: Sequence[str], sample_rows: Iterable[Row | Sequence[str]] = ()) -> Mapping:
    """The likeliest target of every column, at most one column per field.

    Of two columns that claim a field, the surer one wins, then the fuller one in the sample; the other is
    ignored and asked about. Cells that are e-mail, IP or MAC addresses make a column personal.
    """
    samples = [row.cells if isinstance(row, Row) else tuple(row) for row in sample_rows]
    columns = _without_screens([_proposed(index, label, samples) for index, label in enumerate(header)])
    best: dict[str, Column] = {}
    for column in columns:
        rival = best.get(column.target)
        if rival is None or _strength(column, samples) > _strength(rival, samples):
            best[column.target] = column
    return Mapping(
        tuple(
            c
            if c.target in (IGNORE, PERSONAL, COMMENT) or best[c.target] is c
            else Column(c.index, c.label, IGNORE, 50)
            for c in columns
        )
    )


def _without_screens(columns: list[Column]) -> list[Column]:
    """Of a list that tells screens on the rows of computers, the screens' columns left out.

    Else a computer would come in under the serial number of its screen.
    """
    beside = [column for column in columns if column.target in _OF_ONE_DEVICE and names_screen(column.label)]
    others = {column.target for column in columns if column not in beside}
    if not any(column.target in others for column in beside):
        return columns  # a list of screens
    return [
        Column(column.index, column.label, IGNORE, 50) if column in beside else column for column in columns
    ]


def _strength(column: Column, samples: list[tuple[str, ...]]) -> tuple[int, int]:
    filled = sum(1 for row in samples if column.index < len(row) and row[column.index].strip())
    return column.confidence, filled


def _proposed(index: int, label: str, samples: list[tuple[str, ...]]) -> Column:
    target, confidence = recognise(label) if label else (IGNORE, 100)
    cells = [row[index].strip() for row in samples if index < len(row) and row[index].strip()]
    people = sum(1 for cell in cells if _E_MAIL.match(cell) or _ADDRESS.match(cell))
    if people and people * 2 >= len(cells):
        return Column(index, label or f"#{index + 1}", PERSONAL, 100)
    if confidence < ASK_BELOW and cells and not _plausible(target, label, cells):
        return Column(index, label, IGNORE, 0)
    return Column(index, label, target, confidence)


def _plausible(target: str, label: str, cells: list[str]) -> bool:
    """Whether cells under a label that is only like a known one hold what the field takes."""
    if target in ("ram_mb", "storage_mb"):
        told = sum(size_mb(cell, label, binary=target == "ram_mb") is not None for cell in cells)
    elif target == "screen_tenths":
        told = sum(screen_tenths(cell) is not None for cell in cells)
    elif target in ("bought_on", "lease_end"):
        told = sum(read_date(cell, today=dt.date.max.replace(year=2100)) is not None for cell in cells)
    elif target == "kind":
        told = sum(kind_of_type(cell) is not None for cell in cells)
    elif target in ("os", "cpu", "maker", "model", "site"):
        told = sum(not _DAY.match(cell) for cell in cells)
    else:
        return True
    return told * 2 > len(cells)
