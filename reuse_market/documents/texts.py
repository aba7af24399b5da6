"""A text of the code (an English msgid) in both languages, for facts that do not know their reader yet."""

from __future__ import annotations

import functools
from pathlib import Path

from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).resolve().parents[2] / "translations"


def both(msgid: str) -> dict[str, str]:
    """{"fr", "en"} of a msgid; a text without French stays English in both."""
    return {"fr": _french().ugettext(msgid) if msgid else "", "en": msgid}


def _french() -> NullTranslations:
    compiled = FOLDER / "fr" / "LC_MESSAGES" / "messages.mo"
    return _read(compiled.stat().st_mtime_ns if compiled.exists() else 0)


@functools.lru_cache(maxsize=1)
def _read(_made: int) -> NullTranslations:
    """The compiled catalogue; read again when a newer one is made."""
    return Translations.load(str(FOLDER), ["fr"], domain="messages")
