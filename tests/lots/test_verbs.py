"""Drafting, publishing, withdrawing, ending: what the verbs change and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts.models import Membership
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from reuse_market.lots import queries, services
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import EventCommitment
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Engagement, Unit
from tests.lots.conftest import draft, fleet, published, terms
from tests.support.world import World


def states(reference: str | None = None) -> dict[str, int]:
    statement = sa.select(Unit.state, sa.func.count()).group_by(Unit.state)
    if reference:
        held = sa.select(Engagement.unit_id).where(
            Engagement.kind == "lot", Engagement.reference == reference
        )
        statement = statement.where(Unit.id.in_(held))
    return dict(db.session().execute(statement).all())


def test_alike_units_share_a_line_and_added_ones_join_it(world: World) -> None:
    holder = world.holder()
    lot = services.draft_lot(actor=holder.actor, title="Trois sortes")
    same = fleet(holder, 3, ram_mb=8192, cpu="Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz")
    other = fleet(holder, 2, ram_mb=16384, cpu="Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz")
    services.add_units(lot.id, [*same[:2], *other], actor=holder.actor)
    lines = services.add_units(lot.id, same, actor=holder.actor)
    assert [(line.number, line.declared, line.label) for line in lines] == [
        (1, 3, "Ordinateur portable, i5-8350U, 8\u00a0Go"),
        (2, 2, "Ordinateur portable, i5-8350U, 16\u00a0Go"),
    ]


def test_publication_lists_every_unit_in_one_act(world: World) -> None:
    holder = world.holder()
    lot = published(holder, units=3, counted=80)
    assert (lot.state, states()) == ("published", {"listed": 83})
    assert queries.left_by_line(lot.reference) == {1: 3, 2: 80}
    told = journal.events_of_stream(f"lot/{lot.reference}")
    assert [event.type for event in told] == ["unit.declared", "lot.published", "lot.published"]
    discarded = journal.events_of_stream(f"fleet/{holder.organisation_id}")[-1]
    assert discarded.type == "unit.discarded"
    assert {event.act_id for event in [*told, discarded]} == {told[0].act_id}
    assert set(db.session().scalars(sa.select(Unit.stream))) == {f"lot/{lot.reference}"}
    assert verify_chains() == []


def test_units_discarded_before_are_published_too(world: World) -> None:
    holder = world.holder()
    lot = published(holder)
    services.withdraw_lot(lot.id, actor=holder.actor, reason="Erreur de site")
    assert states() == {"discarded": 5}
    again = services.draft_lot(actor=holder.actor, title="Deuxième essai")
    services.add_units(again.id, list(db.session().scalars(sa.select(Unit.id))), actor=holder.actor)
    services.set_conditions(again.id, terms(holder.site_id), actor=holder.actor)
    services.publish_lot(again.id, actor=holder.actor)
    assert queries.balance(queries.get(again.reference)).listed == 5
    old = queries.balance(queries.get(lot.reference))
    assert (old.withdrawn, old.total) == (5, 5)


def test_a_unit_is_in_one_draft_only(world: World) -> None:
    holder = world.holder()
    ids = fleet(holder, 2)
    first = services.draft_lot(actor=holder.actor, title="Premier")
    second = services.draft_lot(actor=holder.actor, title="Second")
    services.add_units(first.id, ids, actor=holder.actor)
    with pytest.raises(Conflict) as refused:
        services.add_units(second.id, ids[:1], actor=holder.actor)
    assert refused.value.params == {"lot": first.reference}
    services.remove_line(first.id, 1, actor=holder.actor)
    services.add_units(second.id, ids, actor=holder.actor)
    services.delete_draft(second.id, actor=holder.actor)
    services.add_units(first.id, ids, actor=holder.actor)
    assert queries.get(second.reference) is None
    assert [line.declared for line in queries.lines(first.id)] == [2]


def test_listed_and_foreign_units_are_refused(world: World) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    published(holder, units=2, counted=0)
    taken = list(db.session().scalars(sa.select(Unit.id)))
    lot = services.draft_lot(actor=holder.actor, title="Doublon")
    with pytest.raises(Conflict):
        services.add_units(lot.id, taken, actor=holder.actor)
    with pytest.raises(NotFound):
        services.add_units(lot.id, fleet(other, 1), actor=holder.actor)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"site_id": None}, "site_id"),
        ({"available_from": None}, "available_from"),
        ({"available_until": None, "claims_until": None}, "available_until"),
        ({"regime": None, "award_mode": "holder_choice"}, "regime"),
        ({"erased_by": None}, "erased_by"),
        ({"erasure_policy": None}, "erasure_policy"),
    ],
)
def test_an_incomplete_lot_is_not_published(world: World, changes: dict[str, Any], field: str) -> None:
    holder = world.holder()
    lot = draft(holder, **changes)
    with pytest.raises(Invalid) as refused:
        services.publish_lot(lot.id, actor=holder.actor)
    assert refused.value.field == field
    assert states() == {"in_use": 3}


def test_an_empty_lot_is_not_published(world: World) -> None:
    holder = world.holder()
    with pytest.raises(Invalid, match="at least one device"):
        services.publish_lot(draft(holder, units=0, counted=0).id, actor=holder.actor)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price_kind": "proposals"}, "award_mode"),
        ({"price_cents": None}, "price_cents"),
        ({"price_kind": "free"}, "price_kind"),
        ({"regime": "free_transfer"}, "regime"),
        ({"award_mode": "lottery"}, "award_mode"),
        ({"available_until": -1}, "available_until"),
        ({"available_from": 70}, "available_until"),
        ({"claims_until": 61}, "claims_until"),
        ({"claims_until": -1}, "claims_until"),
        ({"site_id": 999_999}, "site_id"),
        ({"erased_by": "nobody"}, "erased_by"),
        ({"erasure_policy": "hammer"}, "erasure_policy"),
        ({"title": "ab"}, "title"),
    ],
)
def test_terms_that_do_not_hold_together_are_refused(
    world: World, changes: dict[str, Any], field: str
) -> None:
    holder = world.holder()
    lot = services.draft_lot(actor=holder.actor, title="Conditions")
    dates = ("available_from", "available_until", "claims_until")
    given = {k: clock.in_days(v) if k in dates else v for k, v in changes.items()}
    with pytest.raises(Invalid) as refused:
        services.set_conditions(lot.id, terms(holder.site_id, **given), actor=holder.actor)
    assert refused.value.field == field
    kept = queries.get(lot.reference)
    assert kept is not None
    assert kept.regime is None


def test_a_gift_is_a_companys_and_never_a_public_bodys(world: World) -> None:
    company, commune = world.holder(), world.public_holder()
    gift = {"regime": "gift", "price_kind": "free", "price_cents": None}
    assert published(company, **gift).price_kind == "free"
    with pytest.raises(Invalid, match="L3211-18") as refused:
        draft(commune, **gift)
    assert refused.value.field == "regime"
    assert published(commune).regime == "sale"


def test_the_usual_delay_fills_an_empty_last_day_for_requests(world: World) -> None:
    holder = world.holder()
    assert draft(holder, claims_until=None).claims_until == clock.in_days(30)
    near = draft(holder, units=0, claims_until=None, available_until=clock.in_days(9))
    assert near.claims_until == clock.in_days(9)


def test_withdrawing_needs_a_reason_and_keeps_it_out_of_the_payload(world: World) -> None:
    holder = world.holder()
    lot = published(holder)
    with pytest.raises(Invalid):
        services.withdraw_lot(lot.id, actor=holder.actor, reason=" ")
    services.withdraw_lot(lot.id, actor=holder.actor, reason="Le site ferme plus tôt")
    assert states() == {"discarded": 5}
    told = journal.events_of_stream(f"lot/{lot.reference}")[-1]
    assert told.type == "lot.withdrawn"
    assert b"ferme" not in told.payload
    kept = db.session().get(EventCommitment, (told.id, "reason"))
    assert kept is not None
    assert kept.value == "Le site ferme plus tôt"


def test_a_published_lot_is_fixed(world: World) -> None:
    holder = world.holder()
    lot = published(holder)
    for verb in (
        lambda: services.set_conditions(lot.id, {"title": "Autre titre"}, actor=holder.actor),
        lambda: services.add_counted_line(lot.id, actor=holder.actor, kind="dock", units=1),
        lambda: services.remove_line(lot.id, 1, actor=holder.actor),
        lambda: services.set_line(lot.id, 1, {"works": "works"}, actor=holder.actor),
        lambda: services.delete_draft(lot.id, actor=holder.actor),
        lambda: services.publish_lot(lot.id, actor=holder.actor),
    ):
        with pytest.raises(Conflict):
            verb()


def test_line_conditions(world: World) -> None:
    holder = world.holder()
    lot = draft(holder)
    services.set_lines(lot.id, [1, 2], {"works": "works", "locks_released": "yes"}, actor=holder.actor)
    services.set_line(lot.id, 2, {"charger": "no", "units": 5, "label": "Écrans"}, actor=holder.actor)
    one, two = queries.lines(lot.id)
    assert (one.works, one.charger, two.charger, two.locks_released) == ("works", "unknown", "no", "yes")
    assert (two.declared, two.label) == (5, "Écrans")
    with pytest.raises(Invalid):
        services.set_line(lot.id, 1, {"units": 9}, actor=holder.actor)
    with pytest.raises(Invalid):
        services.set_line(lot.id, 1, {"works": "maybe"}, actor=holder.actor)


def test_units_nobody_took_go_back_when_requests_are_over(world: World) -> None:
    holder = world.holder()
    lot = published(holder)
    with clock.frozen(clock.at_paris(clock.in_days(20), 12)):
        assert services.expire_due() == 0
    with clock.frozen(clock.at_paris(clock.in_days(22), 12)):
        assert services.expire_due() == 1
        assert services.expire_due() == 0
    kept = queries.get(lot.reference)
    assert kept is not None
    assert (kept.state, queries.balance(kept).expired, states()) == ("expired", 5, {"discarded": 5})
    assert verify_chains() == []


def test_only_who_may_commit_publishes(world: World) -> None:
    holder = world.holder()
    lot = draft(holder)
    from dataclasses import replace

    helper = replace(holder.actor, commits=False)
    services.set_conditions(lot.id, {"note": "Au deuxième étage"}, actor=helper)
    with pytest.raises(NotAllowed):
        services.publish_lot(lot.id, actor=helper)
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Membership)) == 1


def test_a_unit_that_changed_meanwhile_stops_the_publication(world: World) -> None:
    """The same discarded units in a lot published first: the loser is refused and nothing of it stays."""
    holder = world.holder()
    lot = draft(holder, counted=0)
    from reuse_market.lots.services.publishing import Move, act
    from reuse_market.traceability.journal import Act

    one = db.session().scalars(sa.select(Unit.id)).first()

    @db.command
    def merged() -> None:
        act(Move("merge"), [one], doing=Act(holder.actor), stream="fleet/1")

    merged()
    with pytest.raises(DomainError):
        services.publish_lot(lot.id, actor=holder.actor)
    assert states() == {"in_use": 2, "merged": 1}
