"""Each house rule sees what it forbids and forgives what it does not: a rule that cannot fail is none."""

from __future__ import annotations

import ast

import pytest

from tests.house import rules

FORBIDDEN = [
    (rules.ends_transactions, "session().commit()"),
    (rules.ends_transactions, "with s.begin_nested(): pass"),
    (rules.ends_transactions, "undo = connection.rollback"),
    (rules.writes_state, "lot.state = 'draft'"),
    (rules.writes_state, "lot.state, lot.n = 'draft', 1"),
    (rules.writes_state, "lot.state += 'x'"),
    (rules.writes_state, "setattr(lot, 'state', 'x')"),
    (rules.writes_state, "sa.update(Lot).where(Lot.id == 1).values(state='x')"),
    (rules.writes_state, "update(Lot).values({'state': 'x'})"),
    (rules.reads_the_time, "datetime.now(UTC)"),
    (rules.reads_the_time, "dt.date.today()"),
    (rules.speaks_sql, "import sqlalchemy as sa"),
    (rules.speaks_sql, "from sqlalchemy.orm import Session"),
    (rules.speaks_sql, "from reuse_market.kernel.db import session"),
    (rules.speaks_sql, "db.session().get(Lot, 1)"),
    (rules.writes_tables, "csv.writer(out)"),
    (rules.writes_tables, "from csv import DictWriter"),
    (rules.writes_tables, "import xlsxwriter"),
    (rules.has_no_opening, ""),
    (rules.has_no_opening, '"""Lots."""'),
    (rules.has_no_opening, '"""Purpose: x.\n\nOwns: y.\nNever: z.\n1\n2\n3\n4\n5\n"""'),
]
ALLOWED = [
    (rules.writes_tables, "csv.DictReader(file)"),
    (rules.ends_transactions, "database.engine.begin()"),
    (rules.writes_state, "Lot(state='draft')"),
    (rules.writes_state, "sa.insert(Lot).values(state='draft')"),
    (rules.writes_state, "if lot.state == 'draft': state = lot.state"),
    (rules.reads_the_time, "clock.now() - timedelta(days=1)"),
    (rules.speaks_sql, "from reuse_market.lots import queries"),
    (rules.has_no_opening, '"""Purpose: x.\n\nOwns: y.\nNever: z.\n"""'),
]


@pytest.mark.parametrize(("rule", "source"), FORBIDDEN)
def test_forbidden(rule, source):
    assert list(rule(ast.parse(source)))


@pytest.mark.parametrize(("rule", "source"), ALLOWED)
def test_allowed(rule, source):
    assert not list(rule(ast.parse(source)))
