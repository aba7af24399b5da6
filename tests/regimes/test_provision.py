"""Every cell that reservation and resale add says what provision.txt says, by the decision and by the real verbs.

regime × origin × seller × buyer × free or paid: the act, allowed or refused, cap, papers, article, AGEC, and what
is possible instead. A cell that no line names is "rule not established".
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from reuse_market import equipment
from reuse_market.accounts import tokens
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import DomainError
from reuse_market.regimes import services as regimes
from reuse_market.regimes.cases import Allowed, Cell, Question, Rule, Rules
from reuse_market.regimes.models import REGIMES
from reuse_market.regimes.provision import ACTS, provision
from reuse_market.reservations import counter, quotes, vouchers
from reuse_market.reservations import services as reservations
from reuse_market.reservations.models import Reservation
from tests.api.conftest import Caller
from tests.lots.visiting import Visitor
from tests.regimes import law
from tests.regimes.law import COLUMNS, FIRST_HOLDERS, KINDS, LAW
from tests.support import world as chain
from tests.support.world import Party, World

SOLD, GIVEN, CG3P = "code civil, art. 537", "code civil, art. 894", "CG3P, art. L3212-2 "
LAPTOP = 180_00  # décret 2022-1413
# mark → act, article, cap of a laptop in cents TTC, papers, counts for AGEC
YES: dict[str, tuple[Any, ...]] = {
    "S": ("resell", SOLD, None, (), None),
    "S$": ("resell", SOLD, None, (), True),
    "G": ("give", GIVEN, None, ("gift_statement",), None),
    "G~": ("give", GIVEN, None, ("gift_statement",), False),
    "g2": ("give", CG3P + "2°", None, (), None),
    "g3": ("give", CG3P + "3°", None, (), None),
    "V": ("solidarity_sale", CG3P + "3°", LAPTOP, ("voucher",), None),
    "C": ("solidarity_sale", CG3P + "3°", LAPTOP, ("precarity_purpose",), None),
}
# mark → act, article, reason, what is possible instead
NO: dict[str, tuple[Any, ...]] = {
    "-v": (
        "solidarity_sale",
        CG3P + "3°",
        "solidarity_buyer",
        ("add_voucher", "choose_eligible_association"),
    ),
    "-c": ("solidarity_sale", CG3P + "3°", "solidarity_buyer", ("choose_eligible_association",)),
    "-e": (
        "solidarity_sale",
        CG3P + "3°",
        "solidarity_buyer",
        ("show_evidence", "choose_eligible_association"),
    ),
    "-p": ("resell", CG3P + "3°", "no_resale_prudent", ("record_opinion", "producer_take_back")),
    "-2": ("resell", CG3P + "2°", "no_resale", ("give_to_precarious", "lend")),
    "-3": ("resell", CG3P + "3°", "no_resale", ("lend", "producer_take_back")),
    "-4": ("resell", CG3P + "4°", "no_resale", ("producer_take_back",)),
    "-5": ("resell", CG3P + "5°", "no_resale", ("producer_take_back",)),
    "-11": ("resell", CG3P + "11°", "no_resale", ("transfer_to_public_body", "producer_take_back")),
}
PRICES = {"free": 0, "paid": 90_00}
CAPS = {
    "laptop": 180_00, "desktop": 150_00, "tablet": 100_00, "smartphone": 100_00, "monitor": 30_00,
    "printer": 30_00, "multifunction": 170_00,
}  # fmt: skip
UNCAPPED = (
    "all_in_one", "thin_client", "workstation", "server", "desk_phone", "projector", "network_device", "dock",
    "storage_device", "carton", "other",
)  # fmt: skip
Place = tuple[str, str, str, str, str]


def table() -> dict[Place, str]:
    """(regime, origin, free or paid, seller, buyer) → mark, dots left out."""
    marks: dict[Place, str] = {}
    block: list[str] = []
    header: list[str] = []
    for text in Path(__file__).with_name("provision.txt").read_text(encoding="utf-8").splitlines():
        if text.startswith("["):
            block, header = text.strip("[]").split(), []
        elif block and not header and text.startswith("# "):
            header = [COLUMNS[name] for name in text[1:].split()]
        elif block and text and not text.startswith("#"):
            seller, *cells = text.split()
            assert len(cells) == len(header), text
            for buyer, mark in zip(header, cells, strict=True):
                place = (block[0], block[1], block[2], seller, buyer)
                assert place not in marks, place
                marks[place] = mark
    return {place: mark for place, mark in marks.items() if mark != "."}


TABLE = table()


def asked(place: Place, **changes: Any) -> Question:
    """A laptop worth 100 €, passed on by a holder's taker, with a voucher in case it is for a person."""
    regime, origin, price, seller, buyer = place
    first = FIRST_HOLDERS[origin][0]
    values = {"kind": "laptop", "price_cents": PRICES[price], "value_cents": 100_00, "voucher": law.VOUCHER}
    return Question(regime, first, seller, buyer, "resell", law.TODAY, **values | changes)


