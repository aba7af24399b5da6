"""The check of the written pages sees what it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import docs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small checkout whose pages are right."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "reuse_market").mkdir()
    (tmp_path / "Makefile").write_text("run: x ## go\n")
    (tmp_path / "README.md").write_text(
        "[settings](docs/settings.md#top) [web](https://example.org) `make run`"
    )
    (tmp_path / "docs" / "settings.md").write_text("`REUSE_MARKET_BIND`, `REUSE_MARKET_MAIL_URL`")
    (tmp_path / "reuse_market" / "settings.py").write_text('get("BIND"), os.environ["REUSE_MARKET_MAIL_URL"]')
    return tmp_path


def _faults(root: Path) -> list[str]:
    return [*docs.dead_links(root), *docs.settings_faults(root), *docs.unknown_habits(root)]


def test_right_pages_pass(root):
    assert _faults(root) == []


@pytest.mark.parametrize(
    ("page", "text", "said"),
    [
        ("README.md", "[gone](docs/gone.md)", "no such file: docs/gone.md"),
        ("README.md", "`make coffee`", "no target coffee"),
        ("docs/settings.md", "`REUSE_MARKET_OLD`", "REUSE_MARKET_OLD is said but never read"),
        ("reuse_market/settings.py", 'get("NEW")', "REUSE_MARKET_NEW is read but not said"),
    ],
)
def test_faults_are_seen(root, page, text, said):
    path = root / page
    path.write_text(path.read_text() + "\n" + text)
    assert len(faults := _faults(root)) == 1
    assert said in faults[0]
