"""One act on many units: all or nothing, written down as it happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict
from reuse_market.proofs.replay import fold
from reuse_market.traceability import journal, queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.services import Closing, Move, Opening, act, create
from tests.support.world import World
from tests.units.conftest import EARLIER, Born

LOT = "LOT-2026-0001"
STREAM = f"lot/{LOT}"
Do = Callable[..., list[Event]]


@pytest.fixture
def do(world: World) -> Do:
    """`do(Move(…), ids)`: one act of the holder on the lot's stream."""

    @db.command
    def run(move: Move, ids: list[int], **details: Any) -> list[Event]:
        doing = details.pop("doing", None) or journal.Act(world.holder().actor)
        return act(move, ids, doing=doing, stream=STREAM, **details)

    return run


def _listing(world: World) -> Move:
    return Move(
        action="publish", stream=STREAM, opens=(Opening("lot", LOT, world.holder().organisation_id, 1),)
    )


def _snapshot() -> tuple[list[Any], list[Any], int]:
    session().expire_all()
    units = (
        session().execute(sa.select(Unit.id, Unit.state, Unit.version, Unit.stream).order_by(Unit.id)).all()
    )
    columns = (Engagement.unit_id, Engagement.kind, Engagement.outcome)
    held = session().execute(sa.select(*columns).order_by(Engagement.id)).all()
    return list(units), list(held), session().scalar(sa.select(sa.func.count()).select_from(Event)) or 0


def test_many_units_move_in_one_event(world: World, born: Born, do: Do) -> None:
    ids = born("discarded", 40)
    [event] = do(_listing(world), ids, facts={"lot": LOT})
    body = queries.body(event)
    assert body["units"] == [[ids[0], ids[-1]]]
    assert body["change"] == {
        "state": "listed", "stream": STREAM,
        "opens": [{"kind": "lot", "ref": LOT, "party": world.holder().organisation_id, "line": 1}],
    }  # fmt: skip
    assert {u.state for u in session().scalars(sa.select(Unit))} == {"listed"}
    assert {u.version for u in session().scalars(sa.select(Unit))} == {2}


def test_more_than_a_thousand_share_one_act(world: World, born: Born, do: Do) -> None:
    ids = born("discarded", 2100)
    events = do(_listing(world), ids)
    assert [len(queries.body(e)["units"]) for e in events] == [1, 1, 1]
    assert len({e.act_id for e in events}) == 1
    assert verify_chains() == []


@pytest.mark.parametrize(
    "fault", ["state", "missing engagement", "held already", "two owners", "unknown unit"]
)
def test_all_or_nothing(world: World, born: Born, do: Do, fault: str) -> None:
    """One unit of two that cannot, and none has moved; nothing is written down."""
    party = world.holder().organisation_id
    lot = Opening("lot", LOT, party, 1)
    good = born(
        "discarded" if fault != "missing engagement" else "listed",
        1,
        opens=(lot,) if "missing" in fault else (),
    )
    odd: dict[str, Callable[[], list[int]]] = {
        "state": lambda: born("in_use"),
        "missing engagement": lambda: born("listed"),
        "held already": lambda: born("discarded", opens=(lot,)),
        "two owners": lambda: born("discarded", owner_id=world.buyer().organisation_id),
        "unknown unit": lambda: [987_654],
    }
    ids = [*good, *odd[fault]()]
    move = _listing(world)
    if fault == "missing engagement":
        move = Move(action="expire", closes=(Closing("lot", LOT, "expired"),))
    before = _snapshot()
    with pytest.raises(Conflict):
        do(move, ids)
    assert _snapshot() == before
    assert verify_chains() == []


def test_a_second_open_engagement_of_a_kind_is_refused_by_the_database(born: Born, world: World) -> None:
    party = world.holder().organisation_id
    [unit_id] = born("listed", opens=(Opening("lot", LOT, party, 1),))
    [kept] = session().scalars(sa.select(Engagement).where(Engagement.unit_id == unit_id))
    insert = sa.insert(Engagement).values(
        unit_id=unit_id,
        kind="lot",
        reference="LOT-2026-0002",
        party_id=party,
        extra=False,
        from_at=kept.from_at,
    )

    @db.command
    def again(**values: Any) -> None:
        session().execute(insert.values(**values))

    with pytest.raises(Conflict) as raced:
        again()
    assert raced.value.code == "raced"
    again(kind="award")
    again(until_at=kept.from_at, outcome="expired")