def told(question: Question, rules: Rules = LAW) -> tuple[str, tuple[Any, ...]]:
    """("+" or "-", what YES or NO hold)."""
    act, answer = provision(question, rules)
    if isinstance(answer, Allowed):
        return "+", (act, answer.article, answer.cap_cents, answer.documents, answer.counts_for_agec)
    return "-", (act, answer.article, answer.code, answer.instead)


def faults(rules: Rules) -> Iterator[str]:
    """Every place of the product where the decision is not what stands in the table."""
    for regime, origin, price, seller, buyer in product(
        REGIMES, FIRST_HOLDERS, PRICES, KINDS[:-1], KINDS[:-1]
    ):
        place = (regime, origin, price, seller, buyer)
        mark = TABLE.get(place, ".")
        said, sign = told(asked(place), rules), "-" if mark[0] in "-." else "+"
        act = "give" if price == "free" else "resell"
        expected = (act, "", "not_established", ("record_rule",)) if mark == "." else (YES | NO)[mark]
        if said != (sign, expected):
            yield f"{place}: {said} instead of {mark}"


def test_every_cell_of_reservation_and_resale_is_written_with_its_article() -> None:
    wrong = list(faults(LAW))
    assert wrong == [], f"{len(wrong)} cells"
    # as full as the rows: a sourced row of these acts that no cell names would hide behind a dot
    rows = {
        (cell.regime, cell.origin_kind, cell.giver_kind, cell.recipient_kind)
        for cell in LAW.cells if cell.act in ACTS
    }  # fmt: skip
    assert {(regime, origin, seller, buyer) for regime, origin, _price, seller, buyer in TABLE} == rows
    assert len(TABLE) == 879
    # neither the origin's precise kind nor a kind of device without a category changes more than what counts
    for place, mark in TABLE.items():
        for first in FIRST_HOLDERS[place[1]]:
            assert told(replace(asked(place), origin_kind=first))[0] == ("-" if mark[0] == "-" else "+"), (
                place
            )
        if mark == "S$":
            assert told(asked(place, kind="dock"))[1] == (*YES["S"][:-1], None)


def test_each_leg_of_a_solidarity_sale_is_there_in_every_cell_and_kind() -> None:
    """Seller, buyer, price: no cell beyond C and V sells what a public body gave, at any price or kind."""
    with (Path(equipment.__file__).parent / "data" / "kinds.csv").open(encoding="utf-8") as file:
        assert sorted((*CAPS, *UNCAPPED)) == sorted(row["code"] for row in csv.DictReader(file))
    for place, mark in TABLE.items():
        if place[0] in ("free_transfer", "public_transfer") and place[2] == "paid":
            for kind in (*CAPS, *UNCAPPED):
                for cents in (1, CAPS.get(kind, 1), CAPS.get(kind, 1) + 1):
                    sign, said = told(asked(place, kind=kind, price_cents=cents))
                    if mark in ("C", "V"):
                        fits = kind in CAPS and cents <= CAPS[kind]
                        code = "price_above_cap" if kind in CAPS else "cap_unknown"
                        assert (sign, said[2]) == (("+", CAPS[kind]) if fits else ("-", code)), (
                            place,
                            kind,
                            cents,
                        )
                    else:
                        assert sign == "-", (place, kind, cents)
        if mark == "V":
            assert told(asked(place, voucher=None))[1][2] == "voucher_missing"


