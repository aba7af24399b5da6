"""The rules of sharing as the dated rows in force say them, for the page that publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.refurbishing.models import SolidarityShare
from reuse_market.reservations.models import UnitCeiling

DELAYS = ("reservation.hold", "reservation.collect", "quote.validity", "waiting.answer", "need.answer")


@dataclass(frozen=True, slots=True)
class Rules:
    """`shares` and `ceilings`: the rows in force today; `coming`: those of a later day; `delays` in days."""

    shares: Sequence[SolidarityShare]
    ceilings: Sequence[UnitCeiling]
    coming: Sequence[SolidarityShare | UnitCeiling]
    delays: dict[str, int]


def in_force() -> Rules:
    """Every rule in force today, and what is already known of the days to come."""
    today = clock.today()
    shares = _newest(SolidarityShare, today, "kind")
    ceilings = _newest(UnitCeiling, today, "role", "kind")
    models: tuple[Any, ...] = (SolidarityShare, UnitCeiling)
    coming = [
        row
        for model in models
        for row in session().scalars(
            sa.select(model).where(model.valid_from > today).order_by(model.valid_from)
        )
    ]
    return Rules(
        [row for row in shares if row.percent], [row for row in ceilings if row.units is not None], coming,
        {code: delay_days(code) for code in DELAYS},
    )  # fmt: skip


def _newest(model: Any, today: date, *keys: str) -> list[Any]:
    found: dict[tuple[str, ...], Any] = {}
    for row in session().scalars(
        sa.select(model).where(model.valid_from <= today).order_by(model.valid_from)
    ):
        found[tuple(getattr(row, key) for key in keys)] = row
    return [found[key] for key in sorted(found)]
