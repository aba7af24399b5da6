"""Numbers written in words before a unit: "deux cents euros", "garantie un an", "vingt-quatre pouces". Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reuse_market.catalogue.measures import UNITS, Token, stem

ONES = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
    "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
}  # fmt: skip
VALUES = {stem(word): value for word, value in ONES.items()} | ONES
TIMES = {"cent": 100, "mille": 1000}


def in_figures(said: Sequence[Token]) -> list[Token]:
    """The tokens, each run of number words that a unit follows as one number; other words stay words."""
    told: list[Token] = []
    at = 0
    while at < len(said):
        end = at
        while end < len(said) and (said[end].text in VALUES or said[end].stem in TIMES):
            end += 1
        if end > at and end < len(said) and _unit(said[end]):
            value = _value([token.text if token.text in VALUES else token.stem for token in said[at:end]])
            told.append(Token(str(value), str(value), value * 10))
            at = end
        else:
            told += said[at : max(end, at + 1)]
            at = max(end, at + 1)
    return told


def _unit(token: Token) -> bool:
    return len(token.text) > 1 and (token.text in UNITS or token.stem in UNITS)


def _value(words: Sequence[str]) -> int:
    total = 0
    for at, word in enumerate(words):
        if word in TIMES:
            total = (total or 1) * TIMES[word]
        elif word in ("vingt", "vingts") and at and words[at - 1] == "quatre":
            total += 80 - 4
        else:
            total += VALUES[word]
    return total
