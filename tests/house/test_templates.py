"""House rules of pages: nothing unused, plain addresses, easy-to-read texts that are easy to read."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.house.rules import ROOT

TEMPLATES = ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
SOURCE = {path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
PYTHON = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "reuse_market").rglob("*.py")))
SHOWCASE = "kit/kit.html"  # uses every macro once, so it does not count as a use

WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z]+)?\Z")
PROGRAMS = ("/api/", "/static/")
LATIN = re.compile(r"[a-z0-9./<>:,_()=' -]+\Z")


def macros(source: str) -> list[str]:
    """Names of the macros a template makes."""
    return re.findall(r"{%-?\s*macro\s+(\w+)", source)


def unused_macros(sources: dict[str, str], elsewhere: str = "") -> list[str]:
    """`file: macro` of each macro that no page uses."""
    unused = []
    for file, source in sources.items():
        for name in macros(source):
            called = re.compile(rf"\b{name}\(|\bimport\b[^%]*\b{name} as\b")
            inside = re.sub(rf"macro\s+{name}\(", "", source)
            others = "\n".join(text for other, text in sources.items() if other not in (file, SHOWCASE))
            if not called.search(inside) and not called.search(others) and f'"{name}"' not in elsewhere:
                unused.append(f"{file}: {name}")
    return unused


def test_every_macro_is_used() -> None:
    assert unused_macros(SOURCE, PYTHON) == []


def test_an_unused_macro_is_seen() -> None:
    made = {"kit/a.html": "{% macro used() %}{% endmacro %}{% macro lost() %}{% endmacro %}"}
    assert unused_macros(made | {"b.html": "{{ used() }}", SHOWCASE: "{{ lost() }}"}) == ["kit/a.html: lost"]


def test_every_template_is_named_somewhere() -> None:
    """By a view, or by another template. (That each page is really filled: tests/audit.)"""
    everything = "\n".join(SOURCE.values()) + PYTHON
    lost = [
        name for name in SOURCE
        if not name.startswith(("mail/", "errors/")) and f'"{name}"' not in everything
        and f"'{name}'" not in everything and not _by_pattern(name)
    ]  # fmt: skip
    assert lost == []


def _by_pattern(name: str) -> bool:
    """`f"observatory/{page}.html"`: the names stand in the route."""
    folder, _, file = name.rpartition("/")
    return f'f"{folder}/{{' in PYTHON and file.removesuffix(".html") in PYTHON


MADE = ("c2", "c3", "c4", "c5", "c6", "z2", "z3")  # written by web/charts.py and places/map.py with a number
AWAITED = ("falc", "pic")  # easy-to-read pages: none yet, see the end of this file


def test_every_style_is_used() -> None:
    """Classes of the style sheet that no template and no code writes."""
    sheet = re.sub(r"/\*.*?\*/", "", (ROOT / "static/app.css").read_text(encoding="utf-8"), flags=re.S)
    heads = re.findall(r"([^{}]+){", sheet)
    classes = {name for head in heads for name in re.findall(r"\.(-?[a-z][a-z0-9-]*)", head)}
    assert len(classes) > 50
    written = set(re.findall(r"[a-z][a-z0-9-]*", "\n".join(t for n, t in SOURCE.items() if n != SHOWCASE)))
    written |= set(re.findall(r"[a-z][a-z0-9-]*", PYTHON))
    assert sorted(classes - written - set(MADE) - set(AWAITED)) == []


def plain(rule: str) -> list[str]:
    """What is wrong with an address: its words are lower kebab-case, its places typed."""
    faults = [f"{rule}: <{name}> has no type" for name in re.findall(r"<(\w+)>", rule)]
    words = [part for part in re.split(r"/|<[^>]*>\.?", rule) if part]
    return faults + [
        f"{rule}: {part}" for part in words if not WORD.match(part) and part not in ("pdf", "csv")
    ]


@pytest.mark.parametrize(("rule", "count"), [("/mes-lots/<string:a>", 0), ("/mesLots", 1), ("/a_b/<c>", 2)])
def test_addresses_are_judged(rule: str, count: int) -> None:
    assert len(plain(rule)) == count


@pytest.mark.parametrize("backend", ["sqlite"])
def test_addresses_are_plain_words_and_typed(app: Flask) -> None:
    rules: list[Rule] = [r for r in app.url_map.iter_rules() if not r.rule.startswith(PROGRAMS)]
    assert len(rules) > 100
    assert [fault for rule in rules for fault in plain(rule.rule)] == []


# Easy-to-read French (the State's guide to plain writing, the part a machine can judge) under class "falc".
MOST_WORDS, MOST_TEXT, MOST_NUMBER = 15, 60, 999
SIGNS = re.compile(r"[;()\[\]…&>#§→%]|\.\.\.|\s–\s")
SHORT_DATE = re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b")
CAPITALS = re.compile(r"\b[A-ZÀ-Ý]{2,}\b")


class Easy(HTMLParser):
    """The texts of a page that stand under `falc`, block by block."""

    BLOCKS = frozenset(
        {"p", "li", "h1", "h2", "h3", "h4", "label", "legend", "dt", "dd", "td", "th", "button"}
    )
    ALONE = frozenset({"br", "img", "input", "hr", "meta", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        self.faults: list[str] = []
        self._depth = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Enter an element."""
        if tag in self.ALONE:
            return
        if self._depth or "falc" in (dict(attrs).get("class") or "").split():
            self._depth += 1
            if tag in ("i", "em", "u"):
                self.faults.append(f"<{tag}>: neither italic nor underlined")
        if tag in self.BLOCKS:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        if self._depth and tag not in self.ALONE:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        """Keep what is under `falc`."""
        if self._depth:
            self.texts[-1] += data


