"""A database's schema as plain values, to compare two ways of making it."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

IGNORED = {"alembic_version"}


def describe(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    """Every table: columns, keys, checks and indexes, sorted, so that two databases compare with ==."""
    inspector = sa.inspect(engine)
    return {name: _table(inspector, name) for name in inspector.get_table_names() if name not in IGNORED}


def _table(inspector: sa.Inspector, name: str) -> dict[str, Any]:
    foreign = [
        (
            tuple(k["constrained_columns"]),
            k["referred_table"],
            tuple(k["referred_columns"]),
            str(k["options"]),
        )
        for k in inspector.get_foreign_keys(name)
    ]
    unique = [tuple(c["column_names"]) for c in inspector.get_unique_constraints(name)]
    checks = [(c["name"] or "", _plain(c["sqltext"])) for c in inspector.get_check_constraints(name)]
    return {
        "columns": sorted(
            (c["name"], str(c["type"]), c["nullable"], _plain(c["default"] or ""))
            for c in inspector.get_columns(name)
        ),
        "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
        "foreign keys": sorted(foreign),
        "unique": sorted(unique),
        "checks": sorted(checks),
        "indexes": sorted(_index(index) for index in inspector.get_indexes(name)),
    }


def _index(index: Any) -> tuple[str, tuple[str, ...], bool, str]:
    options = index.get("dialect_options", {})
    where = next((_plain(str(v)) for k, v in options.items() if k.endswith("_where")), "")
    parts = index.get("expressions") or index["column_names"]
    return (str(index["name"]), tuple(str(p) for p in parts), bool(index["unique"]), where)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", str(text)).strip()
