"""House rules that a linter does not know, each as a function from a file to what breaks it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "reuse_market"
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "constants", "misc", "tools"}
LONGEST_FILE = 350
LONGEST_DOCSTRING = 8

Rule = Callable[[ast.Module], Iterator[int]]


def sources(folder: Path = ROOMS) -> list[Path]:
    """Python files under `folder`."""
    return sorted(folder.rglob("*.py"))


def broken(rule: Rule, paths: list[Path], *, except_in: frozenset[str] = frozenset()) -> list[str]:
    """`path:line` of each place where a file breaks `rule`; `except_in` are paths allowed to."""
    found = []
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if name not in except_in:
            tree = ast.parse(path.read_text(encoding="utf-8"), name)
            found += [f"{name}:{line}" for line in rule(tree)]
    return found


def ends_transactions(tree: ast.Module) -> Iterator[int]:
    """`.commit()`, `.rollback()` and savepoints: kernel/db.py alone ends transactions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback", "begin_nested"}:
            yield node.lineno


def writes_state(tree: ast.Module) -> Iterator[int]:
    """`x.state = …`, `setattr(x, "state", …)`, `update(…).values(state=…)`: Workflow alone writes states.

    A row is born with its first state: `Lot(state="draft")` and inserts are no offence.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            written = node.attr == "state" and isinstance(node.ctx, ast.Store)
        else:
            written = isinstance(node, ast.Call) and (_sets_state(node) or _updates_state(node))
        if written:
            yield node.lineno


def _sets_state(call: ast.Call) -> bool:
    named = isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) == 3
    return named and isinstance(call.args[1], ast.Constant) and call.args[1].value == "state"


def _updates_state(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "values"):
        return False
    keys = {k.arg for k in call.keywords}
    for given in call.args:
        if isinstance(given, ast.Dict):
            keys |= {k.value for k in given.keys if isinstance(k, ast.Constant)}
    return "state" in keys and any(_is_update(part) for part in ast.walk(call.func.value))


def _is_update(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name == "update"


def reads_the_time(tree: ast.Module) -> Iterator[int]:
    """`datetime.now()`, `date.today()`, `utcnow()`: kernel/clock.py alone knows the time."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute)):
            continue
        owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
        if owner in {"datetime", "date"} and node.attr in {"now", "today", "utcnow"}:
            yield node.lineno


def speaks_sql(tree: ast.Module) -> Iterator[int]:
    """SQLAlchemy or the session in a view, a form or an API: pages call verbs and queries."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            speaks = any(a.name.split(".")[0] == "sqlalchemy" for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            module, names = node.module or "", {a.name for a in node.names}
            speaks = module.split(".")[0] == "sqlalchemy" or (
                module.endswith("kernel.db") and "session" in names
            )
        else:
            speaks = isinstance(node, ast.Attribute) and ast.unparse(node) == "db.session"
        if speaks:
            yield node.lineno


def writes_tables(tree: ast.Module) -> Iterator[int]:
    """`csv.writer`, `DictWriter`, a workbook: kernel/spreadsheets.py alone writes them, formulas made text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            written = node.attr in {"writer", "DictWriter", "Workbook", "workbook"} and isinstance(
                node.value, ast.Name
            )
        elif isinstance(node, ast.ImportFrom):
            written = (node.module or "") in {"csv", "xlsxwriter", "openpyxl"}
        else:
            names = (
                {alias.name.split(".")[0] for alias in node.names} if isinstance(node, ast.Import) else set()
            )
            written = bool(names & {"xlsxwriter", "openpyxl"})
        if written:
            yield node.lineno


def has_no_opening(tree: ast.Module) -> Iterator[int]:
    """A room without an opening docstring, at most 8 lines: its purpose, what it owns, and never."""
    words = ast.get_docstring(tree) or ""
    said = words.lower()
    if not all(word in said for word in ("purpose", "owns", "never")):
        yield 1
    elif len(words.splitlines()) > LONGEST_DOCSTRING:
        yield LONGEST_DOCSTRING + 1
