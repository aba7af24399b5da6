"""What each way of erasing achieves on each kind of medium.

Source: NIST SP 800-88 (Clear / Purge / Destroy, tables of r1 appendix A; r2 keeps the three levels and no
longer counts degaussing as destruction). What the tables do not list counts for the weaker level, or nothing.
"""

from __future__ import annotations

VERSION = "nist-800-88-r2"
LEVELS = ("clear", "purge", "destroy")  # in rising strength
FLASH = frozenset({"ssd", "nvme", "emmc", "memory_card"})
ATA = frozenset({"hdd", "ssd"})  # media that may hide sectors from an ordinary erasure (HPA, DCO)
NO_PURGE = frozenset({"memory_card", "other"})  # USB keys and cards: beyond clearing, only destruction

_EVERYTHING = ("hdd", "ssd", "nvme", "emmc", "memory_card", "other")
_DESTROYS = dict.fromkeys(_EVERYTHING, "destroy")

# technique → {kind of medium: level reached}; a kind that is absent: the technique does not apply to it.
REACHES: dict[str, dict[str, str]] = {
    "overwrite": dict.fromkeys(_EVERYTHING, "clear"),
    "ata_secure_erase": {"hdd": "clear", "ssd": "clear"},
    "ata_secure_erase_enhanced": {"hdd": "purge", "ssd": "clear"},
    "sanitize_overwrite": {"hdd": "purge", "ssd": "clear"},
    "sanitize_block_erase": {"ssd": "purge", "nvme": "purge"},
    "nvme_format": {"nvme": "purge"},
    # A firmware command run under a purge standard, which the tool's report does not name.
    "firmware_purge": {"hdd": "purge", "ssd": "purge", "nvme": "purge"},
    "crypto_erase": {
        "hdd": "purge", "ssd": "purge", "nvme": "purge", "emmc": "purge", "memory_card": "clear",
        "other": "clear",
    },
    "factory_reset": {"emmc": "clear"},
    "degauss": {"hdd": "purge"},
    "shred": _DESTROYS,
    "disintegrate": _DESTROYS,
    "incinerate": _DESTROYS,
}  # fmt: skip
TECHNIQUES = tuple(REACHES)


def reached(technique: str, kind: str) -> str | None:
    """The level a technique reaches on a kind of medium; None when it does not apply to it or is unknown."""
    return REACHES.get(technique, {}).get(kind)


def effective(claimed: str, technique: str, kind: str) -> str | None:
    """The weaker of what is claimed and what the technique reaches; None when it reaches nothing."""
    reach = reached(technique, kind)
    if reach is None or claimed not in LEVELS:
        return None
    return min(reach, claimed, key=LEVELS.index)


def suffices(level: str | None, policy: str) -> bool:
    """Whether a level meets a policy (clear < purge < destroy)."""
    return level is not None and LEVELS.index(level) >= LEVELS.index(policy)
