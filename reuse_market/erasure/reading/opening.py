"""The door: what a file is, by its structure, and what it says. Nothing raises: a file not read says why."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from reuse_market.erasure.reading import (
    blancco_pdf,
    blancco_xml,
    json_reports,
    listing,
    nwipe_log,
    nwipe_pdf,
    pdf_text,
    trees,
)
from reuse_market.erasure.reading.stated import Reading, Stated, Unreadable

MOST_BYTES = 5_000_000  # a report
MOST_ARCHIVE = 50_000_000  # all reports of an archive, unpacked
MOST_MEMBERS = 500
_SHEETS = {"xl/workbook.xml", "xl/workbook.bin"}  # a spreadsheet is an archive too
MOST_SQUEEZED = 200  # times smaller than unpacked: more is a bomb


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive, or the file itself. `trouble`: not unpacked, and why."""

    name: str
    data: bytes
    trouble: str | None = None


def read(data: bytes) -> Reading:
    """What one report says."""
    if not data.strip():
        return Reading("unknown", (), "empty")
    if len(data) > MOST_BYTES:
        return Reading("unknown", (), "too-big")
    form = "unknown"
    try:
        if data.startswith(b"%PDF-"):
            return _pdf(data)
        text = _text(data)
        if text.lstrip("\ufeff \r\n\t").startswith("<"):
            return _xml(data)
        if json_reports.looks_like(text):
            return _told(*json_reports.read(text))
        if nwipe_log.looks_like(text):
            form = "nwipe-log"
            return _told(form, nwipe_log.read(text))
        table = listing.read(text)
        return _told("list" if table is not None else "unknown", table or ())
    except Unreadable as refused:
        return Reading(form, (), refused.code)


def members(name: str, data: bytes) -> list[Member]:
    """The file itself, or the files of an archive: bounded in number, size and squeeze; none inside another."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return [Member(name, data)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:MOST_MEMBERS])
            if names >= {"mimetype", "content.xml"} or names & _SHEETS:
                return [Member(name, data, "spreadsheet")]
            return _unpacked(archive)
    except (zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError, EOFError, OSError):
        return [Member(name, data, "damaged")]


def _unpacked(archive: zipfile.ZipFile) -> list[Member]:
    found: list[Member] = []
    weight = 0
    kept = [
        info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    for info in kept[:MOST_MEMBERS]:
        name = info.filename.replace("\\", "/").rpartition("/")[2]
        weight += info.file_size
        squeezed = info.file_size > MOST_SQUEEZED * max(info.compress_size, 1) and info.file_size > 1_000_000
        if info.flag_bits & 1:
            found.append(Member(name, b"", "encrypted"))
        elif info.file_size > MOST_BYTES or weight > MOST_ARCHIVE or squeezed:
            found.append(Member(name, b"", "too-big"))
        else:
            with archive.open(info) as stream:
                told = stream.read(MOST_BYTES + 1)
            found.append(Member(name, told, "too-big" if len(told) > MOST_BYTES else None))
    if len(kept) > MOST_MEMBERS:
        found.append(Member("…", b"", "too-many"))
    return found


def _pdf(data: bytes) -> Reading:
    text = pdf_text.flowing(data)
    if nwipe_pdf.looks_like(text):
        return _told("nwipe-pdf", nwipe_pdf.read(pdf_text.laid_out(data)))
    if blancco_pdf.looks_like(text):
        return _told("blancco-pdf", blancco_pdf.read(text))
    return Reading("unknown", (), "unknown")


def _xml(data: bytes) -> Reading:
    root = trees.parse(data)
    if not blancco_xml.looks_like(root):
        return Reading("unknown", (), "unknown")
    return _told("blancco-xml", blancco_xml.read(root))


def _told(form: str, disks: tuple[Stated, ...]) -> Reading:
    if form == "unknown":
        return Reading("unknown", (), "unknown")
    return Reading(form, disks, None if disks else "empty")


def _text(data: bytes) -> str:
    """UTF-16 with its mark, UTF-8, or the Windows page French offices still write."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
