"""The house rules hold in every source file."""

from __future__ import annotations

from pathlib import Path

from tests.house import rules
from tests.house.rules import ROOMS, ROOT, broken, sources

KERNEL_DB = frozenset({"reuse_market/kernel/db.py"})
WORKFLOW = frozenset({"reuse_market/kernel/workflow.py"})
TABLES = frozenset({"reuse_market/kernel/spreadsheets.py"})
CLOCK = frozenset({"reuse_market/kernel/clock.py"})


def test_there_is_something_to_look_at():
    assert len(sources()) > 50


def test_only_the_kernel_ends_transactions():
    assert broken(rules.ends_transactions, [ROOT / "app.py", *sources()], except_in=KERNEL_DB) == []


def test_only_a_workflow_writes_states():
    assert broken(rules.writes_state, sources(), except_in=WORKFLOW) == []


def test_only_the_clock_reads_the_time():
    assert broken(rules.reads_the_time, sources(), except_in=CLOCK) == []


def test_one_writer_of_csv_and_spreadsheets():
    assert broken(rules.writes_tables, sources(), except_in=TABLES) == []


def test_pages_and_forms_speak_no_sql():
    edges = [
        p for p in sources() if {"views", "api", "forms", "schemas"} & {p.stem.split("_")[0], p.parent.name}
    ]
    assert broken(rules.speaks_sql, edges) == []


def test_each_room_says_its_purpose():
    assert broken(rules.has_no_opening, list(ROOMS.glob("*/__init__.py"))) == []


def test_files_are_short():
    paths = [ROOT / "app.py", *sources(), *sources(ROOT / "bench"), *sources(ROOT / "tools")]
    lengths = {p.relative_to(ROOT).as_posix(): _lines(p) for p in paths}
    assert lengths.pop("reuse_market/proofs/verify.py") <= 600  # one file by nature: it is handed out alone
    assert {name: n for name, n in lengths.items() if n > rules.LONGEST_FILE} == {}


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_names_say_what_is_inside():
    named = [p.relative_to(ROOT).as_posix() for p in ROOMS.rglob("*") if p.stem in rules.BANNED_NAMES]
    assert named == []
