"""A lot to come: counted, announced for a month, filled and published, or given up; and its lines' locks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, DomainError, Invalid
from reuse_market.lots import listing, pages, planned, queries, services, words
from reuse_market.lots.board import BoardFilters
from reuse_market.lots.models import Lot, LotItem
from reuse_market.lots.services import Expected
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability.queries import body, events_of_stream
from reuse_market.units.models import Unit
from tests.lots.conftest import fleet, terms
from tests.support.world import Party, World

MONTH = date(2027, 3, 1)
NOW = clock.at_paris(date(2026, 11, 20), 10)
LINES = (Expected("laptop", 40), Expected("monitor", 10, "24 pouces"))


def announced(holder: Party, lines: tuple[Expected, ...] = LINES, **values: Any) -> Lot:
    """An announcement for March 2027."""
    said = {"site_id": holder.site_id, "expected_month": MONTH} | values
    lot = services.draft_plan(lines, said, actor=holder.actor)
    return services.announce_lot(lot.id, actor=holder.actor)


def told(lot: Lot) -> list[tuple[str, Any]]:
    return [(one.type, body(one)["facts"].get("units")) for one in events_of_stream(f"lot/{lot.reference}")]


def shape(lot: Lot) -> list[tuple[str, int]]:
    return [(line.label, line.declared) for line in queries.lines(lot.id)]


def test_from_the_announcement_to_the_publication(world: World) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    with clock.frozen(NOW):
        lot = announced(holder)
        assert (lot.state, lot.title) == ("planned", "40 ordinateurs portables, 10 écrans")
        assert session().scalar(sa.select(sa.func.count()).select_from(Unit)) == 0
        board = planned.announced(taker.actor, BoardFilters())
        assert [(card.reference, card.units, card.commune, card.expected_month) for card in board.cards] == [
            (lot.reference, 50, "Eybens", MONTH)
        ]
        assert planned.announced(taker.actor, BoardFilters(kind="printer")).cards == []
        shown = pages.lot_page(lot, taker.actor)
        assert (shown["sees_place"], shown["sees_access"], shown["commune"]) == (False, False, "Eybens")
        assert [row.lot.id for row in listing.lots(taker.actor, listing.LotFilters(state="planned"))] == [
            lot.id
        ]
        services.change_plan(
            lot.id, [Expected("laptop", 30), LINES[1]], {"note": "Sans sac"}, actor=holder.actor
        )
        assert shape(lot) == [("Ordinateurs portables", 30), ("24 pouces", 10)]
        ids = fleet(holder, 4, cpu="Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz")
        services.add_units(lot.id, ids, actor=holder.actor)
        assert shape(lot) == [
            ("Ordinateurs portables", 26),
            ("24 pouces", 10),
            ("Ordinateur portable, i5-8350U", 4),
        ]
        services.set_conditions(lot.id, terms(holder.site_id), actor=holder.actor)
        services.publish_lot(lot.id, actor=holder.actor)
    assert (lot.state, queries.balance(lot).listed) == ("published", 40)
    assert session().scalar(sa.select(sa.func.count()).select_from(LotItem)) == 0
    assert told(lot)[:4] == [
        ("lot.announced", 50), ("lot.plan-changed", 40), ("lot.plan-changed", 40), ("lot.plan-changed", 40),
    ]  # fmt: skip
    assert {kind for kind, _units in told(lot)[4:]} == {"lot.plan-changed", "unit.declared", "lot.published"}
    assert reconcile() == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_an_announcement_refuses(world: World) -> None:
    holder = world.holder()
    with clock.frozen(NOW):
        for lines, values, field in (
            ((), {}, "lines"),
            ((Expected("chair", 2),), {}, "kind"),
            ((Expected("laptop", 0),), {}, "units"),
            ((Expected("laptop", 10_001),), {}, "units"),
            (LINES, {"site_id": None}, "site_id"),
            (LINES, {"expected_month": None}, "expected_month"),
            (LINES, {"expected_month": date(2026, 10, 1)}, "expected_month"),
            (LINES, {"expected_month": date(2029, 12, 1)}, "expected_month"),
            (LINES, {"regime": "public_transfer"}, "regime"),
        ):
            with pytest.raises(Invalid) as refused:
                announced(holder, lines, **values)
            assert refused.value.field == field, (lines, values)
        lot = announced(holder, (Expected("laptop", 2),), expected_month=date(2029, 11, 20))
        assert lot.expected_month == date(2029, 11, 1)
        for change in (
            lambda: services.remove_line(lot.id, 1, actor=holder.actor),
            lambda: services.set_conditions(lot.id, {"site_id": None}, actor=holder.actor),
        ):
            with pytest.raises(DomainError):
                change()
        with pytest.raises(Conflict):
            services.delete_draft(lot.id, actor=holder.actor)
        assert shape(lot) == [("Ordinateurs portables", 2)]


def test_given_up_or_forgotten(world: World) -> None:
    holder = world.holder()
    with clock.frozen(NOW):
        lots = [announced(holder), announced(holder)]
        ids = fleet(holder, 3)
        services.add_units(lots[0].id, ids, actor=holder.actor)
        services.withdraw_lot(lots[0].id, actor=holder.actor, reason="Budget reporté")
    assert lots[0].state == "withdrawn"
    assert services.draft_from_units(ids, actor=holder.actor).state == "draft"  # free again
    ended = date(2027, 3, 31)
    for day, expected in (
        (ended, (0, 0)), (ended + timedelta(1), (1, 0)), (ended + timedelta(60), (0, 0)),
        (ended + timedelta(61), (0, 1)), (ended + timedelta(62), (0, 0)),
    ):  # fmt: skip
        with clock.frozen(clock.at_paris(day, 9)):
            assert (services.remind_due(), services.expire_due_plans()) == expected, day
    assert lots[1].state == "expired"
    assert [one.template for one in session().scalars(sa.select(Message).order_by(Message.id))] == [
        "lot_plan_overdue", "lot_plan_expired",
    ]  # fmt: skip
    assert [told(lot)[-1][0] for lot in lots] == ["lot.withdrawn", "lot.expired"]
    assert reconcile() == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_locks_one_by_one(world: World) -> None:
    holder = world.holder()
    lot = services.draft_counted(actor=holder.actor, kind="laptop", units=3)
    for said, together in (
        ({"lock_mdm": "yes"}, "yes"),
        ({"lock_bios": "unknown"}, "unknown"),
        ({"lock_activation": "no"}, "no"),
        ({"lock_activation": "", "lock_bios": "yes"}, "yes"),
        ({"locks_released": "no"}, "no"),
    ):
        line = services.set_line(lot.id, 1, said, actor=holder.actor)
        assert line.locks_released == together, said
    assert [getattr(line, name) for name in words.LOCKS] == [None] * 4  # said at once: no longer one by one
    with pytest.raises(Invalid):
        services.set_line(lot.id, 1, {"lock_frp": "perhaps"}, actor=holder.actor)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_alike_devices_of_many_configurations_in_one_go(world: World) -> None:
    """Lines, engagements and events of 60 configurations, shuffled among the ids, in few statements."""
    holder = world.holder()
    kinds = ("laptop", "desktop", "workstation")
    ids = [fleet(holder, 1, kind=kinds[n % 3], cpu=f"i5-83{n % 20:02}U")[0] for n in range(120)]
    lot = services.draft_from_units(ids, actor=holder.actor, site_id=holder.site_id)
    services.set_conditions(lot.id, terms(holder.site_id), actor=holder.actor)
    seen: list[str] = []
    hear = (db.database().engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
    sa.event.listen(*hear)
    services.publish_lot(lot.id, actor=holder.actor)
    sa.event.remove(*hear)
    lines = queries.lines(lot.id)
    assert len(lines) == 60
    assert [line.declared for line in lines] == [2] * 60
    assert queries.left_by_line(lot.reference) == {line.number: 2 for line in lines}
    assert len(seen) < 180, len(seen)
    assert reconcile() == []
