"""What makes two devices identical: the one key of lots' lines, fleets' groups and the shop window. Pure."""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache
from typing import NamedTuple, Protocol

from reuse_market.equipment.processors import short_name

NBSP = "\u00a0"
MEMORY_SOLD = (1, 2, 3, 4, 6, 8, 10, 12, 16, 18, 20, 24, 32, 36, 40, 48, 64, 96, 128, 192, 256, 384, 512, 768)
STORAGE_SOLD = (
    4, 8, 16, 32, 64, 80, 128, 160, 256, 320, 512, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 10000, 12000,
    16000, 20000,
)  # fmt: skip


class Described(Protocol):
    """The descriptive columns of a unit that make two units alike."""

    @property
    def kind(self) -> str:
        """Its code."""

    @property
    def model_id(self) -> int | None:
        """Maker and model."""

    @property
    def cpu(self) -> str | None:
        """As the inventory writes it."""

    @property
    def ram_mb(self) -> int | None:
        """In MB of 2^20 bytes."""

    @property
    def storage_mb(self) -> int | None:
        """In MB of 10^6 bytes."""

    @property
    def screen_tenths(self) -> int | None:
        """Tenths of an inch."""


class Configuration(NamedTuple):
    """The columns of `Described`, in the order of COLUMNS."""

    kind: str
    model_id: int | None
    cpu: str | None = None
    ram_mb: int | None = None
    storage_mb: int | None = None
    screen_tenths: int | None = None


COLUMNS = Configuration._fields


class Likeness(NamedTuple):
    """What is left of a configuration when spellings and measures no longer differ; 0 or "" when unknown."""

    kind: str
    model_id: int | None
    cpu: str
    ram_gb: int
    storage_gb: int
    screen_tenths: int

    @property
    def key(self) -> str:
        """16 hexadecimal characters that name the group, the same as long as it exists."""
        text = "\x1f".join("" if part is None else str(part) for part in self)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def likeness(unit: Described) -> Likeness:
    """Units with the same likeness are identical: they share a line, a group and a price."""
    return _likeness(unit.kind, unit.model_id, unit.cpu, unit.ram_mb, unit.storage_mb, unit.screen_tenths)


@lru_cache(maxsize=16_384)
def _likeness(
    kind: str, model_id: int | None, cpu: str | None, ram: int | None, storage: int | None, screen: int | None
) -> Likeness:
    return Likeness(kind, model_id, processor(cpu), ram_gb(ram), storage_gb(storage), screen or 0)


def processor(text: str | None) -> str:
    """The short name of a processor, or what was written (60 characters) when it is an unusual one."""
    return short_name(text) or " ".join((text or "").split())[:60]


def ram_gb(megabytes: int | None) -> int:
    """7786 → 8: the next size sold (a graphics card or a 32-bit system takes its part), 0 when unknown."""
    if not megabytes or megabytes < 1000:
        return 0
    size = megabytes / 1024
    above = next((sold for sold in MEMORY_SOLD if sold >= size * 0.98), 0)
    return above if above and above <= size * 1.25 else round(size)


def storage_gb(megabytes: int | None) -> int:
    """238_475 → 256: the class of sizes sold (240, 250 and 256 are one), 0 when unknown.

    Tools count in powers of 2 or of 10 and some take the system's part off, so a finer step would tell apart
    what is the same disk.
    """
    return _nearest(megabytes / 1000, STORAGE_SOLD) if megabytes and megabytes >= 3000 else 0


def _nearest(size: float, sold: tuple[int, ...]) -> int:
    nearest = min(sold, key=lambda one: abs(math.log(size / one)))
    return nearest if abs(math.log(size / nearest)) < 0.25 else round(size)


def size_label(gigabytes: int, lang: str = "fr") -> str:
    """« 8 Go », « 1 To »; "8 GB", "1 TB"; "" for none."""
    if not gigabytes:
        return ""
    letter = "B" if lang == "en" else "o"
    if gigabytes >= 1000 and gigabytes % 500 == 0:
        point = "." if lang == "en" else ","
        return f"{gigabytes / 1000:g}".replace(".", point) + f"{NBSP}T{letter}"
    return f"{gigabytes}{NBSP}G{letter}"


def screen_label(tenths: int | None, lang: str = "fr") -> str:
    """238 → « 23,8″ »; whole inches without a decimal; "" for none."""
    if not tenths:
        return ""
    point = "." if lang == "en" else ","
    return f"{tenths // 10}″" if tenths % 10 == 0 else f"{tenths // 10}{point}{tenths % 10}″"


def parts(alike: Likeness, lang: str = "fr") -> list[str]:
    """What a group has beyond its model, known parts only: processor, memory, storage, screen."""
    told = (
        alike.cpu, size_label(alike.ram_gb, lang), size_label(alike.storage_gb, lang),
        screen_label(alike.screen_tenths, lang),
    )  # fmt: skip
    return [part for part in told if part]
