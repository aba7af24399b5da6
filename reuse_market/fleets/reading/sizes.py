"""Sizes of memory, disks and screens, as inventories really write them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from reuse_market.fleets.reading.labels import clean, fold, squeeze, words_apart

_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)")
_BYTES = {
    "o": 1,
    "b": 1,
    "octets": 1,
    "bytes": 1,
    "ko": 10**3,
    "kb": 10**3,
    "kio": 2**10,
    "kib": 2**10,
    "kbytes": 10**3,
    "mo": 10**6,
    "mb": 10**6,
    "mbytes": 10**6,
    "mio": 2**20,
    "mib": 2**20,
    "go": 10**9,
    "gb": 10**9,
    "gbytes": 10**9,
    "gio": 2**30,
    "gib": 2**30,
    "g": 10**9,
    "m": 10**6,
    "to": 10**12,
    "tb": 10**12,
    "tio": 2**40,
    "tib": 2**40,
    "t": 10**12,
}
_BINARY = {10**3: 2**10, 10**6: 2**20, 10**9: 2**30, 10**12: 2**40}
_HEADER_UNIT = re.compile(r"\b(octets|bytes|[kmgt]bytes|[kmgt]io|[kmgt]ib|[kmgt]o|[kmgt]b)\b")


def size_mb(text: str, label: str, *, binary: bool) -> int | None:
    """A size in MB (2^20 bytes for memory, `binary`; 10^6 for storage), lines of a cell added up.

    The unit comes from the cell, else from the header label, else from the order of magnitude.
    None when there is no number, or an absurd one.
    """
    told = _HEADER_UNIT.search(
        fold(words_apart(label)).replace("k bytes", "kbytes").replace("memorykbytes", "kbytes")
    )
    header_unit = (
        told[1]
        if told
        else (
            "kbytes"
            if "kbytes" in squeeze(fold(label))
            else "mb"
            if squeeze(fold(label)).endswith("spacemb")
            else ""
        )
    )
    told_apart = [part for line in clean(text).splitlines() for part in _parts(line) if part.strip()]
    sizes = [_line_mb(part, header_unit, binary=binary) for part in told_apart]
    known = [size for size in sizes if size is not None]
    total = sum(known)
    return total if known and len(known) == len(sizes) and 0 < total < 10**9 else None


def _parts(line: str) -> list[str]:
    """« 256 Go SSD + 1 To HDD » as two sizes; « 8+8 Go » lends its unit to the first."""
    parts = line.split("+")
    unit = re.search(r"\d\s*([kmgt](?:i?[ob])?)\b", parts[-1].casefold()) if len(parts) > 1 else None
    return [f"{part} {unit[1]}" if unit and re.fullmatch(r"\s*\d+\s*", part) else part for part in parts]


def _line_mb(line: str, header_unit: str, *, binary: bool) -> int | None:
    numbers = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)", "", line.casefold())
    numbers = re.sub(r"(?<=\d)\s*(?:ssd|hdd|nvme|emmc|sata)\b", " ", numbers)
    times = re.search(r"\b(\d{1,2})\s*[x×*]\s*(?=\d)", numbers)
    numbers = numbers[times.end() :] if times else numbers
    found = [(n, u) for n, u in _SIZE.findall(numbers) if u in _BYTES or not u]
    chosen = next(((n, u) for n, u in found if u), found[-1] if found else None)
    if chosen is None:
        return None
    try:
        number = Decimal(chosen[0].replace(",", "."))
    except InvalidOperation:
        return None
    if not 0 < number < 10**15:
        return None
    unit = _BYTES[chosen[1] or header_unit or _likely_unit(number, binary=binary)]
    base = 2**20 if binary else 10**6
    count = int(times[1]) if times else 1
    return int(number * count * (_BINARY.get(unit, unit) if binary else unit) / base)


def _likely_unit(number: Decimal, *, binary: bool) -> str:
    """No unit anywhere: 16 is gigabytes, 16384 megabytes, 16777216 kilobytes."""
    gigabytes, megabytes = (512, 2**21) if binary else (16_384, 10**8)
    if number <= gigabytes:
        return "go"
    if number <= megabytes:
        return "mo"
    return "ko" if binary and number < 2**31 else "o"


def screen_tenths(text: str) -> int | None:
    """A diagonal in tenths of an inch (`24.00`, `23,8"`, `61 cm`); None outside 4 to 110 inches."""
    found = re.search(r"(\d+(?:[.,]\d+)?)\s*(cm|mm)?", clean(text).casefold())
    if not found or len(found[1]) > 8:
        return None
    number = Decimal(found[1].replace(",", "."))
    if found[2]:
        number = number / (Decimal("2.54") if found[2] == "cm" else Decimal("25.4"))
    tenths = int((number * 10).to_integral_value())
    return tenths if 40 <= tenths <= 1100 else None
