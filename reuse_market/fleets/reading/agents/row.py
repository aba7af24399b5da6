"""What the documents of agents become: cells under labels that the mapping knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

LABELS: dict[str, str] = {
    "kind": "Type",
    "maker": "Manufacturer",
    "model": "Model",
    "serial": "Serial number",
    "asset_tag": "Asset tag",
    "hostname": "Name",
    "site": "Location",
    "entity": "Entity",
    "status": "Status",
    "cpu": "Processor",
    "ram_mb": "Memory",
    "storage_mb": "Storage",
    "screen_tenths": "Screen size",
    "os": "Operating system",
}
USERS, IP_ADDRESS, MAC_ADDRESS, PHONE = "Users", "IP address", "MAC address", "Phone number"
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)
_TIMES = {"g": 1, "gib": 1, "gb": 1, "go": 1, "gigabyte": 1, "gibibyte": 1, "gbytes": 1}
_PART = {"k": 1, "kb": 1, "kib": 1, "ko": 1, "kilobyte": 1, "kibibyte": 1, "kbytes": 1}
_LARGE = {"t": 1, "tb": 1, "tib": 1, "to": 1, "terabyte": 1, "tebibyte": 1}


@dataclass
class Device:
    """A device: field → cell (label → cell when `flat`), the labels of personal data met beside it, its
    screens if they stand apart."""

    cells: dict[str, str]
    flat: bool = False
    personal: set[str] = field(default_factory=set)
    screens: list[dict[str, str]] = field(default_factory=list)


def total_mb(sizes: Iterable[str], *, binary: bool) -> str:
    """Sizes added up as `8192 MB`; a number without unit is in MB, as agents write. "" when there is none."""
    total = sum(_mb(size, 1024 if binary else 1000) for size in sizes)
    return f"{total} MB" if 0 < total < 10**9 else ""


def _mb(size: str, step: int) -> int:
    told = _NUMBER.match(size.strip())
    if told is None or len(told[1]) > 16:  # a disk of 1 TB has 13 digits of bytes
        return 0
    number, _, decimals = told[1].partition(".")
    thousandths = int(number) * 1000 + int(decimals[:3].ljust(3, "0") or 0)
    unit = (
        told[2].lower().removesuffix("s") if told[2].lower() not in ("kbytes", "gbytes") else told[2].lower()
    )
    if unit in ("b", "byte", "octet", "o"):
        return thousandths // (step * step * 1000)
    if unit in _PART:
        return thousandths // (step * 1000)
    if unit in _TIMES:
        return thousandths * step // 1000
    return thousandths * step * step // 1000 if unit in _LARGE else thousandths // 1000
