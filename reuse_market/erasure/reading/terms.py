"""The words of erasing tools, as our codes: kinds of disk, techniques, results, dates, counts."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from reuse_market.kernel import clock

OVERWRITING = (
    "dod", "gutmann", "prng", "stream", "ops-ii", "ops ii", "is5", "infosec", "zero fill", "zero-fill", "fill with",
    "one fill", "quick erase", "overwrit", "ecrase", "ecrit", "rounds", "bsi", "vsitr", "schneier", "bruce",
    "random", "zeros", "clear", "passe",
)  # fmt: skip
_KINDS = (
    ("nvme", ("nvme", "m.2 pcie")),
    ("emmc", ("emmc", "ufs", "mmc internal")),
    (
        "memory_card",
        ("sd card", "memory card", "carte memoire", "usb key", "usb stick", "cle usb", "flash drive"),
    ),
    ("ssd", ("ssd", "solid state", "solid-state")),
    ("hdd", ("hdd", "hard disk", "hard drive", "magnetic", "disque dur", "rotational", "ata-hdd", "sas-hdd")),
)
_STAMPS = (
    "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d",
    "%Y/%m/%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%b %d, %Y %I:%M:%S %p", "%a %b %d %H:%M:%S %Y",
)  # fmt: skip


def plain(text: str | None) -> str:
    """Small letters without accents, single spaces."""
    bare = unicodedata.normalize("NFKD", text or "")
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).casefold().split())


def kind(*texts: str | None) -> str:
    """The kind of medium that a type, bus or model tells; "" when none does."""
    told = " ".join(map(plain, texts))
    return next((code for code, words in _KINDS if any(word in told for word in words)), "")


def technique(text: str | None) -> str:
    """The technique a method's name tells; "" for verifying only, for an unknown name or none.

    Firmware commands are looked for first: "NIST Purge" alone names none, so it tells nothing. Source: the names
    nwipe 0.4x and Blancco Drive Eraser give their methods.
    """
    told = plain(text)
    if not told or told.startswith(("verify", "verification")):
        return ""
    for code, words in (
        ("crypto_erase", ("crypto", "cryptograph")),
        ("sanitize_block_erase", ("block erase", "block-erase", "effacement par bloc")),
        ("sanitize_overwrite", ("sanitize overwrite", "sanitize, overwrite", "sanitise overwrite")),
        ("ata_secure_erase_enhanced", ("enhanced secure erase", "secure erase enhanced", "secure erase, enhanced",
                                       "extended firmware")),
        ("nvme_format", ("nvme format", "format nvm", "nvm format")),
        ("ata_secure_erase", ("secure erase", "firmware based erasure")),
        ("factory_reset", ("factory reset", "reinitialisation usine", "retour usine")),
        ("degauss", ("degauss", "demagnet")),
        ("shred", ("shred", "broy")),
        ("disintegrate", ("disintegrat", "desintegr")),
        ("incinerate", ("incinerat", "inciner")),
    ):  # fmt: skip
        if any(word in told for word in words):
            return code
    return "overwrite" if any(word in told for word in OVERWRITING) else ""


def result(text: str | None) -> str:
    """The result a status word tells, in English or French; "unknown" otherwise."""
    told = plain(text).strip(" -!.")
    if not told:
        return "unknown"
    for code, words in (
        ("exceptions", ("exception", "with warning", "partial", "partiel", "with errors", "avec erreur",
                        "avec avertissement")),
        ("aborted", ("abort", "cancel", "interrupt", "annul", "stopped")),
        ("failed", ("fail", "insanity", "not erased", "echec", "echou", "non efface", "unsuccessful", "error")),
        ("ok", ("erased", "success", "succes", "reussi", "efface", "passed", "complete", "termine", "ok")),
    ):  # fmt: skip
        if any(word in told if len(word) > 2 else word == told for word in words):
            return code
    return "unknown"


def stamp(text: str | None) -> str:
    """The instant a date tells, ISO 8601 in UTC; without a zone it is Paris time, without an hour noon. "" if none."""
    told = re.sub(r"\s+", " ", (text or "").strip().replace("Z", "+0000"))
    told = re.sub(r"(?<=[+-]\d\d):(?=\d\d$)", "", told)
    told = re.sub(r"(?<=\d)\.\d+(?=[+-]|$)", "", told) if "T" in told else told
    for form in _STAMPS:
        try:
            found = datetime.strptime(told, form)  # noqa: DTZ007 - a zone is given just below
        except ValueError:
            continue
        if found.tzinfo is None:
            if "%H" not in form and "%I" not in form:
                found = found.replace(hour=12)
            found = found.replace(tzinfo=clock.PARIS)
        return found.astimezone(UTC).isoformat() if 1990 < found.year < 2100 else ""
    return ""


def number(text: str | None) -> int | None:
    """The whole number a cell holds, None when it holds none."""
    found = re.fullmatch(r"\s*(\d{1,9})\s*", text or "")
    return int(found[1]) if found else None


def yes(text: str | None) -> bool | None:
    """What a yes or a no says, in English or French; None otherwise."""
    told = plain(text)
    if told in ("true", "yes", "y", "1", "oui", "o", "x", "verified", "verifie", "ok", "passed", "success"):
        return True
    return False if told in ("false", "no", "n", "0", "non", "not verified", "failed") else None


def hidden(text: str | None) -> str:
    """What is said of HPA and DCO: none | erased | present | unknown."""
    told = plain(text)
    if any(word in told for word in ("unknown", "unavailable", "indeterminate", "not checked", "inconnu")):
        return "unknown"
    if any(word in told for word in ("removed", "erased", "reset", "supprime", "efface", "retire")) and not (
        "not erased" in told or "not removed" in told or "non efface" in told
    ):
        return "erased"
    if told in ("none", "no", "aucune", "aucun", "non", "0") or any(
        word in told
        for word in ("no hidden", "not found", "not detected", "disabled", "not present", "aucune zone", "no hpa",
                     "not applicable", "[good]")
    ):  # fmt: skip
        return "none"
    if any(
        word in told for word in ("hidden sectors", "detected", "enabled", "present", "not erased", "exists")
    ):
        return "present"
    return "unknown"
