"""The ledger: who has one, what counts and why, the year's arithmetic, its undo, its files, its reminder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from reuse_market import notices
from reuse_market.accounts.models import Organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.obligations.agec import (
    available,
    declaration,
    importing,
    policy,
    queries,
    reminding,
    services,
)
from reuse_market.obligations.agec.agec_models import AgecEntry, AgecImport
from reuse_market.obligations.agec.categories import CODES
from reuse_market.reservations.invoices import services as invoices
from reuse_market.traceability.models import Event
from tests.reservations.test_invoices import sold
from tests.support.world import Party, World, ready_units

YEAR = clock.today().year
SIRET = "13002526500013"
ACCOUNTS = (
    "Export;;;;;\r\n"
    "Date pièce;Fournisseur;Montant HT;Réemploi;N° facture;Libellé\r\n"
    "05/01/{y};Fournisseur Exemple;1 200,50;;F1;Portables neufs\r\n"
    "17/02/{y};Atelier Exemple;300,00;oui;F2;Écrans\r\n"
    "17/02/{y};Atelier Exemple;300,00;oui;F2;Écrans\r\n"
    "18/02/{y};Atelier Exemple;-50,00;oui;F3;Avoir\r\n"
    "32/02/{y};Fournisseur Exemple;10,00;;F4;\r\n"
    "01/03/{y};Fournisseur Exemple;1,234;;F5;\r\n"
    "02/03/{y};Fournisseur Exemple;10,00;20,00;F6;\r\n"
)


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    """Reference rows; mails stay in the outbox, files in the test's folder."""
    files.configure(f"file://{tmp_path / 'files'}")
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()


@db.command
def give_siret(party: Party) -> None:
    """The SIRET that the declaration needs."""
    db.session().get_one(Organisation, party.organisation_id).siret = SIRET


def year(party: Party, at: int = YEAR) -> queries.Standing:
    return queries.ledger(party.organisation_id, at).of("it_telephony")


@pytest.fixture
def in_2026() -> Iterator[None]:
    """A day of a year whose target is 20 %: what is missing is written literally."""
    with clock.frozen(clock.at_paris(date(2026, 11, 20), 12)):
        yield


@pytest.mark.usefixtures("in_2026")
def test_what_counts_and_why(world: World) -> None:
    """Bought and confirmed: counts. Gift, not confirmed, disputed, not invoiced, credited: why not."""
    town, seller = world.public_holder(), world.reuse_actor()
    told = {}
    for name, terms in (("confirmed", {}), ("recorded", {}), ("disputed", {}), ("none", {}), ("credited", {}),
                        ("gift", {"price_cents": 0}), ("dock", {"kind": "dock"})):  # fmt: skip
        reference = told[name] = sold(world, 2, **terms)
        if name not in ("none", "gift"):
            invoices.record(reference, actor=seller.actor, number=f"F-{name}")
        if name in ("confirmed", "credited", "dock"):
            invoices.confirm(reference, actor=town.actor)
        if name == "disputed":
            invoices.dispute(reference, actor=town.actor, reason="Le montant")
    invoices.credit(told["credited"], 1, 15_000, actor=seller.actor, number="A-1")
    lines = {line.reference: line for line in queries.ledger(town.organisation_id, 2026).lines}
    counts = "A purchase of reused goods counts towards the AGEC quota of its category."
    assert {name: (lines[ref].counted, lines[ref].net_cents, lines[ref].why) for name, ref in told.items()} == {
        "confirmed": (True, 30_000, counts),
        "recorded": (False, 30_000, "Confirm the invoice: it does not count before."),
        "disputed": (False, 30_000, "You said that the invoice is wrong: the seller corrects it."),
        "none": (False, 30_000, "The seller has not recorded its invoice yet."),
        "credited": (True, 15_000, counts),
        "gift": (False, 0, "A gift counts only when it comes from the State’s own gift platform: this one does"
                 " not count."),
        "dock": (False, 30_000, "The AGEC category of this kind of device is not provided: check before you"
                 " count it."),
    }  # fmt: skip
    one = year(town, 2026)
    assert (one.here_cents, one.reused_cents, one.total_cents, one.rate) == (45_000, 45_000, None, None)
    assert queries.ledger(town.organisation_id, 2026 - 1).lines == ()
    services.set_totals(2026, "it_telephony", 300_000, 5_000, actor=town.actor)
    one = year(town, 2026)
    assert (one.target, one.rate, one.reused_cents, one.missing_cents, one.on_top_cents) == (
        200, 166, 50_000, 10_000, 12_500,
    )  # fmt: skip
    # the same words as the group and the quote say
    ready_units(seller, 3)
    [group] = catalogue.groups(catalogue.Filters(kind="laptop"), town.actor)
    found = available.closing_of(town.organisation_id, "it_telephony", 10_000, town.actor)
    assert [(o.group.key, o.alone, o.taken) for o in found.offered] == [(group.key, 1, 1)]
    assert found.cents == 15_000


