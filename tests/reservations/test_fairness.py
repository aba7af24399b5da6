"""Fair shares: what is kept for associations, ceilings for one structure, public bodies first, who got what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts.services import register_organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots.models import Lot
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as workshop
from reuse_market.refurbishing.models import Offer, ShareStamp, SolidarityShare
from reuse_market.refurbishing.solidarity import choosing
from reuse_market.reservations import services
from reuse_market.reservations.fairness import allotted
from reuse_market.reservations.fairness import services as fairness
from reuse_market.reservations.models import UnitCeiling
from reuse_market.traceability import queries
from reuse_market.traceability.models import Event
from tests.support.races import together
from tests.support.world import Party, World, ready_units

LOT = "LOT-2026-9999"


@db.command
def _row(model: Any, **values: Any) -> None:
    defaults = {"valid_from": date(2020, 1, 1), "source": "charte d’essai, article 3", "confidence": "D"}
    db.session().add(model(**{**defaults, **values}))


@db.command
def _change(statement: sa.Update) -> None:
    db.session().execute(statement)


def _offers(ids: list[int]) -> list[tuple[str, date | None]]:
    rows = [db.session().get_one(Offer, unit_id) for unit_id in ids]
    return [(row.open_to, row.opens_on) for row in rows]


def _seen(party: Party) -> int:
    return sum(group.units for group in catalogue.groups(catalogue.Filters(), party.actor))


def _take(party: Party, count: int = 1) -> str:
    [group] = catalogue.groups(catalogue.Filters(), party.actor)
    return services.place_reservation(group.key, count, actor=party.actor).reference


def test_every_fifth_of_twenty_percent_is_kept_and_opens_by_its_date(world: World) -> None:
    _row(SolidarityShare, kind="laptop", percent=20, days=15)
    selling, buyer, recipient = world.reuse_actor(), world.buyer(), world.recipient()
    ids = [unit for n in (1, 1, 1, 1, 1, 3, 2) for unit in ready_units(selling, n)]  # by 1, then 3, then 2
    opens = clock.in_days(15)
    assert [who == "recipients" for who, _day in _offers(ids)] == [n % 5 == 0 for n in range(1, 11)]
    assert {day for who, day in _offers(ids) if who == "recipients"} == {opens}
    assert (_seen(buyer), _seen(recipient), _seen(selling), _seen(world.operator())) == (8, 10, 10, 10)
    # Again: back on the bench and ready once more, nothing is counted twice, what was kept stays so.
    workshop.back_to_workshop(ids[4], actor=selling.actor)
    workshop.make_ready(ids[4], actor=selling.actor, cosmetic_grade="B", price_cents=15_000)
    assert _offers([ids[4]]) == [("recipients", opens)]
    assert db.session().scalar(sa.select(sa.func.count()).select_from(ShareStamp)) == 10
    told = [
        payload_of(event)["facts"]
        for event in db.session().scalars(
            sa.select(Event).where(Event.type == "unit.ready").order_by(Event.id)
        )
    ]
    assert [facts["kept"] for facts in told[:10]] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    assert told[4]["opens_on"] == opens.isoformat()
    assert told[4]["share"] == "charter"
    assert told[4]["share_percent"] == 20
    kept = next(
        g for g in catalogue.groups(catalogue.Filters(), recipient.actor) if g.open_to == "recipients"
    )
    with pytest.raises(Conflict) as refused:
        services.place_reservation(kept.key, 1, actor=buyer.actor)
    assert (refused.value.code, refused.value.params["day"]) == ("fairness.kept-for-recipients", opens)
    assert reconcile() == []
    with clock.frozen(clock.at_paris(opens, 8)):
        assert _seen(buyer) == 10  # by its date, before the job
        assert choosing.open_due() == 2
        assert {who for who, _day in _offers(ids)} == {"all"}
        assert choosing.open_due() == 0
        assert reconcile() == []


def payload_of(event: Event) -> dict[str, Any]:
    """The body of an event."""
    return queries.body(event)


def test_a_lot_opts_in_and_its_share_counts_before_the_charters(world: World) -> None:
    _row(SolidarityShare, kind="*", percent=100, days=5)
    holder, selling, other = (
        world.public_holder(),
        world.reuse_actor(),
        world.reuse_actor("Autre atelier Exemple"),
    )
    first = ready_units(selling, 1, holder=holder)  # the charter's: every one
    grid = [  # who, percent, days → what is answered
        (world.buyer(), 20, 15, NotAllowed), (world.recipient(), 20, 15, NotAllowed), (other, 20, 15, NotAllowed),
        (world.operator(), 20, 15, NotAllowed), (holder, 101, 15, Invalid), (holder, 20, 0, Invalid),
        (holder, 20, 91, Invalid),
    ]  # fmt: skip
    for party, percent, days, refused in grid:
        with pytest.raises(refused):
            choosing.choose_share(LOT, percent, days, actor=party.actor)
    with pytest.raises(NotFound):
        choosing.choose_share("LOT-2026-0000", 20, 15, actor=holder.actor)
    choosing.choose_share(LOT, 25, 10, actor=holder.actor)
    choosing.choose_share(LOT, 50, 20, actor=selling.actor)  # the greater holds
    second = ready_units(selling, 4, holder=holder)
    assert [who for who, _day in _offers(first + second)] == [
        "recipients", "all", "recipients", "all", "recipients"
    ]  # fmt: skip
    assert {day for who, day in _offers(second) if who == "recipients"} == {clock.in_days(20)}
    choosing.choose_share(LOT, 0, 20, actor=selling.actor)  # taken back: the holder's still holds
    third = ready_units(selling, 4, holder=holder)
    assert sum(who == "recipients" for who, _day in _offers(third)) == 1
    told = (
        db.session()
        .scalars(sa.select(Event).where(Event.type == "lot.share-chosen").order_by(Event.id))
        .all()
    )
    assert [payload_of(event)["facts"]["percent"] for event in told] == [25, 50, 0]
    assert reconcile() == []
    _change(sa.update(ShareStamp).where(ShareStamp.unit_id.in_(second)).values(kept=False))
    assert {fault.rule for fault in reconcile()} == {"share.kept"}


def test_public_bodies_come_first_where_the_holder_chose_it(world: World) -> None:
    selling, town, buyer, recipient = (
        world.reuse_actor(), world.public_holder(), world.buyer(), world.recipient()
    )  # fmt: skip
    first = ready_units(selling, 1, stream="lot/LOT-2026-7777", holder=town)
    kept = sa.update(Lot).where(Lot.reference == "LOT-2026-7777").values(public_first_until=clock.in_days(3))
    _change(kept)
    workshop.back_to_workshop(first[0], actor=selling.actor)
    workshop.make_ready(first[0], actor=selling.actor, cosmetic_grade="B", price_cents=15_000)
    assert _offers(first) == [("public", clock.in_days(4))]
    assert [_seen(one) for one in (town, buyer, recipient, selling)] == [1, 0, 0, 1]
    [group] = catalogue.groups(catalogue.Filters(), town.actor)
    for party in (buyer, recipient):
        with pytest.raises(Conflict) as refused:
            services.place_reservation(group.key, 1, actor=party.actor)
        assert refused.value.code == "fairness.kept-for-public"
        assert refused.value.params["day"] == clock.in_days(4)
    with clock.frozen(clock.at_paris(clock.in_days(4), 8)):
        assert _seen(buyer) == 1
    assert _take(town) != ""


def test_no_structure_goes_beyond_its_ceiling_even_at_the_same_time(world: World) -> None:
    selling, recipient, buyer = world.reuse_actor(), world.recipient(), world.buyer()
    ready_units(selling, 14)
    ready_units(world.reuse_actor("Autre atelier Exemple"), 3, stream="lot/LOT-2026-9998", holder=selling)
    key, other = (group.key for group in catalogue.groups(catalogue.Filters(), recipient.actor))
    _row(UnitCeiling, role="recipient", kind="laptop", units=4)
    assert services.place_reservation(key, 6, actor=buyer.actor).units == 6  # no ceiling for buyers

    def rush(number: int) -> str:  # two sellers: no lock of theirs helps
        try:
            return services.place_reservation((key, other)[number], 3, actor=recipient.actor).reference
        except Invalid as error:
            return str(error.code)

    won = [outcome.value for outcome in together(2, rush)]
    assert sorted(one.startswith("RES-") for one in won) == [False, True]
    assert "fairness.ceiling" in won
    with pytest.raises(Invalid) as refused:
        services.place_reservation(key, 2, actor=recipient.actor)
    assert (refused.value.params["left"], refused.value.params["most"], refused.value.params["taken"]) == (
        1,
        4,
        3,
    )
    assert refused.value.params["day"] == clock.in_days(366)
    grid = [  # who, kind, units, until, why → what is answered
        (buyer, "laptop", 2, 30, "jardin", NotAllowed), (recipient, "laptop", 2, 30, "jardin", NotAllowed),
        (world.operator(), "soucoupe", 2, 30, "x", Invalid), (world.operator(), "laptop", 0, 30, "x", Invalid),
        (world.operator(), "laptop", 2, -1, "x", Invalid), (world.operator(), "laptop", 2, 400, "x", Invalid),
        (world.operator(), "laptop", 2, 30, " ", Invalid),
    ]  # fmt: skip
    for party, kind, units, days, why, answer in grid:
        with pytest.raises(answer):
            fairness.grant_exception(
                recipient.organisation_id, kind, units, clock.in_days(days), why, actor=party.actor
            )
    asking = register_organisation("Pas encore Exemple", "association", ["recipient"], actor=Actor())
    with pytest.raises(Conflict, match="not admitted"):
        fairness.grant_exception(
            asking.id, "laptop", 2, clock.in_days(30), "jardin", actor=world.operator().actor
        )
    fairness.grant_exception(
        recipient.organisation_id,
        "laptop",
        2,
        clock.in_days(30),
        "atelier d’été",
        actor=world.operator().actor,
    )
    services.place_reservation(key, 3, actor=recipient.actor)
    with pytest.raises(Invalid):
        services.place_reservation(key, 1, actor=recipient.actor)
    services.release_reservation(next(one for one in won if one.startswith("RES-")), actor=recipient.actor)
    assert (
        services.place_reservation(key, 3, actor=recipient.actor).units == 3
    )  # what was let go no longer counts
    assert reconcile() == []


def test_who_got_what_over_twelve_months(world: World) -> None:
    selling, recipient, town = world.reuse_actor(), world.recipient(), world.public_holder()
    ready_units(selling, 4)
    for party, count in ((recipient, 3), (town, 1)):
        reference = _take(party, count)
        services.confirm_reservation(reference, actor=selling.actor)
        services.sign_as_beneficiary(reference, actor=party.actor, name="Personne Exemple", undertaken=True)
    rows = allotted.rows()
    assert [(one.organisation, one.kind, one.units, one.cents, one.per_mille) for one in rows] == [
        ("Association Exemple", "laptop", 3, 45_000, 750), ("Commune Exemple", "laptop", 1, 15_000, 250),
    ]  # fmt: skip
    assert {one.last_on for one in rows} == {clock.today()}
    assert [one.organisation for one in allotted.rows(text="commune")] == ["Commune Exemple"]
    assert (allotted.total(), allotted.total("monitor"), len(list(allotted.every("laptop")))) == (2, 0, 2)
    third = world.recipient("Troisième Exemple")
    ready_units(selling, 2, stream="lot/LOT-2026-9001")
    reference = _take(third, 2)
    services.confirm_reservation(reference, actor=selling.actor)
    services.sign_as_beneficiary(reference, actor=third.actor, name="Personne Exemple", undertaken=True)
    assert [(one.units, one.per_mille) for one in allotted.rows()] == [(3, 500), (2, 333), (1, 167)]
    assert [one.per_mille for one in allotted.every(text="troisième")] == [333], (
        "of the kind, whatever the filter"
    )
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert allotted.rows() == []
