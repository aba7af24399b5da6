"""The forecast of a holder from its fleet, its plans and its age rules: services, pages, API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import services as accounts
from reuse_market.accounts import tokens
from reuse_market.fleets import services
from reuse_market.fleets.forecasting import counting, reading
from reuse_market.fleets.forecasting.survival import Group
from reuse_market.fleets.models import FleetForecast, ForecastMade, RenewalPlan, ResourceCell
from reuse_market.fleets.services import plans, resource
from reuse_market.fleets.services.plans import Renewal
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from reuse_market.traceability import queries as journal
from tests.api.conftest import Caller
from tests.fleets.conftest import imported
from tests.lots.visiting import Visitor
from tests.support.world import Party, World

TODAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
Q = 2026 * 4 + 3  # the quarter of TODAY
COLUMNS = "Numéro de série;Fabricant;Modèle;Type;Date d'achat"


def bought(count: int, first: int = 0, kind: str = "Portable", years: int = 7) -> bytes:
    """Devices bought from 2018 on, one year after the other, in March."""
    rows = [
        f"SN{n:05d};Dell;Latitude 5400;{kind};{2018 + n % years}-03-15" for n in range(first, first + count)
    ]
    return "\n".join([COLUMNS, *rows]).encode()


@pytest.fixture
def holder(world: World) -> Party:
    """A holder seen since January 2025: 140 laptops of seven years, 40 of them discarded in four quarters."""
    me = world.holder()
    with clock.frozen(datetime(2025, 1, 10, tzinfo=UTC)):
        ids = imported(me, bought(140))
    for month in (2, 5, 8, 11):
        with clock.frozen(datetime(2025, month, 10, tzinfo=UTC)):
            services.discard_units(ids[month * 10 : month * 10 + 10], actor=me.actor)
    return me


def cells(me: Party) -> list[ResourceCell]:
    statement = sa.select(ResourceCell).where(ResourceCell.organisation_id == me.organisation_id)
    return list(db.session().scalars(statement.order_by(ResourceCell.basis, ResourceCell.quarter)))


def told(me: Party) -> dict[tuple[str, date], tuple[int, int, int, int]]:
    return {
        (row.kind, row.quarter): (row.announced, row.expected, row.low, row.high)
        for row in reading.quarters(me.organisation_id)
    }


def test_what_is_counted_says_when_devices_were_bought_seen_and_gone(holder: Party) -> None:
    with clock.frozen(TODAY):
        found = counting.counts_by_kind(holder.organisation_id)["laptop"]
    gone = sorted((g.gone, g.count) for g in found.groups if g.gone is not None)
    by_quarter = {quarter: sum(n for at, n in gone if at == quarter) for quarter, _ in gone}
    assert by_quarter == {2025 * 4 + place: 10 for place in range(4)}
    assert {group.seen for group in found.groups} == {2025 * 4}
    assert Group(2018 * 4, 2025 * 4, None, 14) in found.groups
    assert found.stock[holder.site_id, "in_use"] == 100
    assert found.stock[holder.site_id, "discarded"] == 40


def test_an_annulled_discard_is_none_and_a_merged_or_departed_device_is_not_stock(holder: Party) -> None:
    back = list(db.session().scalars(sa.text("SELECT id FROM unit WHERE state = 'discarded' ORDER BY id")))[
        :10
    ]
    services.annul_discard(back, actor=holder.actor)
    found = counting.counts_by_kind(holder.organisation_id)["laptop"]
    assert sum(group.count for group in found.groups if group.gone is not None) == 30
    services.discard_units(back, actor=holder.actor)
    found = counting.counts_by_kind(holder.organisation_id)["laptop"]
    assert sum(group.count for group in found.groups if group.gone is not None) == 40


def test_cells_add_up_to_the_forecast_and_rebuilding_changes_nothing(holder: Party, world: World) -> None:
    other = accounts.save_site(
        holder.organisation_id,
        {"name": "Annexe", "street": "2 rue de l’Exemple", "postcode": "38240", "commune_name": "Meylan"},
        actor=holder.actor,
    )
    with clock.frozen(TODAY):
        row = services.upload_inventory(
            bought(60, first=500, kind="Écran"), "b.csv", actor=holder.actor, site_id=other.id
        )
        services.confirm_mapping(row.id, actor=holder.actor)
        services.apply_import(row.id, actor=holder.actor)
        plans.announce_renewal(Renewal("laptop", 25, "2027-Q2"), actor=holder.actor)
        plans.announce_renewal(Renewal("monitor", 5, "2027-02", site_id=other.id), actor=holder.actor)
        first = [(c.commune_insee, c.kind, c.basis, c.state, c.quarter, c.expected, c.low, c.high)
                 for c in cells(holder)]  # fmt: skip
        resource.rebuild(holder.organisation_id)
        again = [(c.commune_insee, c.kind, c.basis, c.state, c.quarter, c.expected, c.low, c.high)
                 for c in cells(holder)]  # fmt: skip
    assert first == again
    stock = {(kind, state): n for _, kind, basis, state, _, n, _, _ in first if basis == "stock"}
    assert stock == {("laptop", "in_use"): 100, ("laptop", "discarded"): 40, ("monitor", "in_use"): 60}
    assert {insee for insee, kind, *_ in first if kind == "monitor"} == {"38229"}
    for (kind, quarter), (announced, expected, low, high) in told(holder).items():
        mine = [c for c in first if c[1] == kind and c[4] == quarter]
        assert sum(c[5] for c in mine if c[2] == "announced") == announced
        assert sum(c[5] for c in mine if c[2] != "stock") == expected
        assert low <= expected <= high
    assert told(holder)["laptop", date(2027, 4, 1)][0] == 25
    assert told(holder)["monitor", date(2027, 1, 1)][0] == 5
    assert resource.rebuild_changed() == 1  # made on another day


def test_a_bigger_plan_replaces_the_figure(holder: Party) -> None:
    with clock.frozen(TODAY):
        resource.rebuild(holder.organisation_id)
        before = told(holder)
        plan = plans.announce_renewal(Renewal("laptop", 60, "2027-Q1"), actor=holder.actor)
        after = told(holder)
        assert after["laptop", date(2027, 1, 1)] == (60, 60, 60, 60)
        later = [
            sum(row[1] for (_, quarter), row in rows.items() if quarter > date(2027, 1, 1))
            for rows in (after, before)
        ]
        assert later[0] < later[1]
        plans.cancel_renewal(plan, actor=holder.actor)
        assert told(holder) == before


def test_the_age_rule_of_the_holder_is_heard_and_can_be_given_up(world: World) -> None:
    me = world.holder()
    with clock.frozen(TODAY):
        imported(me, bought(70))
        resource.rebuild(me.organisation_id)
        usual = told(me)
        plans.set_age_rule("laptop", 120, actor=me.actor)
        assert reading.ages(me.organisation_id)["laptop"] == reading.Age(120, own=True)
        assert sum(row[1] for row in told(me).values()) < sum(row[1] for row in usual.values()) * 2 // 3
        plans.set_age_rule("laptop", None, actor=me.actor)
        assert told(me) == usual
        for kind, months, field in (
            ("laptop", 5, "months"),
            ("laptop", 241, "months"),
            ("soucoupe", 60, "kind"),
        ):
            with pytest.raises(Invalid) as refused:
                plans.set_age_rule(kind, months, actor=me.actor)
            assert refused.value.field == field
    events = [e.type for e in journal.events_of_stream(f"fleet/{me.organisation_id}")]
    assert events.count("fleet.age-rule-set") == 2


def test_devices_without_a_date_are_as_old_as_the_others_or_not_foretold(world: World) -> None:
    me = world.holder()
    rows = [f"N{n};Dell;Latitude 5400;Portable;{'2022-03-15' if n < 30 else ''}" for n in range(60)]
    rows += [f"P{n};Dell;P2419H;Écran;" for n in range(10)]
    with clock.frozen(TODAY):
        imported(me, "\n".join([COLUMNS, *rows]).encode())
        resource.rebuild(me.organisation_id)
    grounds = {row.kind: (row.in_use, row.undated) for row in reading.grounds(me.organisation_id)}
    assert grounds == {"laptop": (60, 30), "monitor": (10, 10)}
    assert sum(row[1] for row in told(me).values()) > 40
    assert {kind for kind, _ in told(me)} == {"laptop"}


@pytest.mark.parametrize(
    ("renewal", "field"),
    [
        (Renewal("soucoupe", 4, "2027-Q1"), "kind"),
        (Renewal("laptop", 0, "2027-Q1"), "quantity"),
        (Renewal("laptop", 100_001, "2027-Q1"), "quantity"),
        (Renewal("laptop", 4, "2026-Q3"), "period"),
        (Renewal("laptop", 4, "2026-10"), "period"),
        (Renewal("laptop", 4, "2029-Q4"), "period"),
        (Renewal("laptop", 4, "mars"), "period"),
        (Renewal("laptop", 4, "2027-Q1", site_id=999_999), "site_id"),
        (Renewal("laptop", 4, "2027-Q1", model="x" * 121), "model"),
        (Renewal("laptop", 4, "2027-Q1", note="x" * 301), "note"),
    ],
)  # fmt: skip
def test_what_cannot_be_announced(renewal: Renewal, field: str, world: World) -> None:
    with clock.frozen(TODAY), pytest.raises(Invalid) as refused:
        plans.announce_renewal(renewal, actor=world.holder().actor)
    assert refused.value.field == field
    assert db.session().scalar(sa.select(sa.func.count()).select_from(RenewalPlan)) == 0


VERBS: dict[str, Callable[[int, Actor], Any]] = {
    "change": lambda i, a: plans.change_renewal(i, Renewal("laptop", 7, "2027-Q3"), actor=a),
    "finish": lambda i, a: plans.finish_renewal(i, actor=a),
    "cancel": lambda i, a: plans.cancel_renewal(i, actor=a),
}
# verb, state: what the holder's people, those who only prepare, another holder, a reuse actor and the operator get
GRID = """
change announced   announced  announced  NotFound  NotFound  NotFound
change done        Conflict   Conflict   NotFound  NotFound  NotFound
change cancelled   Conflict   Conflict   NotFound  NotFound  NotFound
change linked      announced  announced  NotFound  NotFound  NotFound
finish announced   done       done       NotFound  NotFound  NotFound
finish done        Conflict   Conflict   NotFound  NotFound  NotFound
finish cancelled   Conflict   Conflict   NotFound  NotFound  NotFound
finish linked      Conflict   Conflict   NotFound  NotFound  NotFound
cancel announced   cancelled  cancelled  NotFound  NotFound  NotFound
cancel done        Conflict   Conflict   NotFound  NotFound  NotFound
cancel cancelled   Conflict   Conflict   NotFound  NotFound  NotFound
cancel linked      Conflict   Conflict   NotFound  NotFound  NotFound
"""


def test_who_may_do_what_with_a_plan(world: World) -> None:
    me = world.holder().actor
    actors = (
        me, replace(me, commits=False), world.public_holder().actor, world.reuse_actor().actor,
        world.operator().actor,
    )  # fmt: skip
    with clock.frozen(TODAY):
        for line in GRID.strip().splitlines():
            verb, state, *expected = line.split()
            for actor, wanted in zip(actors, expected, strict=True):
                plan = in_state(state, me)
                before = len(journal.events_of_stream(f"fleet/{me.organisation_id}"))
                try:
                    VERBS[verb](plan, actor)
                    found = db.session().get_one(RenewalPlan, plan).state
                except DomainError as refused:
                    found = type(refused).__name__
                assert found == wanted, line
                after = len(journal.events_of_stream(f"fleet/{me.organisation_id}"))
                assert after - before == (1 if found.islower() else 0), line
        with pytest.raises(NotAllowed):
            plans.announce_renewal(Renewal("laptop", 7, "2027-Q3"), actor=world.reuse_actor().actor)


def in_state(state: str, me: Actor) -> int:
    plan = plans.announce_renewal(Renewal("laptop", 3, "2027-01"), actor=me)
    if state == "done":
        plans.finish_renewal(plan, actor=me)
    if state == "cancelled":
        plans.cancel_renewal(plan, actor=me)
    if state == "linked":
        plans.link_lot(plan, f"LOT-{plan}", actor=me)
    return plan


def test_a_planned_lot_takes_the_plan_over_and_gives_it_back(world: World) -> None:
    me = world.holder()
    with clock.frozen(TODAY):
        plan = plans.announce_renewal(Renewal("laptop", 3, "2027-01"), actor=me.actor)
        plans.link_lot(plan, "LOT-2026-0001", actor=me.actor)
        with pytest.raises(Conflict):
            plans.link_lot(plan, "LOT-2026-0002", actor=me.actor)
        with pytest.raises(NotFound):
            plans.link_lot(plan, "LOT-2026-0001", actor=world.public_holder().actor)
        plans.lot_given_up("LOT-2026-0001", actor=me.actor)
        assert reading.plan(plan, me.actor).lot_reference is None
        plans.link_lot(plan, "LOT-2026-0003", actor=me.actor)
        plans.lot_published("LOT-2026-0003", actor=SYSTEM)
        plans.lot_published("LOT-of-no-plan", actor=SYSTEM)
    assert reading.plan(plan, me.actor).state == "done"


def test_the_job_rebuilds_only_who_has_changed(holder: Party, world: World) -> None:
    me = holder
    with clock.frozen(TODAY):
        assert resource.rebuild_changed() == 1
        assert resource.rebuild_changed() == 0
        assert not reading.behind(me.organisation_id)
        imported(me, bought(3, first=900))
        assert reading.behind(me.organisation_id)
        imported(world.public_holder(), bought(4, first=950))
        assert resource.rebuild_changed() == 2
        assert resource.rebuild_changed() == 0
    made = db.session().get_one(ForecastMade, me.organisation_id)
    assert (made.in_use, made.discarded) == (103, 40)


def test_the_page_tells_why_and_takes_corrections(holder: Party, app: Flask) -> None:
    with clock.frozen(TODAY):
        me = Visitor(app.test_client(), holder).open("/parc").follow("Ce que votre parc va libérer")
        assert "D’après vos 40 réformes observées depuis 2025 et la règle d’âge : 5 ans." in me.text
        assert "ADEME" in me.text
        assert me.tree.xpath("//figure[@class='stepped']/svg")
        head = [" ".join(cell.text_content().split()) for cell in me.tree.xpath("(//table)[2]/thead//th")]
        assert head[:4] == ["Type", "En 12 mois", "T4 2026", "T1 2027"]
        assert len(head) == 14
        me.press("Annoncer", 422, quantity="0")
        assert "À corriger avant de continuer" in me.text
        me.press("Annoncer", quantity="400", kind="laptop", period="2027-03", model="Latitude 5400")
        assert "400 appareils sont annoncés." in me.text
        assert "mars 2027" in me.text
        assert "annoncés : 400" in me.text
        me.press("Enregistrer l’âge (ordinateur portable)", 422, months="2")
        assert "entre 6 et 240" in me.text
        me.press("Enregistrer l’âge (ordinateur portable)", months="48")
        assert "la règle d’âge : 4 ans." in me.text
        me.follow("400 × ordinateur portable").press(
            "Enregistrer le changement", quantity="30", period="2027-Q1"
        )
        assert "30 × ordinateur portable" in me.text
        csv = me.client.get("/parc/prevision.csv").data.decode("utf-8-sig").splitlines()
        assert csv[0] == "Type;Trimestre;Annoncés;Prévus;Estimation basse;Estimation haute"
        assert csv[2].startswith("ordinateur portable;2027-01-01;30;")
        assert len(csv) == 13
        me.press("C’est fait 30 × ordinateur portable")
        assert "Renouvellements annoncés" not in me.text
        plan = db.session().scalars(sa.select(RenewalPlan)).one()
        assert (plan.state, plan.month, plan.quarter) == ("done", None, date(2027, 1, 1))
        assert "Fait" in me.open(f"/parc/prevision/{plan.id}").text
        me.open("/parc/prevision?kind=monitor").open("/parc/prevision/999999", 404)


def test_an_empty_fleet_and_a_big_one_are_told_so(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.frozen(TODAY):
        me = Visitor(app.test_client(), world.holder()).open("/parc/prevision")
        assert "Rien à prévoir pour le moment" in me.text
        big = world.public_holder()
        imported(big, bought(9))
        monkeypatch.setattr(resource, "AT_ONCE", 5)
        them = Visitor(app.test_client(), big).open("/parc/prevision")
        assert "Votre parc est grand" in them.text
        resource.rebuild(big.organisation_id)
        assert "Pourquoi ces chiffres" in them.open("/parc/prevision").text
        plans.set_age_rule("laptop", 48, actor=big.actor)
        assert "Votre parc est grand" in them.open("/parc/prevision").text
        assert resource.rebuild_changed() == 1
        assert db.session().scalars(sa.select(FleetForecast)).all()


def test_the_api_does_the_same(holder: Party, app: Flask) -> None:
    with clock.frozen(TODAY):
        _token, secret = tokens.make_own_token(["write"], label="Essai", days=30, actor=holder.actor)
        me = Caller(app, holder, secret)
        assert me.get("/fleet-units/forecast") == {"made_at": None, "behind": True, "kinds": []}
        made = me.post(
            "/fleet-units/renewals", 201, quantity=400, kind="laptop", period="2027-03", model="Latitude"
        )
        assert (made["state"], made["quarter"], made["month"]) == ("announced", "2027-01-01", "2027-03-01")
        assert made["actions"] == ["change", "finish", "cancel"]
        path = f"/fleet-units/renewals/{made['id']}"
        changed = me.post(f"{path}:change", quantity=40, kind="laptop", period="2027-Q2")
        assert (changed["period"], changed["model"], changed["month"]) == ("2027-Q2", "", None)
        [laptops] = me.get("/fleet-units/forecast")["kinds"]
        assert (laptops["discards"], laptops["rule_months"], laptops["own_rule"]) == (40, 60, False)
        assert [q["announced"] for q in laptops["quarters"]] == [0, 0, 40] + [0] * 9
        assert me.post("/fleet-units/age-rules:set", kind="laptop", months=48)["own"] is True
        assert {"kind": "laptop", "months": 48, "own": True, "source": ""} in me.get(
            "/fleet-units/age-rules"
        )["items"]
        assert me.post("/fleet-units/age-rules:set", kind="laptop", months=None)["months"] == 60
        for body in ({"quantity": 0}, {"period": "2027"}, {"kind": "soucoupe"}, {"site_id": 999_999}):
            me.post(
                "/fleet-units/renewals",
                422,
                **({"quantity": 4, "kind": "laptop", "period": "2027-Q1"} | body),
            )
        assert me.post(f"{path}:finish")["actions"] == []
        me.post(f"{path}:cancel", 409)
        assert [one["state"] for one in me.all("/fleet-units/renewals?state=done")] == ["done"]
        assert me.get(path)["lot"] is None
