"""The words people see: English here, looked up in the French catalogue, so that a better French breaks nothing."""

from __future__ import annotations

import gettext
import re
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from reuse_market.web import catalogues

SHORTEST = 12  # letters of a beginning that stands for a whole text


@cache
def french() -> gettext.GNUTranslations:
    """The compiled French catalogue."""
    catalogues.compile_stale(catalogues.ROOT)
    with (catalogues.french_folder(catalogues.ROOT) / "messages.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def say(text: str, **params: Any) -> str:
    """What a French page says for an English text; it must be translated."""
    words = french().gettext(text)
    assert words != text, f"not translated: {text}"
    return words % params if params else words.replace("%%", "%")


def says(one: str, several: str, count: int, **params: Any) -> str:
    """The same for a text that counts."""
    words = french().ngettext(one, several, count)
    assert words not in (one, several), f"not translated: {several}"
    return words % {"num": count, "count": count, **params}


@cache
def printed() -> dict[str, tuple[str, ...]]:
    """English text → what French pages may print for it; what differs from one page to the next is “…”."""
    known: dict[str, tuple[str, ...]] = {}
    for path in sorted(catalogues.french_folder(catalogues.ROOT).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="fr"):
                ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
                strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
                for number, text in enumerate(ids):
                    words = tuple(map(_open, strings if number else strings[:1]))
                    known[_open(text)] = (*known.get(_open(text), ()), *reversed(words))
    return known


def french_of(text: str) -> tuple[str, ...]:
    """What French pages may print for an English text; “Beginning …” stands for the texts that begin so.

    Words that no catalogue has (names, titles, kinds) are printed as they are.
    """
    if text in printed():
        return printed()[text]
    start = text.removesuffix("…")
    longer = [fr for en, words in printed().items() if start != text and en.startswith(start) for fr in words]
    return tuple(longer) if len(start) >= SHORTEST and longer else (text,)


def on_page(text: str) -> re.Pattern[str]:
    """Finds an English text, or words that no catalogue has, at the beginning of what a French page says."""
    return re.compile("^(?:" + "|".join(map(_wildcards, french_of(text))) + ")")


def _open(text: str) -> str:
    return re.sub(r"%\(\w+\)s", "…", text).replace("%%", "%")


def _wildcards(words: str) -> str:
    return ".+?".join(r"\s+".join(map(re.escape, re.split(r"\s+", part))) for part in words.split("…"))