def test_the_arithmetic_of_a_year(world: World) -> None:
    """Literal: rounded down, never clamped, unknown rather than 0."""
    town = world.public_holder()
    rows = {  # total, reused → rate, missing, reached, excessive
        (1_500_000, 210_000): (140, 90_000, False, False), (1_000, 199): (199, 1, False, False),
        (100_000, 19_999): (199, 1, False, False), (100_001, 20_000): (199, 1, False, False),
        (100_000, 20_000): (200, 0, True, False), (100, 150): (1500, 0, True, True), (0, 0): (None, None, False, False),
    }  # fmt: skip
    for (total, reused), expected in rows.items():
        services.set_totals(2026, "it_telephony", total, reused, actor=town.actor)
        one = year(town, 2026)
        assert (one.rate, one.missing_cents, one.reached, one.excessive) == expected, (total, reused)
    services.set_totals(2026, "it_telephony", None, None, actor=town.actor)
    assert year(town, 2026).total_cents is None
    targets = {at: queries.target("it_telephony", at) for at in (2023, 2024, 2026, 2027, 2029, 2030)}
    assert targets == {2023: None, 2024: 200, 2026: 200, 2027: 250, 2029: 250, 2030: 300}
    assert [queries.target(code, 2026) for code in CODES if code != "it_telephony"] == [None] * 16
    services.add_entry(
        actor=town.actor, category="reprography", year=YEAR, amount_cents=10_000, reused_cents=10_000
    )
    one = queries.ledger(town.organisation_id, YEAR).of("reprography")
    assert (one.target, one.rate, one.missing_cents) == (None, 1000, None)


