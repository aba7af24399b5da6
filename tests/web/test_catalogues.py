"""The French catalogue: compiled from the rooms' files, and checked by the tool."""

from __future__ import annotations

import gettext
import os
import sys
from pathlib import Path

import pytest

from reuse_market.web import catalogues as running

sys.path.insert(0, str(running.ROOT / "tools"))
import catalogues as tool

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"""


def po(*pairs: tuple[str, str]) -> str:
    return HEAD + "".join(f'\nmsgid "{english}"\nmsgstr "{french}"\n' for english, french in pairs)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A whole little project: two rooms, one template, their French."""
    (tmp_path / "reuse_market" / "lots").mkdir(parents=True)
    (tmp_path / "reuse_market" / "claims").mkdir()
    (tmp_path / "templates" / "lots").mkdir(parents=True)
    (tmp_path / "templates" / "mail" / "claims").mkdir(parents=True)
    (tmp_path / "templates" / "kit").mkdir()
    (tmp_path / "reuse_market" / "lots" / "views.py").write_text(
        'x = _("Publish the lot")\ny = N_("A lot of %(n)s")\n'
    )
    (tmp_path / "templates" / "lots" / "page.html").write_text(
        "{{ ngettext('%(num)s lot', '%(num)s lots', n) }}"
    )
    folder = running.french_folder(tmp_path)
    folder.mkdir(parents=True)
    plural = """
msgid "%(num)s lot"
msgid_plural "%(num)s lots"
msgstr[0] "%(num)s lot"
msgstr[1] "%(num)s lots"
"""
    (folder / "lots.po").write_text(
        po(("Publish the lot", "Publier le lot"), ("A lot of %(n)s", "Un lot de %(n)s")) + plural
    )
    return tmp_path


def kinds(tree: Path, *only: str) -> list[str]:
    return [fault.split()[0] for fault in tool.check(tree, list(only))]


def write(tree: Path, room: str, text: str) -> None:
    (running.french_folder(tree) / f"{room}.po").write_text(text)


def test_a_whole_tree_has_no_fault(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["check", "--root", str(tree)]) == 0
    assert "whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        (po(("Publish the lot", "Diffuser le lot")), "double"),
        (po(("Nobody says this", "Personne ne dit cela")), "unused"),
        (po(("New words", "")), "missing"),
        (po(("New words", "Des mots !")), "typography"),
        (po(("New words", "L'usage")), "typography"),
        (po(("New words", "100 % neuf")), "percent"),
        (po(("New words", "Des mots de %(who)s")), "placeholder"),
        (po() + '\n#, fuzzy\nmsgid "New words"\nmsgstr "Des mots"\n', "fuzzy"),
    ],
)
def test_each_fault_is_told(tree: Path, planted: str, kind: str) -> None:
    (tree / "templates" / "kit" / "page.html").write_text("{% macro m() %}{{ _('New words') }}{% endmacro %}")
    write(tree, "web", po(("New words", "Des mots")))
    assert kinds(tree) == []
    write(tree, "claims" if kind in ("double", "unused") else "web", planted)
    assert kinds(tree) == [kind]
    assert tool.main(["check", "--root", str(tree)]) == 1


def test_a_missing_placeholder_is_told(tree: Path) -> None:
    write(
        tree,
        "lots",
        (running.french_folder(tree) / "lots.po").read_text().replace("Un lot de %(n)s", "Un lot"),
    )
    assert kinds(tree) == ["placeholder"]


def test_identical_french_in_two_rooms_is_no_fault(tree: Path) -> None:
    write(tree, "claims", po(("Publish the lot", "Publier le lot")))
    assert kinds(tree) == []


def test_one_room_can_be_checked_alone(tree: Path) -> None:
    (tree / "reuse_market" / "claims" / "views.py").write_text('_("Take the lot")')
    assert kinds(tree, "lots") == []
    assert kinds(tree, "claims") == ["missing"]


def test_update_files_each_text_with_its_room_and_keeps_what_was_written(tree: Path) -> None:
    (tree / "reuse_market" / "claims" / "views.py").write_text('_("Take the lot")')
    (tree / "templates" / "mail" / "claims" / "new.txt").write_text("{{ _('A claim came') }}")
    (tree / "templates" / "mail" / "welcome.txt").write_text("{{ _('Welcome') }}")
    (tree / "templates" / "kit" / "page.html").write_text("{{ _('Close') }}")
    write(
        tree,
        "lots",
        (running.french_folder(tree) / "lots.po").read_text() + po(("Old", "L'ancien !"))[len(HEAD) :],
    )
    tool.update(tree, [], prune=False)
    found = tool.sources(tree)
    assert {
        room: sorted(str(m.id[0] if isinstance(m.id, tuple) else m.id) for m in found[room] if m.id)
        for room in found
    } == {
        "claims": ["A claim came", "Take the lot"],
        "notices": ["Welcome"],
        "web": ["Close"],
        "lots": ["%(num)s lot", "A lot of %(n)s", "Old", "Publish the lot"],
    }
    assert found["lots"].get("Publish the lot").string == "Publier le lot"
    assert found["lots"].get("Old").string == "L’ancien\u00a0!"
    before = {path: path.read_text() for path in running.french_folder(tree).glob("*.po")}
    tool.update(tree, [], prune=False)
    assert {path: path.read_text() for path in before} == before
    tool.update(tree, [], prune=True)
    assert tool.sources(tree)["lots"].get("Old") is None


def test_a_template_that_does_not_parse_is_not_passed_over(tree: Path) -> None:
    (tree / "templates" / "lots" / "broken.html").write_text("{% if %}{{ _('Lost') }}")
    with pytest.raises(Exception, match="Expected an expression"):
        tool.check(tree)


def french_of(tree: Path, text: str) -> str:
    with (running.french_folder(tree) / "messages.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext(text)


def test_the_catalogue_is_compiled_when_stale_only(tree: Path) -> None:
    running.compile_stale(tree)
    compiled = running.french_folder(tree) / "messages.mo"
    assert french_of(tree, "Publish the lot") == "Publier le lot"
    first = compiled.stat().st_mtime_ns
    running.compile_stale(tree)
    assert compiled.stat().st_mtime_ns == first
    write(tree, "claims", po(("Take the lot", "Prendre le lot")))
    later = first + 1_000_000_000
    os.utime(running.french_folder(tree) / "claims.po", ns=(later, later))
    running.compile_stale(tree)
    assert french_of(tree, "Take the lot") == "Prendre le lot"
    assert [path.name for path in running.french_folder(tree).iterdir() if path.suffix == ".mo"] == [
        "messages.mo"
    ]


def test_fuzzy_french_is_not_shown(tree: Path) -> None:
    fuzzy = po() + '\n#, fuzzy\nmsgid "Take the lot"\nmsgstr "Peut-être"\n'
    write(tree, "claims", fuzzy)
    running.compile_stale(tree)
    assert french_of(tree, "Take the lot") == "Take the lot"


def test_the_kit_speaks_french_throughout() -> None:
    assert tool.check(running.ROOT, ["web"]) == []
