"""What a sheet shows otherwise than its cells hold: cells merged downward, rows hidden by hand or by a filter."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

Spans = Mapping[tuple[int, int], int]  # (row, column) → the last row it stands for, all from 0
Pieces = Callable[[zipfile.ZipFile, zipfile.ZipInfo], Iterator[bytes]]
_ROW = re.compile(rb"<(?:x:)?row\b([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_ODS_TABLE = re.compile(rb"""<table:table [^>]*?table:name=(?:"([^"]*)"|'([^']*)')""")
_ODS_HIDDEN = re.compile(rb"""table:visibility=["'](?:filter|collapse)["']""")
_ODS_DOWN = re.compile(rb"""table:number-rows-spanned=["'](\d{1,7})["']""")
_ODS_WIDE = re.compile(rb"""table:number-columns-repeated=["'](\d{1,7})["']""")
_ODS_ROWS = re.compile(rb"""table:number-rows-repeated=["'](\d{1,7})["']""")
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell")


@dataclass(slots=True)
class Shown:
    """Of one sheet: how many filled rows are hidden, and the cells merged downward (ODS only)."""

    hidden: int = 0
    spans: dict[tuple[int, int], int] = field(default_factory=dict)


def spans_of(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]] | None) -> dict[tuple[int, int], int]:
    """The merged ranges that go down, by their first cell."""
    return {(top, left): bottom for (top, left), (bottom, _) in ranges or () if bottom > top}


def filled_down(rows: Iterable[list[Any]], spans: Spans, left: int) -> Iterator[list[Any]]:
    """Rows in which a cell merged downward is said in each row it stands beside, as a person reads it.

    `left` is the column of the first cell of a row. Nothing is written over what a cell holds.
    """
    running: dict[int, tuple[Any, int]] = {}
    for number, cells in enumerate(rows):
        for place, (value, last) in tuple(running.items()):
            if number > last:
                del running[place]
            elif cells[place] in ("", None):
                cells[place] = value
        for place, cell in enumerate(cells):
            if cell not in ("", None) and (last := spans.get((number, place + left), 0)):
                running[place] = (cell, last)
        yield cells


def hidden_of_xlsx(archive: zipfile.ZipFile, pieces: Pieces) -> dict[str, Shown]:
    """The hidden rows of each sheet of a workbook, by its name."""
    named = {member.filename.lstrip("/"): member for member in archive.infolist()}
    book, links = (named.get(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    if book is None or links is None:
        return {}
    targets = {
        told.get("Id", ""): told.get("Target", "").lstrip("/").removeprefix("xl/")
        for told in _attributes(_LINK, archive.read(links))
    }
    found = {}
    for told in _attributes(_SHEET, archive.read(book)):
        member = named.get("xl/" + targets.get(told.get("r:id", ""), ""))
        if member is not None:
            found[unescape(told.get("name", ""))] = Shown(_hidden_rows(pieces(archive, member)))
    return found


def shown_by_ods(rows: Iterable[bytes]) -> dict[str, Shown]:
    """The hidden rows and the cells merged downward of each sheet, from what stands between its row tags."""
    found: dict[str, Shown] = {}
    shown, number = Shown(), -1
    for piece in rows:
        if number >= 0:
            number = _see(piece, number, shown)
        if tables := _ODS_TABLE.findall(piece):
            name = (tables[-1][0] or tables[-1][1]).decode("utf-8", "replace")
            shown, number = found.setdefault(unescape(name), Shown()), 0
    return found


def _see(piece: bytes, number: int, shown: Shown) -> int:
    """One row taken in; returns the number of the next."""
    head, *cells = _ODS_CELL.split(piece)
    head = head.split(b">", 1)[0]
    many = _told(_ODS_ROWS, head)
    if _ODS_HIDDEN.search(head) and b"<text:p" in piece:
        shown.hidden += many
    if b"rows-spanned" in piece:
        place = 0
        for cell in cells:
            tag = cell.split(b">", 1)[0]
            if (down := _told(_ODS_DOWN, tag)) > 1:
                shown.spans[(number, place)] = number + down - 1
            place += _told(_ODS_WIDE, tag)
    return number + many


def _told(pattern: re.Pattern[bytes], tag: bytes) -> int:
    found = pattern.search(tag)
    return int(found[1]) if found else 1


def _hidden_rows(pieces: Iterable[bytes]) -> int:
    """Hidden rows that hold something; an empty one ends at once, or at the next row tag."""
    count, held = 0, b""
    for piece in pieces:
        *whole, held = (held + piece).split(b"</row>")
        held = held[-(1 << 20) :]
        for row in whole:
            tags = _ROW.findall(row)
            count += bool(tags and _HIDDEN.search(tags[-1]) and (b"<v>" in row or b"<is>" in row))
    return count


def _attributes(pattern: re.Pattern[str], held: bytes) -> Iterator[dict[str, str]]:
    for attributes in pattern.findall(held.decode("utf-8", "replace")):
        yield dict(_ATTRIBUTE.findall(attributes))
