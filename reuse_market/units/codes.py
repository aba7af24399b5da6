"""Label codes: 7 characters without 0 O 1 I; the last is a check over GF(32).

Weights are distinct non-zero elements of GF(32), so any one wrong character and any swap of two different
characters is caught (a linear check over a field: w(a−b) ≠ 0 and (w−v)(a−b) ≠ 0).
"""

from __future__ import annotations

import random
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 7
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_WEIGHTS = (2, 3, 4, 5, 6, 7)


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= _POLYNOMIAL
        b >>= 1
    return product


def check_character(body: str) -> str:
    """The 7th character for 6 others. Its own weight is 1, distinct from the six."""
    total = 0
    for weight, character in zip(_WEIGHTS, body, strict=True):
        total ^= _times(weight, ALPHABET.index(character))
    return ALPHABET[total]


def normalise(text: str) -> str:
    """What was typed, without spaces or dashes, upper case."""
    return "".join(c for c in text.upper() if c.isalnum())


def is_code(text: str) -> bool:
    """Whether `text` (normalised) is a well-formed code: length, alphabet, check character."""
    return len(text) == LENGTH and all(c in ALPHABET for c in text) and check_character(text[:-1]) == text[-1]


def draw(rng: random.Random | None = None) -> str:
    """A random code; uniqueness is the table's business. `rng` only for reproducible demo data."""
    choose = rng.choice if rng else secrets.choice
    body = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)
