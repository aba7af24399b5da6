"""Checks the written pages: links lead somewhere, settings and `make` habits are those that exist.

python tools/docs.py     prints what is wrong; exit 1 when something is
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SETTING = re.compile(r"REUSE_MARKET_[A-Z][A-Z_]*[A-Z]")
READ_BY_NAME = re.compile(r"""\bget\(\s*"([A-Z][A-Z_]*)\"""")
HABIT = re.compile(r"`make ([a-z]+)")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def pages(root: Path) -> list[Path]:
    """The Markdown pages of the checkout."""
    found = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("*/README.md")]
    return sorted(p for p in found if ".venv" not in p.parts)


def dead_links(root: Path) -> list[str]:
    """Relative links that lead to no file."""
    faults = []
    for page in pages(root):
        for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
            path = target.split("#")[0]
            if path and ":" not in path and not (page.parent / path).exists():
                faults.append(f"{page.relative_to(root)}: no such file: {target}")
    return faults


def settings_read(root: Path) -> set[str]:
    """Names of the settings the code reads, the tests' own included."""
    names: set[str] = set()
    for path in [*root.glob("*.py"), *root.glob("reuse_market/**/*.py"), *root.glob("tests/**/*.py")]:
        if path.name == "test_docs_tool.py":  # plants names of its own
            continue
        names.update(SETTING.findall(path.read_text(encoding="utf-8")))
    source = root / "reuse_market" / "settings.py"
    if source.exists():
        text = source.read_text(encoding="utf-8")
        names.update(f"REUSE_MARKET_{name}" for name in READ_BY_NAME.findall(text))
    return names


def settings_faults(root: Path) -> list[str]:
    """Settings read but not written down, or written down but never read."""
    page = root / "docs" / "settings.md"
    if not page.exists():
        return ["docs/settings.md: missing"]
    said, read = set(SETTING.findall(page.read_text(encoding="utf-8"))), settings_read(root)
    return [f"docs/settings.md: {name} is read but not said" for name in sorted(read - said)] + [
        f"docs/settings.md: {name} is said but never read" for name in sorted(said - read)
    ]


def unknown_habits(root: Path) -> list[str]:
    """`make` targets the pages speak of and the Makefile does not have."""
    known = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    return [
        f"{page.relative_to(root)}: the Makefile has no target {name}"
        for page in pages(root)
        for name in HABIT.findall(page.read_text(encoding="utf-8"))
        if name not in known
    ]


def main() -> int:
    """Print every fault; 1 when there is one."""
    faults = [*dead_links(ROOT), *settings_faults(ROOT), *unknown_habits(ROOT)]
    print("\n".join(faults) or "The written pages are whole.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
