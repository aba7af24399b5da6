"""The glossary is kept: words that are never shown, and one French word for each thing."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from wtforms.fields.core import UnboundField

import reuse_market
from reuse_market.web.forms import Form
from tests.house.rules import ROOT

CATALOGUES = sorted((ROOT / "translations" / "fr" / "LC_MESSAGES").glob("*.po"))
LEGAL = {"regimes", "documents"}  # rooms that word the law, where its own terms stand
BANNED = {
    r"comme neuf|à neuf|état neuf": "code de la consommation, R122-4",
    r"\bdonneu": "un détenteur peut aussi vendre",
    r"\bveuillez": "dire quoi faire, sans formule",
    r"erreur système": "dire quoi faire, et à qui téléphoner",
    r"\w\(s\)": "le pluriel se calcule",
    r"\bmatériels?\b|\béquipements?\b": "appareil, hors des textes de loi",
}
EXCUSED = {
    "fabrication et livraison à neuf": "what reuse avoids: the making of a new device, not a claim on this one",
    "un équipement ne compte comme réemployé": "REEN's own word, quoted as the reason of the commitment",
}
# A thing in English → its one French word, wherever a text speaks of it.
ONE_WORD = {
    r"\bhandover note": "bordereau",
    r"\bpassport": "passeport",
    r"\bvouchers?\b": "bon",
    r"\bworkshop": "atelier",
    r"\bundertaking": "engage",
    r"\bgift\b": "don",
    r"\bfleet": "parc",
    r"\bsignature": "sign",
}


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """(English, French) of a catalogue, plural forms one after the other."""
    for message in read_po(io.BytesIO(path.read_bytes())):
        said = message.id if isinstance(message.id, str) else " / ".join(message.id)
        shown = message.string if isinstance(message.string, str) else " / ".join(message.string)
        if said:
            yield said, shown


def wrong_words(room: str, said: str, shown: str) -> list[str]:
    """What of the glossary a text breaks."""
    text = shown.lower()
    legal = room in LEGAL
    faults = [
        f"“{pattern}”: {why}"
        for pattern, why in BANNED.items()
        if re.search(pattern, text) and not any(one in text for one in EXCUSED)
        if not (legal and "matériel" in pattern)
    ]
    return faults + [
        f"{thing}: say “{word}”"
        for thing, word in ONE_WORD.items()
        if re.search(thing, said, re.IGNORECASE) and word not in text
    ]


def test_the_french_texts_keep_the_glossary() -> None:
    assert len(CATALOGUES) > 15
    found = {
        f"{path.stem}: {shown}": faults
        for path in CATALOGUES
        for said, shown in texts(path)
        if (faults := wrong_words(path.stem, said, shown))
    }
    assert found == {}


def test_every_excuse_is_needed() -> None:
    everything = " ".join(shown.lower() for path in CATALOGUES for _said, shown in texts(path))
    assert [one for one in EXCUSED if one not in everything] == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Good", "Écran comme neuf"), ("Give", "Le donneur signe"), ("Enter it", "Veuillez l’indiquer"),
        ("Error", "Erreur système 3"), ("2 devices", "2 appareil(s)"), ("Devices", "Vos équipements"),
        ("Devices", "Votre matériel"), ("The passport", "La fiche"), ("Your vouchers", "Vos tickets"),
    ],
)  # fmt: skip
def test_wrong_words_are_seen(said: str, shown: str) -> None:
    assert wrong_words("lots", said, shown)


def test_right_words_pass() -> None:
    assert wrong_words("lots", "Your vouchers for these devices", "Vos bons pour ces appareils") == []
    assert wrong_words("regimes", "Its devices", "Son matériel") == []


# The page of samples, in French only: whether it was imported must not matter.
SAMPLES = {"reuse_market.web.kit"}


def _forms(form: type[Form]) -> Iterator[type[Form]]:
    for one in form.__subclasses__():
        yield one
        yield from _forms(one)


def _said(field: Any) -> Iterator[object]:
    """The label and the refusals of a field."""
    validators = [*(field.args[1] if len(field.args) > 1 else ()), *field.kwargs.get("validators", ())]
    yield from field.args[:1]
    yield from (field.kwargs.get(name) for name in ("label", "description"))
    yield from (getattr(one, "message", None) for one in validators)


def test_what_a_form_says_is_translated_when_it_is_shown() -> None:
    """A label or a refusal given as plain text stays English on a French page."""
    for module in pkgutil.walk_packages(reuse_market.__path__, "reuse_market."):
        if "forms" in module.name:
            importlib.import_module(module.name)
    fields = [
        (form, name, field)
        for form in set(_forms(Form))
        if form.__module__.startswith("reuse_market.") and form.__module__ not in SAMPLES
        for name, field in vars(form).items()
        if isinstance(field, UnboundField)
    ]
    assert len(fields) > 200
    plain = [
        (form.__name__, name, text)
        for form, name, field in fields
        for text in _said(field)
        if isinstance(text, str) and text
    ]
    assert plain == []
