"""Appending: gapless chains under rivals, dates in order, people who can be forgotten."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.traceability import journal, payload, queries
from reuse_market.traceability.models import Event, EventCommitment, EventUnit, StreamHead
from reuse_market.traceability.verify import verify_chains
from tests.support.races import together
from tests.traceability.conftest import ACTOR, Append

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_one_chain_a_stream(append: Append) -> None:
    for stream in ("lot/A", "lot/B", "lot/A", "lot/A"):
        append(stream)
    chain = queries.events_of_stream("lot/A")
    bodies = [queries.body(event) for event in chain]
    assert [event.seq for event in chain] == [1, 2, 3]
    assert [body["prev"] for body in bodies] == [payload.GENESIS, chain[0].hash, chain[1].hash]
    assert [payload.digest(event.payload) for event in chain] == [event.hash for event in chain]
    assert [event.seq for event in queries.events_of_stream("lot/B")] == [1]
    assert verify_chains() == []


def test_only_inside_a_command(database: db.Database) -> None:
    with pytest.raises(RuntimeError, match="inside a command"):
        journal.append(journal.Act(ACTOR), "lot/A", "lot.published")


def test_streams_stay_gapless_under_eight_threads(append: Append) -> None:
    db.release()
    outcomes = together(8, lambda n: [append(f"lot/{'AB'[(n + i) % 2]}").seq for i in range(12)])
    assert [one.error for one in outcomes] == [None] * 8
    for stream in ("lot/A", "lot/B"):
        assert [e.seq for e in queries.events_of_stream(stream)] == list(range(1, 49))
    assert verify_chains() == []


def test_a_command_tried_again_writes_its_events_once(append: Append) -> None:
    """What the first try knew of the stream went with it."""
    append("lot/A")
    tries = []

    @db.command
    def busy() -> None:
        for kind in ("lot.closed", "lot.expired"):
            journal.append(journal.Act(ACTOR), "lot/A", kind)
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))

    busy()
    append("lot/A")
    told = [(e.seq, e.type) for e in queries.events_of_stream("lot/A")]
    assert told == [(1, "lot.published"), (2, "lot.closed"), (3, "lot.expired"), (4, "lot.published")]
    assert (len(tries), verify_chains()) == (2, [])


def test_a_command_that_fails_leaves_no_gap(append: Append) -> None:
    append("lot/A")

    @db.command
    def fails() -> None:
        journal.append(journal.Act(ACTOR), "lot/A", "lot.closed")
        raise Invalid("no")

    with pytest.raises(Invalid):
        fails()
    append("lot/A")
    assert [(e.seq, e.type) for e in queries.events_of_stream("lot/A")] == [
        (1, "lot.published"),
        (2, "lot.published"),
    ]
    assert verify_chains() == []


def test_units_go_in_as_ranges_and_pairs(append: Append) -> None:
    event = append(unit_ids=[3, 1, 2, 9, 9])
    assert queries.body(event)["units"] == [[1, 3], [9, 9]]
    pairs = sa.select(EventUnit.unit_id).where(EventUnit.event_id == event.id).order_by(EventUnit.unit_id)
    assert session().scalars(pairs).all() == [1, 2, 3, 9]


def test_an_event_speaks_of_a_thousand_units_at_most(append: Append) -> None:
    with pytest.raises(ValueError, match="1,000"):
        append(unit_ids=range(1, 1002))

    @db.command
    def many() -> list[Event]:
        return journal.append_all(journal.Act(ACTOR), "lot/A", "lot.published", range(1, 2501))

    events = many()
    assert [queries.body(e)["units"] for e in events] == [[[1, 1000]], [[1001, 2000]], [[2001, 2500]]]
    assert len({e.act_id for e in events}) == 1


@pytest.mark.parametrize(
    "details",
    [
        {"facts": {"name": "Atelier Exemple"}},
        {"facts": {"serial": "PF 1A2B3C"}},
        {"facts": {"note": "À voir demain"}},
        {"facts": {"email": "nom@exemple.org"}},
        {"facts": {"price": 12.5}},
        {"facts": {"Lot": "LOT-2026-0001"}},
        {"change": {"state": "prêt"}},
        {"stream": "lot/Eybens, quai B"},
        {"kind": "Lot publié"},
    ],
)
def test_names_serials_and_free_text_are_refused(append: Append, details: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        append(**details)
    assert session().scalar(sa.select(sa.func.count()).select_from(Event)) == 0


def test_nobody_is_named_in_the_bytes(append: Append) -> None:
    event = append(commitments={"reason": "Parti chez l’Entreprise Exemple"})
    assert b"Exemple" not in event.payload
    assert set(queries.body(event)["commitments"]) == {"person", "reason"}
    assert queries.persons_of([event.id]) == {event.id: 3}


def test_forgetting_somebody_keeps_the_chain(append: Append) -> None:
    event = append(commitments={"reason": "texte"})
    append()

    @db.command
    def forget() -> None:
        session().execute(sa.delete(EventCommitment).where(EventCommitment.event_id == event.id))

    forget()
    assert queries.persons_of([event.id]) == {}
    assert verify_chains() == []


def test_an_act_is_never_dated_after_its_recording(append: Append) -> None:
    with clock.frozen(NOON):
        with pytest.raises(Invalid) as refused:
            append(occurred_at=NOON + timedelta(seconds=1))
        assert refused.value.field == "occurred_at"
        event = append(occurred_at=NOON - timedelta(days=2))
    assert (event.occurred_at, event.recorded_at) == (NOON - timedelta(days=2), NOON)


def test_recorded_times_never_run_back(append: Append) -> None:
    """Two nodes whose clocks differ: the later event keeps the time of the one before."""
    with clock.frozen(NOON):
        append()
    with clock.frozen(NOON - timedelta(minutes=5)):
        assert append().recorded_at == NOON
    assert verify_chains() == []


def test_the_actor_stands_in_the_payload(append: Append) -> None:
    system = journal.Act(Actor(via="system"))
    assert queries.body(append(act=system))["actor"] == {"organisation": None, "via": "system"}
    assert queries.body(append())["actor"] == {"organisation": 7, "via": "self"}


def test_the_stored_bytes_are_what_was_hashed(append: Append) -> None:
    event = append(facts={"count": 3}, unit_ids=[1])
    key = event.id
    db.release()
    kept = session().get_one(Event, key)
    assert payload.canonical(json.loads(kept.payload)) == kept.payload
    head = session().get_one(StreamHead, kept.stream)
    assert (head.seq, head.hash, head.recorded_at) == (kept.seq, kept.hash, kept.recorded_at)


def test_a_stream_in_short(append: Append) -> None:
    append(unit_ids=[1, 2, 3])
    append(kind="lot.closed")
    assert [(t.type, t.units) for t in queries.told_of_stream("lot/LOT-2026-0001")] == [
        ("lot.published", 3), ("lot.closed", 0),
    ]  # fmt: skip
