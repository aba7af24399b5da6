"""The demonstration as every role reads it, in both languages; and a browser to look at it."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from reuse_market.demo.parties import PROFILES, address
from reuse_market.kernel import db
from tests.audit.capture import Camera, Captured, Static
from tests.audit.errands import ERRANDS
from tests.audit.looking import Look
from tests.audit.mistakes import mistaken
from tests.support.demonstration import demonstration

PASSWORD = "parc-commun-demo"
LANGUAGES = ("fr", "en")
Gallery = dict[str, dict[str, list[Captured]]]


@pytest.fixture(scope="session")
def _taken(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Gallery, Static]:
    """The pages and the static files, taken once for all workers: each takes a language nobody has begun.

    English, the second language, is taken where a test of this run asks for it (`make long`).
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    folder = folder / "audit"
    folder.mkdir(exist_ok=True)
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    asked = {call.params.get("language") for call in calls if call is not None}
    languages = [language for language in LANGUAGES if language == "fr" or language in asked]
    for language in languages:
        _once(folder, language, block=False)
    found = {language: _once(folder, language, block=True) for language in languages}
    return {language: pages for language, (pages, _static) in found.items()}, found["fr"][1]


def _once(folder: Path, language: str, *, block: bool) -> tuple[dict[str, list[Captured]], Static]:
    """The pages of a language, as whoever came first took them; nothing when another one is at it."""
    kept = folder / f"{language}.pickle"
    with (folder / f"{language}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if block else fcntl.LOCK_NB))
        except BlockingIOError:
            return {}, {}
        if not kept.is_file():
            kept.write_bytes(pickle.dumps(_take(folder / language, language)))
    found: tuple[dict[str, list[Captured]], Static] = pickle.loads(kept.read_bytes())  # noqa: S301 – made here
    return found


def _take(folder: Path, language: str) -> tuple[dict[str, list[Captured]], Static]:
    """Load the demonstration, walk it as each role, run the errands, then make mistakes in every form."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    app = demonstration(folder)
    with Camera(app, language) as camera:
        visitors = {"visitor": camera.stranger()}
        for profile in PROFILES:
            visitors[profile.login] = camera.person(profile.login, address(profile.login), PASSWORD)
        for role, visitor in visitors.items():
            camera.crawl(visitor, "/" if role == "visitor" else "/mon-espace")
        for errand in ERRANDS:
            errand(visitors)
        mistaken(app, visitors, list(camera.pages))
    db.disconnect()
    kept: dict[str, list[Captured]] = {}
    for page in camera.pages:
        same = kept.setdefault(page.template, [])
        if (page.role, page.status) not in {(other.role, other.status) for other in same}:
            same.append(page)
    return kept, camera.static


@pytest.fixture(scope="session")
def gallery(_taken: tuple[Gallery, Static]) -> Gallery:
    """Language → page template → its pages, one of each role and status."""
    return _taken[0]


@pytest.fixture(scope="session")
def look(_taken: tuple[Gallery, Static], browser: Browser) -> Iterator[Look]:
    """Opens captured pages, one after the other in one tab."""
    looking = Look(_taken[1], browser)
    yield looking
    looking.close()


CHECKER = Path(__file__).resolve().parents[2] / ".venv/checkers/node_modules/vnu-jar/build/dist/vnu.jar"
