"""House rule of texts: each one marked for translation is whole, and seen by the check of the catalogues."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest
from jinja2 import Environment, nodes

from tests.house.rules import ROOT, sources
from tools.catalogues import KEYWORDS, extract

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
READER = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701 - parses, never renders
MADE = (nodes.Concat, nodes.Add, nodes.Mod)


def places(name: str) -> list[int]:
    """Which arguments of a marker are the text and its plural (not its context)."""
    return [place - 1 for place in KEYWORDS[name] or (1,) if isinstance(place, int)]


def marked(source: str) -> Iterator[tuple[int, ast.expr]]:
    """Line and text of each call of a marker, inside f-strings too."""
    if not any(f"{name}(" in source for name in KEYWORDS):
        return  # most modules say nothing
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in KEYWORDS:
                yield from ((node.lineno, node.args[at]) for at in places(name) if at < len(node.args))


def made_up(texts: Iterable[tuple[int, ast.expr]]) -> list[int]:
    """Lines of Python that mark a text put together there: nobody can translate it."""
    return [line for line, text in texts if _is_made(text)]


def _is_made(text: ast.expr) -> bool:
    formats = isinstance(text, ast.Call) and getattr(text.func, "attr", "") == "format"
    return formats or isinstance(text, ast.JoinedStr | ast.BinOp)


def made_up_in_page(source: str) -> list[int]:
    """The same for a template: `_('a' ~ b)`, `_('a' | format(b))`, `_('a'.format(b))`."""
    calls = [call for call in READER.parse(source).find_all(nodes.Call) if _marker(call) in KEYWORDS]
    texts = ((call, at) for call in calls for at in places(_marker(call)) if at < len(call.args))
    return [call.lineno for call, at in texts if _is_made_in_page(call.args[at])]


def _marker(call: nodes.Call) -> str:
    return str(getattr(call.node, "name", ""))


def _is_made_in_page(text: nodes.Expr) -> bool:
    filtered = isinstance(text, nodes.Filter) and text.name == "format"
    called = isinstance(text, nodes.Call) and getattr(text.node, "attr", "") == "format"
    return filtered or called or isinstance(text, MADE)


def said(texts: Iterable[tuple[int, ast.expr]]) -> list[tuple[int, str]]:
    """Texts that Python marks, as written there."""
    written = ((line, text.value) for line, text in texts if isinstance(text, ast.Constant))
    return [(line, text) for line, text in written if isinstance(text, str) and text]


def test_every_marked_text_is_whole_and_in_the_catalogues_check() -> None:
    found = extract(ROOT).values()
    known = {text.singular for text in found} | {text.plural for text in found}
    faults = []
    for path in sources():
        texts, name = list(marked(path.read_text(encoding="utf-8"))), path.relative_to(ROOT).as_posix()
        faults += [f"{name}:{line} puts its text together" for line in made_up(texts)]
        faults += [f"{name}:{line} {text!r} is not seen" for line, text in said(texts) if text not in known]
    for path in TEMPLATES:
        made = made_up_in_page(path.read_text(encoding="utf-8"))
        faults += [f"{path.relative_to(ROOT).as_posix()}:{line} puts its text together" for line in made]
    assert faults == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('_("Whole %(n)s", n=3)', 0), ('_(f"{n} parts")', 1), ('_("{} parts".format(n))', 1), ('_("a" + b)', 1),
        ('pgettext("a" + b, "Whole")', 0), ('pgettext("a", f"{b}")', 1), ('ngettext("a", f"{n} as", n)', 1),
        ('f"{_(word)} (3)"', 0), ('_l("%s parts" % n)', 1),
    ],
)  # fmt: skip
def test_texts_put_together_are_seen(source: str, count: int) -> None:
    assert len(made_up(marked(source))) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("{{ _('Whole %(n)s', n=3) }}", 0), ("{{ _('a' ~ b) }}", 1), ("{{ _('%s parts' | format(n)) }}", 1),
        ("{{ x | format(_('{} parts'.format(n))) }}", 1), ("{{ _(words[code]) }}", 0),
    ],
)  # fmt: skip
def test_texts_put_together_are_seen_in_pages(source: str, count: int) -> None:
    assert len(made_up_in_page(source)) == count


def test_a_text_inside_an_f_string_is_read() -> None:
    assert said(marked("""f'{_("Hidden from the tokens")} (3)'""")) == [(1, "Hidden from the tokens")]
