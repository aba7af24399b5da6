"""The dated tables on the administrator's page: history kept, sources demanded, the journal told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.desk import reference_queries as queries
from reuse_market.desk import reference_services as services
from reuse_market.desk.reference_tables import ELSEWHERE, TABLES
from reuse_market.equipment.models import KindMass
from reuse_market.equipment.queries import mass_g
from reuse_market.kernel import clock, db
from reuse_market.kernel.dated import Dated, Delay, delay_days
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from reuse_market.regimes import queries as law
from reuse_market.regimes.models import PriceCap, RegimeRule
from reuse_market.traceability import queries as journal
from tests.lots.visiting import Visitor
from tests.support.world import Party, World

SOURCE = "essai du 1er mars 2027, page 3"


@pytest.fixture
def admin(world: World) -> Party:
    """An administrator."""
    return world.party("Administration Exemple", "administrator", legal_kind="local_authority")


def mass(day: date | None = None, **changes: Any) -> dict[str, Any]:
    told = {"kind": "laptop", "mass_g": 1_700, "valid_from": day or clock.today(), "source": SOURCE}
    return told | {"confidence": "S"} | changes


def delay(day: date, days: int = 7) -> dict[str, Any]:
    return {"code": "claim.answer", "days": days, "valid_from": day, "source": SOURCE, "confidence": "D"}


def test_every_dated_table_is_kept_on_the_page() -> None:
    held = {model.__tablename__ for model in Dated.__subclasses__()}
    assert held == {
        "delay", "rate", "kind_mass", "kind_weee", "impact_factor", "grade", "regime_rule", "price_cap",
        "agec_category", "qualification", "kind_renewal", "scheme_minimum",
        "solidarity_share", "purchase_threshold", "unit_ceiling",
    }  # fmt: skip
    kept = {table.model.__tablename__ for table in TABLES.values()}
    assert kept | set(ELSEWHERE) == held
    for table in TABLES.values():
        columns = {column.name for column in sa.inspect(table.model).columns}
        told = {one.name for one in (*table.keys, *table.values)} | {"id", *services.HERE}
        assert columns - told <= {"reason"}


def test_a_row_comes_into_force_and_the_one_before_stays(world: World, admin: Party) -> None:
    before = mass_g("laptop")
    services.add_row("masses", mass(clock.in_days(10)), actor=admin.actor)
    assert (mass_g("laptop"), mass_g("laptop", clock.in_days(10))) == (before, 1_700)
    lines = queries.lines(TABLES["masses"], {"kind": "laptop"})
    assert [(one.state, one.row.mass_g) for one in lines] == [("later", 1_700), ("now", before)]
    assert [one.recorded and one.recorded.who for one in lines] == [admin.actor.person_name, None]
    (event,) = journal.events_of_stream("reference/masses")
    assert event.type == "reference.row-added"
    with clock.frozen(clock.now() + timedelta(days=11)):
        assert [one.state for one in queries.lines(TABLES["masses"], {"kind": "laptop"})] == ["now", "before"]
        with pytest.raises(Conflict):
            services.withdraw_row("masses", lines[0].row.id, actor=admin.actor)


REFUSED: dict[str, tuple[dict[str, Any], type[DomainError], str | None]] = {
    "no source": ({"source": ""}, Invalid, "source"),
    "a short source": ({"source": "  page 3   "}, Invalid, "source"),
    "a long source": ({"source": "x" * 301}, Invalid, "source"),
    "no confidence": ({"confidence": ""}, Invalid, "confidence"),
    "an unknown confidence": ({"confidence": "Z"}, Invalid, "confidence"),
    "no day": ({"valid_from": None}, Invalid, "valid_from"),
    "a day gone by": ({"valid_from": date(2021, 1, 1)}, Invalid, "valid_from"),
    "no value": ({"mass_g": None}, Invalid, "mass_g"),
    "a float": ({"mass_g": 1.5}, Invalid, "mass_g"),
    "zero": ({"mass_g": 0}, Invalid, "mass_g"),
    "an unknown kind": ({"kind": "boat"}, Invalid, "kind"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_recorded(world: World, admin: Party, name: str) -> None:
    changes, error, field = REFUSED[name]
    with pytest.raises(error) as refusal:
        services.add_row("masses", mass(**changes), actor=admin.actor)
    assert getattr(refusal.value, "field", None) == field
    assert not journal.events_of_stream("reference/masses")


def test_a_factor_stands_inside_its_range(world: World, admin: Party) -> None:
    told = {"kind": "laptop", "measure": "embedded", "factor": 10, "low": 11, "high": 12,
            "valid_from": clock.today(), "source": SOURCE, "confidence": "S"}  # fmt: skip
    for ends in ({"low": 11}, {"low": 1, "high": 9}):
        with pytest.raises(Invalid):
            services.add_row("impact-factors", told | ends, actor=admin.actor)
    services.add_row("impact-factors", told | {"low": None, "high": None}, actor=admin.actor)


def test_one_row_a_day_and_a_gap_may_be_filled(world: World, admin: Party) -> None:
    services.add_row("masses", mass(clock.in_days(3)), actor=admin.actor)
    with pytest.raises(Conflict):
        services.add_row("masses", mass(clock.in_days(3), mass_g=1), actor=admin.actor)
    missing = next(kind for kind in queries.device_kinds() if mass_g(kind) is None)
    services.add_row("masses", mass(date(2021, 1, 1), kind=missing), actor=admin.actor)
    assert mass_g(missing, date(2021, 6, 1)) == 1_700


def test_a_row_to_come_is_withdrawn_a_shipped_one_is_not(world: World, admin: Party) -> None:
    row_id = services.add_row("delays", delay(clock.in_days(3)), actor=admin.actor).id
    services.withdraw_row("delays", row_id, actor=admin.actor)
    assert delay_days("claim.answer", clock.in_days(4)) == 5
    told = [event.type for event in journal.events_of_stream("reference/delays")]
    assert told == ["reference.row-added", "reference.row-withdrawn"]
    with pytest.raises(NotFound):
        services.withdraw_row("delays", row_id, actor=admin.actor)
    with clock.frozen(clock.at_paris(date(2026, 6, 1), 9)):
        shipped = next(one for one in queries.lines(TABLES["rates"]) if one.state == "later")
        with pytest.raises(Conflict):
            services.withdraw_row("rates", shipped.row.id, actor=admin.actor)


WHO = {"administrator": True, "operator": False, "auditor": False, "holder": False, "reuse_actor": False}


@pytest.mark.parametrize("role", WHO)
def test_who_records_and_who_reads(world: World, app: Flask, role: str) -> None:
    party = world.party("Organisme Exemple", role, legal_kind="local_authority")
    if WHO[role]:
        services.add_row("masses", mass(), actor=party.actor)
    else:
        with pytest.raises(NotAllowed):
            services.add_row("masses", mass(), actor=party.actor)
        with pytest.raises(NotAllowed):
            services.withdraw_row("masses", 1, actor=party.actor)
    reads = 200 if role in ("administrator", "operator", "auditor") else 403
    me = Visitor(app.test_client(), party)
    me.open("/administration/references", reads)
    for code in TABLES:
        me.open(f"/administration/references/{code}", reads)
        me.open(f"/administration/references/{code}/ajouter", 200 if WHO[role] else 403)


def test_a_ceiling_recorded_on_the_page_says_first_what_it_changes(
    world: World, app: Flask, admin: Party
) -> None:
    me = (
        Visitor(app.test_client(), admin)
        .open("/administration/references")
        .follow("Plafonds de prix et de valeur")
    )
    me.follow("Enregistrer une ligne")
    day = clock.in_days(20)
    typed = {"code": "unit_value", "kind": "*", "limits": "value", "cents": "400", "source": SOURCE,
             "confidence": "P", "valid_from": day.strftime("%d/%m/%Y")}  # fmt: skip
    me.press("Voir ce que cela change", 422, **(typed | {"source": "court"}))
    me.press("Voir ce que cela change", **typed)
    assert "300,00 €" in me.text.replace("\u202f", " ")
    assert "400,00 €" in me.text
    assert held(PriceCap, cents=40_000) == 0
    me.press("Enregistrer la ligne")
    assert held(PriceCap, cents=40_000) == 1
    assert admin.actor.person_name in me.text
    label = next(b.text_content() for b in me.tree.xpath("//main//button") if "Retirer" in b.text_content())
    me.press(" ".join(label.split()))
    assert held(PriceCap, cents=40_000) == 0


def held(model: Any, **values: Any) -> int:
    db.release()
    statement = sa.select(sa.func.count()).select_from(model).filter_by(**values)
    return db.session().scalar(statement) or 0


def test_a_cell_without_a_rule_is_given_one(world: World, app: Flask, admin: Party) -> None:
    me = Visitor(app.test_client(), admin).open("/administration/references/rules/ajouter")
    typed = {
        "regime": "gift", "origin_kind": "private", "giver_kind": "company", "recipient_kind": "staff",
        "act": "award", "kind": "monitor", "outcome": "allowed", "article": "code du travail, art. exemple",
        "reading": "text", "valid_from": clock.today().strftime("%d/%m/%Y"), "source": SOURCE,
        "confidence": "S", "documents": ["gift_statement"],
    }  # fmt: skip
    me.press("Voir ce que cela change", **typed).press("Enregistrer la ligne")
    row = db.session().scalars(sa.select(RegimeRule).filter_by(recipient_kind="staff", kind="monitor")).one()
    assert (row.outcome, row.documents, row.source) == ("allowed", "gift_statement", SOURCE)


def test_a_legal_opinion_sets_a_prudent_reading_aside(world: World, app: Flask, admin: Party) -> None:
    operator, auditor = world.operator(), world.party("Contrôle Exemple", "auditor", legal_kind="public_body")
    prudent = db.session().scalars(sa.select(RegimeRule).filter_by(reading="prudent").limit(1)).one()
    kept = {name: getattr(prudent, name) for name in law.Cell._fields}
    address = f"/administration/references/rules/{prudent.id}/avis"
    me = Visitor(app.test_client(), operator)
    me.open(address)
    me.press("Enregistrer l’avis juridique", 422, source="court", valid_from="01/01/2030")
    day = clock.in_days(2)
    me.press("Enregistrer l’avis juridique", source=SOURCE, valid_from=day.strftime("%d/%m/%Y"))
    assert held(RegimeRule, **kept, reading="opinion") == 1
    Visitor(app.test_client(), auditor).open(address, 403)


def test_the_api_reads_and_records(world: World, app: Flask, admin: Party) -> None:
    client = app.test_client()

    def ask(party: Party, method: str, path: str, scope: str, **given: Any) -> Any:
        secret = tokens.make_token(party.person_id, party.organisation_id, (scope,))[1]
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"{path}{scope}"}
        answer = client.open(f"/api/v1/references{path}", method=method, headers=headers, **given)
        db.release()
        return answer

    tables = ask(admin, "GET", "", "references:read").json["items"]
    assert [one["code"] for one in tables] == list(TABLES)
    new = {"columns": {"code": "claim.answer", "days": 9}, "source": SOURCE, "confidence": "D",
           "valid_from": clock.in_days(5).isoformat()}  # fmt: skip
    assert ask(admin, "POST", "/delays:add", "references:read", json=new).status_code == 403
    assert ask(world.operator(), "POST", "/delays:add", "write", json=new).status_code == 403
    made = ask(admin, "POST", "/delays:add", "references:write", json=new)
    assert (made.status_code, made.json["state"], made.json["actions"]) == (200, "later", ["withdraw"])
    rows = ask(admin, "GET", "/delays?limit=100", "read").json["items"]
    assert made.json["id"] in [row["id"] for row in rows]
    assert held(Delay, days=9) == 1
    gone = ask(admin, "POST", f"/delays/{made.json['id']}:withdraw", "write")
    assert (gone.status_code, held(Delay, days=9)) == (200, 0)
    prudent = db.session().scalars(sa.select(RegimeRule).filter_by(reading="prudent").limit(1)).one().id
    said = {"source": SOURCE, "valid_from": clock.in_days(3).isoformat()}
    auditor = world.party("Contrôle Exemple", "auditor", legal_kind="public_body")
    assert ask(auditor, "POST", f"/rules/{prudent}:record-opinion", "write", json=said).status_code == 403
    told = ask(world.operator(), "POST", f"/rules/{prudent}:record-opinion", "write", json=said)
    assert (told.status_code, told.json["values"]["reading"], told.json["source"]) == (200, "opinion", SOURCE)
    again = ask(admin, "POST", f"/rules/{told.json['id']}:record-opinion", "write", json=said)
    assert (again.status_code, again.json["code"]) == (409, "regime.not-prudent")
    assert ask(admin, "GET", "/boats", "read").status_code == 404
    assert held(KindMass, mass_g=1) == 0
