"""A shipment that nobody answers: both sides are reminded, and the operator's list has it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from reuse_market.collection.shipment_models import Shipment
from reuse_market.collection.shipments import mails
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session

DELAY = "shipment.remind"


def remind_due() -> int:
    """Job: remind both sides of shipments unanswered for the delay, then as often; returns how many."""
    return jobs.each(
        list(session().scalars(sa.select(Shipment.id).where(*due()))), _remind, "shipments.remind"
    )


def due() -> list[sa.ColumnElement[bool]]:
    """Criteria: sent, unanswered, and nobody was reminded of it since the delay."""
    since = sa.func.coalesce(Shipment.reminded_at, Shipment.sent_at)
    return [Shipment.state == "sent", since < clock.now() - timedelta(days=delay_days(DELAY))]


@command
def _remind(shipment_id: int) -> None:
    found = lock(Shipment, Shipment.id == shipment_id, *due())
    if found is not None:
        found.reminded_at = clock.now()
        mails.reminded(found)
