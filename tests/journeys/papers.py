"""Reading papers back: their words by poppler, their QR codes by eye of machine."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image

from tests.journeys.screen import plain

READER = shutil.which("pdftotext")
PAINTER = shutil.which("pdftoppm")
ABSENT = "NO POPPLER: pdftotext (Debian package poppler-utils) is absent; all was walked, the papers not read"


def words_of(pdf: bytes) -> str | None:
    """The text of a PDF, blanks made plain; None where no reader is installed."""
    assert pdf.startswith(b"%PDF-")
    if READER is None:
        return None
    return plain(
        subprocess.run(
            [READER, "-layout", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
    )


def qr_codes(pdf: bytes, folder: Path) -> list[str] | None:
    """What the QR codes of a PDF's first page say; None where no painter is installed."""
    if PAINTER is None:
        return None
    file = folder / "label.pdf"
    file.write_bytes(pdf)
    picture = subprocess.run(
        [PAINTER, "-r", "200", "-png", "-l", "1", str(file)], capture_output=True, check=True
    ).stdout
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]
