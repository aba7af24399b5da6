"""House rules of pages: nothing unused, plain addresses, easy-to-read texts that are easy to read."""

from __future__ import annotations

import re
from pathlib import Path

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


# Easy-to-read French, under class "falc": judged by tests/audit/falc.py on each of these pages.
EASY = {
    "mail/_falc.html", "reservations/requests/check.html", "reservations/requests/follow.html",
    "reservations/requests/letter.html", "reservations/requests/question.html",
    "reservations/requests/stop.html", "reservations/requests/thanks.html",
}  # fmt: skip


def test_easy_to_read_texts_are_easy() -> None:
    """A page that wears the class joins those that are read rule by rule."""
    wearing = {name for name, text in SOURCE.items() if re.search(r'class="[^"]*\bfalc\b', text)}
    assert wearing == EASY, (
        "show these pages in tests/reservations/requests/test_falc.py, or another test of the lint"
    )


def test_no_page_asks_for_an_unknown_template() -> None:
    named = set(re.findall(r"[\"']([\w-]+(?:/[\w-]+)+\.html)[\"']", "\n".join(SOURCE.values()) + PYTHON))
    assert sorted(name for name in named if not Path(TEMPLATES / name).is_file()) == []