@pytest.mark.parametrize(
    ("cell", "changes"),
    [
        (Cell("sale", "private", "company", "local_authority", "resell"), {"transfer": "gift"}),
        (
            Cell("free_transfer", "public", "association_rup", "precarious_person", "solidarity_sale"),
            {"cap": ""},
        ),
        (
            Cell("free_transfer", "public", "association_rig", "association_rig", "solidarity_sale"),
            {"documents": ()},
        ),
        (Cell("free_transfer", "public", "reuse_body_esus", "company", "resell"), {"outcome": "allowed"}),
        (Cell("sale", "public", "company", "company", "give"), {"documents": ()}),
        (Cell("public_transfer", "public", "public_body", "company", "resell"), {"instead": ()}),
        (Cell("gift", "private", "staff", "person", "resell"), None),  # an unwritten cell
    ],
    ids=["agec", "cap", "paper", "esus", "statement", "instead", "unwritten"],
)
def test_one_broken_row_is_seen(cell: Cell, changes: dict[str, Any] | None) -> None:
    rows = LAW.cells.get(cell, (Rule(date(2020, 1, 1), "allowed", SOLD, transfer="purchase"),))
    broken = tuple(replace(row, **changes or {}) for row in rows)
    assert next(faults(replace(LAW, cells={**LAW.cells, cell: broken})), None) is not None


def qualified(world: World, name: str, party_kind: str) -> Party:
    """A reuse actor whose standing before the law is proven."""
    party = world.party(name, "reuse_actor", legal_kind="association")
    regimes.qualify(
        party.organisation_id, party_kind, evidence="Statuts de l’essai", actor=world.operator().actor
    )
    return party


# seller's standing, regime, first holder is public, price TTC, buyer → what stands in the table
CASES = (
    ("association_other", "sale", True, 15_000, "town", "S$"),
    ("association_other", "sale", True, 15_000, "company", "S"),
    ("association_other", "gift", False, 0, "town", "G~"),
    ("association_rup", "free_transfer", True, 9_000, "town", "-c"),
    ("association_rup", "free_transfer", True, 9_000, "recipient", "C"),
    ("association_rig", "free_transfer", True, 0, "recipient", "g3"),
    ("association_rig", "free_transfer", True, 0, "company", "."),
    ("reuse_body_esus", "free_transfer", True, 0, "recipient", "."),
)


def test_the_verbs_pages_and_programs_say_what_the_table_says(app: Flask) -> None:
    """Reserve, quote, the API and the page: the same answer, act, article, papers and AGEC for each case."""
    world = World.begin()
    buyers = {
        "town": world.party("Métropole Exemple", "obliged_buyer", legal_kind="local_authority"),
        "company": world.buyer(), "recipient": world.recipient(),
    }  # fmt: skip
    standing = {"town": "local_authority", "company": "company", "recipient": "association_precarity"}
    for number, (seller_kind, regime, public, cents, who, mark) in enumerate(CASES):
        seller = qualified(world, f"Atelier {number}", seller_kind)
        holder = world.public_holder() if public else world.holder()
        price = "paid" if cents else "free"
        origin = "public" if public else "private"
        assert TABLE.get((regime, origin, price, seller_kind, standing[who]), ".") == mark
        chain.ready_units(
            seller, 2, stream=f"lot/LOT-2026-{9000 + number}", regime=regime, holder=holder, price_cents=cents,
            vat_scheme="exempt",
        )  # fmt: skip
        _same_everywhere(app, seller, buyers[who], mark)


def _same_everywhere(app: Flask, seller: Party, buyer: Party, mark: str) -> None:
    [key] = [
        one.key for one in catalogue.groups(Filters(), buyer.actor) if one.seller_id == seller.organisation_id
    ]
    _token, secret = tokens.make_token(buyer.person_id, buyer.organisation_id, ["write"])
    db.release()
    program = Caller(app, buyer, secret)
    quote = partial(quotes.quote_group, key, 1, actor=buyer.actor, lang="fr", say=str)
    if mark[0] in "-.":
        code = "not_established" if mark == "." else NO[mark][2]
        for act in (lambda: reservations.place_reservation(key, 1, actor=buyer.actor), quote):
            with pytest.raises(DomainError) as refused:
                act()
            assert refused.value.code == f"regime.{code}", mark
        told = program.post(f"/offers/{key}:reserve", 422, units=1)
        assert told["code"] == f"regime.{code}"
        assert mark == "." or "L3212-2" in str(told)
        page = Visitor(app.test_client(), buyer).open(f"/catalogue/{key}")
        assert "Ce qui est possible" in page.text or "pas établie" in page.text, mark
        return
    act, article, cap, papers, counts = YES[mark]
    made = program.post(f"/offers/{key}:reserve", 201, units=1)
    row = db.session().query(Reservation).filter_by(reference=made["reference"]).one()
    assert row.act == act, mark
    facts = quote().facts
    said = " ".join(facts["statements"])
    assert (len(facts["papers"]), article in said) == (len(papers), cap is not None), mark
    assert ("counts towards" in said, "does not count" in said) == (counts is True, counts is False), mark
    if counts is not None:  # the group says to this buyer what its quote and its ledger will
        assert program.get(f"/offers/{key}")["counts_for_agec"] is counts, mark
        db.release()
        page = Visitor(app.test_client(), buyer).open(f"/catalogue/{key}").text
        assert ("compte dans la part AGEC" in page) is counts, mark


