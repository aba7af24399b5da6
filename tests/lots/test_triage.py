"""Sorting a holder's devices by where they go: the advice, the choices kept, the lots, what leaves otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.fleets import decisions, january
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotCommitting, NotFound
from reuse_market.lots import advice, queries, services, triages
from reuse_market.lots.lifecycle import TRIAGE
from reuse_market.lots.models import Lot
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import queries as bench
from reuse_market.traceability.models import Event, EventCommitment
from reuse_market.units.models import Unit
from tests.api.conftest import Caller
from tests.lots.conftest import fleet, terms
from tests.lots.visiting import Visitor
from tests.support.world import Party, World, decided

DECISION = {"decision_number": "2026-118", "decided_by": "Conseil municipal"}


def bought(years: int):
    return clock.today() - timedelta(days=years * 365 + 30)


def states(ids) -> set[str]:
    return set(db.session().scalars(sa.select(Unit.state).where(Unit.id.in_(ids))))


def units_of(batch: str) -> list[int]:
    found = bench.batch(batch)
    return bench.units_of_batch(found.id) if found else []


def test_from_a_mixed_fleet_to_lots_a_decision_and_departures(world: World) -> None:
    town = world.public_holder()
    young, middle, old = (fleet(town, n, bought_on=bought(y)) for n, y in ((3, 2), (5, 7), (4, 12)))
    undated = fleet(town, 2, kind="monitor")
    triage = services.start_triage([*young, *middle, *old, *undated], actor=town.actor)
    found = {line.age: line for line in triages.lines(triage.id)}
    told = {age: (line.units, line.advice, line.why, line.outlet) for age, line in found.items()}
    assert told == {
        "young": (3, "sale", "young", "sale"), "middle": (5, "transfer", "middle", "transfer"),
        "old": (4, "recycle", "old_public", "recycle"), "unknown": (2, "", "unknown", None),
    }  # fmt: skip
    number = {age: line.number for age, line in found.items()}
    with pytest.raises(Conflict, match="triage"):
        services.start_triage(young, actor=town.actor)
    with pytest.raises(Invalid) as unsorted:
        services.confirm_triage(triage.reference, actor=town.actor)
    assert unsorted.value.params == {"line": number["unknown"]}

    with pytest.raises(Invalid):  # against the advice, without a reason
        services.sort_lines(triage.reference, [number["middle"]], outlet="sale", actor=town.actor)
    services.sort_lines(
        triage.reference, [number["unknown"]], outlet="staff", reason="other", note="Demandes du personnel",
        actor=town.actor,
    )  # fmt: skip
    services.describe_lines(
        triage.reference, [number["middle"]], {"value_cents": 450_00, "value_how": "market_price", "works": "works"},
        actor=town.actor,
    )  # fmt: skip
    dear = triages.line(triage, number["middle"])
    assert (dear.outlet, dear.why) == ("sale", "above_cap")  # CG3P D3212-5: 300 €
    services.describe_lines(
        triage.reference,
        [number["middle"]],
        {"value_cents": 120_00, "value_how": "market_price"},
        actor=town.actor,
    )
    apart = services.split_line(triage.reference, number["middle"], units=2, actor=town.actor)
    services.sort_lines(
        triage.reference, [apart.number], outlet="gift", reason="taker_known", actor=town.actor
    )
    services.confirm_triage(triage.reference, actor=town.actor)
    assert states([*young, *middle, *old, *undated]) == {"in_use"}  # nothing is discarded yet

    lots = {section.outlet: section.lots for section in triages.sections(triage)}
    made = {outlet: lot[0] for outlet, lot in lots.items() if lot}
    assert {outlet: lot.regime for outlet, lot in made.items()} == {
        "transfer": "public_transfer", "gift": "free_transfer", "sale": "sale",
    }  # fmt: skip
    [line] = queries.lines(made["transfer"].id)
    assert (line.declared, line.value_cents, line.works) == (3, 120_00, "works")
    assert made["transfer"].site_id == town.site_id

    services.decide_triage(triage.reference, actor=town.actor, decided_on=clock.today(), **DECISION)
    assert states([*young, *middle, *old, *undated]) == {"discarded"}
    kept = decisions.decision_of(old[0])
    assert kept is not None
    assert (kept.decision_number, kept.decided_by) == ("2026-118", "Conseil municipal")
    event = db.session().scalars(sa.select(Event).where(Event.type == "unit.discarded")).one()
    assert b"2026-118" not in event.payload
    assert b"decision_number" in event.payload
    secret = sa.select(EventCommitment.value).where(
        EventCommitment.event_id == event.id, EventCommitment.name == "decision_number"
    )
    assert db.session().scalar(secret) == "2026-118"

    with pytest.raises(Invalid):  # data first
        services.depart_triage(triage.reference, "staff", left_on=clock.today(), actor=town.actor)
    with pytest.raises(Invalid):  # CG3P L3212-2 5°: nothing is given without a value
        services.depart_triage(
            triage.reference, "staff", left_on=clock.today(), erased=True, actor=town.actor
        )


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_public_holder_walks_from_its_list_to_the_departures(world: World, app: Flask) -> None:
    town = world.public_holder()
    fleet(town, 2, bought_on=bought(7))
    fleet(town, 2, kind="monitor", bought_on=bought(12))
    person = Visitor(app.test_client(), town)
    person.open("/parc").press("Voir où ils peuvent aller", everything="1").press("Trier par débouché")
    assert "Où vont 4 appareils" in person.text
    assert "art. L3212-2 11°" in person.text  # the law beside the advice
    reference = person.url.rsplit("/", 1)[1]
    person.press("Envoyer là les lignes cochées", 422, line="1", outlet="staff")
    person.press("Envoyer là les lignes cochées", line="1", outlet="staff", reason="own_policy")
    person.press("Garder l’état et la valeur", line="1", value_cents="80", value_how="expert", works="works")
    assert "80,00" in person.text
    person.open(f"/tri/{reference}/lignes/1").press("Les mettre sur une ligne à part", units="1")
    person.press("Confirmer le tri")
    person.press("Enregistrer la décision", 422)
    person.press(
        "Enregistrer la décision", decided_on=clock.today().isoformat(), decision_number="2026-9",
        decided_by="Conseil municipal",
    )  # fmt: skip
    person.press("Enregistrer le départ", 422, left_on=clock.today().isoformat())
    person.press("Enregistrer le départ", left_on=clock.today().isoformat(), erased="y")
    person.open("/parc?state=departed")
    assert "donné ou vendu au personnel" in person.text
    person.open(f"/tri/{reference}").follow("Demander l’enlèvement de 2 appareils")
    person.press("Demander l’enlèvement", sure="y", scheme="ecosystem", contact_email="deee@exemple.example")
    assert "Sous le minimum" in person.text
    assert "11,5" in person.text
    person.follow("Imprimer la demande")
    assert "500" in person.text
    sent = [
        m.to_address for m in db.session().scalars(sa.select(Message).where(Message.about.like("removal/%")))
    ]
    assert sorted(sent) == sorted(["deee@exemple.example", town.email])
    batch = person.url.split("/")[-2]
    person.open(f"/atelier/reforme/{batch}")
    person.press("Enregistrer l’enlèvement", weight_kg="12")
    assert states(units_of(batch)) == {"recycled"}
    person.open("/parc/stock").press(f"Compter le stock au 1er janvier {clock.today().year}")
    assert "conservé" in person.text


ACTORS = ("holder", "helper", "other_holder", "reuse_actor", "operator", "visitor", "system")
# state → who is offered what; an actor not named is offered nothing
OFFERED = {
    "open": {"holder": ["sort", "confirm", "cancel"], "helper": ["sort", "confirm", "cancel"]},
    "confirmed": {"holder": ["decide", "depart"]},
    "cancelled": {},
}
VERBS: dict[str, Callable[[str, Actor], object]] = {
    "sort": lambda ref, actor: services.sort_lines(ref, [1], outlet="gift", reason="value", actor=actor),
    "confirm": lambda ref, actor: services.confirm_triage(ref, actor=actor),
    "cancel": lambda ref, actor: services.cancel_triage(ref, actor=actor),
    "decide": lambda ref, actor: services.decide_triage(ref, actor=actor),
    "depart": lambda ref, actor: services.depart_triage(
        ref, "lease_return", left_on=clock.today(), erased=True, actor=actor
    ),
}
NOT_MINE = dict.fromkeys(("other_holder", "reuse_actor", "operator", "visitor", "system"), NotFound)
# (verb, state) → holder, helper (who may prepare only)
OUTCOMES: dict[tuple[str, str], tuple[type[DomainError] | None, type[DomainError] | None]] = {
    ("sort", "open"): (None, None),
    ("sort", "confirmed"): (Conflict, Conflict),
    ("sort", "cancelled"): (Conflict, Conflict),
    ("confirm", "open"): (None, Conflict),  # the holder was first
    ("confirm", "confirmed"): (Conflict, Conflict),
    ("confirm", "cancelled"): (Conflict, Conflict),
    ("cancel", "open"): (None, Conflict),
    ("cancel", "confirmed"): (Conflict, Conflict),
    ("cancel", "cancelled"): (Conflict, Conflict),
    ("decide", "open"): (Conflict, NotCommitting),
    ("decide", "confirmed"): (None, NotCommitting),
    ("decide", "cancelled"): (Conflict, NotCommitting),
    ("depart", "open"): (Conflict, NotCommitting),
    ("depart", "confirmed"): (None, NotCommitting),
    ("depart", "cancelled"): (Conflict, NotCommitting),
}


def actors(world: World) -> dict[str, Actor]:
    return {
        "holder": world.holder().actor, "helper": replace(world.holder().actor, commits=False),
        "other_holder": world.holder("Autre Exemple").actor, "reuse_actor": world.reuse_actor().actor,
        "operator": world.operator().actor, "visitor": VISITOR, "system": SYSTEM,
    }  # fmt: skip


def triage_in(world: World, state: str, *, discarded: bool = False) -> str:
    holder = world.holder()
    ids = fleet(holder, 2, bought_on=bought(7))
    reference = services.start_triage(ids, actor=holder.actor).reference
    if state == "cancelled":
        services.cancel_triage(reference, actor=holder.actor)
    if state == "confirmed":
        services.sort_lines(reference, [1], outlet="lease_return", reason="contract", actor=holder.actor)
        services.confirm_triage(reference, actor=holder.actor)
    if discarded:
        fleets.discard_units(ids, actor=holder.actor)
    return reference


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_verb_state_by_actor(world: World) -> None:
    everybody = actors(world)
    assert tuple(everybody) == ACTORS
    assert {state for _verb, state in OUTCOMES} == set(OFFERED)
    for (verb, state), (holder, helper) in OUTCOMES.items():
        reference = triage_in(world, state, discarded=verb == "depart" and state == "confirmed")
        expected = {"holder": holder, "helper": helper} | NOT_MINE
        for name in sorted(expected, key=lambda one: (expected[one] is None, one != "holder")):
            if name == "helper" and holder is None and helper is Conflict:
                continue  # looked at below, after the holder
            _told(verb, reference, everybody[name], expected[name], (verb, state, name))
        if holder is None and helper is Conflict:
            _told(verb, reference, everybody["helper"], Conflict, (verb, state, "helper"))
    for state, by_actor in OFFERED.items():
        triage = triages.seen(triage_in(world, state), everybody["holder"])
        for name, actor in everybody.items():
            assert TRIAGE.offered(triage, actor) == by_actor.get(name, []), (state, name)


def _told(verb: str, reference: str, actor: Actor, error: type[DomainError] | None, at: object) -> None:
    if error is None:
        VERBS[verb](reference, actor)
        return
    with pytest.raises(DomainError) as refused:
        VERBS[verb](reference, actor)
    assert type(refused.value) is error, at


ADVICE = {  # age, condition, open outlets, public → outlet and why
    ("young", "works", "sale gift", False): ("sale", "young"),
    ("young", "works", "sale transfer", True): ("sale", "young"),
    ("young", "broken", "sale", True): ("recycle", "broken"),
    ("middle", "untested", "sale gift transfer", True): ("transfer", "middle"),
    ("middle", "untested", "sale gift", True): ("gift", "middle"),
    ("middle", "untested", "sale", True): ("sale", "above_cap"),
    ("middle", "untested", "", True): ("", "nobody"),
    ("middle", "works", "sale gift", False): ("gift", "middle"),
    ("old", "works", "sale gift transfer", True): ("recycle", "old_public"),  # REEN, art. 16
    ("old", "works", "sale gift", False): ("gift", "old_private"),  # advice never excludes a company's
    ("unknown", "works", "sale gift", True): ("", "unknown"),
    ("unknown", "broken", "sale gift", False): ("recycle", "broken"),
}


def test_the_advice_is_this_one() -> None:
    for (age, works, open_to, public), expected in ADVICE.items():
        assert advice.advise(age, works, open_to.split(), public=public) == expected


def test_what_a_public_holder_must_say_to_discard(world: World) -> None:
    town, company = world.public_holder(), world.holder()
    ids, others = fleet(town, 2), fleet(company, 1)
    whole = {"decided_on": clock.today(), **DECISION}
    for name in whole:
        with pytest.raises(Invalid) as refused:
            fleets.discard_units(ids, actor=town.actor, **{k: v for k, v in whole.items() if k != name})
        assert refused.value.field == name
    with pytest.raises(Invalid):
        fleets.discard_units(ids, actor=town.actor, **whole | {"decided_on": clock.in_days(1)})
    assert fleets.discard_units(ids, actor=town.actor, **whole) == 2
    assert fleets.discard_units(others, actor=company.actor) == 1  # optional for a company
    with pytest.raises(Conflict):
        fleets.record_decision(ids, actor=town.actor, **whole)
    assert fleets.annul_discard(ids[:1], actor=town.actor) == 1
    assert set(decisions.decisions_of(ids)) == {ids[1]}
    assert (
        fleets.record_departure(ids[1:], "staff", left_on=clock.today(), erased=True, actor=town.actor) == 1
    )
    with pytest.raises(Conflict):
        fleets.annul_discard(ids[1:], actor=town.actor)
    with pytest.raises(NotFound):
        services.start_triage(ids[1:], actor=town.actor)
    assert reconcile() == []


def test_the_stock_on_1_january_is_the_journals(world: World) -> None:
    town, this = world.public_holder(), clock.today().year
    before = clock.at_paris(january.day_of(this)) - timedelta(days=20)
    with clock.frozen(before):
        kept = fleet(town, 3, bought_on=before.date() - timedelta(days=3000))
        old = fleet(town, 2, kind="monitor", bought_on=before.date() - timedelta(days=4000))
        said = {"decided_on": before.date(), **DECISION}
        fleets.discard_units([*kept, *old], actor=town.actor, **said)
        fleets.record_departure(old[:1], "staff", left_on=before.date(), erased=True, actor=town.actor)
        services.publish_lot(_lot_of(town, kept[:1]).id, actor=town.actor, decision=decided())
    late = fleet(town, 4)
    assert fleets.keep_due_stocks() == 1
    assert fleets.keep_due_stocks() == 0
    [year] = january.years(town.organisation_id)
    # what waits in a published lot is still in stock; what went to staff is not
    assert (year.stock.units, year.kinds) == (4, {"laptop": (3, 0), "monitor": (1, 1)})
    # a decision of last year, recorded late: the journal now says more, and the correction is told
    fleets.discard_units(late, actor=town.actor, decided_on=before.date(), **DECISION)
    assert january.at(town.organisation_id, clock.at_paris(january.day_of(this)))["laptop"] == (7, 0)
    fleets.keep_stock(town.organisation_id, this, actor=town.actor)
    assert january.years(town.organisation_id)[0].stock.units == 8
    told = sa.select(Event.type).where(Event.type.like("stock.%")).order_by(Event.id)
    assert list(db.session().scalars(told)) == ["stock.kept", "stock.corrected"]
    with pytest.raises(NotAllowed):
        fleets.keep_stock(world.holder().organisation_id, this, actor=world.holder().actor)


def _lot_of(party: Party, ids: list[int]) -> Lot:
    lot = services.draft_from_units(ids, actor=party.actor)
    return services.set_conditions(lot.id, terms(party.site_id), actor=party.actor)


def test_programs_sort_too(world: World, app: Flask) -> None:
    company = world.holder()
    ids = fleet(company, 3, bought_on=bought(12)) + fleet(company, 2, bought_on=bought(2))
    _token, secret = tokens.make_token(company.person_id, company.organisation_id, ["write"])
    program = Caller(app, company, secret)
    made = program.post("/triages", 201, units=ids)
    at = f"/triages/{made['reference']}"
    assert [(line["units"], line["outlet"], line["why"]) for line in made["lines"]] == [
        (3, "gift", "old_private"), (2, "sale", "young"),
    ]  # fmt: skip
    program.post(f"{at}:sort", line=[1], outlet="recycle", reason="not_repairable")
    program.post(f"{at}:describe", line=[2], works="works", value_cents=200_00, value_how="expert")
    assert len(program.post(f"{at}:split", line=2, units=1)["lines"]) == 3
    program.post(f"{at}:sort", line=[3], outlet="take_back", reason="contract")
    confirmed = program.post(f"{at}:confirm")
    assert confirmed["actions"] == ["decide", "depart", "request-removal"]
    assert [line["lot"] for line in confirmed["lines"]].count(None) == 2
    assert program.post(f"{at}:decide", decision_number="D-7")["standing"]["discarded"] == 5
    assert program.post(f"{at}:depart", outlet="take_back", left_on=clock.today().isoformat(), erased=True)[
        "standing"]["departed"] == 1  # fmt: skip
    asked = program.post(
        f"{at}:request-removal", 201, site_id=company.site_id, producer_scheme="Exemple DEEE"
    )
    assert (asked["units"], asked["estimated_g"], asked["minimum_g"], asked["triage"]) == (
        3, 3 * 1650, None, made["reference"],
    )  # fmt: skip
    fleet_of = {one["id"]: one for one in program.get("/fleet-units")["items"]}
    assert {one["decision_number"] for one in fleet_of.values()} == {"D-7"}
    assert [one["left_as"] for one in fleet_of.values()].count("take_back") == 1
    assert program.get("/fleet-units/january-stock") == {"items": []}
    assert program.get("/triages")["items"][0]["units"] == 5
    assert reconcile() == []
