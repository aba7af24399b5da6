"""What a file really is, by its first bytes: a closed list, anything else is refused."""

from __future__ import annotations

import io
import json
import re
import zipfile

HEAD = 64_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
MAGICS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
# A page or drawing can run scripts; an entity can grow without end.
ACTIVE = re.compile(
    r"<\s*(!doctype|!entity|html|script|svg|\?php|[\w.-]+:(html|svg|script))\b", re.IGNORECASE
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def sniff(data: bytes) -> str | None:
    """The media type of `data`, or None when it is not on the list.

    Known: PDF, PNG, JPEG, WebP, ZIP, XLSX, ODS, XML without a document type, JSON, CSV, plain text. Pages,
    drawings and programs are none of these, whatever their name says.
    """
    for magic, media_type in MAGICS:
        if data.startswith(magic):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _archive(data)
    return _text(data)


def _archive(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 200:
                return ODS if archive.read("mimetype").strip() == ODS.encode() else None
    except (zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" in names:
        return XLSX if any(name.startswith("xl/workbook") for name in names) else None
    return "application/zip"


def _text(data: bytes) -> str | None:
    head = _decoded(data)
    if head is None or CONTROL.search(head):
        return None
    start = head.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "[") and _is_json(data):
        return "application/json"
    if ACTIVE.search(head):
        return None
    if start.startswith("<"):
        return "application/xml" if start.startswith("<?xml") else None
    if not start.strip():
        return None
    return "text/csv" if _is_table(start) else "text/plain"


def _decoded(data: bytes) -> str | None:
    """The head as text: UTF-16 with its mark, UTF-8, or the Windows page French offices still write."""
    head = data[:HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    for cut in range(4 if len(data) > HEAD else 1):  # the cut may fall inside a character
        try:
            return head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
    try:
        return head.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _is_table(text: str) -> bool:
    """Several lines cut by the same separator as often as the first one."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    return any(
        len(lines) > 1 and lines[0].count(mark) and lines[1].count(mark) >= lines[0].count(mark)
        for mark in (";", ",", "\t", "|")
    )
