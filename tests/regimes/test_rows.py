"""The rows on both databases: seeded once, read as a snapshot, added to by those who may, always sourced."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from reuse_market.accounts.founding import found_organisation
from reuse_market.equipment.services import seed_reference as seed_equipment
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import Rate
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.regimes import queries, services
from reuse_market.regimes.cases import Allowed, Cell, Question, Refused
from reuse_market.regimes.models import AgecCategory, PriceCap, Qualification, RegimeRule
from reuse_market.traceability.models import Event, EventCommitment
from tests.regimes import law

ADMIN = Actor(organisation_id=1, roles=frozenset({"administrator"}))
OPERATOR = Actor(organisation_id=2, roles=frozenset({"operator"}))
HOLDER = Actor(organisation_id=3, roles=frozenset({"holder"}))
PREPARES = Actor(organisation_id=1, roles=frozenset({"administrator"}), commits=False)
CELL = Cell("sale", "private", "company", "staff", "resell")
ESUS = Cell("free_transfer", "public", "reuse_body_esus", "association_other", "resell")
SOURCE = "avis juridique du 2 mars 2026, service juridique de l’exemple"


@pytest.fixture(autouse=True)
def _seeded(database: db.Database) -> None:
    seed_equipment()
    services.seed_reference()


def add(**changes: Any) -> RegimeRule:
    values: dict[str, Any] = {
        "cell": CELL, "outcome": "allowed", "article": "code civil, art. 537", "source": SOURCE,
        "confidence": "S", "valid_from": date(2026, 3, 2), "actor": ADMIN,
    }  # fmt: skip
    return services.add_rule(**values | changes)


def asked(cell: Cell, on: date, first: str = "") -> Allowed | Refused:
    origin = first or {"private": "company", "public": "local_authority"}[cell.origin_kind]
    return queries.ask(Question(cell.regime, origin, cell.giver_kind, cell.recipient_kind, cell.act, on))


@db.command
def organisation(legal_kind: str, *roles: str) -> int:
    return found_organisation(f"Organisme Exemple {legal_kind}", legal_kind, roles, actor=SYSTEM).id


def test_seeding_again_inserts_nothing() -> None:
    assert services.seed_reference() == 0


def test_seeding_never_touches_what_was_written() -> None:
    @db.command
    def change() -> None:
        db.session().execute(sa.update(PriceCap).values(cents=1))
        db.session().execute(sa.delete(RegimeRule).where(RegimeRule.act == "lend"))

    lent = len([cell for cell in law.LAW.cells if cell.act == "lend"])
    change()
    assert services.seed_reference() == lent
    assert set(db.session().scalars(sa.select(PriceCap.cents))) == {1}


def test_the_snapshot_is_what_the_files_say() -> None:
    read = queries.rules(date(2100, 1, 1))
    assert read.cells == law.LAW.cells
    assert read.caps == law.LAW.caps
    assert read.categories == law.LAW.categories


def test_a_snapshot_holds_only_what_was_asked_for() -> None:
    some = queries.rules(law.TODAY, regime=["sale"], act=["publish", "resell"])
    assert {(cell.regime, cell.act) for cell in some.cells} == {("sale", "publish"), ("sale", "resell")}
    assert not queries.rules(date(2019, 12, 31)).cells


def test_a_snapshot_costs_one_statement_until_a_cap_or_a_category_is_asked(statements: list[str]) -> None:
    queries.rules(law.TODAY)
    assert len(statements) == 1


def test_the_answers_of_the_database_are_those_of_the_grid() -> None:
    assert list(law.faults(queries.rules(law.TODAY))) == []


def test_every_row_has_a_source_and_a_confidence() -> None:
    for table in (RegimeRule, PriceCap, AgecCategory):
        for source, confidence in db.session().execute(sa.select(table.source, table.confidence)):
            assert len(source) > 10
            assert confidence in "PSDR"


def test_the_rates_are_dated_and_never_guessed() -> None:
    days = [date(2024, 6, 30), date(2024, 7, 1), date(2026, 12, 31), date(2027, 1, 1), date(2030, 1, 1)]
    assert [queries.agec_rate("it_telephony", day) for day in days] == [None, 200, 200, 250, 300]
    assert queries.agec_rate("reprography", date(2026, 1, 1)) is None
    assert queries.agec_rate("print_supplies", date(2026, 1, 1)) is None
    years = [date(2022, 12, 31), date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1), date(2026, 6, 1)]
    assert [queries.reen_rate(day) for day in years] == [None, 250, 350, 500, 500]
    for row in db.session().scalars(sa.select(Rate).where(Rate.code.startswith("agec"))):
        assert row.source


def test_the_categories_of_kinds() -> None:
    told = {kind: queries.agec_category(kind, law.TODAY) for kind in ("laptop", "printer", "dock")}
    assert told == {"laptop": "it_telephony", "printer": "reprography", "dock": None}
    assert queries.agec_category("laptop", date(2024, 6, 30)) is None


def test_an_administrator_establishes_a_rule() -> None:
    before = asked(CELL, date(2026, 3, 2))
    assert isinstance(before, Refused)
    assert before.code == "not_established"
    row = add(documents=["gift_statement"], transfer="purchase")
    after = asked(CELL, date(2026, 3, 2))
    assert isinstance(after, Allowed)
    assert (after.article, after.source, after.documents) == (row.article, SOURCE, ("gift_statement",))
    assert isinstance(asked(CELL, date(2026, 3, 1)), Refused)


def test_a_newer_rule_replaces_the_law_in_force() -> None:
    cell = Cell("sale", "private", "company", "local_authority", "resell")
    assert isinstance(asked(cell, date(2026, 5, 1)), Allowed)
    add(cell=cell, outcome="refused", reason="no_resale", instead=["lend"], valid_from=date(2026, 5, 1))
    assert isinstance(asked(cell, date(2026, 5, 1)), Refused)
    assert isinstance(asked(cell, date(2026, 4, 30)), Allowed)


def test_a_rule_is_told_in_the_journal_without_its_words() -> None:
    row = add()
    event = db.session().scalars(sa.select(Event).where(Event.stream == services.STREAM)).one()
    assert event.type == "regimes.rule-added"
    assert SOURCE[:10] not in event.payload.decode("ascii")
    assert f'"row":{row.id}' in event.payload.decode("ascii")
    kept = db.session().scalars(sa.select(EventCommitment).where(EventCommitment.name == "source")).one()
    assert kept.value == SOURCE


@pytest.mark.parametrize("actor", [OPERATOR, HOLDER, PREPARES])
def test_only_an_administrator_who_commits_writes_rules(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        add(actor=actor)
    with pytest.raises(NotAllowed):
        services.add_cap("solidarity_price", "server", limits="price", cents=1, source=SOURCE, confidence="P",
                         valid_from=law.TODAY, actor=actor)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"source": "         x"}, "source"),
        ({"source": "x" * 301}, "source"),
        ({"article": " "}, "article"),
        ({"confidence": "X"}, "confidence"),
        ({"outcome": "maybe"}, "outcome"),
        ({"reading": "opinion"}, "reading"),
        ({"reading": "guess"}, "reading"),
        ({"price": "dear"}, "price"),
        ({"transfer": "theft"}, "transfer"),
        ({"reason": "because"}, "reason"),
        ({"documents": ["passport"]}, "documents"),
        ({"instead": ["cry"]}, "instead"),
        ({"cell": CELL._replace(regime="loan")}, "regime"),
        ({"cell": CELL._replace(origin_kind="company")}, "origin_kind"),
        ({"cell": CELL._replace(giver_kind="unknown")}, "giver_kind"),
        ({"cell": CELL._replace(recipient_kind="unknown")}, "recipient_kind"),
        ({"cell": CELL._replace(act="steal")}, "act"),
        ({"cell": CELL._replace(kind="toaster")}, "kind"),
    ],
)
def test_a_rule_without_a_source_or_outside_the_lists_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(**changes)
    assert refused.value.field == field
    assert db.session().scalar(sa.select(sa.func.count()).where(Event.stream == services.STREAM)) == 0


def test_two_rules_of_one_day_are_a_conflict() -> None:
    add()
    with pytest.raises(Conflict):
        add(outcome="refused")


def test_a_legal_opinion_sets_a_prudent_reading_aside() -> None:
    day = date(2026, 4, 1)
    before = asked(ESUS, day)
    assert isinstance(before, Refused)
    assert before.reading == "prudent"
    services.record_opinion(ESUS, source=SOURCE, valid_from=day, actor=OPERATOR)
    after = asked(ESUS, day)
    assert isinstance(after, Allowed)
    assert (after.reading, after.source, after.article) == ("opinion", SOURCE, "CG3P, art. L3212-2 3°")
    assert isinstance(asked(ESUS, day - timedelta(days=1)), Refused)


@pytest.mark.parametrize(
    "cell", [ESUS._replace(giver_kind="association_pupils"), CELL, ESUS._replace(recipient_kind="staff")]
)
def test_no_opinion_goes_against_the_text(cell: Cell) -> None:
    with pytest.raises(Conflict):
        services.record_opinion(cell, source=SOURCE, valid_from=law.TODAY, actor=OPERATOR)


def test_only_the_operator_or_the_administrator_records_an_opinion() -> None:
    with pytest.raises(NotAllowed):
        services.record_opinion(ESUS, source=SOURCE, valid_from=law.TODAY, actor=HOLDER)
    with pytest.raises(Invalid):
        services.record_opinion(ESUS, source="", valid_from=law.TODAY, actor=ADMIN)


def test_a_cap_is_added_and_is_in_force_from_its_day() -> None:
    made = services.add_cap("solidarity_price", "all_in_one", limits="price", cents=16_000, source=SOURCE,
                            confidence="S", valid_from=date(2026, 5, 1), actor=ADMIN)  # fmt: skip
    assert made.cents == 16_000
    asking = {"kind": "all_in_one", "price_cents": 16_000, "voucher": law.VOUCHER}
    cell = ("free_transfer", "local_authority", "association_rig", "precarious_person", "solidarity_sale")
    assert isinstance(queries.ask(Question(*cell, date(2026, 5, 1), **asking)), Allowed)
    assert isinstance(queries.ask(Question(*cell, date(2026, 4, 30), **asking)), Refused)
    with pytest.raises(Conflict):
        services.add_cap("solidarity_price", "all_in_one", limits="price", cents=1, source=SOURCE,
                         confidence="S", valid_from=date(2026, 5, 1), actor=ADMIN)  # fmt: skip
    for wrong in ({"cents": 0}, {"limits": "weight"}, {"conditions": ["shiny"]}, {"confidence": "?"}):
        values: dict[str, Any] = {"limits": "price", "cents": 1, "confidence": "S"}
        with pytest.raises(Invalid):
            services.add_cap("solidarity_price", "server", source=SOURCE, valid_from=law.TODAY, actor=ADMIN,
                             **values | wrong)  # fmt: skip


def test_require_gives_the_permission_or_an_error_on_the_field() -> None:
    good = Question("sale", "company", "company", "company", "award", law.TODAY)
    assert queries.require(good).article == "code civil, art. 537"
    bad = Question("gift", "local_authority", "local_authority", "anyone", "publish", law.TODAY)
    with pytest.raises(Invalid) as refused:
        queries.require(bad, field="regime")
    assert (refused.value.field, refused.value.code) == ("regime", "regime.public_gives_by_law")


@pytest.mark.parametrize(
    ("legal_kind", "allowed"),
    [
        ("company", {"sale", "gift"}),
        ("association", {"sale", "gift"}),
        ("local_authority", {"sale", "free_transfer", "public_transfer"}),
        ("public_body", {"sale", "free_transfer", "public_transfer"}),
        ("state", {"free_transfer", "public_transfer"}),
        ("school", set()),
        ("other", set()),
    ],
)
def test_the_regimes_a_holder_may_choose(legal_kind: str, allowed: set[str]) -> None:
    told = queries.publishable(organisation(legal_kind, "holder"), law.TODAY)
    assert {regime for regime, answer in told.items() if answer.allowed} == allowed
    assert len(told) == 4


def test_evidence_says_more_than_the_account() -> None:
    association = organisation("association", "reuse_actor")
    day = clock.today()
    assert queries.party_kind(association) == "association_other"
    services.qualify(association, "association_rup", evidence="décret du 3 mai 1990, JO du 5", actor=OPERATOR,
                     until=day + timedelta(days=9))  # fmt: skip
    assert queries.party_kind(association) == "association_rup"
    assert queries.party_kind(association, day - timedelta(days=1)) == "association_other"
    assert queries.party_kind(association, day + timedelta(days=9)) == "association_rup"
    assert queries.party_kind(association, day + timedelta(days=10)) == "association_other"
    assert [row.party_kind for row in queries.qualifications(association)] == ["association_rup"]


def test_a_school_and_another_body_are_told_by_their_evidence() -> None:
    school, other = organisation("school", "holder"), organisation("other", "holder")
    assert queries.party_kinds([school, other]) == {school: "teaching_body", other: "unknown"}
    assert "school_eple" in queries.evidence_wanted(school)
    assert queries.evidence_wanted(organisation("state")) == {}
    services.qualify(school, "school_eple", evidence="UAI 0380000X, annuaire de l’éducation", actor=OPERATOR)
    services.qualify(other, "company", evidence="extrait du registre du 1er mars", actor=ADMIN)
    assert queries.party_kinds([school, other]) == {school: "school_eple", other: "company"}
    assert queries.publishable(school)["public_transfer"].allowed
    assert queries.party_kind(999_999) == "unknown"


def test_parties_are_read_in_a_constant_number_of_statements(statements: list[str]) -> None:
    made = [organisation("company"), organisation("state"), organisation("association")]
    db.release()
    statements.clear()
    queries.party_kinds(made)
    assert len(statements) == 1


def test_evidence_is_the_operators_and_must_fit() -> None:
    company = organisation("company", "buyer")
    with pytest.raises(NotAllowed):
        services.qualify(company, "reuse_body_esus", evidence=SOURCE, actor=HOLDER)
    with pytest.raises(NotFound):
        services.qualify(999_999, "company", evidence=SOURCE, actor=OPERATOR)
    for wrong in ("local_authority", "association_rup", "staff", "unknown"):
        with pytest.raises(Invalid) as refused:
            services.qualify(company, wrong, evidence=SOURCE, actor=OPERATOR)
        assert refused.value.field == "party_kind"
    with pytest.raises(Invalid):
        services.qualify(company, "reuse_body_esus", evidence="", actor=OPERATOR)
    with pytest.raises(Invalid):
        services.qualify(company, "reuse_body_esus", evidence=SOURCE, actor=OPERATOR, until=date(2020, 1, 1))
    services.qualify(company, "reuse_body_esus", evidence=SOURCE, actor=OPERATOR)
    with pytest.raises(Conflict):
        services.qualify(company, "company", evidence=SOURCE, actor=OPERATOR)
    event = db.session().scalars(sa.select(Event).where(Event.type == "organisation.qualified")).one()
    assert event.stream == f"organisation/{company}"


def test_the_database_refuses_a_rule_without_a_source() -> None:
    @db.command
    def write() -> None:
        db.session().add(
            RegimeRule(**CELL._asdict(), outcome="allowed", article="x", source="", confidence="P")
        )

    with pytest.raises(IntegrityError):
        write()
    assert db.session().scalar(sa.select(sa.func.count(Qualification.id))) == 0
