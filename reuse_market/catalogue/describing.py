"""What an identical group is called. Pure; the same words on pages, mails and slips."""

from __future__ import annotations

from typing import Protocol

from reuse_market.equipment import systems
from reuse_market.equipment.configurations import processor, screen_label, size_label

NBSP = "\u00a0"


class Described(Protocol):
    """The descriptive columns of a unit."""

    @property
    def cpu(self) -> str | None:
        """As written in the inventory or at the bench."""

    @property
    def ram_mb(self) -> int | None:
        """Memory."""

    @property
    def storage_mb(self) -> int | None:
        """Storage."""

    @property
    def screen_tenths(self) -> int | None:
        """Tenths of an inch."""


class Offered(Described, Protocol):
    """With the system it is offered with."""

    @property
    def kind(self) -> str:
        """Its code."""

    @property
    def os(self) -> str | None:
        """Installed after erasure; None: without one, or not known."""


def gigabytes_of_memory(megabytes: int | None) -> int | None:
    """8192 → 8; machines that report a little less (7786) are 8 too."""
    return round(megabytes / 1024) if megabytes else None


def gigabytes_of_storage(megabytes: int | None) -> int | None:
    """256000 → 256 (disks count in thousands)."""
    return round(megabytes / 1000) if megabytes else None


def title(kind_label: str, maker: str, model: str) -> str:
    """« Ordinateur portable HP EliteBook 840 G5 »."""
    name = model if model.lower().startswith(maker.lower()) else f"{maker} {model}"
    text = f"{kind_label} {name}".strip()
    return text[:1].upper() + text[1:]


def configuration(unit: Described, lang: str) -> str:
    """« 14″, i5-8350U, 8 Go, stockage 256 Go »; what is unknown is left out."""
    parts = [
        screen_label(unit.screen_tenths, lang),
        processor(unit.cpu),
        size(gigabytes_of_memory(unit.ram_mb), lang),
        _storage(gigabytes_of_storage(unit.storage_mb), lang),
    ]
    return ", ".join(part for part in parts if part)


def described(unit: Offered, lang: str) -> str:
    """The configuration and the system it is offered with, said too where a computer has none: for papers."""
    none = "no operating system" if lang == "en" else "sans système d’exploitation"
    system = unit.os or (none if systems.without(unit.kind, unit.os) else "")
    return ", ".join(part for part in (configuration(unit, lang), system) if part)


def size(gigabytes: int | None, lang: str) -> str:
    """« 8 Go », « 1 To »; "8 GB", "1 TB"."""
    return size_label(gigabytes or 0, lang)


def _storage(gigabytes: int | None, lang: str) -> str:
    shown = size(gigabytes, lang)
    if not shown:
        return ""
    return f"{shown} storage" if lang == "en" else f"stockage {shown}"
