"""Documents of agents put into one table: a row each, in order; the screens that stand apart come last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reuse_market.fleets.reading.agents import computers, ereuse, json_documents, xml_documents
from reuse_market.fleets.reading.agents.flat import Labels
from reuse_market.fleets.reading.agents.row import LABELS, Device
from reuse_market.fleets.reading.agents.shapes import is_document, is_snapshot, lowered, what_else
from reuse_market.fleets.reading.dialect import Dialect
from reuse_market.fleets.reading.encoding import encoding_of
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.fields import exact_target
from reuse_market.fleets.reading.keeping import kept
from reuse_market.fleets.reading.packed import Member, each_unpacked
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.scratch import Lines
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.words import N_

_TOLD = 5


@dataclass(frozen=True)
class Gathered:
    """The table: its header, its rows as a CSV text without header, its format, notes for the person."""

    header: list[str]
    rows: Source
    format: str
    notes: list[Reason]

    @staticmethod
    def dialect(container: str) -> Dialect:
        """How `rows` is cut; `container` says what the holder sent."""
        return Dialect(container, "utf-8", ";", "\n", quote_all=True)


@dataclass
class _Gathering:
    container: str
    columns: dict[str, int] = field(default_factory=dict)
    formats: Counter[str] = field(default_factory=Counter)
    labels: Labels = field(default_factory=Labels)
    screens: Lines = field(default_factory=Lines)
    apart: int = 0
    notes: list[Reason] = field(default_factory=list)
    unread: int = 0
    first: Unreadable | None = None

    def lines(self, documents: Iterator[dict[str, Any]]) -> Iterator[bytes]:
        """One line a device."""
        for document in documents:
            form, devices = self._read(document)
            self.formats[form] += 1
            for device in devices:
                yield _line(self._row(device))
        for cells in self.screens:
            yield _line(self._row(Device(cells)))

    def skip(self, member: Member, error: Unreadable) -> None:
        """Tell of a file of an archive that cannot be read."""
        self.first = self.first or error
        self.unread += 1
        if self.unread <= _TOLD:
            self.notes.append(because("member_unread", name=member.name[-100:]))

    def _read(self, document: dict[str, Any]) -> tuple[str, list[Device]]:
        if is_snapshot(lowered(document)):
            return "ereuse-json", [ereuse.read(document)]
        if is_document(document):
            return computers.read(document, self.container)
        return self.container, [Device(self.labels.cells(document), flat=True)]

    def _row(self, device: Device) -> list[str]:
        for label in (*(device.cells if device.flat else LABELS.values()), *sorted(device.personal)):
            self.columns.setdefault(label, len(self.columns))
        for screen in device.screens:
            self.screens.add(screen)
            self.apart += 1
        row = [""] * len(self.columns)
        for name, cell in device.cells.items():
            row[self.columns[name if device.flat else LABELS[name]]] = cell
        return row if any(row) else ["?", *row[1:]]  # a blank row would be passed over in silence


def gather(source: Source, container: str) -> Gathered:
    """The table of one file of JSON or XML."""
    return _gathered(_Gathering(container), _documents(source, container))


def gather_members(source: Source, members: list[tuple[Member, str]]) -> Gathered:
    """The table of an archive of agent files. A file that cannot be read is told and passed over."""
    gathering = _Gathering(members[0][1])
    containers = dict(members)

    def documents() -> Iterator[dict[str, Any]]:
        for member, unpacked in each_unpacked(source, list(containers)):
            gathering.container = containers[member]
            try:
                if isinstance(unpacked, Unreadable):
                    raise unpacked
                yield from _documents(unpacked, containers[member])
            except Unreadable as error:
                gathering.skip(member, error)

    made = _gathered(gathering, documents())
    if gathering.unread > _TOLD:
        made.notes.append(because("members_unread", count=gathering.unread))
    return made


def _gathered(gathering: _Gathering, documents: Iterator[dict[str, Any]]) -> Gathered:
    rows = kept(gathering.lines(documents))
    if not gathering.formats or not gathering.columns:
        raise gathering.first or _no_device()
    if gathering.apart:
        gathering.notes.append(because("screens_apart", count=gathering.apart))
    (form, count), *_others = gathering.formats.most_common(1)
    if form == gathering.container and count == 1 and not any(map(exact_target, gathering.columns)):
        raise _no_device()
    return Gathered(list(gathering.columns), rows, form, gathering.notes)


def _no_device() -> Unreadable:
    return Unreadable(
        N_("This file holds no device."), advice=N_("Send what the agent wrote, or a list of devices.")
    )


def _documents(source: Source, container: str) -> Iterator[dict[str, Any]]:
    codec = encoding_of(source).codec
    if container == "xml":
        return xml_documents.documents(source, xml_documents.codec_of(source, codec))
    return _devices(json_documents.documents(source, codec))


def _devices(documents: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same objects; what tells of something else than devices is refused by its name."""
    for document in documents:
        if told := what_else(document):
            raise Unreadable(told, advice=N_("Send what the agent wrote, or a list of devices."))
        yield document


def _line(row: list[str]) -> bytes:
    """A line of the scratch text that `Gathered.dialect` reads back; nobody else ever sees it."""
    cells = (cell.replace("\x00", "").replace('"', '""') for cell in row)
    return ('"' + '";"'.join(cells) + '"\n').encode("utf-8", "replace")