def hard(page: str) -> list[str]:
    """What makes the easy-to-read parts of a page hard to read."""
    easy = Easy(page)
    faults, texts = easy.faults, [" ".join(text.split()) for text in easy.texts if text.strip()]
    if sum(len(text.split()) for text in texts) > MOST_TEXT:
        faults.append(f"more than {MOST_TEXT} words on the page")
    for text in texts:
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            if len(sentence.split()) > MOST_WORDS:
                faults.append(f"more than {MOST_WORDS} words: {sentence}")
        if len(re.findall(r"[.!?](?:\s|$)", text)) > 1:
            faults.append(f"more than one sentence on a line: {text}")
        faults += [f"{sign[0]} in: {text}" for sign in SIGNS.finditer(text)]
        faults += [f"date in figures: {text}" for _ in SHORT_DATE.finditer(text)]
        faults += [f"capitals: {text}" for _ in CAPITALS.finditer(text)]
        numbers = re.findall(r"\d+", re.sub(r"(?<=\d)[\s\u202f\u00a0](?=\d{3})", "", text))
        faults += [f"number over {MOST_NUMBER}: {text}" for number in numbers if int(number) > MOST_NUMBER]
    return faults


def _falc(line: str) -> str:
    return f'<p>Hors sujet (oui) ; 1/2/2026</p><main class="w falc"><p>{line}</p></main>'


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Vous demandez un ordinateur.", 0), ("Vous venez. Vous signez.", 1), ("Le bon (vert) ; ici", 3),
        ("Venez le 03/04/2026.", 2), ("Le SIRET", 1), ("Le prix est de 1 200 euros.", 1), ("C’est <em>prêt</em>.", 1),
        (" ".join(["mot"] * 16), 1), (" ".join(["mot"] * 61), 2),
    ],
)  # fmt: skip
def test_hard_reading_is_seen(line: str, count: int) -> None:
    assert len(hard(_falc(line))) == count


def test_easy_to_read_texts_are_easy() -> None:
    """No page is written in easy French yet. The first that is must be rendered and judged here by `hard`."""
    wearing = [name for name, text in SOURCE.items() if re.search(r'class="[^"]*\bfalc\b', text)]
    assert wearing == [], "render these pages from the demonstration in tests/audit and judge them by `hard`"


def test_no_page_asks_for_an_unknown_template() -> None:
    named = set(re.findall(r"[\"']([\w-]+(?:/[\w-]+)+\.html)[\"']", "\n".join(SOURCE.values()) + PYTHON))
    assert sorted(name for name in named if not Path(TEMPLATES / name).is_file()) == []
