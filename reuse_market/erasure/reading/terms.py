"""The words of erasing tools, as our codes: kinds of disk, techniques, results, dates, counts."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from reuse_market.kernel import clock

OVERWRITING = (
    "dod", "gutmann", "prng", "stream", "ops-ii", "ops ii", "is5", "infosec", "zero fill", "zero-fill", "fill with",
    "one fill", "quick erase", "overwrit", "ecrase", "ecrit", "rounds", "bsi", "vsitr", "schneier", "bruce",
    "random", "zeros", "clear", "passe", "bmb21",
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
# Families of models as makers name them, for tools that call every disk "Fixed hard disk media" or "ATA".
_FAMILIES = (
    ("nvme", r"mzv|mzal|kxg|kbg|ssdpe|mtfd[hk]b|hfm\d|bc[57][01]1|pc[67][01]1|pc sn\d|apple ssd ap\d"),
    ("ssd", r"mz[7nm]|ssdsc|mtfdda|hfs\d|thns|sd[789]s|ct\d+[mb]x|sa400|suv\d|sv300|skc\d|lc[hs]-|wds\d"),
    ("hdd", r"st\d{3,5}[a-z]{2}\d|wd\d{2,5}[a-z]{4}|mq0[1-4]|dt0[12]|mk\d{4}|h[dtu][stu]\d{4}"),
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
    named = next((code for code, words in _KINDS if any(word in told for word in words)), "")
    return named or family(told)


def family(*texts: str | None) -> str:
    """The kind of medium its model's family tells ("MZVLW256" is NVMe); "" for an unknown one."""
    told = " ".join(map(plain, texts))
    return next((code for code, named in _FAMILIES if re.search(rf"(?<![a-z0-9])(?:{named})", told)), "")


def technique(text: str | None) -> str:
    """The technique a method's name tells; "" for verifying only, for an unknown name or none.

    Firmware commands are looked for first: "NIST Purge" alone names none, so it tells nothing. Source: the names
    nwipe 0.4x and Blancco Drive Eraser give their methods.
    """
    told = plain(text)
    if not told or told.startswith(("verify", "verification")):
        return ""
    for code, words in (
        ("crypto_erase", ("crypto erase", "crypto-erase", "crypto_erase", "cryptographic eras", "cryptographic scrambl",
                          "crypto scrambl", "effacement crypto", "cryptographic sanitiz", "sanitize crypto")),
        ("sanitize_block_erase", ("block erase", "block-erase", "effacement par bloc")),
        ("sanitize_overwrite", ("sanitize overwrite", "sanitize, overwrite", "sanitise overwrite")),
        ("ata_secure_erase_enhanced", ("enhanced secure erase", "secure erase enhanced", "secure erase, enhanced",
                                       "enhanced security erase", "extended firmware")),
        ("nvme_format", ("nvme format", "format nvm", "nvm format")),
        ("ata_secure_erase", ("secure erase", "security erase", "firmware based erasure")),
        ("factory_reset", ("factory reset", "reinitialisation usine", "retour usine")),
        ("degauss", ("degauss", "demagnet")),
        ("shred", ("shredding", "shredded", "shredder", "broy")),  # `shred` alone writes over
        ("disintegrate", ("disintegrat", "desintegr")),
        ("incinerate", ("incinerat", "inciner")),
    ):  # fmt: skip
        if any(word in told for word in words):
            return code
    return "overwrite" if any(word in told for word in OVERWRITING) else ""


def on_medium(code: str, what: str) -> str:
    """The technique on a kind of medium: the "secure erase" of an NVMe is its Format command."""
    return "nvme_format" if code.startswith("ata_secure_erase") and what == "nvme" else code


_NO_FAULT = re.compile(
    r"\b(?:no|without(?: any)?|zero|0|sans|aucune?)\s+(?:errors?|erreurs?|exceptions?|warnings?)\b"
)
_ENDS = (
    ("exceptions", ("exception", "with warning", "partial", "partiel", "with errors", "with error", "avec erreur",
                    "avec avertissement")),
    ("aborted", ("abort", "cancel", "interrupt", "interromp", "annul", "stopped")),
    ("failed", ("fail", "insanity", "not erased", "not wiped", "echec", "echou", "non efface", "unsuccessful", "error",
                "erreur", "incomplet", "not complete", "not successful", "not succe", "not passed", "non reussi",
                "non termine", "pas efface", "unerased")),
)  # fmt: skip
_WELL = frozenset((
    "erased", "wiped", "sanitized", "sanitised", "purged", "successful", "successfully", "success", "succeeded",
    "passed", "pass", "complete", "completed", "ok", "succes", "reussi", "reussie", "efface", "effacee", "effaces",
    "termine", "terminee",
))  # fmt: skip
_ASIDE = frozenset((
    "drive", "disk", "disc", "disque", "media", "erasure", "erase", "wipe", "effacement", "operation", "process",
    "was", "is", "has", "been", "a", "ete", "est", "with", "avec", "and", "et", "fully", "securely", "all", "data",
    "the", "le", "status", "result", "resultat", "100", "verified", "verifie", "verification", "securise",
))  # fmt: skip


def result(text: str | None) -> str:
    """The result a status word tells, in English or French; "unknown" otherwise.

    Well ended only when nothing else is said: "erasing", "to be erased", "effacement en cours" are not known.
    """
    told = _NO_FAULT.sub(" ", plain(text))
    for code, words in _ENDS:
        if any(word in told for word in words):
            return code
    said = set(re.findall(r"[a-z0-9]+", told))
    if said & {"ko", "nok"}:
        return "failed"
    return "ok" if said & _WELL and said <= _WELL | _ASIDE else "unknown"


def stamp(text: str | None) -> str:
    """The instant a date tells, ISO 8601 in UTC; without a zone it is Paris time, without an hour noon. "" if none."""
    told = re.sub(r"\s+", " ", (text or "").strip().replace("Z", "+0000"))
    told = re.sub(r"(?<=[+-]\d\d):(?=\d\d$)", "", told)
    told = re.sub(r"(?<=:\d\d)[.,]\d+(?=[+-]|$)", "", told)
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
                     "not applicable", "[good]", "none detected", "none found", "non detecte", "pas de zone", "ddnsh")
    ):  # fmt: skip
        return "none"
    if any(
        word in told for word in ("hidden sectors", "detected", "enabled", "present", "not erased", "exists")
    ):
        return "present"
    return "unknown"
