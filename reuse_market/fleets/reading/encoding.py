"""Which encoding a French inventory is written in.

Byte order mark, then strict UTF-8, then cp1252 against cp850 by the bytes French accents take in each.
General detectors fail on such files: too few accents among too many digits.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from reuse_market.fleets.reading.contents import AS_CSV
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.reasons import Reason, because
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.words import N_

_CP850 = bytes((0x82, 0x8A, 0x85, 0x87, 0x88, 0x93, 0x83, 0x8C, 0x97, 0x90))
_CP1252 = bytes(
    (0xE9, 0xE8, 0xE0, 0xE7, 0xEA, 0xF4, 0xE2, 0xEE, 0xF9, 0xC9, 0x80, 0x92, 0x96, 0xAB, 0xBB, 0x9C, 0xB0)
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec name, and what the reader has to tell about the choice."""

    codec: str
    notes: tuple[Reason, ...] = ()


def encoding_of(source: Source) -> Encoding:
    """The encoding of a text file. Binary bytes are refused."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32")):
        if source.head.startswith(mark):
            return Encoding(codec)
    if source.head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Encoding("utf-16")
    start = source.head[:4096]
    if start.count(0) * 10 > len(start):
        return _wide(start)
    notes = (because("nul_removed"),) if any(b"\x00" in piece for piece in source.pieces()) else ()
    valid, broken = _utf8_census(source)
    if not broken:
        return Encoding("utf-8", notes)
    if valid >= broken:  # an old page holds next to nothing that reads well as UTF-8
        return Encoding("utf-8", (*notes, because("broken_characters")))
    old, windows = _count(source, _CP850), _count(source, _CP1252)
    codec = "cp850" if old > windows else "cp1252"
    return Encoding(codec, (*notes, because("bytes_guessed", encoding=codec)))


def _wide(start: bytes) -> Encoding:
    """UTF-16 without its mark shows a null on every other byte; anything else with nulls is binary."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > len(start) // 4 and even * 10 < odd:
        return Encoding("utf-16-le")
    if even > len(start) // 4 and odd * 10 < even:
        return Encoding("utf-16-be")
    raise Unreadable(N_("This file is not a text: it cannot be read as a table."), advice=AS_CSV)


def _utf8_census(source: Source) -> tuple[int, int]:
    """How many characters beyond ASCII read well as UTF-8, and how many are broken."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    valid = broken = 0
    for piece in source.pieces():
        if piece.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(piece)
        lost = text.count("�")
        broken += lost
        valid += len(text) - len(text.encode("ascii", "ignore")) - lost
    return valid, broken + len(decoder.decode(b"", True))


def _count(source: Source, wanted: bytes) -> int:
    return sum(piece.count(byte) for piece in source.pieces() for byte in wanted)
