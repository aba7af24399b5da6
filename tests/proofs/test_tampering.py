"""Whatever is changed behind the verbs' back is named by `journal verify` or `reconcile`.

The list is literal: what is done by raw SQL, and the rules that must be broken by it, no more and no fewer.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.traceability import payload
from reuse_market.traceability.models import Event
from tests.support.lives import Life
from tests.support.tampering import broken_by

UNIT, ENGAGED = "replay.unit", "replay.engagement"

# name → (SQL with the life's marks, rules broken)
BY_SQL: dict[str, tuple[str, set[str]]] = {
    "state": ("UPDATE unit SET state = 'discarded' WHERE id = :kept", {UNIT}),
    "state, with an engagement left open": (
        "UPDATE unit SET state = 'discarded' WHERE id = :listed", {UNIT, "unit.engaged"},
    ),
    "owner": ("UPDATE unit SET owner_id = :buyer WHERE id = :collected", {UNIT}),
    "owner of something offered": (
        "UPDATE unit SET owner_id = :holder WHERE id = :ready", {UNIT, "unit.custody", "unit.gate"},
    ),
    "custodian": ("UPDATE unit SET custodian_id = :holder WHERE id = :provided", {UNIT}),
    "custodian of something listed": (
        "UPDATE unit SET custodian_id = :workshop WHERE id = :listed", {UNIT, "unit.custody"},
    ),
    "regime": ("UPDATE unit SET regime = 'gift' WHERE id = :awarded", {UNIT}),
    "stream": ("UPDATE unit SET stream = 'lot/LOT-2026-0404' WHERE id = :kept", {UNIT}),
    "erased at another instant": (
        "UPDATE unit SET erased_at = tested_at, tested_at = '2020-01-01 00:00:00' WHERE id = :ready", {UNIT},
    ),
    "erasure forgotten": ("UPDATE unit SET erased_at = NULL WHERE id = :provided", {UNIT}),
    "tested without a test": ("UPDATE unit SET tested_at = '2020-01-01 00:00:00' WHERE id = :kept", {UNIT}),
    "unit gone": ("DELETE FROM unit WHERE id = :kept", {UNIT}),
    "unit from nowhere": (
        "INSERT INTO unit (id, state, version, owner_id, custodian_id, stream, origin, kind, count)"
        " VALUES (987654, 'in_use', 1, :holder, :holder, 'fleet/1', 'import', 'laptop', 1)", {UNIT},
    ),
    "engagement gone": (
        "DELETE FROM engagement WHERE unit_id = :listed AND kind = 'lot'", {ENGAGED, "lot.balance"},
    ),
    "engagement added": (
        "INSERT INTO engagement (unit_id, kind, reference, line, party_id, extra, from_at, until_at, outcome)"
        " VALUES (:provided, 'shipment', 'EXP-2026-0001', NULL, :buyer, :no, :now, :now, 'received')",
        {ENGAGED, "shipment.balance"},
    ),
    "engagement added, open": (
        "INSERT INTO engagement (unit_id, kind, reference, line, party_id, extra, from_at)"
        " VALUES (:listed, 'award', :claim, 1, :workshop, :no, :now)", {ENGAGED, "claim.balance"},
    ),
    "engagement given to another": (
        "UPDATE engagement SET party_id = :buyer WHERE unit_id = :awarded AND kind = 'award'", {ENGAGED},
    ),
    "closed engagement given to another": (
        "UPDATE engagement SET party_id = :buyer WHERE unit_id = :collected AND kind = 'award'", {ENGAGED},
    ),
    "engagement on another line": (
        "UPDATE engagement SET line = 9 WHERE unit_id = :listed AND kind = 'lot'", {ENGAGED, "lot.balance"},
    ),
    "outcome": (
        "UPDATE engagement SET outcome = 'refused' WHERE unit_id = :collected AND kind = 'lot'", {ENGAGED},
    ),
    "outcome at the pick-up": (
        "UPDATE engagement SET outcome = 'taken' WHERE unit_id = :missing AND kind = 'pickup'",
        {ENGAGED, "pickup.balance"},
    ),
    "declared as extra": (
        "UPDATE engagement SET extra = :yes WHERE unit_id = :collected AND kind = 'lot'", {ENGAGED, "lot.balance"},
    ),
    "declared more": ("UPDATE lot_line SET declared = declared + 1 WHERE id = 1", {"lot.balance"}),
    "lot closed too early": ("UPDATE lot SET state = 'closed' WHERE reference = :open_lot", {"lot.over"}),
    "awarded less": (
        "UPDATE claim_line SET awarded = awarded - 1 WHERE claim_id = 1 AND line = 1", {"claim.balance"},
    ),
    "check forgotten": ("DELETE FROM pickup_check WHERE outcome = 'missing'", {"pickup.balance"}),
    "extra that was never born": (
        "UPDATE pickup_check SET unit_id = NULL WHERE outcome = 'extra'", {"pickup.balance"},
    ),
    "reservation of more": (
        "UPDATE reservation SET units = 5 WHERE reference = :held_reference", {"reservation.balance"},
    ),
    "reservation handed over on paper": (
        "UPDATE reservation SET state = 'provided' WHERE reference = :held_reference", {"reservation.balance"},
    ),
    "failed test": ("UPDATE test_run SET passed = :no WHERE unit_id = :ready", {"unit.gate", "test.told"}),
    "erasure proof gone": ("DELETE FROM media_count WHERE unit_id = :held", {"unit.gate", "media.told"}),
    "event unit gone": ("DELETE FROM event_unit WHERE unit_id = :kept", {"journal.pairs"}),
    "event unit added": (
        "INSERT INTO event_unit (event_id, unit_id) VALUES (:last, 123456)", {"journal.pairs"},
    ),
    "event unit swapped": (
        "UPDATE event_unit SET unit_id = 123456 WHERE event_id = :published AND unit_id = :listed", {"journal.pairs"},
    ),
    "who acted": (
        "UPDATE event_commitment SET value = '404' WHERE event_id = :published", {"journal.commitment"},
    ),
    "commitment added": (
        "INSERT INTO event_commitment (event_id, name, value, key) VALUES (:published, 'reason', 'x', '00')",
        {"journal.commitment"},
    ),
    "head moved back": ("UPDATE stream_head SET seq = seq - 1 WHERE stream = :stream", {"journal.head"}),
    "head gone": ("DELETE FROM stream_head WHERE stream = :stream", {"journal.head"}),
    "event retold": ("UPDATE event SET type = 'lot.closed' WHERE id = :published", {"journal.column", "lot.told"}),
    "event of another": (
        "UPDATE event SET organisation_id = :buyer WHERE id = :published", {"journal.column"},
    ),
    "recorded earlier": (
        "UPDATE event SET recorded_at = '2020-01-01 00:00:00' WHERE id = :published",
        {"journal.column", "journal.time"},
    ),
    "dated earlier": (
        "UPDATE event SET occurred_at = '2020-01-01 00:00:00' WHERE id = :published", {"journal.column"},
    ),
    "hash": ("UPDATE event SET hash = :zeros WHERE id = :published", {"journal.hash", "journal.link"}),
    "event moved to another stream": (
        "UPDATE event SET stream = 'lot/LOT-2026-0404' WHERE id = :last",
        {"journal.column", "journal.sequence", "journal.link", "journal.head"},
    ),
    "event gone in the middle": ("DELETE FROM event WHERE id = :published", {
        "journal.sequence", "journal.link", "journal.pairs", UNIT, ENGAGED, "unit.engaged", "lot.told",
    }),
    "event gone at the end": (
        "DELETE FROM event WHERE id = :last", {"journal.head", "journal.pairs", UNIT, ENGAGED, "unit.engaged"},
    ),
    "birth gone": ("DELETE FROM event WHERE id = :birth", {
        "journal.sequence", "journal.link", "journal.pairs", UNIT, "replay.fold",
    }),
}  # fmt: skip


def _rewrite(stored: bytes, old: bytes, new: bytes) -> bytes:
    assert old in stored
    return stored.replace(old, new, 1)


def _forge(event: Event, *, rehash: bool, repair: bool) -> None:
    """Turn a `sale` into a `gift` in the payload; fit the hash; fit the link of the next one and so on."""
    stored = _rewrite(event.payload, b'"regime":"sale"', b'"regime":"gift"')
    digest = payload.digest(stored) if rehash else event.hash
    update = sa.text("UPDATE event SET payload = :p, hash = :h WHERE id = :id")
    session().execute(update, {"p": stored, "h": digest, "id": event.id})
    before, stream, seq = (event.hash, digest), event.stream, event.seq
    while repair:
        session().expire_all()
        following = session().scalars(sa.select(Event).filter_by(stream=stream, seq=seq + 1)).one_or_none()
        if following is None:
            head = sa.text("UPDATE stream_head SET hash = :h WHERE stream = :s")
            session().execute(head, {"h": before[1], "s": stream})
            return
        old, new = before
        moved = _rewrite(following.payload, old.encode(), new.encode())
        before, seq = (following.hash, payload.digest(moved)), seq + 1
        session().execute(update, {"p": moved, "h": before[1], "id": following.id})


FORGERIES: dict[str, tuple[Callable[[Event], None], set[str]]] = {
    "payload": (lambda e: _forge(e, rehash=False, repair=False), {"journal.hash", UNIT}),
    "payload and hash": (lambda e: _forge(e, rehash=True, repair=False), {"journal.link", UNIT}),
    "payload and the whole chain after it": (lambda e: _forge(e, rehash=True, repair=True), {UNIT}),
}


def _marks(life: Life) -> dict[str, object]:
    """What the SQL above points at."""
    stream = f"lot/{life.open_lot}"
    events = list(session().scalars(sa.select(Event).where(Event.stream == stream).order_by(Event.seq)))
    published = next(e for e in events if e.type == "lot.published")
    last = (
        session().scalars(sa.select(Event).where(Event.type == "claim.awarded").order_by(Event.id)).all()[-1]
    )
    return {
        "kept": life.unit_in("in_use"),
        "listed": life.unit_in("listed", stream=stream),
        **{
            state: life.unit_in(state)
            for state in ("awarded", "collected", "missing", "ready", "held", "provided")
        },
        "holder": life.holder.organisation_id,
        "workshop": life.workshop.organisation_id,
        "buyer": life.buyer.organisation_id,
        "open_lot": life.open_lot,
        "claim": f"DEM-{clock.today().year}-0001",
        "held_reference": life.held,
        "stream": stream,
        "published": published.id,
        "last": last.id,
        "birth": next(e for e in events if e.type == "unit.declared").id,
        "zeros": "0" * 64,
        "now": published.recorded_at.replace(tzinfo=None),
        "yes": True,
        "no": False,
    }


def test_each_tampering_is_named(life: Life) -> None:
    marks = _marks(life)
    db.release()
    found = {}
    for name, (statement, _expected) in BY_SQL.items():
        used = {key: marks[key] for key in sa.text(statement)._bindparams}
        found[name] = broken_by(lambda s=statement, m=used: session().execute(sa.text(s), m))
    assert found == {name: expected for name, (_statement, expected) in BY_SQL.items()}


@pytest.mark.parametrize("name", FORGERIES)
def test_each_forged_payload_is_named(life: Life, name: str) -> None:
    forge, expected = FORGERIES[name]
    statement = sa.select(Event).where(Event.type == "claim.awarded").order_by(Event.id)
    key = session().scalars(statement).all()[0].id  # others follow it in its stream
    db.release()
    assert broken_by(lambda: forge(session().get_one(Event, key))) == expected


def test_an_untouched_database_stays_silent_under_the_same_reading(life: Life) -> None:
    db.release()
    assert broken_by(lambda: None) == set()
