"""Words the law keeps from whoever sells a used device (code de la consommation, art. R122-4 to R122-6).

"À neuf" and "comme neuf" are refused wherever somebody types; "reconditionné" where nothing shows that every
function was tested and every medium erased.
"""

from __future__ import annotations

import re
import unicodedata

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_

NEW = N_(
    "Do not write “comme neuf” or “à neuf” of a used device: the law forbids it (code de la consommation, "
    "art. R122-4). Say what was tested."
)
REFURBISHED = N_(
    "Write “reconditionné” only once every function is tested and the media are erased (code de la "
    "consommation, art. R122-4): the product says it itself then."
)
_NEW = re.compile(
    r"\b(?:comme|etat|quasi(?:ment)?|presque)[\s-]+neu(?:f|fs|ve|ves)\b|\bremis(?:e|es)? a neuf\b|\blike[\s-]new\b"
)
_AS_NEW = re.compile(r"\bà[\s-]+neuf\b")  # with its accent: "il y en a neuf" counts nine
_REFURBISHED = re.compile(r"\breconditionn(?:e|ee|es|ees)\b|\brefurbished\b")
_SAID = re.compile(  # the same words as they are written, to take them out of a text read from a file
    r"\b(?:comme|(?:en[\s-]+)?[ée]tat|quasi(?:ment)?|presque)[\s-]+neu(?:fs?|ves?)\b|\bremis(?:es?)?[\s-]+[àa][\s-]+neuf\b"
    r"|\blike[\s-]new\b|\bà[\s-]+neuf\b|\breconditionn[ée]e?s?\b|\brefurbished\b",
    re.IGNORECASE,
)
_HINT = re.compile(r"neu(?:f|ve)|like[\s-]new|recondition|refurbish", re.IGNORECASE)
_EXCUSED = re.compile(r"\bfabrication et livraison a neuf\b")


def may_praise(text: str) -> bool:
    """Whether a long text is worth the looks below: a quick look that misses none."""
    return bool(_HINT.search(text))


def says_new(text: str) -> bool:
    """Whether a text presents a used device as a new one. Accents, case and spaces do not matter."""
    plain, said = _folded(text), unicodedata.normalize("NFC", text.lower())
    if _EXCUSED.search(plain):
        return False
    return bool(_NEW.search(plain) or _AS_NEW.search(said))


def says_refurbished(text: str) -> bool:
    """Whether a text calls a device "reconditionné"."""
    return bool(_REFURBISHED.search(_folded(text)))


def require_plain(text: str | None, *, field: str | None = None, proven: bool = False) -> None:
    """Refuse (Invalid) a text of an offer with a forbidden word; `proven`: tested wholly and erased."""
    if text and says_new(text):
        raise Invalid(NEW, field=field, code="claim.new")
    if text and not proven and says_refurbished(text):
        raise Invalid(REFURBISHED, field=field, code="claim.refurbished")


def without(text: str) -> str:
    """A text read from a file without the words the law keeps; "" when they cannot be told apart from the rest."""
    if not (says_new(text) or says_refurbished(text)):
        return text
    left = " ".join(_SAID.sub(" ", unicodedata.normalize("NFC", text)).split())
    left = re.sub(r"[(\[]\s*[)\]]", "", left).strip(" -–,;/()[]")
    return "" if says_new(left) or says_refurbished(left) else left


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in bare if not unicodedata.combining(c)).replace("’", "'")
    return " ".join(plain.split())
