"""How makers' and models' names are cleaned and compared."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """One line, printable, single spaces: what is stored and shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def fold(text: str) -> str:
    """The comparable form: no accent, case or punctuation; "+" counts (an 8+ is no 8)."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    plain = (c for c in letters if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() or c == "+" else " " for c in plain).split())


def model_key(kind: str, maker: str, name: str) -> str:
    """The unique key of a model: kind, maker and name folded, the maker not said again in the name."""
    made_by = fold(maker)
    called = fold(name)
    if made_by:
        called = called.removeprefix(made_by + " ")
    return f"{kind}|{made_by}|{called}"