def test_a_solidarity_sale_wants_its_three_conditions_at_every_door(app: Flask) -> None:
    """Such a seller, a voucher or an eligible association, a capped price: one missing refuses it, whoever asks."""
    world = World.begin()
    prescriber, town = world.recipient(), world.public_holder()
    terms = {"regime": "free_transfer", "holder": town, "price_cents": 0, "vat_scheme": "exempt"}
    made = {
        kind: (qualified(world, f"Atelier {kind}", kind), number)
        for number, kind in enumerate(("association_rup", "association_rig", "reuse_body_esus", "association_pupils"))
    }  # fmt: skip
    told: dict[tuple[str, str], str] = {}
    for kind, (seller, number) in made.items():
        ids = chain.ready_units(seller, 3, stream=f"lot/LOT-2026-{9100 + number}", **terms)
        for case, cents, changes in (
            ("above", 180_01, {}), ("kind", 90_00, {"kind": "tablet"}), ("voucher cap", 90_00, {"cap_cents": 50_00}),
            ("all three", 180_00, {}),
        ):  # fmt: skip
            day = clock.in_days(10)
            voucher = vouchers.issue_voucher(day, actor=prescriber.actor, **changes)
            try:
                done = counter.sell_on_voucher(ids[0], voucher.code, cents, actor=seller.actor)
                told[kind, case] = done.act or ""
            except DomainError as refused:
                told[kind, case] = refused.code
    eligible = {"above": "regime.price_above_cap", "kind": "regime.voucher_kind",
                "voucher cap": "regime.price_above_voucher", "all three": "solidarity_sale"}  # fmt: skip
    expected = {("association_rup", case): code for case, code in eligible.items()}
    expected |= {("association_rig", case): code for case, code in eligible.items()}
    expected |= {("reuse_body_esus", case): "regime.no_resale_prudent" for case in eligible}
    expected |= {("association_pupils", case): "regime.no_resale" for case in eligible}
    assert told == expected
    # a recorded legal opinion on ESUS reaches the counter, and only the person it names as possible buyer
    esus, _number = made["reuse_body_esus"]
    for act in ("resell", "solidarity_sale"):
        regimes.record_opinion(
            Cell("free_transfer", "public", "reuse_body_esus", "precarious_person", act),
            source="Avis de l’essai, 4 mars", valid_from=clock.today(), actor=world.operator().actor,
        )  # fmt: skip
    unit = _one_ready(esus)
    voucher = vouchers.issue_voucher(clock.in_days(10), actor=prescriber.actor)
    assert counter.sell_on_voucher(unit, voucher.code, 90_00, actor=esus.actor).state == "provided"
    # and a reservation, for the kind of buyer it names
    chain.ready_units(esus, 1, stream="lot/LOT-2026-9110", **{**terms, "price_cents": 90_00})
    [key] = [one.key for one in catalogue.groups(Filters(), prescriber.actor) if one.price_cents]
    with pytest.raises(DomainError) as prudent:
        reservations.place_reservation(key, 1, actor=prescriber.actor)
    assert prudent.value.code == "regime.no_resale_prudent"
    for act in ("resell", "solidarity_sale"):
        regimes.record_opinion(
            Cell("free_transfer", "public", "reuse_body_esus", "association_precarity", act),
            source="Avis de l’essai, 5 mars", valid_from=clock.today(), actor=world.operator().actor,
        )  # fmt: skip
    assert reservations.place_reservation(key, 1, actor=prescriber.actor).state == "placed"


def _one_ready(seller: Party) -> int:
    from reuse_market.units.models import Unit

    rows = db.session().query(Unit).filter_by(custodian_id=seller.organisation_id, state="ready")
    return rows.order_by(Unit.id).first().id
