"""What a report says of one medium, in our codes; and of a whole file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

FORMATS = (
    "nwipe-log", "nwipe-pdf", "nwipe-json", "blancco-xml", "blancco-pdf", "blancco-json", "ereuse-json", "list",
    "archive", "unknown",
)  # fmt: skip
TROUBLES = ("unknown", "unsafe", "damaged", "too-big", "too-many", "empty", "encrypted", "spreadsheet")
MOST_DISKS = 2000  # in one file
PLACEHOLDERS = frozenset({
    "0", "00000000", "NONE", "NA", "UNKNOWN", "DEFAULTSTRING", "TOBEFILLEDBYOEM", "NOTAVAILABLE", "NOTSPECIFIED",
    "SYSTEMSERIALNUMBER", "INCONNU", "AUCUN", "SERIALNUMBER", "NOTAPPLICABLE", "NULL", "0123456789", "123456789",
    "1234567890", "0123456789ABCDEF", "123456789ABCDEF", "LIBCONFIGTAGERROR",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """One medium of a report. What the report does not say is empty, None, or "unknown": never guessed.

    `technique` is one of techniques.TECHNIQUES or ""; `verified` None: not said. `host_*` is the device it was in.
    """

    serial: str = ""
    maker: str = ""
    model: str = ""
    kind: str = ""  # MEDIUM_KINDS, "" when the report does not tell
    size_mb: int | None = None
    technique: str = ""
    method_name: str = ""  # as the tool words it
    result: str = "unknown"  # RESULTS, or unknown
    verified: bool | None = None
    verification: str = ""
    passes: int | None = None
    errors: int | None = None
    hidden_areas: str = "unknown"
    tool: str = ""
    tool_version: str = ""
    erased_at: str = ""  # ISO 8601, UTC
    operator_name: str = ""
    validator_name: str = ""
    report_number: str = ""
    host_serial: str = ""
    host_tag: str = ""
    host_name: str = ""
    host_disks: int | None = None  # media the report saw in the device

    def as_dict(self) -> dict[str, Any]:
        """For keeping; `of` reads it back."""
        return asdict(self)

    @property
    def when(self) -> datetime | None:
        """The instant of the erasure, None when the report does not say."""
        return datetime.fromisoformat(self.erased_at) if self.erased_at else None


def of(kept: dict[str, Any]) -> Stated:
    """What was kept, names of a later version left out."""
    return Stated(**{name: value for name, value in kept.items() if name in Stated.__slots__})


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read: its format, its media, and why it could not be read (TROUBLES) when it could not."""

    format: str
    disks: tuple[Stated, ...] = ()
    trouble: str | None = None


class Unreadable(Exception):
    """A file of a known structure that cannot be read: `code` is one of TROUBLES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cut(text: str | None, most: int) -> str:
    """A text in one line, without control characters, at most `most` characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())[:most]


def serial_of(text: str | None) -> str:
    """A serial as written, "" for what tools write when they know none."""
    told = cut(text, 80)
    bare = "".join(c for c in told.upper() if c.isalnum())
    return "" if not bare or bare in PLACEHOLDERS or (len(set(bare)) == 1 and bare[0] in "0FX") else told
