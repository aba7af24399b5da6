"""Reads journeys written as Markdown: bullets are steps, the rest is said to people only.

A bullet holds clauses, parted by commas, “and” or “then”. In a clause **bold** names an organisation or a
person, “quoted” words are what the English page says (looked up in French), `typed` ones are given as they
are, “the lot”, “the code”… were kept before. What a clause does is in `steps.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.words import french_of

FOLDER = Path(__file__).parent / "scenarios"
KEPT = ("lot", "request", "pick-up", "reservation", "code", "label", "voucher")
TOKEN = re.compile(
    rf"\*\*(?P<W>[^*]+)\*\*|“(?P<Q>[^”]+)”|`(?P<C>[^`]+)`|\bthe (?P<K>{'|'.join(KEPT)})\b|(?P<N>\d+)"
)
JOINT = re.compile(r",?\s+(?:and then|and|then)\s+|,\s+")


@dataclass(frozen=True)
class Step:
    """One clause: who, its form (“types C as Q”) and what stands for the letters."""

    where: str
    who: str
    form: str
    given: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """One journey."""

    name: str
    title: str
    text: str
    steps: tuple[Step, ...]


def scenarios() -> list[Scenario]:
    """Every journey of the folder, by file name."""
    return [read(path) for path in sorted(FOLDER.glob("*.md"))]


def read(path: Path) -> Scenario:
    """One file: a title, then prose and bullets."""
    text = path.read_text(encoding="utf-8")
    steps: list[Step] = []
    who = ""
    for line, bullet in _bullets(text):
        for form, given in clauses(bullet):
            form = form.removeprefix("It ")
            if form.startswith("W ") and not bullet.startswith("Given"):
                who, form, given = given[0], form[2:], given[1:]
            steps.append(Step(f"{path.name}:{line}", who, form, given))
    title = next(line for line in text.splitlines() if line.startswith("# "))
    return Scenario(path.stem, title[2:], text, tuple(steps))


def clauses(bullet: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each clause of a bullet: its form and what stands for the letters. A “Given” is one clause."""
    found: list[tuple[str, str]] = []

    def keep(match: re.Match[str]) -> str:
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        return f"\0{len(found) - 1}\0"

    plain = TOKEN.sub(keep, bullet.rstrip(". "))
    parts = [plain] if bullet.startswith("Given") else JOINT.split(plain)
    made = []
    for part in parts:
        numbers = [int(number) for number in re.findall(r"\0(\d+)\0", part)]
        form = re.sub(r"\0(\d+)\0", lambda match: found[int(match[1])][0], part)
        made.append((" ".join(form.split()), tuple(found[number][1] for number in numbers)))
    return made


def in_french(text: str) -> str:
    """The same for people: in its bullets pages speak as the French interface does."""

    def french(match: re.Match[str]) -> str:
        return f"«\u00a0{french_of(' '.join(match[1].split()))[0]}\u00a0»"

    blocks = text.strip().split("\n\n")
    return "\n\n".join(
        re.sub(r"“([^”]+)”", french, block) if block.startswith("- ") else block for block in blocks
    )


def _bullets(text: str) -> list[tuple[int, str]]:
    """Line number and text of each bullet; its further lines are indented."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("- "):
            found.append((number, line[2:]))
        elif line.startswith("  ") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found
