"""The fields an inventory may fill, and which one a column label stands for."""

from __future__ import annotations

import re
from functools import lru_cache

from reuse_market.fleets.reading import synonyms
from reuse_market.fleets.reading.labels import fold, fold_label, squeeze

IGNORE = "ignore"
PERSONAL = "personal"
COMMENT = "comment"
ASK_BELOW = 90
"""A column understood with less confidence than this is shown to the person before it is used."""
_KEEP_FROM = 72


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(label.split()) for label in text.split(";"))


FIELDS: dict[str, tuple[str, ...]] = {name: _split(text) for name, text in synonyms.OF_FIELD.items()}

PERSONAL_LABELS = _split(synonyms.PERSONAL)
_PERSONAL_WORDS = frozenset(synonyms.PERSONAL_WORDS.split())

IGNORED_LABELS = _split(synonyms.IGNORED)

_ADMIN_PREFIXES = (
    "informations financieres et administratives ",
    "financial and administrative information ",
    "financial and administratives information ",
    "infocom ",
)
_FREQUENCY = re.compile(r"\b[MG]Hz\b", re.IGNORECASE)
_EXACT: dict[str, str] = {}
for _target, _labels in ((IGNORE, IGNORED_LABELS), (PERSONAL, PERSONAL_LABELS), *FIELDS.items()):
    for _label in _labels:
        _EXACT[squeeze(fold(_label))] = _target
_FUZZY: dict[str, str] = {
    fold(label): target
    for target, labels in ((IGNORE, IGNORED_LABELS), (PERSONAL, PERSONAL_LABELS), *FIELDS.items())
    for label in labels
    if len(label) > 3
}


def exact_target(label: str) -> str | None:
    """The field, `ignore` or `personal` that a known label stands for; None for an unknown one."""
    folded = fold_label(label)
    if _FREQUENCY.search(label):
        return IGNORE
    for prefix in _ADMIN_PREFIXES:
        folded = folded.removeprefix(prefix)
    return _EXACT.get(squeeze(folded))


@lru_cache(maxsize=4096)
def recognise(label: str) -> tuple[str, int]:
    """The target of a label and the confidence, 0–100. A part of a label alone never reaches ASK_BELOW."""
    folded = fold_label(label)
    if not folded or len(folded) > 120:
        return IGNORE, 0
    exact = exact_target(label)
    if exact:
        return exact, 100
    if _PERSONAL_WORDS & set(folded.split()) or re.search(r"checked out to", folded):
        return PERSONAL, 95
    from rapidfuzz import process  # loaded by who brings a list

    found = process.extractOne(folded, list(_FUZZY), scorer=_likeness, score_cutoff=_KEEP_FROM)
    return (_FUZZY[found[0]], round(found[1])) if found else (IGNORE, 0)


def _likeness(one: str, other: str, **_: object) -> float:
    from rapidfuzz import fuzz

    whole = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))
    return max(whole, min(fuzz.WRatio(one, other), ASK_BELOW - 1) if len(one) > 4 else 0)
