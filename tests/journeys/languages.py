"""Which language a page speaks, judged by the texts of the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterable

from babel.messages.pofile import read_po

from reuse_market.web import catalogues

SHORTEST = 6  # letters a text needs to betray its language
PLACE = re.compile(r"%\((\w+)\)s|%%")
FILLED = {"size": r"\d.*?"}  # a figure: “24 inches” is ours, “Monitor 24 inches” as its holder says it


def strangers(pages: Iterable[tuple[str, set[str]]], language: str) -> dict[str, str]:
    """The texts of the other language, each with the page it stands on first; `pages` are (where, texts)."""
    english, french = spoken()
    foreign, own = (english, french) if language == "fr" else (french, english)
    foreign_words, own_words = matcher(foreign), matcher(own)
    found: dict[str, str] = {}
    judged: set[str] = set()
    for where, texts in pages:
        for text in texts - judged:  # a menu stands on every page
            if foreign_words.fullmatch(text) and not own_words.fullmatch(text):
                found[text] = where
        judged |= texts
    return found


def spoken() -> tuple[list[str], list[str]]:
    """All English texts and all French ones of the catalogue, but those that some msgid says in both alike."""
    english, french, both = [], [], set()
    for file in sorted(catalogues.french_folder(catalogues.ROOT).glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale="fr"):
                pairs = zip(_each(message.id), _each(message.string), strict=False)
                for one, other in pairs:
                    if one == other:
                        both.add(one)
                    elif one:
                        english.append(one)
                        french.append(other)
    return [one for one in english if one not in both], [one for one in french if one not in both]


def _each(text: str | Iterable[str] | None) -> Iterable[str]:
    return (text,) if isinstance(text, str) else text or ()


def matcher(texts: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the texts that are long enough to be sure of, whatever fills their places."""
    kept = set()
    for text in texts:
        fixed = PLACE.sub("", text)
        if sum(letter.isalpha() for letter in fixed) >= SHORTEST:
            parts = PLACE.split(" ".join(text.split()))
            said = [
                FILLED.get(one or "", ".+?") if place % 2 else re.escape(one)
                for place, one in enumerate(parts)
            ]
            kept.add("".join(said))
    return re.compile("|".join(f"(?:{one})" for one in sorted(kept)))
