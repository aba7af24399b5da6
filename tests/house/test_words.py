"""The glossary is kept: words that are never shown, and one French word for each thing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

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
