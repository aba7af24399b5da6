"""The balance always adds up, whatever happened to the units; the place is for those who have units."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.lots import queries, services
from reuse_market.lots.balances import COLLECTED, OPEN, OUTCOMES, Balance, of_rows, place
from reuse_market.lots.models import Lot
from reuse_market.traceability.journal import Act
from reuse_market.units.models import STATES, Engagement
from reuse_market.units.services import Closing, Move, Opening, act, create
from tests.lots.conftest import draft, published
from tests.support.world import Party, World


@db.command
def move(lot: Lot, party: Party, action: str, ids: list[int], **details: object) -> None:
    move = Move(action, party_id=party.organisation_id, **details)
    act(move, ids, doing=Act(party.actor), stream=f"lot/{lot.reference}")


def award(lot: Lot, actor: Party, ids: list[int]) -> None:
    move(lot, actor, "award", ids, opens=(Opening("award", "DEM-2026-0001", actor.organisation_id, 1),))


def give_back(lot: Lot, actor: Party, ids: list[int]) -> None:
    move(lot, actor, "release", ids, closes=(Closing("award", "DEM-2026-0001", "released"),))


def end(lot: Lot, actor: Party, action: str, outcome: str, ids: list[int]) -> None:
    closes = (Closing("award", "DEM-2026-0001", outcome), Closing("lot", lot.reference, outcome))
    custodian = actor.organisation_id if outcome == "collected" else None
    move(lot, actor, action, ids, closes=closes, custodian_id=custodian)


def units_of(lot: Lot) -> list[int]:
    held = sa.select(Engagement.unit_id).where(
        Engagement.kind == "lot", Engagement.reference == lot.reference
    )
    return list(db.session().scalars(held.order_by(Engagement.unit_id)))


def test_every_count_of_a_lot_that_lived(world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    lot = published(holder, units=6, counted=4)
    ids = units_of(lot)
    award(lot, actor, ids[:7])
    end(lot, actor, "collect", "collected", ids[:3])
    end(lot, actor, "miss", "missing", ids[3:4])
    end(lot, actor, "refuse", "refused", ids[4:5])
    move(lot, actor, "receive", ids[:1])

    @db.command
    def extra() -> None:
        create(
            [{"kind": "laptop"}], doing=Act(actor.actor), stream=f"lot/{lot.reference}",
            event_type="pickup.extra", state="collected", owner_id=holder.organisation_id,
            custodian_id=actor.organisation_id, origin="extra",
            opens=(Opening("lot", lot.reference, holder.organisation_id, 1),),
            closes=(Closing("lot", lot.reference, "collected"),), extra=True,
        )  # fmt: skip

    extra()
    assert queries.balance(lot) == Balance(
        declared=10, extra=1, listed=3, awarded=2, in_transit=3, in_workshop=1, missing=1, refused=1
    )
    lines, balance = queries.contents(lot)
    assert balance == queries.balance(lot)
    assert [(s.number, s.declared, s.extra, s.left, s.claimed, s.gone) for s in lines] == [
        (1, 6, 1, 0, 1, 4),
        (2, 4, 0, 3, 1, 0),
    ]
    assert sum(s.left for s in lines) == balance.listed == sum(queries.left_by_line(lot.reference).values())
    assert sum(s.gone for s in lines) == balance.collected == 4


def test_a_draft_counts_what_is_prepared(world: World) -> None:
    lot = draft(world.holder(), units=2, counted=3)
    assert queries.balance(lot) == Balance(declared=5, extra=0, drafted=5)


def test_a_balance_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(AssertionError):
        Balance(declared=3, extra=0, listed=2)
    with pytest.raises(AssertionError):
        of_rows([{"line": 1, "outcome": None, "state": "listed", "extra": False, "units": 2}], declared=3)


def test_every_state_has_its_place_after_each_outcome() -> None:
    counts = set(Balance(0, 0).parts_of_total())
    assert {place(None, state) for state in OPEN} == {"listed", "awarded"}
    assert set(COLLECTED) == set(STATES)
    assert {place("collected", state) for state in STATES} <= counts
    assert {place(outcome, "discarded") for outcome in OUTCOMES} == set(OUTCOMES)
    with pytest.raises(ValueError, match="sold"):
        place("sold", "provided")


def test_a_lot_is_settled_once_nothing_is_open(world: World) -> None:
    holder, actor = world.holder(), world.reuse_actor()
    lot = published(holder, units=2, counted=0)
    award(lot, actor, units_of(lot))
    assert services.settle(lot.id, actor=actor.actor).state == "published"
    end(lot, actor, "collect", "collected", units_of(lot))
    assert services.settle(lot.id, actor=actor.actor).state == "closed"
    assert services.settle(lot.id, actor=SYSTEM).state == "closed"


def test_awarded_units_keep_a_lot_from_being_withdrawn(world: World) -> None:
    from reuse_market.kernel.errors import Conflict

    holder, actor = world.holder(), world.reuse_actor()
    lot = published(holder, units=2, counted=0)
    award(lot, actor, units_of(lot)[:1])
    with pytest.raises(Conflict):
        services.withdraw_lot(lot.id, actor=holder.actor, reason="Trop tôt")
    assert queries.balance(lot).listed == 1


def test_the_place_is_for_those_who_were_given_units(world: World) -> None:
    holder, actor, other = world.holder(), world.reuse_actor(), world.reuse_actor("Second Atelier")
    lot = published(holder, units=3, counted=0)

    def seers() -> set[str]:
        everybody = {
            "holder": holder.actor, "actor": actor.actor, "other": other.actor, "visitor": VISITOR,
            "operator": world.operator().actor, "another holder": world.holder("Autre Exemple").actor,
        }  # fmt: skip
        return {name for name, one in everybody.items() if queries.may_see_place(lot, one)}

    assert seers() == {"holder", "operator"}
    award(lot, actor, units_of(lot)[:1])
    assert seers() == {"holder", "operator", "actor"}
    give_back(lot, actor, units_of(lot)[:1])
    assert seers() == {"holder", "operator"}
    award(lot, actor, units_of(lot)[:1])
    end(lot, actor, "collect", "collected", units_of(lot)[:1])
    assert seers() == {"holder", "operator", "actor"}
