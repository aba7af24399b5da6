"""Every page of the demonstration, for every role, in French and in English: whole, light, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from reuse_market.demo.parties import PROFILES, address
from reuse_market.kernel import db
from reuse_market.web import catalogues
from tests.journeys.crawl import Page, sign_in, walk
from tests.support.demonstration import demonstration

PASSWORD = "parc-commun-demo"
SHORTEST = 6  # letters a text needs to betray its language
MOST_ELEMENTS, MOST_BYTES = 600, 120_000
PLACE = re.compile(r"%\((\w+)\)s|%%")
FILLED = {"size": r"\d.*?"}  # a figure: “24 inches” is ours, “Monitor 24 inches” as its holder says it


@pytest.fixture
def demo(tmp_path):
    """The application with the demonstration loaded."""
    yield demonstration(tmp_path)
    db.disconnect()


def pages(demo, language: str) -> list[Page]:
    """All pages by links, as a visitor and as each account, in a language."""
    suffix = "lang=en" if language == "en" else ""
    found = list(walk(demo, demo.test_client(), "visitor", "/", suffix))
    for profile in PROFILES:
        client = sign_in(demo, address(profile.login), PASSWORD)
        if language == "en":
            speak_english(client)
        found += walk(demo, client, profile.login, "/mon-espace")
    return found


def speak_english(client) -> None:
    """Through the form of the account's page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/compte").text)
    assert token
    form = {"csrf_token": token[1], "language": "en"}
    assert client.post("/compte/langue", data=form).status_code == 302
    assert '<html lang="en"' in client.get("/compte").text


def spoken() -> tuple[list[str], list[str]]:
    """All English texts and all French ones of the catalogue, but those that some msgid says in both alike."""
    english, french, both = [], [], set()
    for file in sorted(catalogues.french_folder(catalogues.ROOT).glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale="fr"):
                pairs = zip(_each(message.id), _each(message.string), strict=False)
                for one, other in pairs:
                    if one == other:
                        both.add(one)
                    elif one:
                        english.append(one)
                        french.append(other)
    return [one for one in english if one not in both], [one for one in french if one not in both]


def _each(text) -> Iterable[str]:
    return (text,) if isinstance(text, str) else text


def matcher(texts: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the texts that are long enough to be sure of, whatever fills their places."""
    kept = set()
    for text in texts:
        fixed = PLACE.sub("", text)
        if sum(letter.isalpha() for letter in fixed) >= SHORTEST:
            parts = PLACE.split(" ".join(text.split()))
            said = [
                FILLED.get(one or "", ".+?") if place % 2 else re.escape(one)
                for place, one in enumerate(parts)
            ]
            kept.add("".join(said))
    return re.compile("|".join(f"(?:{one})" for one in sorted(kept)))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_is_whole_light_and_of_one_language(demo, language):
    found = pages(demo, language)
    assert len({page.endpoint for page in found}) > 45, "the walk reaches the rooms"
    english, french = spoken()
    foreign, own = (english, french) if language == "fr" else (french, english)
    foreign_words, own_words = matcher(foreign), matcher(own)
    strangers, heavy = {}, {}
    for page in found:
        where = f"{page.role} {page.path}"
        assert page.read.language == language, where
        assert page.read.titles == 1, f"{where}: {page.read.titles} h1"
        for text in page.read.texts:
            if foreign_words.fullmatch(text) and not own_words.fullmatch(text):
                strangers.setdefault(text, where)
        weight = len(page.read.html.encode()) + static_weight(page.read.assets)
        if page.read.elements > MOST_ELEMENTS or weight > MOST_BYTES:
            heavy[where] = (page.read.elements, weight)
    assert strangers == {}
    assert heavy == {}


def static_weight(assets: set[str]) -> int:
    """Bytes of the files a page asks for."""
    files = (catalogues.ROOT / asset.split("?")[0].lstrip("/") for asset in assets)
    return sum(file.stat().st_size for file in files if Path(file).is_file())
