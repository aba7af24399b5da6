"""The words the reader knows, in the form in which a text is compared with them. Tables only."""

from __future__ import annotations

from collections.abc import Callable, Collection

from reuse_market.catalogue import lexicon
from reuse_market.catalogue.measures import UNITS, stem, stemmed

MOST_WORDS, MOST_TOKENS, LONGEST_PHRASE = 6, 40, 5
LEAST_STORAGE_GB = 64  # below, a number of gigabytes is a memory
MOST_MEMORY_GB = 128  # of these kinds, whose disks are larger
WIDE = frozenset({"workstation", "server"})
HELD_BY_HAND = frozenset({"smartphone", "tablet"})  # what is told of them first is their storage
RAM_SOLD = frozenset({2, 3, 4, 6, 8, 12, 16, 24, 32})
STORAGE_SOLD = frozenset(
    {64, 80, 120, 128, 160, 180, 240, 250, 256, 320, 480, 500, 512, 750, 960, 1000, 2000}
)
Vocabulary = Callable[[Collection[str]], Collection[str]]


def _by_stem(rows: dict[str, object]) -> dict[str, object]:
    return {stemmed(phrase): value for phrase, value in rows.items()}


KINDS: dict[str, tuple[str, ...]] = _by_stem(dict(lexicon.KINDS))  # type: ignore[assignment]  # values unchanged
TRAITS: dict[str, tuple[str, object]] = _by_stem(dict(lexicon.TRAITS))  # type: ignore[assignment]  # likewise
CPUS: dict[str, tuple[str, ...]] = _by_stem(dict(lexicon.CPU_CLASSES))  # type: ignore[assignment]  # likewise
EMPTY = frozenset(stem(word) for word in lexicon.EMPTY)
MEASURING = frozenset(
    stem(word)
    for words in (
        lexicon.MEMORY_WORDS, lexicon.STORAGE_WORDS, lexicon.MONEY_WORDS, lexicon.BATTERY_WORDS,
        lexicon.GENERATION_WORDS, lexicon.WARRANTY_WORDS, lexicon.SCREEN_WORDS, UNITS, lexicon.COUNTED,
    )
    for word in words
)  # fmt: skip
JOINED = {phrase.replace(" ", ""): phrase for table in (KINDS, CPUS) for phrase in table if " " in phrase}
SINGLE = sorted(
    {word for table in (KINDS, TRAITS, CPUS) for phrase in table for word in phrase.split() if len(word) > 3}
    | {word for word in EMPTY | MEASURING if len(word) > 3}
    | {word for word in JOINED if len(word) > 5}
)  # fmt: skip
KNOWN = (
    frozenset(word for table in (KINDS, TRAITS, CPUS) for phrase in table for word in phrase.split())
    | EMPTY
    | MEASURING
    | frozenset(JOINED)
)
STORAGE = frozenset(stem(word) for word in lexicon.STORAGE_WORDS)
SCREENS = frozenset(stem(word) for word in lexicon.SCREEN_WORDS)
