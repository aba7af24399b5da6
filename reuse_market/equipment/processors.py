"""Processors as inventories write them, read into family, tier, number and generation. Pure, cheap, remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NOISE = re.compile(
    r"\((?:r|tm|c)\)|[®™©]|\b(?:cpu|apu|processor|processeur|genuine|mobile|quad[- ]core|dual[- ]core|"
    r"(?:\d+|six|eight|twelve)[- ]c(?:ore|oeur|œur)s?)\b|@.*|\bw/.*|\bwith .*|\bavec .*|\b\d[.,]?\d*\s?[gm]hz\b.*"
)
_GENERATION = re.compile(r"\b(\d{1,2})\s?(?:th|st|nd|rd|e|ème|eme|è)?\.?[ -]?g[eé]n", re.IGNORECASE)
_NUMBER = r"(?:(?!\d+(?:th|st|nd|rd|e|ème)\b)[ln]?\d{1,5}[a-z]{0,3}\d{0,2}[a-z]?)"


@dataclass(frozen=True, slots=True)
class Processor:
    """What a text says of a processor. `tier`: "i5", "Ryzen 5"…; `number`: "8350U", "" when not told.

    `family` is a family of data/windows_11.csv, "" when the text is not understood.
    """

    family: str
    tier: str = ""
    number: str = ""
    generation: int | None = None

    @property
    def name(self) -> str:
        """The short name: "i5-8350U", "Ryzen 5 PRO 3500U", "Celeron N4020"; without number its class."""
        if not self.number:
            return self.class_name
        joint = "-" if self.family == "core" else " "
        return f"{self.tier}{joint}{self.number}".strip()

    @property
    def class_name(self) -> str:
        """What stays when the number goes: "i5 (gen. 8)", "Ryzen 5", "Celeron"."""
        if self.family == "core" and self.generation:
            return f"{self.tier} (gen. {self.generation})"
        return self.tier


def _compiled(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((family, re.compile(rf"\b(?:{pattern})(?![a-z0-9])")) for family, pattern in rows)


# Groups: t tells the tier, n the number. The first row that fits counts.
_ROWS = _compiled(
    ("core_new", rf"core (?P<t>ultra [3579]) ?-?(?P<n>{_NUMBER})?"),
    ("core_new", rf"(?P<t>ultra [3579]) (?P<n>{_NUMBER})"),
    ("core", rf"(?P<t>i[3579])[- ]*(?P<n>{_NUMBER}|\dy\d\d)"),
    ("core", r"(?:core )?(?P<t>m[357]?)-(?P<n>\dy\d\d[a-z]?|\d{4}y)"),
    ("core", r"core (?P<t>m[357]) (?P<n>\dy\d\d[a-z]?|\d{4}y)"),
    ("core_old", r"(?P<t>core ?2(?: (?:duo|quad|extreme|solo))?) ?(?P<n>[a-z]{0,2}\d{4}[a-z]?)?"),
    ("core_old", r"(?P<t>core (?:duo|solo)) ?(?P<n>[a-z]\d{4})?"),
    ("core_new", rf"(?P<t>core [3579]) (?P<n>{_NUMBER})"),
    ("core", r"(?P<t>i[3579])(?P<n>)"),
    ("threadripper", r"ryzen (?P<t>threadripper(?: pro)?) (?P<n>\d{4}[a-z]{0,2})"),
    ("ryzen", r"(?P<t>ryzen)(?: [579])? (?P<n>ai (?:[579] )?(?:hx )?(?:max\+? )?(?:pro )?\d{3}[a-z]?)"),
    ("ryzen", r"(?P<t>ryzen [3579](?: pro)?)[- ]?(?P<n>\d{3,4}[a-z]{0,3}(?:3d)?)?"),
    ("ryzen", r"(?P<t>r[3579](?: pro)?)[- ](?P<n>[1-9]\d{3}[a-z]{0,2})"),
    ("xeon", r"(?P<t>xeon) (?P<n>(?:bronze|silver|gold|platinum) \d{4}[a-z+]{0,3})"),
    (
        "xeon",
        r"(?P<t>xeon) (?P<n>(?:e[357]?|[dw]|w[3579])[- ]?\d{4,5}[a-z]{0,3}(?: v\d)?|[elwx]?\d{4}[a-z]?)",
    ),
    ("celeron", r"(?P<t>celeron)(?: [dm](?= ))? ?(?P<n>[a-z]?\d{3,4}[a-z]{0,2})?"),
    ("pentium", r"(?P<t>pentium(?: (?:gold|silver))?) ?(?P<n>[a-z]?\d{3,4}[a-z]{0,2}|[4dm](?= |$))?"),
    ("atom", r"(?P<t>atom) ?(?P<n>[a-z]?\d-?\w+|[a-z]?\d{3,4}\w*)?"),
    ("athlon", r"(?P<t>athlon(?: (?:gold|silver|ii|64|x2|x4))*(?: pro)?) ?(?P<n>\w?\d{3,4}[a-z]{0,2})?"),
    ("epyc", r"(?P<t>epyc) (?P<n>\w{4}[a-z]?)"),
    ("amd_low", r"(?P<t>amd) (?P<n>30\d\dc?e)"),
    ("amd_old", r"(?:amd )?(?P<t>a(?:4|6|8|9|10|12)(?: pro)?)-(?P<n>\w+)"),
    ("amd_old", r"amd (?P<t>pro a\d{1,2})-(?P<n>\w+)"),
    ("amd_old", r"(?P<t>e[12])-(?P<n>\d{4}\w*)"),
    ("amd_old", r"(?P<t>fx) ?-(?P<n>\d{4}\w*)"),
    ("amd_old", r"(?P<t>phenom|sempron|turion|opteron) ?(?P<n>[\w ]*\w)?"),
    ("snapdragon", r"(?P<t>snapdragon) \(?(?P<n>x elite|x plus|\d\w{1,2}(?: gen \d)?)"),
    ("snapdragon", r"(?P<t>snapdragon) (?P<n>x1?[ep]?-?\w*)"),
    ("snapdragon", r"(?:microsoft )?(?P<t>sq)(?P<n>[123])"),
    ("apple", r"(?:apple )?(?P<t>m[1-9])(?P<n> (?:pro|max|ultra))?"),
    ("intel_n", r"intel (?P<t>n)(?P<n>\d{2,3})"),
)
_FIXED = {"amd": "AMD", "fx": "FX", "epyc": "EPYC", "xeon": "Xeon", "n": "Intel"}
_SHOWN = {"pro": "PRO", "ii": "II", "ai": "AI", "hx": "HX", "ultra": "Ultra"}


@lru_cache(maxsize=16_384)
def read(text: str | None) -> Processor:
    """The processor a text names; `Processor("")` when none is recognised. The first of several counts."""
    told = " ".join(_NOISE.sub(" ", (text or "")[:200].casefold()).split())
    for family, pattern in _ROWS:
        found = pattern.search(told)
        if found:
            tier, number = found["t"].strip(), (found["n"] or "").strip()
            return _made(family, tier, number, told)
    return Processor("")


def short_name(text: str | None) -> str:
    """Short: "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz" → "i5-8350U"; "" when no processor is recognised."""
    return read(text).name


def _made(family: str, tier: str, number: str, told: str) -> Processor:
    generation = None
    if family == "core":
        generation = _generation(number) if number else None
        said = _GENERATION.search(told)
        if not number and said:
            generation = int(said[1])
    if family == "xeon":
        number = re.sub(r"^(e[357]?|[dw]|w[3579]) ?(?=\d)", lambda m: f"{m[1]}-", number)
        number = number if "-" not in number or _dashed(told, number) else number.replace("-", "", 1)
    if family == "snapdragon" and tier == "sq":
        return Processor(family, "SQ" + number, "", None)
    if family == "intel_n":
        number = "N" + number
    return Processor(family, _tier(family, tier), _number(family, number), generation)


def _dashed(told: str, number: str) -> bool:
    """A W3550 is no W-3550: the dash is added only where a file wrote a blank or the dash itself."""
    return bool(re.search(re.escape(number).replace(r"\-", r"[- ]"), told))


def _generation(number: str) -> int:
    """Of a number: "8350u" → 8, "1035g1" → 10, "12700k" → 12, "920" → 1, "6y57" → 6, "n305" → 12."""
    digits = re.sub(r"[a-z].*", "", number)
    if not digits:
        return 10 if number.startswith("l") else 12
    if number[1:2] == "y":
        return int(digits)
    if len(digits) == 3:
        return 1
    return int(digits[:2]) if len(digits) == 5 or digits.startswith("1") else int(digits[0])


def _tier(family: str, tier: str) -> str:
    if family == "core":
        return tier
    if family == "apple":
        return tier.upper()
    if tier in _FIXED:
        return _FIXED[tier]
    return " ".join(_SHOWN.get(word, word.capitalize()) for word in tier.split())


def _number(family: str, number: str) -> str:
    if family == "apple":
        return number.capitalize()
    if family == "xeon" and " " in number and number[0] in "bsgp":
        level, digits = number.split(" ", 1)
        return f"{level.capitalize()} {digits.upper()}"
    if family == "xeon":
        return re.sub(r" V(\d)$", r" v\1", number.upper())
    return number if family == "amd_low" else number.upper()
