"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import PurePath

from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.packed import UNZIP
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.words import N_

MAX_BYTES = 200 * 1024 * 1024

AS_CSV = N_("Open it with the program that made it, export the list as CSV, then send that file.")

_PAGE = re.compile(
    r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype html|html|table)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"<(\?xml\b|!doctype|!--|[A-Za-z_])", re.IGNORECASE)
_JSON = re.compile(r"(\[\s*)*\{\s*[\"}]|\[\s*(\]|[\"\d])")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", N_("This file is a PDF document, not a table.")),
    (b"\x89PNG", N_("This file is an image, not a table.")),
    (b"\xff\xd8\xff", N_("This file is an image, not a table.")),
    (b"GIF8", N_("This file is an image, not a table.")),
    (b"II*\x00", N_("This file is an image, not a table.")),
    (b"MM\x00*", N_("This file is an image, not a table.")),
    (b"{\\rtf", N_("This file is a text document, not a table.")),
)
NUMBERS = N_("In Numbers: File, Export To, CSV; then send that file.")
SAVE_AS_CSV = N_(
    "Open it in a spreadsheet program and save it as “CSV UTF-8”, or give the file back its own ending"
    " (.%(ending)s), then send it again."
)
TEXT_ENDINGS = (".csv", ".txt", ".tsv")
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


def content_of(source: Source, filename: str = "") -> str:
    """`csv`, `xlsx`, `xls`, `ods`, `json`, `xml`, `zip` or `gz`. Else refused: what it is and what to do.

    A spreadsheet named as a text is refused too: the program that made it would not open it either.
    """
    if not any(piece.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe") for piece in source.pieces()):
        raise Unreadable(N_("The file is empty."), advice=N_("Check the export, then send the file again."))
    if source.size > MAX_BYTES:
        raise Unreadable(
            N_("The file weighs more than %(limit)s MB."),
            advice=N_("Split it into several files."),
            limit=200,
        )
    for magic, told in _MAGIC:
        if source.head.startswith(magic):
            raise Unreadable(told, advice=AS_CSV)
    if is_deflated(source.head):
        return "gz"
    if source.head.startswith(_ARCHIVES) or source.head[257:262] == b"ustar":
        raise Unreadable(N_("This file is an archive."), advice=UNZIP)
    if source.head.startswith(b"PK"):
        container = _zip_content(source)
        return container if container == "zip" else _rightly_named(container, filename)
    if source.head.startswith(b"\xd0\xcf\x11\xe0"):
        return _rightly_named("xls", filename)
    return text_content(source.head)


def _rightly_named(container: str, filename: str) -> str:
    if filename.lower().endswith(TEXT_ENDINGS):
        raise Unreadable(
            N_("This file is named %(named)s but it is a spreadsheet (%(kind)s)."),
            advice=SAVE_AS_CSV,
            named=PurePath(filename).suffix.lower(),
            kind=container.upper(),
            ending=container,
        )
    return container


def _zip_content(source: Source) -> str:
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:80].strip() if _small(archive, "mimetype") else b""
    except Exception as error:  # zipfile raises many kinds on broken input, struct.error included
        raise Unreadable(N_("This file is damaged: it cannot be opened."), advice=AS_CSV) from error
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if any(name.startswith("xl/workbook.") for name in names):
        return "xlsx"
    if any(name.startswith("Index/") or name.endswith("/Index.zip") for name in names):
        raise Unreadable(N_("This file is a document of Apple Numbers."), advice=NUMBERS)
    if kind.startswith(b"application/vnd.oasis") or any(name.startswith(("word/", "ppt/")) for name in names):
        raise Unreadable(N_("This file is a text document, not a table."), advice=AS_CSV)
    return "zip"


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < 1000


def is_deflated(head: bytes) -> bool:
    """Whether these are the first bytes of a GZ file, or of a zlib stream as OCS agents leave on the disk."""
    if head.startswith(b"\x1f\x8b"):
        return True
    if head[:1] != b"x" or len(head) < 3 or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        return bool(zlib.decompressobj().decompress(head, 100))
    except zlib.error:
        return False


def text_content(head: bytes) -> str:
    """`json`, `xml` or `csv`, by the first signs of a text. Web pages and sheets in XML are refused."""
    start = _decoded(head).lstrip("\ufeff\x00\r\n\t ")
    if _PAGE.match(start):
        raise Unreadable(N_("This file is a web page, not a table."), advice=AS_CSV)
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Unreadable(N_("This file is a spreadsheet written as XML."), advice=AS_CSV)
    if _XML.match(start):
        return "xml"
    return "json" if _JSON.match(start) else "csv"


def _decoded(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[:4096].decode("utf-16", "ignore")
    if head[1:2] == b"\x00" or head[:1] == b"\x00":
        return head[:4096].replace(b"\x00", b"").decode("latin-1")
    return head[:4096].removeprefix(b"\xef\xbb\xbf").decode("latin-1")
