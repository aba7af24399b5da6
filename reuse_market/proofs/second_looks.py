"""Exceptions, signed checks and what holders ask for, held to the journal: a row it does not know proves nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure.models import (
    CheckedCertificate,
    ErasureCertificate,
    ErasureCheck,
    ErasureDemand,
    ErasureException,
)
from reuse_market.kernel.db import session
from reuse_market.proofs.hearing import Told


def differing(told: Told) -> list[str]:
    """What differs from the journal: "exception/12", "withdrawn/7", "check/3", "demand/lot/LOT-2026-0001"."""
    exceptions = dict(
        session().execute(sa.select(ErasureException.certificate_id, ErasureException.ground)).all()
    )
    void = sa.select(ErasureCertificate.id).where(ErasureCertificate.void_at.is_not(None))
    demands = {row.stream: (row.how, row.percent) for row in session().scalars(sa.select(ErasureDemand))}
    withdrawn, told_withdrawn = dict.fromkeys(session().scalars(void)), dict.fromkeys(told.withdrawn)
    return [
        *_unlike("exception", exceptions, told.exceptions), *_unlike("withdrawn", withdrawn, told_withdrawn),
        *_unlike("check", _signed(), told.checked), *_unlike("demand", demands, told.demands),
    ]  # fmt: skip


def _signed() -> dict[int, tuple[Any, ...]]:
    """List → what its rows say, in the order of the event; a list that is not signed proves nothing."""
    rows = defaultdict(list)
    statement = sa.select(CheckedCertificate).order_by(CheckedCertificate.certificate_id)
    for row in session().scalars(statement):
        rows[row.check_id].append(row)
    found = {}
    for one in session().scalars(sa.select(ErasureCheck).where(ErasureCheck.signed_at.is_not(None))):
        ours = rows[one.id]
        refused = [row.certificate_id for row in ours if row.accepted is False]
        # A refusal leaves those not drawn uncovered; anything else accepts them all.
        fitting = all(
            row.accepted is (None if refused and not row.drawn else row.certificate_id not in refused)
            for row in ours
        )
        found[one.id] = (
            one.stream, one.how, one.percent, one.seed, [row.certificate_id for row in ours] if fitting else [],
            [row.certificate_id for row in ours if row.drawn], refused,
        )  # fmt: skip
    return found


def _unlike(what: str, kept: dict[Any, Any], said: dict[Any, Any]) -> list[str]:
    keys = sorted(kept.keys() | said.keys())
    return [f"{what}/{key}" for key in keys if key not in kept or key not in said or kept[key] != said[key]]
