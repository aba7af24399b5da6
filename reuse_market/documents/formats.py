"""Facts as a reader sees them: the end of a fact's name says what it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from reuse_market.kernel.formats import NBSP, code, date_long, euros, instant, kilos

# What the papers' fonts can draw (templates/print/fonts, then typst's own): PDF/UA forbids a hole.
_UNDRAWABLE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20a0-\u20bf\u2116\u2122\u2190-\u21ff\u2200-\u22ff\u25a0-\u25ff"
    "\u2713]"
)
_INVISIBLE = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_NARROW_SPACES = re.compile("[\u2000-\u200a\u202f\u205f\u3000]")
_BY_END: dict[str, Callable[[Any, str], str]] = {
    "_at": instant,
    "_on": date_long,
    "_grams": kilos,
    "_cents": euros,
}


def shown(facts: Any, lang: str) -> Any:
    """A copy of `facts` for the template, with texts cleaned.

    By the end of its name a fact becomes text: `_at` (ISO instant), `_on` (ISO date), `_grams`, `_cents`;
    a `code` is cut in two breaths.
    """
    if isinstance(facts, dict):
        return {key: _shown_fact(key, value, lang) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [shown(value, lang) for value in facts]
    return clean(facts) if isinstance(facts, str) else facts


def clean(text: str) -> str:
    """Text the fonts can draw: composed, without invisible or direction signs, unknown letters as □."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return _UNDRAWABLE.sub("□", _INVISIBLE.sub("", _NARROW_SPACES.sub(NBSP, text)))


def _shown_fact(key: str, value: Any, lang: str) -> Any:
    for end, form in _BY_END.items():
        if key.endswith(end) and value not in (None, ""):
            return form(value, lang)
    return code(value) if key == "code" and isinstance(value, str) else shown(value, lang)
