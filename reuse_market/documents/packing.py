"""A PDF made lighter without changing what it says: small objects go packed, several to a stream.

Typst writes every tag of a table as an object of its own, in clear: nine tenths of a long list. PDF 1.5 and
later (ISO 32000-1, 7.5.7 and 7.5.8) lets them share compressed streams. Same bytes in, same bytes out.
"""

from __future__ import annotations

import re
import struct
import zlib

PACKED = 200  # objects in one stream
_OBJECT = re.compile(rb"(\d+) 0 obj\s")
_STREAM = re.compile(rb">>\s*stream\r?\n")


def packed(pdf: bytes) -> bytes:
    """The same document with its small objects packed; returned as it is when it is not laid out as expected."""
    found = _objects(pdf)
    trailer = re.search(rb"trailer\s*<<(.*?)>>\s*startxref", pdf, re.S)
    if found is None or trailer is None:
        return pdf
    plain = {number: body for number, body in found.items() if not _STREAM.search(body)}
    out = bytearray(pdf[: pdf.index(b"\n") + 1] + b"%\x80\x80\x80\x80\n")
    where: dict[int, tuple[int, int, int]] = {}
    for number, body in found.items():
        if number not in plain:
            where[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    free = max(found) + 1
    numbers = sorted(plain)
    for start in range(0, len(numbers), PACKED):
        group = numbers[start : start + PACKED]
        where[free] = (1, len(out), 0)
        where |= {number: (2, free, index) for index, number in enumerate(group)}
        out += _object_stream(free, [(number, plain[number]) for number in group])
        free += 1
    where[free] = (1, len(out), 0)
    kept = re.sub(rb"/Size\s+\d+", b"", trailer.group(1)).strip()
    return bytes(out + _cross_references(free, where, kept))


def _objects(pdf: bytes) -> dict[int, bytes] | None:
    """Object number → what stands between `obj` and `endobj`, read from the classic table of the file."""
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", pdf)
    table = re.match(rb"xref\s+0 (\d+)\s+", pdf[int(start.group(1)) :]) if start else None
    if start is None or table is None:
        return None
    first = int(start.group(1)) + table.end()
    rows = [pdf[first + 20 * n : first + 20 * n + 18].split() for n in range(int(table.group(1)))]
    offsets = {n: int(row[0]) for n, row in enumerate(rows) if len(row) == 3 and row[2] == b"n"}
    ends = [*sorted(offsets.values())[1:], int(start.group(1))]
    spans = dict(zip(sorted(offsets.values()), ends, strict=True))
    found = {}
    for number, offset in offsets.items():
        head, end = _OBJECT.match(pdf, offset), pdf.rfind(b"endobj", offset, spans[offset])
        if head is None or int(head.group(1)) != number or end < 0:
            return None
        found[number] = pdf[head.end() : end].rstrip(b"\r\n ")
    return found


def _object_stream(number: int, group: list[tuple[int, bytes]]) -> bytes:
    heads, bodies, at = [], [], 0
    for each, body in group:
        heads.append(b"%d %d" % (each, at))
        bodies.append(body)
        at += len(body) + 1
    index = b" ".join(heads) + b"\n"
    data = zlib.compress(index + b"\n".join(bodies), 9)
    told = (len(group), len(index), len(data))
    head = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % told
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, data)


def _cross_references(number: int, where: dict[int, tuple[int, int, int]], kept: bytes) -> bytes:
    rows = [struct.pack(">BIH", *where.get(n, (0, 0, 65535))) for n in range(number + 1)]
    data = zlib.compress(b"".join(rows), 9)
    at = where[number][1]
    head = b"<</Type/XRef/Size %d/W[1 4 2]/Filter/FlateDecode/Length %d %s>>" % (number + 1, len(data), kept)
    told = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, data)
    return told + b"startxref\n%d\n%%%%EOF\n" % at
