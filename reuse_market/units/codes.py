"""Label codes: 7 characters without 0 O 1 I; the last is a check over GF(32).

Weights are distinct non-zero elements of GF(32), so any one wrong character and any swap of two different
characters is caught (a linear check over a field: w(a−b) ≠ 0 and (w−v)(a−b) ≠ 0).
"""

from __future__ import annotations

import random
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 7
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_WEIGHTS = (2, 3, 4, 5, 6, 7)
_SYMBOLOGY = re.compile(r"^\s*\][A-Za-z][0-9A-Za-z]")
_ADDRESS = re.compile(r"/u/([^/?#]*)", re.IGNORECASE)
_FRENCH = str.maketrans("&é\"'(-è_çàqawzQAWZ,?mM!§;:", "1234567890aqzwAQZWmM;:/?,.")


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
    """What was typed or scanned, without spaces or dashes, upper case; of a label's whole address, its code.

    A scanner may put an identifier of the symbology first (ISO/IEC 15424, "]Q3"), or, set to an American keyboard on
    a French computer, write "éABC'DE" for "2ABC4DE": such a text is read when it makes a whole code. It holds no
    figure then: a code typed with one is read as it is, else one mistake in 32 would lead to another code.
    """
    told = _bare(text)
    if is_code(told) or any(character.isdigit() for character in told):
        return told
    meant = _bare(_retyped(text))
    return meant if is_code(meant) else told


def serials(text: str) -> list[str]:
    """What a serial number may be in what was typed or scanned, the likeliest first, without spaces, upper case.

    Makers' labels put a data identifier before it: S (ANSI MH10.8.2), 1S and the type of the machine at Lenovo.
    """
    told = _SYMBOLOGY.sub("", text)
    found = ["".join(told.upper().split())]
    if not told.isascii() or set(told) & set("&\"'(_!"):
        found.append("".join(_retyped(told).upper().split()))
    for one in list(found):
        if one.startswith("1S") and len(one) > 12:
            found.append(one[-8:])
        elif one.startswith("S") and len(one) > 5:
            found.append(one[1:])
    return [one for one in dict.fromkeys(found) if one]


def _bare(text: str) -> str:
    address = _ADDRESS.search(text)
    told = address[1] if address else _SYMBOLOGY.sub("", text)
    return "".join(c for c in told.upper() if c.isalnum())


def _retyped(text: str) -> str:
    """What an American keyboard would have written with the keys that wrote this on a French one."""
    return _SYMBOLOGY.sub("", text).translate(_FRENCH)


def is_code(text: str) -> bool:
    """Whether `text` (normalised) is a well-formed code: length, alphabet, check character."""
    return len(text) == LENGTH and all(c in ALPHABET for c in text) and check_character(text[:-1]) == text[-1]


def draw(rng: random.Random | None = None) -> str:
    """A random code; uniqueness is the table's business. `rng` only for reproducible demo data."""
    choose = rng.choice if rng else secrets.choice
    body = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)
