"""Bytes by their SHA-256: stored once, counted by reference, swept when nobody refers to them."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter

from reuse_market.kernel import clock, db, files
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.sniffing import ODS, XLSX, sniff

PDF = b"%PDF-1.7\n1 0 obj\n"
DIGEST = hashlib.sha256(PDF).hexdigest()
LATER = timedelta(days=2)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files.configure(f"file://{tmp_path}/files")
    return tmp_path / "files"


def rows() -> list[str]:
    db.release()
    return list(db.session().scalars(sa.select(files.StoredFile.sha256)))


def sweep(after: timedelta = LATER) -> int:
    with clock.frozen(clock.now() + after):
        return files.delete_unreferenced()


def test_same_bytes_are_kept_once(database: db.Database, root: Path) -> None:
    assert files.put(PDF) == files.put(PDF) == DIGEST
    assert rows() == [DIGEST]
    assert files.path_of(DIGEST) == root / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert files.get(DIGEST) == PDF
    stored = db.session().get(files.StoredFile, DIGEST)
    assert stored is not None
    assert (stored.size, stored.media_type) == (len(PDF), "application/pdf")


def test_a_rolled_back_verb_leaves_no_row_and_its_bytes_are_swept(database: db.Database, root: Path) -> None:
    @db.command
    def fails() -> None:
        files.put(PDF)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert rows() == []
    assert files.path_of(DIGEST).exists()
    assert sweep(timedelta(hours=1)) == 0
    assert files.path_of(DIGEST).exists(), "within a day it may belong to a verb under way"
    assert sweep() == 1
    assert not files.path_of(DIGEST).exists()


def test_bytes_go_with_their_last_reference(database: db.Database, root: Path) -> None:
    files.put(PDF)
    files.use(DIGEST, "documents", "BR-1")
    files.use(DIGEST, "documents", "BR-1")
    files.use(DIGEST, "erasure", "ATT-1")
    files.unuse(DIGEST, "documents", "BR-1")
    assert sweep() == 0
    files.unuse(DIGEST, "erasure", "ATT-1")
    assert sweep() == 1
    assert rows() == []
    with pytest.raises(NotFound):
        files.get(DIGEST)
    with pytest.raises(NotFound):
        files.use(DIGEST, "documents", "BR-2")


def test_bytes_put_again_start_a_new_day(database: db.Database, root: Path) -> None:
    with clock.frozen(clock.now() - LATER):
        files.put(PDF)
    files.put(PDF)
    assert files.delete_unreferenced() == 0
    assert files.get(DIGEST) == PDF


def test_a_clean_up_waits_for_a_verb_putting_the_same_bytes(database: db.Database, root: Path) -> None:
    """Old unreferenced bytes are put again while the sweep runs: they must survive it."""
    with clock.frozen(clock.now() - LATER):
        files.put(PDF)
    started, go = threading.Event(), threading.Event()

    @db.command
    def put_slowly() -> None:
        files.put(PDF)
        started.set()
        go.wait(5)
        files.use(DIGEST, "documents", "BR-1")

    def in_thread() -> None:
        with db.scope():
            put_slowly()

    writer = threading.Thread(target=in_thread)
    writer.start()
    started.wait(5)
    threading.Timer(0.3, go.set).start()
    assert files.delete_unreferenced() == 0
    writer.join()
    assert files.get(DIGEST) == PDF


def test_strays_and_half_written_files_are_swept_others_left(database: db.Database, root: Path) -> None:
    files.put(PDF)
    files.use(DIGEST, "documents", "BR-1")
    half = files.path_of(DIGEST).parent / ".new-abc"
    half.write_bytes(b"half")
    foreign = files.path_of(DIGEST).parent / "README"
    foreign.write_bytes(b"not ours")
    for path in (half, foreign):
        os.utime(path, (0, 0))
    assert sweep() == 0
    assert not half.exists()
    assert foreign.exists()
    assert files.get(DIGEST) == PDF


def test_altered_bytes_are_never_handed_out(database: db.Database, root: Path) -> None:
    files.put(PDF)
    files.path_of(DIGEST).write_bytes(PDF.replace(b"1 0", b"2 0"))
    with pytest.raises(files.Damaged):
        files.get(DIGEST)


def test_a_truncated_copy_is_mended_by_the_next_put(database: db.Database, root: Path) -> None:
    files.put(PDF)
    files.path_of(DIGEST).write_bytes(b"")
    files.put(PDF)
    assert files.get(DIGEST) == PDF


def test_a_stream_is_stored_in_pieces_and_limited(database: db.Database, root: Path) -> None:
    data = b"x" * (files.CHUNK + 7)
    digest = files.put_stream(io.BytesIO(data), media_type="text/csv", limit=len(data))
    assert files.get(digest) == data
    with pytest.raises(Invalid, match="too heavy"):
        files.put_stream(io.BytesIO(data), media_type="text/csv", limit=len(data) - 1)


@pytest.mark.parametrize("address", ["../../etc/passwd", "A" * 64, "", DIGEST + "/x"])
def test_only_a_digest_is_an_address(address: str, root: Path) -> None:
    with pytest.raises(NotFound):
        files.get(address)


def test_limits_and_types_are_said(root: Path) -> None:
    with pytest.raises(Invalid, match="at most 5 MB") as heavy:
        files.accept(b"%PDF-" + b"0" * files.LIMIT, {"application/pdf"}, field="report")
    assert heavy.value.field == "report"
    with pytest.raises(Invalid, match="type of file"):
        files.accept(PDF, {"image/png"})
    with pytest.raises(Invalid, match="empty"):
        files.accept(b"", {"application/pdf"})
    assert files.accept(PDF, {"application/pdf"}) == "application/pdf"


@pytest.mark.parametrize(
    "url", ["s3://bucket/prefix", "/var/files", "file://elsewhere/files", "file:relative"]
)
def test_other_places_are_refused_clearly(url: str) -> None:
    with pytest.raises(ValueError, match="REUSE_MARKET_FILES_URL"):
        files.configure(url)


def _zip(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def _xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, "Numéro de série")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (_xlsx(), XLSX),
        (_zip(("mimetype", ODS.encode()), ("content.xml", b"<x/>")), ODS),
        (_zip(("mimetype", b"application/epub+zip")), None),
        (_zip(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")), None),
        (_zip(("a.pdf", PDF)), "application/zip"),
        (b"PK\x03\x04broken", None),
        ("<?xml version='1.0'?><report>é</report>".encode(), "application/xml"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>", None),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<?xml version='1.0'?><s:svg xmlns:s='http://www.w3.org/2000/svg'/>", None),
        (b"<svg onload='x()'/>", None),
        (b"<html><script>alert(1)</script>", None),
        (b"hello <script>alert(1)</script>", None),
        (b'\xef\xbb\xbf{"a": "<script>"}'[3:], "application/json"),
        (b"[1, 2]", "application/json"),
        ("Nom;Numéro\nÉcran;12\n".encode(), "text/csv"),
        ("Nom;Numéro\nÉcran;12\n".encode("cp1252"), "text/csv"),
        ("Nom\tNuméro\r\nÉcran\t12\r\n".encode("utf-16"), "text/csv"),
        ("Bonjour, voilà.\nÀ demain".encode(), "text/plain"),
        (b"MZ" + b"\0" * 200, None),
        (b"\x7fELF\x01\x02", None),
        (b"", None),
        (b" \n ", None),
        (("é" * 40_000).encode(), "text/plain"),
    ],
)
def test_what_a_file_is(data: bytes, expected: str | None) -> None:
    assert sniff(data) == expected
