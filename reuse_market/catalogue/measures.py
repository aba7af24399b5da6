"""Quantities in a text: "16 go ou plus", "moins de 150 €", "entre 8 et 16 go de ram", "24 pouces". Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

_GLUED = re.compile(
    r"(?<![^\W_])(\d+(?:[.,]\d+)?)(go|gb|gigas?|g|to|tb|po|pouces?|inch|eur|euros?|e|x|mois|ans?|eme|e|th|ghz|hz|w)(?![^\W_])"
)
_INCHES = re.compile(r"(?<![^\W_])([1-5]\d)(?:[.,](\d))?p(?![^\W_])")  # "24p", and not "1080p"
_CORE = re.compile(r"(?<![^\W_])i[ -]([3579])(?![^\W_])")  # "core i 5"
_DOTTED = re.compile(r"(?<![^\W_])(?:[a-z]\.){1,3}[a-z]\b\.?")  # "u.c.", "P.C"
UNITS = {
    **dict.fromkeys(("go", "gb", "giga", "gigaoctet", "gig", "gigabyte", "g"), "size"),
    **dict.fromkeys(("to", "tb", "tera", "teraoctet"), "tera"),
    **dict.fromkeys(("pouce", "\"", "″", "”", "''", "’’", "inch", "inche", "po"), "inch"),
    **dict.fromkeys(("€", "euro", "eur"), "euro"),
    "%": "percent", "pourcent": "percent", "moi": "month", "mois": "month", "month": "month",
    **dict.fromkeys(("an", "annee", "year"), "year"),
    **dict.fromkeys(("ghz", "mhz", "hz", "watt", "w"), "ghz"), "km": "km",
}  # fmt: skip


class Token(NamedTuple):
    """A word as folded and as `stem` leaves it, or a number in tenths."""

    text: str
    stem: str
    tenths: int | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high` included, None for no bound; `nominal` is what was said when no bound was."""

    low: int | None = None
    high: int | None = None
    nominal: int | None = None


def stem(word: str) -> str:
    """The singular of a French word, roughly, the same for what is compared: "écrans" → "ecran"."""
    if len(word) > 4 and word.endswith("aux"):
        return word[:-1]  # réseaux → reseau
    if len(word) > 2 and word[-1] in "sx" and not word.endswith("ss"):
        return word[:-1]
    return word


def stemmed(phrase: str) -> str:
    """A phrase, each word as `stem` leaves it."""
    return " ".join(stem(word) for word in phrase.split())


def _phrases(text: str) -> tuple[str, ...]:
    """Phrases between bars, the longest first."""
    return tuple(sorted((stemmed(one) for one in text.split("|")), key=lambda one: (-len(one.split()), one)))


AT_LEAST = _phrases(
    "au moins|au minimum|minimum|mini|min|a partir de|plus de|superieur a|superieure a|au dessus de|minimum de|"
    "mini de|>|≥|at least|over|more than|+ de|d au moins|pas moins de"
)
AT_MOST = _phrases(
    "moins de|jusqu a|maximum|maxi|max|inferieur a|inferieure a|sous|au plus|en dessous de|a moins de|<|≤|under|"
    "less than|up to|au maximum|max de|maximum de|pas plus de|budget|budget de|budget max|budget maximum|- de|"
    "budget maxi|budget max de|prix max|prix maximum|prix maxi|ne depassant pas|ne depasse pas|sans depasser|en dessous"
)
ABOUT = _phrases("environ|autour de|a peu pres|around|about|dans les|vers|aux alentours de|pres de")
LEAST_AFTER = _phrases(
    "ou plus|et plus|minimum|mini|min|+|au moins|au minimum|or more|ou mieux|ou davantage|et au dela|ou superieur"
)
MOST_AFTER = _phrases("ou moins|et moins|max|maximum|maxi|au plus|or less|au maximum|grand max|tout au plus")
ABOUT_AFTER = _phrases("environ|a peu pres|approximativement|plus ou moins")
STRICT = frozenset(_phrases("plus de|>|superieur a|superieure a|over|more than|+ de|au dessus de"))


def tokens(text: str) -> list[Token]:
    """The words, numbers and signs of a text, folded; a unit glued to its number stands apart."""
    letters = unicodedata.normalize("NFKD", text.replace("″", '"').replace("”", '"')).casefold()
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    plain = re.sub(r"(\d)[\u00a0\u202f ](\d{3})(?=\s*(?:€|euro))", r"\1\2", plain)
    plain = _DOTTED.sub(lambda said: said[0].replace(".", ""), plain)
    plain = _CORE.sub(r"i\1", plain)
    plain = _INCHES.sub(lambda said: said[0][:-1] + " pouces ", plain)
    plain = _GLUED.sub(r"\1 \2 ", plain)
    found = []
    for said in re.findall(r"\d+[.,]\d+|[^\W_]+|[€\"%<>≥≤×*/+-]|''|’’", plain):
        if re.fullmatch(r"\d+(?:[.,]\d+)?", said):
            whole, _, part = said.replace(",", ".").partition(".")
            tenths = int(whole[:9]) * 10 + (int(part[0]) if part else 0)
            found.append(Token(said, said, tenths))
        else:
            found.append(Token(said, stem(said)))
    return [token for at, token in enumerate(found) if _meant_so(found, at)]


def _meant_so(found: list[Token], at: int) -> bool:
    """Whether a sign says something: « 16 + 512 » lists two sizes, « 16 go + » asks for more."""
    if found[at].text == "+":
        before, after = found[at - 1] if at else None, found[at + 1] if at + 1 < len(found) else None
        sizes = before is not None and (before.tenths is not None or before.text in UNITS)
        return not (sizes and after is not None and after.tenths is not None)
    return found[at].text != "-" or _between_numbers(found, at)


def _between_numbers(found: list[Token], at: int) -> bool:
    """« 100 - 200 € », and not « tout-en-un »; « - de 100 € » says less."""
    before = found[at - 1].tenths is not None if at else False
    after = found[at + 1] if at + 1 < len(found) else None
    return after is not None and ((before and after.tenths is not None) or after.stem == "de")


def bounds(before: str, after: str) -> tuple[str | None, int]:
    """How a number is meant from the words around it: "least" | "above" | "most" | "about" | None.

    Also how many words of `after` say so.
    """
    said, follows = f" {before} ", f" {after} "
    found = [
        (len(phrase), meaning, phrase)
        for phrases, meaning in ((AT_MOST, "most"), (AT_LEAST, "least"), (ABOUT, "about"))
        for phrase in phrases
        if said.endswith(f" {phrase} ")
    ]
    if found:  # the longest phrase is what is meant: "pas moins de" is no "moins de"
        _length, meaning, phrase = max(found)
        return ("above" if phrase in STRICT else meaning), 0
    for phrases, meaning in ((LEAST_AFTER, "least"), (MOST_AFTER, "most"), (ABOUT_AFTER, "about")):
        for phrase in phrases:
            if follows.startswith(f" {phrase} "):
                return meaning, len(phrase.split())
    return None, 0


def ranged(value: int, meaning: str | None, other: int | None = None) -> Range:
    """The range a number means; `other`: the far end of "entre … et …"."""
    if other is not None:
        return Range(min(value, other), max(value, other))
    if meaning == "least":
        return Range(low=value)
    if meaning == "above":
        return Range(low=value + 1)
    if meaning == "most":
        return Range(high=value)
    if meaning == "about":
        return Range(value - value // 5, value + value // 5)
    return Range(nominal=value)
