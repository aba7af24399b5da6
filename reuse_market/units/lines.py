"""An act over many lines at once: the same move, each line with its own engagement and its own event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.db import command, session
from reuse_market.traceability import journal
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import Engagement
from reuse_market.units.services import Move, Opening, describe, move_rows

ROWS = 10_000  # ids an UPDATE takes at once: SQLite knows 32,766 variables


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number, its units, what its events say."""

    number: int
    unit_ids: Sequence[int]
    facts: Mapping[str, Any]


@command
def act_by_line(
    move: Move,
    lines: Sequence[Line],
    opening: Opening,
    placed: sa.Subquery,
    *,
    doing: journal.Act,
    stream: str,
) -> None:
    """`units.services.act` for each line, in a constant number of statements: `move` (with an action), then
    `opening` with the line's number, then one event per line and 1,000 units.

    `placed` has columns unit_id and line for the very same units: engagements are written from it.
    Refused: as `act` refuses, all or nothing.
    """
    if move.action is None:
        raise ValueError("an act by line needs a transition")
    ids = sorted(unit_id for line in lines for unit_id in line.unit_ids)
    target = None
    for start in range(0, len(ids), ROWS):
        target = move_rows(move, ids[start : start + ROWS], doing.actor)
    _open(opening, placed)
    parts = [
        journal.Part(
            line.unit_ids[start : start + journal.UNITS_PER_EVENT],
            describe(replace(move, opens=(replace(opening, line=line.number),)), target),
            line.facts,
        )
        for line in lines
        for start in range(0, len(line.unit_ids), journal.UNITS_PER_EVENT)
    ]
    journal.append_many(doing, stream, LIFE.transition(move.action).event, parts)
    session().expire_all()


def _open(opening: Opening, placed: sa.Subquery) -> None:
    source = sa.select(
        placed.c.unit_id,
        sa.literal(opening.kind),
        sa.literal(opening.reference),
        placed.c.line,
        sa.literal(opening.party_id),
        sa.literal(False),
        sa.literal(clock.now(), Engagement.from_at.type),
    )
    columns = ["unit_id", "kind", "reference", "line", "party_id", "extra", "from_at"]
    session().execute(sa.insert(Engagement).from_select(columns, source, include_defaults=False))
