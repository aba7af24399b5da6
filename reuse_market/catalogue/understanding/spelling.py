"""Words split, stuck together or misspelt, as they were meant."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from reuse_market import equipment
from reuse_market.catalogue import lexicon
from reuse_market.catalogue.measures import UNITS, Token, stem
from reuse_market.catalogue.understanding.known import JOINED, KINDS, KNOWN, SINGLE, TRAITS, Vocabulary
from reuse_market.catalogue.understanding.needs import Asked
from reuse_market.catalogue.understanding.spelled import in_figures
from reuse_market.equipment.names import fold

GLUED = re.compile(r"([a-z]{3,})(\d{1,4})")  # "iphone12"


@lru_cache(maxsize=1)
def makers() -> frozenset[str]:
    """Every spelling of a maker, folded: a maker that is not in the window is no word to leave out."""
    path = Path(equipment.__file__).with_name("data") / "makers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(fold(row[name]) for row in csv.DictReader(file) for name in ("spelling", "maker"))


def _slips(word: str, other: str) -> int:
    from rapidfuzz.distance import OSA

    return OSA.distance(word, other)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word this one was meant to be: one slip in four letters, two in seven, three in eleven."""
    length = len(word)
    if length < 4 or any(c.isdigit() for c in word):
        return None
    most = 1 if length < 7 else 2 if length < 11 else 3
    from rapidfuzz import process  # loaded by who misspells
    from rapidfuzz.distance import OSA

    scorer: Any = OSA.distance
    found = process.extract(word, known, scorer=scorer, score_cutoff=most, limit=8)
    near = [
        (int(slips), other[0] != word[0], other) for other, slips, _ in found if len(other) >= 4 or slips < 2
    ]
    near = [
        one for one in near if one[0] < 2 or not one[1]
    ]  # two slips and another first letter: another word
    return min(near)[2] if near else None


def _cuts(word: str) -> list[tuple[str, str]]:
    """Where a name of letters and figures may have been stuck together: « eb x41 », « 840 g5 »."""
    if len(word) < 4 or word.isalpha() or word.isdigit():
        return []
    turns = [at for at in range(1, len(word)) if word[at - 1].isdigit() != word[at].isdigit()]
    places = sorted({at for turn in turns for at in (turn, turn - 1) if 1 < at < len(word) - 1})
    return [(word[:at], word[at:]) for at in places]


def _lettered(token: Token, after: Token) -> bool:
    return (
        len(token.text) == 1
        and token.text.isalpha()
        and token.text not in "adlx"
        and after.tenths is not None
        and after.text.isdigit()
    )


class Spelling:
    """One text being read: tokens are taken as they are understood."""

    def __init__(self, said: Sequence[Token], vocabulary: Vocabulary) -> None:
        self.corrected: list[tuple[str, str]] = []
        self.said = said = in_figures(said)
        strange = {t.text for t in said if t.tenths is None and len(t.stem) > 1 and t.stem not in KNOWN}
        strange |= {t.text for t in said if t.tenths is not None and len(t.text) > 2}
        names = {word for name in lexicon.NAMES_TOO for word in name.split()}
        strange |= {a.text + b.text for a, b in itertools.pairwise(said) if a.text + b.text in names}
        strange |= {m[1] for t in said if (m := GLUED.fullmatch(t.text))}
        strange |= {part for t in said for pair in _cuts(t.text) for part in pair}
        strange |= {a.text + b.text for a, b in itertools.pairwise(said) if _lettered(a, b)}
        strange |= {t.text for t in said if t.text in names or t.stem in lexicon.SOFT}
        strange |= {b.text for a, b in itertools.pairwise(said) if b.text in UNITS and a.tenths is None}
        strange |= {a.text + b.text for a, b in itertools.pairwise(said) if {a.text, b.text} & strange}
        self.shown = sorted(vocabulary(strange)) if strange else []
        self.said = self._mended(said)
        self.taken = [False] * len(self.said)
        self.found = Asked()

    def _in_window(self, word: str) -> bool:
        return any(shown.startswith(word) for shown in self.shown)

    def _mended(self, said: Sequence[Token]) -> list[Token]:
        """Words split or stuck together, and misspelt ones, as they were meant."""
        mended: list[Token] = []
        at = 0
        while at < len(said):
            token, after = said[at], said[at + 1] if at + 1 < len(said) else None
            if (
                token.tenths is None
                and after is not None
                and after.tenths is None
                and self._one(token, after)
            ):
                text = token.text + after.text
                mended.append(Token(text, stem(text)))
                at += 2
                continue
            if after is not None and _lettered(token, after) and not self._measured(said, at + 2):
                text = token.text + after.text
                if self._in_window(text):  # « T 480 »
                    mended.append(Token(text, text))
                    at += 2
                    continue
            mended += self._meant(token)
            at += 1
        return mended

    @staticmethod
    def _measured(said: Sequence[Token], at: int) -> bool:
        return at < len(said) and (said[at].text in UNITS or said[at].stem in UNITS)

    def _one(self, token: Token, after: Token) -> bool:
        """« lap top », « think pad »: two words that are one, and are not known apart."""
        text = stem(token.text + after.text)
        known = (
            text in KINDS or text in TRAITS or (len(text) > 5 and self._in_window(token.text + after.text))
        )
        apart = token.stem in KNOWN and after.stem in KNOWN
        short = token.text + after.text in lexicon.NAMES_TOO  # « i pad »
        return known and (len(text) > 4 or short) and not apart and not self._both_shown(token, after)

    def _both_shown(self, token: Token, after: Token) -> bool:
        return self._in_window(token.text) and self._in_window(after.text)

    def _meant(self, token: Token) -> list[Token]:
        word = token.stem
        if token.tenths is not None or word in KNOWN or token.text in KNOWN or token.text in makers():
            if word in JOINED and word not in KINDS:
                return [Token(part, part) for part in JOINED[word].split()]
            return [token]
        if self._in_window(token.text) or self._in_window(word):
            return [token]
        if (apart := GLUED.fullmatch(token.text)) and (stem(apart[1]) in KNOWN or self._in_window(apart[1])):
            return [Token(apart[1], stem(apart[1])), Token(apart[2], apart[2], int(apart[2]) * 10)]
        for first, second in _cuts(token.text):
            if first in self.shown and second in self.shown:  # « EBX41 », « 840G5 »
                return [Token(first, first), Token(second, second)]
        meant = nearest(word, SINGLE)
        shown = nearest(token.text, self.shown)
        if shown and (not meant or _slips(token.text, shown) < _slips(word, meant)):
            meant = shown
        if meant is None:
            return [token]
        self.corrected.append((token.text, meant))
        parts = JOINED[meant].split() if meant in JOINED and meant not in KINDS else [meant]
        return [Token(part, stem(part)) for part in parts]