def test_lines_are_typed_changed_removed_and_undone(world: World) -> None:
    town = world.public_holder()
    day = date(YEAR, 1, 1)
    made = services.add_entry(
        actor=town.actor, category="it_telephony", day=day, amount_cents=90_000, reused_cents=30_000,
        recycled_cents=1_000, gift_cents=20_000, supplier="Fournisseur  Exemple", reference="F-7", comment="à revoir",
    )  # fmt: skip
    one = year(town)
    assert (one.total_cents, one.reused_cents, one.gift_cents, one.recycled_cents, one.rate) == (
        90_000, 30_000, 20_000, 1_000, 555,
    )  # fmt: skip
    assert made.supplier == "Fournisseur Exemple"
    services.change_entry(made.id, actor=town.actor, amount_cents=80_000, day=date(YEAR - 1, 5, 5))
    assert (year(town).total_cents, year(town, YEAR - 1).total_cents) == (None, 80_000)
    services.restore_entry(made.id, actor=town.actor)
    assert year(town).total_cents == 90_000
    services.restore_entry(made.id, actor=town.actor)  # the undo is undone
    assert year(town, YEAR - 1).total_cents == 80_000
    services.remove_entry(made.id, actor=town.actor)
    assert year(town, YEAR - 1).total_cents is None
    with pytest.raises(NotFound):
        services.change_entry(made.id, actor=town.actor, amount_cents=1)
    services.restore_entry(made.id, actor=town.actor)
    assert year(town, YEAR - 1).total_cents == 80_000
    plain = services.add_entry(actor=town.actor, category="paper", year=YEAR, amount_cents=1)
    with pytest.raises(Conflict):
        services.restore_entry(plain.id, actor=town.actor)
    tomorrow = clock.today() + timedelta(days=1)
    for wrong, field in (
        ({"category": "boats"}, "category"), ({"day": tomorrow}, "day"), ({"year": 2020}, "year"),
        ({"year": None}, "day"), ({"reused_cents": 101}, "reused_cents"), ({"recycled_cents": 101}, "recycled_cents"),
        ({"amount_cents": 0}, "amount_cents"), ({"gift_cents": -1}, "gift_cents"),
        ({"reused_cents": -1}, "reused_cents"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            services.add_entry(
                actor=town.actor, **{"category": "paper", "year": YEAR, "amount_cents": 100} | wrong
            )
        assert refusal.value.field == field, wrong
    for total, reused, field in ((1, None, "reused_cents"), (None, 1, "total_cents"), (-1, 0, "total_cents")):
        with pytest.raises(Invalid) as refusal:
            services.set_totals(YEAR, "paper", total, reused, actor=town.actor)
        assert refusal.value.field == field
    events = sa.select(Event).where(Event.type.like("agec.%")).order_by(Event.id)
    told = list(db.session().scalars(events))
    assert [event.type for event in told][:6] == [
        "agec.entry-added", "agec.entry-changed", "agec.entry-restored", "agec.entry-restored",
        "agec.entry-removed", "agec.entry-restored",
    ]  # fmt: skip
    assert "revoir" not in str([event.payload for event in told])


def test_who_keeps_a_ledger(world: World) -> None:
    """Literal: by legal category, never by the role asked for; those who oversee read, and write nothing."""
    town, state = world.public_holder(), world.party("Service Exemple", "holder", legal_kind="state")
    made = services.add_entry(actor=town.actor, category="paper", year=YEAR, amount_cents=100)
    may = {
        "town": (town.actor, True), "State service": (state.actor, True),
        "town's preparer": (replace(town.actor, commits=False), True),
        "operator for the town": (replace(town.actor, via="operator"), True),
        "hospital that says it is obliged": (
            world.party("Hôpital Exemple", "obliged_buyer", legal_kind="public_body").actor, False),
        "company": (world.buyer().actor, False), "association": (world.recipient().actor, False),
        "reuse actor": (world.reuse_actor().actor, False), "visitor": (Actor(commits=False), False),
        "system": (SYSTEM, False),
        "auditor": (world.party("Audit Exemple", "auditor", legal_kind="state").actor, False),
    }  # fmt: skip
    for who, (actor, allowed) in may.items():
        verbs = {
            "add": lambda actor=actor: services.add_entry(
                actor=actor, category="paper", year=YEAR, amount_cents=1
            ),
            "totals": lambda actor=actor: services.set_totals(YEAR, "paper", None, None, actor=actor),
            "upload": lambda actor=actor: importing.upload(
                ACCOUNTS.format(y=YEAR).encode(), "a.csv", actor=actor
            ),
        }
        for name, verb in verbs.items():
            if allowed:
                verb()
            else:
                with pytest.raises(NotAllowed):
                    verb()
            assert actor is not None, name
        others = {
            "change": lambda actor=actor: services.change_entry(made.id, actor=actor, amount_cents=100),
            "remove": lambda actor=actor: services.remove_entry(made.id, actor=actor),
            "restore": lambda actor=actor: services.restore_entry(made.id, actor=actor),
        }
        for verb in others.values():
            if actor.organisation_id == town.organisation_id:
                verb()
            else:
                with pytest.raises((NotAllowed, NotFound)):
                    verb()
        reads = actor.is_org(town.organisation_id) or who == "auditor"
        try:
            assert (policy.whose(actor, town.organisation_id) == town.organisation_id) is reads
        except DomainError:
            assert not reads
    assert policy.whose(world.operator().actor, town.organisation_id) == town.organisation_id


def _purchases(draw: random.Random) -> Iterator[dict[str, object]]:
    for _n in range(draw.randrange(0, 30)):
        amount = draw.choice((draw.randrange(1, 10_000), draw.randrange(1, 500_000_00)))
        yield {
            "category": draw.choice(CODES), "amount_cents": amount, "reused_cents": draw.randrange(0, amount + 1),
            "recycled_cents": draw.randrange(0, amount + 1), "gift_cents": draw.choice((0, 20_000)),
        }  # fmt: skip


def test_two_hundred_generated_years_round_trip(world: World) -> None:
    """Purchases in the ledger → declaration → read back: the cents of each category, summed apart."""
    town, draw = world.public_holder(), random.Random(8)
    give_siret(town)
    fixed = {
        "organisation_id": town.organisation_id,
        "source": "typed",
        "fingerprint": "",
        "made_at": clock.now(),
    }
    declared = 0
    for n in range(200 if db.database().is_sqlite else 20):
        at, rows = 2021 + n % (YEAR - 2020), list(_purchases(draw))
        with db.scope():
            _fill([{**fixed, **row, "year": at} for row in rows])
            made, faults = queries.declared(queries.ledger(town.organisation_id, at))
        if not rows:
            assert faults == [("empty", "")]
            continue
        back = declaration.read(declaration.written(made))
        expected = {
            code: tuple(
                sum(Decimal(row[name]) / 100 for row in rows if row["category"] == code)
                for name in ("amount_cents", "reused_cents", "gift_cents", "recycled_cents")
            )
            for code in {row["category"] for row in rows}
        }
        assert {
            row.category: tuple(Decimal(c) / 100 for c in (row.total_cents, row.reused_cents, row.gift_cents,
                                                            row.recycled_cents))
            for row in back
        } == expected  # fmt: skip
        assert {(row.year, row.siret) for row in back} == {(at, SIRET)}
        declared += 1
    assert declared >= (190 if db.database().is_sqlite else 15)


@db.command
def _fill(rows: list[dict[str, object]]) -> None:
    db.session().execute(sa.delete(AgecEntry))
    if rows:
        db.session().execute(sa.insert(AgecEntry), rows)


def test_why_a_year_cannot_be_declared(world: World) -> None:
    town = world.public_holder()
    assert queries.declared(queries.ledger(town.organisation_id, YEAR))[1] == [("siret", ""), ("empty", "")]
    give_siret(town)
    reference = sold(world, 1)
    invoices.record(reference, actor=world.reuse_actor().actor, number="F-1")
    invoices.confirm(reference, actor=town.actor)
    assert queries.declared(queries.ledger(town.organisation_id, YEAR)) == ([], [("total", "it_telephony")])
    services.add_entry(actor=town.actor, category="it_telephony", year=YEAR, amount_cents=-20_000)
    assert queries.declared(queries.ledger(town.organisation_id, YEAR)) == (
        [],
        [("negative", "it_telephony")],
    )
    services.add_entry(actor=town.actor, category="it_telephony", year=YEAR, amount_cents=100_000)
    [row], faults = queries.declared(queries.ledger(town.organisation_id, YEAR))
    assert (row.total_cents, row.reused_cents, row.name, faults) == (95_000, 15_000, "Commune Exemple", [])
    services.set_totals(YEAR, "it_telephony", 10_000, 0, actor=town.actor)
    assert queries.excessive(queries.ledger(town.organisation_id, YEAR)) == ["it_telephony"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_of_the_accounts(world: World, encoding: str) -> None:
    """Nothing lost: each row is good, known, or to correct with its row, column and reason; sent again, known."""
    town = world.public_holder()
    data = ACCOUNTS.format(y=YEAR).encode(encoding)
    made = importing.upload(data, "grand-livre.csv", actor=town.actor)
    choice = importing.choice_of(made)
    assert choice.columns == {
        "day": 0, "supplier": 1, "amount_cents": 2, "reused_cents": 3, "reference": 4, "comment": 5,
    }  # fmt: skip
    importing.choose_columns(made.id, choice.columns, actor=town.actor, category="it_telephony")
    verdict = importing.verdict_of(made)
    assert verdict.rows == 7
    assert [row for row, _values in verdict.good] == [3, 4, 5, 6]
    assert [(f.row, f.column, f.value, f.reason) for f in verdict.faults] == [
        (7, "Date pièce", f"32/02/{YEAR}", "This is not a date."),
        (8, "Montant HT", "1,234", "This is not an amount in euros."),
        (9, "Réemploi", "20,00", "This is a part of the amount: it cannot be more."),
    ]
    done = importing.take_in(made.id, actor=town.actor)
    assert (done.added, done.known, done.refused) == (4, 0, 3)
    assert (year(town).total_cents, year(town).reused_cents) == (175_050, 55_000)
    assert files.used_by("agec", f"import/{made.id}") == []
    with pytest.raises(NotFound):
        importing.take_in(made.id, actor=town.actor)
    other = ACCOUNTS.format(y=YEAR).replace("F1", "F9").encode(encoding)
    again = importing.upload(other, "grand-livre.csv", actor=town.actor)
    assert importing.choice_of(again).category == "it_telephony"  # remembered
    verdict = importing.verdict_of(again)
    assert (len(verdict.good), verdict.known, len(verdict.faults)) == (1, [4, 5, 6], 3)
    wrong = (
        ({}, "amount_cents"),
        ({"amount_cents": 9}, "columns"),
        ({"amount_cents": 2, "day": 2}, "columns"),
    )
    for chosen, field in wrong:
        with pytest.raises(Invalid) as refusal:
            importing.choose_columns(again.id, chosen, actor=town.actor)
        assert refusal.value.field == field
    with pytest.raises(NotFound):
        importing.waiting(again.id, world.public_holder("Autre Commune").actor)
    with pytest.raises(Invalid):
        importing.upload(b"%PDF-1.4 nothing", "a.pdf", actor=town.actor)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert importing.forget_old() == 1
    assert db.session().get(AgecImport, again.id) is None


def test_the_reminder_goes_once_to_bound_buyers(world: World) -> None:
    town, hospital = (
        world.public_holder(),
        world.party("Hôpital Exemple", "obliged_buyer", legal_kind="public_body"),
    )
    sent = {}
    for month, day in ((5, 30), (5, 31), (6, 30), (7, 1)):
        with clock.frozen(clock.at_paris(date(YEAR + 1, month, day), 12)):
            sent[month, day] = reminding.remind_due()
    assert sent == {(5, 30): 0, (5, 31): 1, (6, 30): 0, (7, 1): 0}
    mails = db.session().scalars(sa.select(Message).where(Message.template == "agec_reminder")).all()
    assert [mail.to_address for mail in mails] == [town.email]
    assert hospital.email not in {mail.to_address for mail in mails}
    assert "30 juin" in mails[0].subject or "30 June" in mails[0].subject
