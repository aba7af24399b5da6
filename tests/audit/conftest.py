"""The demonstration as every role reads it, in both languages; and a browser to look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from reuse_market.command_line import prepare_database
from reuse_market.demo import loading
from reuse_market.demo.parties import PROFILES, address
from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.settings import Settings
from tests.audit.capture import Camera, Captured
from tests.audit.errands import ERRANDS
from tests.audit.looking import Look
from tests.support.database import forget_durability

PASSWORD = "parc-commun-demo"
Gallery = dict[str, dict[str, list[Captured]]]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with the demonstration loaded, once a worker."""
    folder = tmp_path_factory.mktemp("audit")
    made = create_app(
        Settings(
            database_url=f"sqlite:///{folder}/demo.sqlite",
            secret_key="a secret of the tests",
            files_url=f"file://{folder}/files",
            demo=True,
        )
    )
    forget_durability(db.database())
    with db.scope():
        prepare_database()
        loading.load(PASSWORD)
    return made


@pytest.fixture(scope="session")
def gallery(demonstration: Flask) -> Gallery:
    """Language → page template → its pages, each role's first. Taken before any test moves the database."""
    found: Gallery = {}
    for language in ("fr", "en"):
        kept: dict[str, list[Captured]] = defaultdict(list)
        for page in _taken(demonstration, language):
            if page.role not in {other.role for other in kept[page.template] if other.status == page.status}:
                kept[page.template].append(page)
        found[language] = dict(kept)
    return found


def _taken(app: Flask, language: str) -> list[Captured]:
    with Camera(app, language) as camera:
        visitors = {"visitor": camera.stranger()}
        for profile in PROFILES:
            visitors[profile.login] = camera.person(profile.login, address(profile.login), PASSWORD)
        for role, visitor in visitors.items():
            camera.crawl(visitor, "/" if role == "visitor" else "/mon-espace")
        for errand in ERRANDS:
            errand(visitors)
    return camera.pages


@pytest.fixture(scope="session")
def look(demonstration: Flask, browser: Browser) -> Iterator[Look]:
    """Opens captured pages, one after the other in one tab."""
    looking = Look(demonstration, browser)
    yield looking
    looking.close()


CHECKER = Path(__file__).resolve().parents[2] / ".venv/checkers/node_modules/vnu-jar/build/dist/vnu.jar"
