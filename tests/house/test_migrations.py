"""The revisions of the checkout: one line, dated names, nothing of the product inside."""

from __future__ import annotations

import ast
import re

from alembic.script import ScriptDirectory

from reuse_market.kernel import migrating

NAME = re.compile(r"\d{8}_\d{4}_[a-z0-9_]+\.py")
FILES = sorted((migrating.SCRIPTS / "versions").glob("*.py"))


def test_there_is_one_head():
    assert len(ScriptDirectory(str(migrating.SCRIPTS)).get_heads()) <= 1


def test_file_names_begin_with_their_date():
    assert [f.name for f in FILES if not NAME.fullmatch(f.name)] == []


def test_revisions_do_not_lean_on_the_product():
    """An old revision must still run when the code it was written beside is gone."""
    leaning = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            leaning += [f"{path.name}: {n}" for n in names if n.split(".")[0] == "reuse_market"]
    assert leaning == []
