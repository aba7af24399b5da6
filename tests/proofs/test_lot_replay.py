"""A lot's journal alone, replayed from zero, is the lot as it stands; whatever is changed beside it shows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.lots.models import Lot
from reuse_market.proofs.lot_replay import lot_faults
from tests.support.lives import Life


def test_each_lot_of_a_life_replays_to_what_it_is(life: Life) -> None:
    lots = session().scalars(sa.select(Lot.reference)).all()
    assert {life.lot, life.open_lot} < set(lots)
    past = "LOT-2026-9999"  # a row written by hand: no journal tells of it
    assert [fault for lot in lots if lot != past for fault in lot_faults(lot)] == []
    with pytest.raises(NotFound):
        lot_faults("LOT-2026-0404")


# What is changed behind the journal's back, and what then speaks up. {lot}: a lot collected and closed.
CHANGES = {
    "UPDATE unit SET state = 'waste' WHERE stream = 'lot/{lot}' AND state = 'collected'": "replay.unit",
    "UPDATE unit SET custodian_id = 1 + custodian_id % 2 WHERE stream = 'lot/{lot}' AND state = 'collected'":
        "replay.unit",
    "UPDATE engagement SET outcome = 'collected' WHERE kind = 'lot' AND reference = '{lot}' AND outcome = 'missing'":
        "replay.lot",
    "DELETE FROM engagement WHERE kind = 'lot' AND reference = '{lot}' AND extra": "replay.lot",
    "UPDATE lot SET state = 'published' WHERE reference = '{lot}'": "replay.lot",
    "UPDATE lot_line SET declared = declared + 1 WHERE lot_id = (SELECT id FROM lot WHERE reference = '{lot}')":
        "replay.lot",
}  # fmt: skip


def test_what_is_changed_beside_the_journal_shows(life: Life) -> None:
    """In a transaction that is thrown away, one after the other."""
    for statement, rule in CHANGES.items():
        try:
            with db.writing():
                changed = session().execute(sa.text(statement.format(lot=life.lot)))
                assert changed.rowcount, statement  # type: ignore[attr-defined]  # an UPDATE or DELETE has one
                session().expire_all()
                assert rule in {fault.rule for fault in lot_faults(life.lot)}, statement
        finally:
            db.release()
        assert lot_faults(life.lot) == [], "thrown away"
        db.release()
