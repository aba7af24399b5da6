"""Whether a processor is on Microsoft's lists for Windows 11: one condition of several, and the one that decides."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from reuse_market.equipment.processors import read

Capable = Literal["yes", "no", "unknown"]
_FILE = Path(__file__).with_name("data") / "windows_11.csv"
LISTED_ON = "2026-11-22"
SOURCE = (
    "Microsoft Learn, Windows Client Processor Requirements: Windows 11 supported Intel, AMD and Qualcomm"
    " processors"
)


@lru_cache(maxsize=16_384)
def windows_11_capable(cpu: str | None) -> Capable:
    """Whether a device with this processor may run Windows 11 as Microsoft supports it.

    `cpu` as an inventory writes it. "unknown": not recognised, no number told, or supported on some devices
    only. Source: the lists named by SOURCE, as rules in data/windows_11.csv, read on LISTED_ON; the widest
    list is taken (a later release drops processors for new devices only, not for upgrades). TPM 2.0, UEFI and
    4 GB of memory are asked for too: a "yes" says what the processor allows, not that the device was tried.
    """
    told = read(cpu)
    number = told.number.lower()
    if told.family == "snapdragon" and not number:
        number = told.tier.lower()
    if told.family == "core" and not number:
        return "unknown" if told.generation is None else "yes" if told.generation >= 8 else "no"
    if told.family in ("ryzen", "celeron", "snapdragon", "core_new") and not number:
        return "yes" if told.family == "core_new" else "unknown"
    for pattern, capable in _rules().get(told.family, ()):
        if pattern.fullmatch(number):
            return capable
    return "unknown"


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[tuple[re.Pattern[str], Capable], ...]]:
    """Family → its rules in the order of the file: the first whose number fits counts."""
    found: dict[str, tuple[tuple[re.Pattern[str], Capable], ...]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            capable: Capable = (
                "yes" if row["capable"] == "yes" else "no" if row["capable"] == "no" else "unknown"
            )
            found[row["family"]] = (*found.get(row["family"], ()), (re.compile(row["number"]), capable))
    return found
