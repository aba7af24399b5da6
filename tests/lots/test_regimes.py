"""The four regimes of a lot: who may choose which, what a device may be worth, for whom it is kept first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.lots import conditions, law, policy, queries, services
from reuse_market.lots.models import Lot
from reuse_market.regimes import services as regimes
from reuse_market.regimes.cases import Cell
from reuse_market.traceability import queries as journal
from tests.lots.conftest import draft, fleet, published, stranger
from tests.lots.test_grid import actors
from tests.support.world import Party, World, decided

FREE: dict[str, Any] = {"price_kind": "free", "price_cents": None, "erased_by": "holder"}
# regime → holder → article of the refusal, or "" when it may be chosen
CHOICES = {
    "sale": {"company": "", "commune": "", "state": "CG3P, art. R3211-35"},
    "gift": {"company": "", "commune": "CG3P, art. L3211-18", "state": "CG3P, art. L3211-18"},
    "free_transfer": {"company": "CG3P, art. L3212-2", "commune": "", "state": ""},
    "public_transfer": {"company": "CG3P, art. L3212-2 11°", "commune": "", "state": ""},
}


def holders(world: World) -> dict[str, Party]:
    return {
        "company": world.holder(),
        "commune": world.public_holder(),
        "state": world.party("Préfecture Exemple", "holder", legal_kind="state"),
    }


def valued(lot: Lot, holder: Party, cents: int | None = 30_000, lines: tuple[int, ...] = (1, 2)) -> Lot:
    services.value_lines(
        lot.id,
        lines,
        value_cents=cents,
        value_how="market_price",
        valued_on=clock.today(),
        actor=holder.actor,
    )
    return lot


@pytest.mark.parametrize("regime", CHOICES)
def test_who_may_choose_which_regime(world: World, regime: str) -> None:
    price = FREE if regime != "sale" else {"price_kind": "proposals", "price_cents": None}
    for name, holder in holders(world).items():
        article = CHOICES[regime][name]
        offered = law.open_regimes(holder.organisation_id)
        assert set(offered) == set(CHOICES)
        assert offered[regime].allowed == (not article), name
        given = {"regime": regime, "award_mode": "holder_choice", **price}
        if not article:
            assert draft(holder, units=0, **given).regime == regime
            continue
        with pytest.raises(Invalid) as refused:
            draft(holder, units=0, **given)
        assert refused.value.params.get("article") == article
        assert refused.value.field == "regime"
        assert refused.value.instead


@pytest.mark.parametrize("regime", ["free_transfer", "public_transfer"])
def test_what_is_given_is_worth_at_most_the_ceiling(world: World, regime: str) -> None:
    """CG3P D3212-3: 300 euros each, the 30,000 cents of the dated row; one cent more is refused by its line."""
    holder = world.public_holder()
    lot = draft(holder, regime=regime, **FREE)
    with pytest.raises(Invalid) as unknown:
        services.publish_lot(lot.id, actor=holder.actor, decision=decided())
    assert (unknown.value.field, unknown.value.code) == ("lines", "regime.value_unknown")
    assert "Line 1" in str(unknown.value)
    valued(lot, holder, 30_000, (1,))
    valued(lot, holder, 30_001, (2,))
    with pytest.raises(Invalid) as above:
        services.publish_lot(lot.id, actor=holder.actor, decision=decided())
    assert (above.value.field, above.value.code) == ("lines", "regime.value_above_cap")
    assert {name: above.value.params[name] for name in ("line", "label", "value", "cap")} == {
        "line": 2, "label": "Écrans 24 pouces", "value": "300,01\u00a0€", "cap": "300\u00a0€",
    }  # fmt: skip
    assert "L3212-2" in above.value.params["article"]
    assert "Sell the devices, at their value at least and with publicity." in above.value.instead
    valued(lot, holder, 30_000, (2,))
    assert services.publish_lot(lot.id, actor=holder.actor, decision=decided()).state == "published"


def test_the_ceiling_is_a_row_and_not_a_constant(world: World) -> None:
    admin = world.party("Administration Exemple", "administrator", legal_kind="local_authority")
    for code in ("unit_value", "unit_value.11"):
        regimes.add_cap(
            code, "*", limits="value", cents=10_000, source="Arrêté d’essai du 1er janvier", confidence="D",
            valid_from=clock.today(), actor=admin.actor,
        )  # fmt: skip
    holder = world.public_holder()
    lot = valued(draft(holder, regime="public_transfer", **FREE), holder, 10_001)
    with pytest.raises(Invalid, match="100\u00a0€"):
        services.publish_lot(lot.id, actor=holder.actor, decision=decided())
    assert (
        services.publish_lot(valued(lot, holder, 10_000).id, actor=holder.actor, decision=decided()).state
        == "published"
    )


def test_a_gift_of_a_company_needs_no_value(world: World) -> None:
    assert published(world.holder(), regime="gift", **FREE).regime == "gift"


# price of 3 laptops worth 100 euros and 2 monitors worth 20 euros: 340 euros in all
@pytest.mark.parametrize(("cents", "passes"), [(34_000, True), (33_999, False), (1, False), (90_000, True)])
def test_a_public_body_does_not_sell_under_the_value(world: World, cents: int, passes: bool) -> None:
    holder = world.public_holder()
    lot = draft(holder, price_cents=cents)
    valued(lot, holder, 10_000, (1,))
    valued(lot, holder, 2_000, (2,))
    if passes:
        assert services.publish_lot(lot.id, actor=holder.actor, decision=decided()).state == "published"
        return
    with pytest.raises(Invalid) as refused:
        services.publish_lot(lot.id, actor=holder.actor, decision=decided())
    assert (refused.value.field, refused.value.code) == ("price_cents", "regime.below_value")
    assert refused.value.params["value"] == "340\u00a0€"


def test_a_company_sells_at_the_price_it_likes_and_an_unknown_value_stops_no_sale(world: World) -> None:
    company, commune = world.holder(), world.public_holder()
    lot = valued(draft(company, price_cents=1), company, 50_000)
    assert services.publish_lot(lot.id, actor=company.actor, decision=decided()).state == "published"
    assert published(commune, price_cents=1).state == "published"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("total", "parts", "shares"),
    [
        (34_000, [(3, 10_000), (2, 2_000)], [10_000, 2_000]),
        (33_999, [(3, 10_000), (2, 2_000)], [9_999, 1_999]),
        (1000, [(3, None), (1, None)], [250, 250]),
        (1000, [(1, 100), (1, None)], [1000, 500]),
        (1000, [(2, 0), (2, 0)], [250, 250]),
        (0, [], []),
    ],
)
def test_a_price_is_shared_by_value(
    total: int, parts: list[tuple[int, int | None]], shares: list[int], backend: str
) -> None:
    assert conditions.shared_cents(total, parts) == shares


def test_a_value_says_how_much_how_when_and_who(world: World) -> None:
    holder = world.public_holder()
    lot = draft(holder)
    assert [line.value_cents for line in queries.lines(lot.id)] == [None, None]
    services.value_lines(lot.id, [2], value_cents=4_500, value_how="book_value", actor=holder.actor)
    one, two = queries.lines(lot.id)
    assert (one.value_cents, two.value_cents, two.value_how, two.valued_on, two.valued_by) == (
        None, 4_500, "book_value", clock.today(), holder.person_id,
    )  # fmt: skip
    services.value_lines(lot.id, [2], value_cents=None, value_how="expert", actor=holder.actor)
    two = queries.lines(lot.id)[1]
    assert (two.value_cents, two.value_how, two.valued_on, two.valued_by) == (None, None, None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value_cents": -1, "value_how": "expert"}, "value_cents"),
        ({"value_cents": 2**31, "value_how": "expert"}, "value_cents"),
        ({"value_cents": 100}, "value_how"),
        ({"value_cents": 100, "value_how": "guess"}, "value_how"),
        ({"value_cents": 100, "value_how": "expert", "valued_on": 1}, "valued_on"),
        ({"value_cents": 100, "value_how": "expert", "lines": []}, "lines"),
        ({"value_cents": 100, "value_how": "expert", "lines": [1, 9]}, "lines"),
    ],
)
def test_values_that_are_refused(world: World, values: dict[str, Any], field: str) -> None:
    holder = world.holder()
    lot = draft(holder)
    given = dict(values)
    lines = given.pop("lines", [1])
    if "valued_on" in given:
        given["valued_on"] = clock.in_days(given["valued_on"])
    with pytest.raises(Invalid) as refused:
        services.value_lines(lot.id, lines, actor=holder.actor, **given)
    assert refused.value.field == field


def test_after_the_publication_the_value_is_fixed_and_in_the_journal(world: World) -> None:
    holder = world.public_holder()
    lot = valued(draft(holder, regime="public_transfer", **FREE), holder, 12_000)
    services.publish_lot(lot.id, actor=holder.actor, decision=decided())
    with pytest.raises(Conflict):
        valued(lot, holder, 1)
    told = [e for e in journal.events_of_stream(f"lot/{lot.reference}") if e.type == "lot.published"]
    assert len(told) == 2
    for event in told:
        assert b'"value_cents":12000' in event.payload
        assert b'"value_how":"market_price"' in event.payload
    with pytest.raises(NotFound):
        services.value_lines(draft(holder).id, [1], value_cents=1, actor=stranger(world.reuse_actor()))


def test_public_bodies_first(world: World) -> None:
    holder = world.holder()
    lot = published(holder, public_first_days=10)
    today = clock.today()
    assert lot.public_first_until == today + timedelta(days=10)
    assert queries.reserved_for_public_bodies(lot)
    assert queries.reserved_for_public_bodies(lot, today + timedelta(days=10))
    assert not queries.reserved_for_public_bodies(lot, today + timedelta(days=11))
    told = journal.events_of_stream(f"lot/{lot.reference}")[-1]
    assert b'"public_first_days":10' in told.payload
    plain = published(holder, units=0)
    assert (plain.public_first_until, queries.reserved_for_public_bodies(plain)) == (None, False)


@pytest.mark.parametrize("days", [0, 91, 20, 21])
def test_the_days_kept_end_before_the_last_day_for_requests(world: World, days: int) -> None:
    """Requests last 20 days: 19 leave one day to the others."""
    with pytest.raises(Invalid) as refused:
        draft(world.holder(), units=0, public_first_days=days)
    assert refused.value.field == "public_first_days"
    assert draft(world.holder(), units=0, public_first_days=19).public_first_days == 19


def test_a_draft_that_waited_too_long_is_not_kept_past_its_requests(world: World) -> None:
    holder = world.holder()
    lot = draft(holder, public_first_days=19)
    with clock.frozen(clock.now() + timedelta(days=2)), pytest.raises(Invalid) as refused:
        services.publish_lot(lot.id, actor=holder.actor, decision=decided())
    assert refused.value.code == "lot.public-first-late"


def test_a_lot_that_no_public_body_may_take_is_not_kept_for_them(world: World) -> None:
    """L3212-2 lists associations; public bodies go by the 11°, the transfer between them."""
    holder = world.public_holder()
    with pytest.raises(Invalid) as refused:
        draft(holder, regime="free_transfer", public_first_days=5, **FREE)
    assert refused.value.code == "lot.public-first-nobody"
    assert draft(holder, regime="public_transfer", public_first_days=5, **FREE).public_first_days == 5
    assert draft(world.holder(), units=0, regime="gift", public_first_days=5, **FREE).public_first_days == 5


# regime → who the law lets take it, its devices being worth 50 euros
TAKERS = {
    "free_transfer": {
        "association_rup", "association_rig", "association_pupils", "reuse_body_esus", "assistance_238bis",
        "teaching_body",
    },
    "public_transfer": {"local_authority", "public_body", "school_eple"},
}  # fmt: skip


@pytest.mark.parametrize("regime", TAKERS)
def test_who_may_take_it(world: World, regime: str) -> None:
    holder = world.public_holder()
    lot = valued(draft(holder, regime=regime, **FREE), holder, 5_000)
    found = law.takers(lot, queries.lines(lot.id))
    assert set(found.allowed) == TAKERS[regime]
    assert set(found.refused) == set(law.TAKERS) - TAKERS[regime]
    assert all("transfer_agreement" in answer.documents for answer in found.allowed.values())
    dear = valued(lot, holder, 30_001)
    assert law.takers(dear, queries.lines(lot.id)).allowed == {}
    company = draft(world.holder(), units=0, regime="gift", **FREE)
    assert set(law.takers(company, queries.lines(company.id)).allowed) == set(law.TAKERS)


def test_the_board_says_what_one_may_take(world: World) -> None:
    commune, company = world.public_holder(), world.holder()
    school = world.party("Lycée Exemple", "buyer", legal_kind="public_body")
    poor, workshop = world.recipient(), world.reuse_actor()
    between = valued(draft(commune, regime="public_transfer", **FREE), commune, 5_000)
    services.publish_lot(between.id, actor=commune.actor, decision=decided())
    gift = published(company, units=0, regime="gift", **FREE)
    kept = published(company, units=0, regime="gift", **FREE | {"erased_by": "reuse_actor"})
    sold = published(company, units=0, public_first_days=3)
    seen = {
        name: {card.reference: card.mine for card in queries.board(party.actor, queries.BoardFilters()).cards}
        for name, party in {"school": school, "poor": poor, "workshop": workshop, "company": company}.items()
    }
    order = [between.reference, gift.reference, kept.reference, sold.reference]
    assert {name: [cards[one] for one in order] for name, cards in seen.items()} == {
        "school": ["as_is", "as_is", "", ""],
        "poor": ["", "as_is", "", ""],
        "workshop": ["", "workshop", "workshop", "workshop"],
        "company": ["", "", "", ""],
    }
    mine = queries.board(school.actor, queries.BoardFilters(entitled=True))
    assert (mine.total, {card.reference for card in mine.cards}) == (2, set(order[:2]))
    by_ref = {card.reference: card for card in queries.board(school.actor, queries.BoardFilters()).cards}
    assert (by_ref[sold.reference].kept_until, by_ref[sold.reference].kept_for_reader) == (
        clock.in_days(3), True,
    )  # fmt: skip
    assert by_ref[gift.reference].kept_until is None


def test_a_rule_forbidden_today_leaves_the_board_filter(world: World) -> None:
    admin = world.party("Administration Exemple", "administrator", legal_kind="local_authority")
    lot = published(world.holder(), units=0, regime="gift", **FREE)
    poor = world.recipient()
    assert queries.board(poor.actor, queries.BoardFilters(entitled=True)).total == 1
    regimes.add_rule(
        Cell("gift", "private", "company", "association_precarity", "award"), outcome="refused",
        article="art. R1 de l’essai", source="Essai du tableau, 1er janvier", confidence="S",
        valid_from=clock.today(), actor=admin.actor,
    )  # fmt: skip
    assert queries.board(poor.actor, queries.BoardFilters(entitled=True)).total == 0
    assert queries.board(poor.actor, queries.BoardFilters()).cards[0].reference == lot.reference


def test_a_draft_of_units_takes_the_chosen_regime(world: World) -> None:
    holder = world.public_holder()
    lot = services.choose_outlet("public_transfer", unit_ids=fleet(holder, 2), actor=holder.actor)
    assert (lot.state, lot.regime, lot.price_kind) == ("draft", "public_transfer", "free")
    sold = services.choose_outlet("sale", lot_id=lot.id, actor=holder.actor)
    assert (sold.id, sold.regime, sold.price_kind) == (lot.id, "sale", None)
    with pytest.raises(Invalid, match="L3211-18"):
        services.choose_outlet("gift", lot_id=lot.id, actor=holder.actor)
    with pytest.raises(Invalid):
        services.choose_outlet("theft", lot_id=lot.id, actor=holder.actor)


# regime → who is told what a device is worth
TOLD_VALUES = {
    "sale": {"holder", "helper", "operator"},
    "gift": {"holder", "helper", "operator"},
    "free_transfer": {"holder", "helper", "other_holder", "reuse_actor", "operator", "visitor", "system"},
    "public_transfer": {"holder", "helper", "other_holder", "reuse_actor", "operator", "visitor", "system"},
}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_is_told_what_a_device_is_worth(world: World) -> None:
    """In a sale the others negotiate; where the law makes the value a condition, it is public."""
    everybody = actors(world)
    for regime, told in TOLD_VALUES.items():
        lot = Lot(holder_id=world.holder().organisation_id, regime=regime)
        assert {name for name, actor in everybody.items() if policy.sees_value(actor, lot)} == told


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_is_told_the_holder_of_a_lot_that_goes_as_it_is(world: World) -> None:
    """Those who could take it; a lot that needs a workshop tells the workshops only."""
    poor, buyer = world.recipient().actor, world.buyer().actor
    for erased_by, told in (("holder", True), ("reuse_actor", False)):
        lot = Lot(
            holder_id=world.holder().organisation_id,
            regime="gift",
            erased_by=erased_by,
            published_at=clock.now(),
        )
        assert policy.sees_holder_name(poor, lot) is told
        assert policy.sees_holder_name(buyer, lot) is told
        assert policy.sees_holder_name(world.reuse_actor().actor, lot)