@pytest.mark.parametrize("values", [{"outcome": "expired"}, {"kind": "loan"}])
def test_engagements_the_database_refuses(born: Born, world: World, values: dict[str, Any]) -> None:
    [unit_id] = born("listed")
    row = {
        "unit_id": unit_id,
        "kind": "lot",
        "reference": LOT,
        "party_id": 1,
        "extra": False,
        "from_at": EARLIER,
    }

    @db.command
    def write() -> None:
        session().execute(sa.insert(Engagement).values(**row | values))

    with pytest.raises(sa.exc.IntegrityError):
        write()


@pytest.mark.parametrize("gate", ["erased_at", "tested_at"])
def test_nothing_is_ready_without_its_gates(world: World, born: Born, do: Do, gate: str) -> None:
    ids = born("in_workshop", 2)
    gates = {"erased_at": EARLIER, "tested_at": EARLIER, gate: None}
    with pytest.raises(sa.exc.IntegrityError):
        do(Move(action="make_ready", **gates), ids)
    do(Move(action="make_ready", erased_at=EARLIER, tested_at=EARLIER), ids)
    with pytest.raises(sa.exc.IntegrityError):
        do(Move(clears=(gate,)), ids, event_type="unit.identified")


def test_nothing_to_do_writes_nothing(world: World, born: Born, do: Do) -> None:
    before = _snapshot()
    assert do(_listing(world), []) == []
    assert _snapshot() == before


def test_an_act_without_transition_needs_its_event_type(born: Born, do: Do) -> None:
    with pytest.raises(ValueError, match="event type"):
        do(Move(regime="sale"), born("discarded"))


def test_the_journal_alone_gives_the_present(world: World, born: Born, do: Do) -> None:
    """Owner, custodian, regime, gates and engagements of a long life, folded from the events."""
    holder, actor = world.holder().organisation_id, world.reuse_actor().organisation_id
    ids = born("discarded", 2)
    do(_listing(world), ids)
    claim = Opening("award", "DEM-2026-0001", actor, 1)
    do(Move(action="award", regime="sale", opens=(claim,)), ids)
    closes = (Closing("award", "DEM-2026-0001", "collected"), Closing("lot", LOT, "collected"))
    driver = journal.Act(world.reuse_actor().actor)
    do(Move(action="collect", party_id=actor, custodian_id=actor, closes=closes), ids, doing=driver)
    do(Move(owner_id=actor), ids, event_type="pickup.countersigned")
    do(Move(action="receive"), ids, doing=driver)
    do(Move(action="make_ready", erased_at=EARLIER, tested_at=EARLIER), ids[:1], doing=driver)
    with queries.all_events() as events:
        told, broken = fold(queries.body(event) for event in events)
    assert broken == []
    for unit in session().scalars(sa.select(Unit).where(Unit.id.in_(ids))):
        kept = told[unit.id]
        assert (kept.state, kept.owner, kept.custodian, kept.regime, kept.stream) == (
            unit.state, unit.owner_id, unit.custodian_id, unit.regime, unit.stream,
        )  # fmt: skip
        assert kept.open == {}
        assert kept.closed == {
            ("award", "DEM-2026-0001", 1, actor, False, "collected"): 1,
            ("lot", LOT, 1, holder, False, "collected"): 1,
        }
    assert [told[i].erased_at for i in ids] == ["2026-01-05T00:00:00.000Z", None]


def test_units_are_born_in_order_with_their_columns(world: World) -> None:
    holder = world.holder()

    @db.command
    def make() -> list[int]:
        rows = [{"kind": "laptop", "serial": f"S{n}", "ram_mb": 8192} for n in range(5)] + [
            {"kind": "monitor"}
        ]
        return create(
            rows, doing=journal.Act(holder.actor), stream="fleet/1", event_type="fleet.imported",
            state="in_use", owner_id=holder.organisation_id, custodian_id=holder.organisation_id, origin="import",
        )  # fmt: skip

    ids = make()
    kept = [session().get_one(Unit, i) for i in ids]
    assert [(u.kind, u.serial, u.ram_mb, u.count) for u in kept] == [
        *(("laptop", f"S{n}", 8192, 1) for n in range(5)), ("monitor", None, None, 1),
    ]  # fmt: skip
    payloads = session().scalars(sa.select(Event.payload)).all()
    assert not any(b"S1" in stored for stored in payloads)
