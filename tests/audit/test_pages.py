"""Every page template, in both languages: nothing for axe, nothing cut, light, its focus seen, its HTML valid.

The same markup carries both languages: French is looked at on each run, English in the long one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.audit.capture import Captured, page_templates
from tests.audit.conftest import CHECKER, Gallery
from tests.audit.looking import Budget, Look
from tests.journeys.crawl import Read
from tests.journeys.languages import strangers

LANGUAGES = ["fr", pytest.param("en", marks=pytest.mark.long)]
LOOKED_AT = {
    "fr": 2,
    "en": 1,
}  # pages of one template opened in the browser; those that refuse something first
ITS_OWN_WORDS = "demo/"  # the names of its sign-ins, and mails in their reader's language
PUBLIC = Budget(transferred=60_000, requests=6, elements=300, ecoindex=84)
PHONE = {
    "collection/stop.html", "collection/problem.html", "collection/difference.html", "collection/extra.html",
    "collection/rest.html", "collection/handover.html", "collection/found.html", "collection/road.html",
}  # fmt: skip
LISTS = Budget(elements=600, ecoindex=70)
LONG_LISTS = {  # named exceptions: the console, a form in front of 25 rows, a quarter and a kind in each cell,
    "desk/lots.html", "fleets/fleet.html", "fleets/forecast.html", "proofs/fates.html",
}  # fmt: skip


def budget(page: Captured) -> Budget:
    """What this page may weigh."""
    if page.template in LONG_LISTS:
        return LISTS
    return PUBLIC if page.role == "visitor" or page.template in PHONE else Budget()


def looked_at(pages: list[Captured], most: int) -> list[Captured]:
    """One page of each answer (shown, refused), then other roles'."""
    by_status = {page.status: page for page in reversed(pages)}
    chosen = sorted(by_status.values(), key=lambda page: page.status)[-most:]
    return chosen + [page for page in pages if page not in chosen][: most - len(chosen)]


def unlike(pages: list[Captured]) -> list[Captured]:
    """The pages of a template without those that hold only what others hold."""
    skeletons = [page.skeleton for page in pages]
    kept: list[Captured] = []
    for number, page in enumerate(pages):
        others = skeletons[:number] + [one for one in skeletons[number + 1 :] if one != skeletons[number]]
        if not any(skeletons[number] <= other for other in others):
            kept.append(page)
    return kept


@pytest.mark.parametrize("template", sorted(page_templates()))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_fit_for_everybody(gallery: Gallery, look: Look, template: str, language: str) -> None:
    pages = gallery[language].get(template, [])
    french = unlike(looked_at(gallery["fr"].get(template, []), LOOKED_AT["fr"]))
    faults = {}
    assert pages, "no visit reaches it"
    for page in looked_at(pages, LOOKED_AT[language]):
        new = page in french or not any(page.skeleton <= other.skeleton for other in french)
        if found := list(look.faults(page, budget(page), rules=new)):
            faults[str(page)] = found
    assert faults == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_is_reached(gallery: Gallery, language: str) -> None:
    """Where one is not, show it to the audit: by an errand (errands.py), or a link from the demonstration."""
    assert page_templates() - set(gallery[language]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_of_one_language(gallery: Gallery, language: str) -> None:
    """Its one heading, its `lang` and its words, refusals and what only errands reach included."""
    pages = [page for of in gallery[language].values() for page in of]
    read = [(str(page), Read(page.html)) for page in pages if not page.template.startswith(ITS_OWN_WORDS)]
    assert {where for where, page in read if (page.language, page.titles) != (language, 1)} == set()
    assert strangers(((where, page.texts) for where, page in read), language) == {}


def test_no_cookie_before_sign_in(gallery: Gallery) -> None:
    pages = [page for kept in gallery.values() for of in kept.values() for page in of]
    anonymous = [page for page in pages if page.role == "visitor"]
    assert len(anonymous) > 30
    assert [str(page) for page in anonymous if page.cookies] == []


def test_titles_tell_pages_apart(gallery: Gallery) -> None:
    """Two pages of one language never carry the same title and different templates."""
    named: dict[tuple[str, str], set[str]] = {}
    for language, kept in gallery.items():
        for template, pages in kept.items():
            title = pages[0].html.partition("<title>")[2].partition("</title>")[0]
            named.setdefault((language, title), set()).add(template)
    assert {title: of for title, of in named.items() if len(of) > 1} == {}


def test_every_page_is_valid_html(gallery: Gallery, tmp_path: Path) -> None:
    if not CHECKER.is_file() or shutil.which("java") is None:
        # A Java program that npm brings: a machine without either still runs every other check of the page.
        pytest.skip("NO HTML CHECKER: sh tools/find_checkers.sh says what it lacks")
    names: dict[str, str] = {}
    for language, kept in gallery.items():
        for template, pages in kept.items():
            for page in unlike(pages):
                name = f"{language}-{template.replace('/', '-')}-{page.role}-{page.status}.html"
                (tmp_path / name).write_text(page.html, encoding="utf-8")
                names[name] = str(page)
    assert len(names) > 200
    done = subprocess.run(
        ["java", "-Xss1m", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    faults: dict[str, list[str]] = {}
    for message in json.loads(done.stderr)["messages"]:
        if message["type"] == "error":
            where = names[Path(message["url"]).name]
            faults.setdefault(f"{message['message']}: {message.get('extract', '')!r}", []).append(where)
    assert {said: pages[:3] for said, pages in faults.items()} == {}
