"""Every page of the demonstration, for every role, in French and in English: whole, light, in one language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reuse_market.demo.parties import PROFILES, address
from reuse_market.kernel import db
from reuse_market.web import catalogues
from tests.journeys.crawl import Page, sign_in, walk
from tests.journeys.languages import strangers
from tests.support.demonstration import demonstration

PASSWORD = "parc-commun-demo"
MOST_ELEMENTS, MOST_BYTES = 600, 120_000


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


# Each run reads the French of every template and role in the audit's gallery (tests/audit/test_pages.py).
@pytest.mark.parametrize("language", [pytest.param("fr", marks=pytest.mark.long), "en"])
def test_each_page_is_whole_light_and_of_one_language(demo, language):
    found = pages(demo, language)
    assert len({page.endpoint for page in found}) > 45, "the walk reaches the rooms"
    heavy = {}
    for page in found:
        where = f"{page.role} {page.path}"
        assert page.read.language == language, where
        assert page.read.titles == 1, f"{where}: {page.read.titles} h1"
        weight = len(page.read.html.encode()) + static_weight(page.read.assets)
        if page.read.elements > MOST_ELEMENTS or weight > MOST_BYTES:
            heavy[where] = (page.read.elements, weight)
    assert strangers(((f"{page.role} {page.path}", page.read.texts) for page in found), language) == {}
    assert heavy == {}


def static_weight(assets: set[str]) -> int:
    """Bytes of the files a page asks for."""
    files = (catalogues.ROOT / asset.split("?")[0].lstrip("/") for asset in assets)
    return sum(file.stat().st_size for file in files if Path(file).is_file())
