"""The text of a PDF: as it flows, or laid out in lines as the eye sees them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from reuse_market.erasure.reading.stated import Unreadable
from reuse_market.erasure.reading.terms import plain

MOST_PAGES = 200
MOST_TEXT = 2_000_000
_SAME_LINE = 2  # points: a label and its value are drawn at one height
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError)


def flowing(data: bytes) -> str:
    """The text in the order it was drawn. Unreadable: encrypted, damaged, or too big."""
    return _read(data, lambda page: page.extract_text())


def laid_out(data: bytes) -> str:
    """The text line by line, from top to bottom and from left to right, two spaces between what was drawn apart.

    nwipe draws some values after the next label, and the state of a disk turned by a quarter beside it.
    """
    return _read(data, _lines)


def pairs(text: str, labels: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each label met, in small letters, and the text up to the next one."""
    known = "|".join(
        re.escape(label).replace(r"\ ", r"\s+") for label in sorted(labels, key=len, reverse=True)
    )
    met = list(re.finditer(rf"(?<![\w/])({known})\s*:\s*", text, re.IGNORECASE))
    for index, label in enumerate(met):
        end = met[index + 1].start() if index + 1 < len(met) else len(text)
        yield plain(label[1]), text[label.end() : end].strip()


def _read(data: bytes, text_of: Any) -> str:
    from pypdf import PdfReader  # heavy: only who reads a report pays for it
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Unreadable("encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable("too-big")
        told = ""
        for page in reader.pages:
            told += text_of(page) + "\n"
            if len(told) > MOST_TEXT:
                raise Unreadable("too-big")
    except (PyPdfError, *_DAMAGED) as error:
        raise Unreadable("damaged") from error
    return told


def _lines(page: Any) -> str:
    pieces: list[tuple[float, float, str]] = []

    def seen(text: str, outer: list[float], matrix: list[float], _font: object, _size: object) -> None:
        if text.strip():
            x, y = matrix[4], matrix[5]
            pieces.append(
                (outer[1] * x + outer[3] * y + outer[5], outer[0] * x + outer[2] * y + outer[4], text.strip())
            )

    page.extract_text(visitor_text=seen)
    rows: list[tuple[float, list[tuple[float, str]]]] = []
    for height, left, text in sorted(pieces, key=lambda piece: -piece[0]):
        if not rows or rows[-1][0] - height > _SAME_LINE:
            rows.append((height, []))
        rows[-1][1].append((left, text))
    return "\n".join("  ".join(text for _, text in sorted(row)) for _, row in rows)
