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


def full_name(maker: str | None, name: str | None) -> str:
    """« HP EliteBook 840 G5 »: maker and name, the maker not said twice; "" when neither is known."""
    maker, name = maker or "", name or ""
    if maker and fold(name).startswith(fold(maker) + " "):
        return name
    return " ".join(part for part in (maker, name) if part)


def model_key(kind: str, maker: str, name: str) -> str:
    """The unique key of a model: kind, maker and name folded, the maker not said again in the name."""
    made_by = fold(maker)
    called = fold(name)
    if made_by:
        called = called.removeprefix(made_by + " ")
    return f"{kind}|{made_by}|{called}"
