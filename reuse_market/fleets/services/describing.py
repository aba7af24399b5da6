"""What a unit of a fleet is described by, written anew and told in the journal by field, never by value."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import command, session
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.services import Move, act

RESYNCED = "fleet.resynced"


@command
def describe(values: Mapping[int, Mapping[str, Any]], *, stream: str, doing: journal.Act) -> None:
    """Write new values of units (unit id → column → value), one event per 1,000 naming fields and counts."""
    if not values:
        return
    fields = Counter(name for one in values.values() for name in one)
    facts = {"fields": {name: fields[name] for name in sorted(fields)}}
    act(Move(), sorted(values), doing=doing, stream=stream, event_type=RESYNCED, facts=facts)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for unit_id, one in values.items():
        alike[tuple(sorted(one))].append({"of_unit": unit_id} | dict(one))
    table: Any = Unit.__table__
    for columns, rows in sorted(alike.items()):
        statement = sa.update(table).where(table.c.id == sa.bindparam("of_unit"))
        session().connection().execute(statement.values({c: sa.bindparam(c) for c in columns}), rows)
    session().expire_all()
