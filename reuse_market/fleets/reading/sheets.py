"""Spreadsheets (XLSX, XLS, ODS), guarded against files made to exhaust memory."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.merging import Shown, filled_down, hidden_of_xlsx, shown_by_ods, spans_of
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.words import N_

MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 100
_RATIO_FROM = 20 * 1024 * 1024
MAX_CELLS = 8_000_000
_MAX_ODS_ROW = 8 * 1024 * 1024
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # how a workbook under a password is wrapped
_MAX_XLS = 30 * 1024 * 1024
_CELL = re.compile(rb"""\br=["']([A-Za-z]{1,3})(\d{1,9})["']""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["'](\d+)["']""")
_SAVE_AGAIN = N_("Open it in a spreadsheet program, keep only the list, save it as CSV and send that file.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the spreadsheet row of its first line, and its cells, typed one row at a time."""

    name: str
    first_row: int
    loaded: CalamineSheet
    shown: Shown

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows with the number the spreadsheet shows; the library gives those above the first one too."""
        rows: Iterator[list[Any]] = self.loaded.iter_rows()
        if self.shown.spans:
            rows = filled_down(rows, self.shown.spans, self.loaded.start[1] if self.loaded.start else 0)
        every = enumerate(rows, 1)
        return ((number, cells) for number, cells in every if number >= self.first_row)


def sheets_of(source: Source, container: str) -> Iterator[Sheet]:
    """The non-empty visible sheets, in order, read one by one. Protected or oversized files are refused."""
    shown = _guard(source, container)
    try:
        with source.open() as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
        names = [m.name for m in workbook.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
    except BaseException as error:
        raise _refusal(error) from error
    for name in names or workbook.sheet_names:
        sheet = _load(workbook, name, shown.get(name) or Shown())
        if sheet is not None:
            yield sheet


def _load(workbook: CalamineWorkbook, name: str, shown: Shown) -> Sheet | None:
    try:
        loaded: CalamineSheet = workbook.get_sheet_by_name(name)
        if not loaded.height or loaded.start is None:
            return None
        if loaded.height * loaded.width > MAX_CELLS:
            raise _too_big()
        shown.spans |= spans_of(loaded.merged_cell_ranges)
        sheet = Sheet(name, loaded.start[0] + 1, loaded, shown)
        return sheet if any(_filled(cells) for _, cells in sheet.rows()) else None
    except Unreadable:
        raise
    except BaseException as error:
        raise _refusal(error) from error


def _filled(cells: list[Any]) -> bool:
    return any(cell not in ("", None) for cell in cells)


def _refusal(error: BaseException) -> Unreadable:
    """What to tell about an error of the library. Its panics are no `Exception`: hence `BaseException`."""
    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
        raise error
    if "assword" in type(error).__name__ + str(error):
        return _protected()
    return Unreadable(N_("This file is damaged: it cannot be opened."), advice=_SAVE_AGAIN)


def _protected() -> Unreadable:
    return Unreadable(N_("This spreadsheet is protected by a password."), advice=_SAVE_AGAIN)


def _too_big() -> Unreadable:
    return Unreadable(
        N_("This spreadsheet unpacks to more than a list of devices can weigh."), advice=_SAVE_AGAIN
    )


def _guard(source: Source, container: str) -> dict[str, Shown]:
    """Refuse zip bombs and far-away cells before the library allocates the rectangle they span.

    Returns by sheet what only the packed file tells: rows hidden, and in ODS cells merged.
    """
    if container == "xls":
        if any(_ENCRYPTED in piece for piece in source.pieces()):
            raise _protected()
        if source.size > _MAX_XLS:
            raise _too_big()
        return {}
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            total = sum(member.file_size for member in members)
            if total > MAX_UNPACKED or (total > _RATIO_FROM and total > MAX_RATIO * source.size):
                raise _too_big()
            for member in members:
                if container == "xlsx" and re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", member.filename):
                    _guard_xlsx(archive, member)
                if container == "ods" and member.filename == "content.xml":
                    _guard_ods(archive, member)
                    return shown_by_ods(_ods_rows(archive, member))
            return hidden_of_xlsx(archive, _pieces) if container == "xlsx" else {}
    except Unreadable:
        raise
    except Exception as error:  # zipfile raises many kinds on broken input
        raise _refusal(error) from error


def _guard_xlsx(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """The rectangle that cell references span: two far corners are enough to ask for gigabytes."""
    columns: set[bytes] = set()
    top = bottom = 0
    for chunk in _chunks(archive, member):
        found = _CELL.findall(chunk)
        if not found:
            continue
        columns.update(letters.upper() for letters, _ in found)
        numbers = {int(digits) for _, digits in found}
        top = min(top or min(numbers), *numbers) if numbers else top
        bottom = max(bottom, *numbers)
    if columns:
        places = [_column(letters) for letters in columns]
        if (max(places) - min(places) + 1) * (bottom - top + 1) > MAX_CELLS:
            raise _too_big()


def _guard_ods(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """The rectangle that repeated rows and cells span; the blank end of a sheet does not count."""
    height = width = 0
    for row in _ods_rows(archive, member):
        head, *cells = re.split(rb"<table:(?:covered-)?table-cell", row)
        while cells and b"office:value" not in cells[-1] and b"<text:p" not in cells[-1]:
            cells.pop()
        height += _repeated(head)
        if cells:
            width = max(width, sum(_repeated(cell) for cell in cells))
            if height * width > MAX_CELLS:
                raise _too_big()
        if b"</table:table>" in row:
            height = width = 0


def _repeated(tag: bytes) -> int:
    told = _REPEATED.search(tag.split(b">", 1)[0])
    return int(told[1][:12]) if told else 1


def _ods_rows(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What stands between two row tags, by pieces of 1 MB so that nothing is unpacked whole."""
    held = b""
    for piece in _pieces(archive, member):
        *whole, held = (
            (held + piece).replace(b"<table:table-row>", b"<table:table-row >").split(b"<table:table-row ")
        )
        if len(held) > _MAX_ODS_ROW:
            raise _too_big()
        yield from whole
    yield held


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member by pieces of 1 MB, each preceded by the end of the one before."""
    tail = b""
    for piece in _pieces(archive, member):
        yield tail + piece
        tail = piece[-64:]


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        read = 0
        while piece := stream.read(1 << 20):
            read += len(piece)
            if read > MAX_UNPACKED:
                raise _too_big()
            yield piece


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def cell_text(value: Any) -> str:
    """A typed cell as text: ISO dates, whole numbers without a point, long ones as sheets show them.

    A number of more than 15 digits has lost its last ones: it is shown as 6.37702E+15, so that nobody
    takes it for a serial number.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        if abs(value) >= 10**15:
            return f"{value:.15G}" if "E" in f"{value:.15G}" else f"{value:.5E}"
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)
