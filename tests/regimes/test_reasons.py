"""Each refusal of the rows: its reason and what is possible instead, written out."""

from __future__ import annotations

import pytest

from tests.regimes.law import FIRST_HOLDERS, LAW, grid, refusal

COMMUNE = "local_authority"
REFUSALS = [  # act, regime, first holder, giver, recipient, reason, instead
    ("publish", "sale", "state_service", "state_service", "anyone", "sold_by_domaine",
     "sell_through_domaine free_transfer transfer_to_public_body"),
    ("award", "sale", "state_service", "state_service", "company", "sold_by_domaine",
     "sell_through_domaine free_transfer transfer_to_public_body"),
    ("publish", "gift", COMMUNE, COMMUNE, "anyone", "public_gives_by_law",
     "sell_with_publicity free_transfer transfer_to_public_body lend"),
    ("publish", "free_transfer", "company", "company", "anyone", "for_public_bodies_only", "give sell"),
    ("publish", "public_transfer", "company", "company", "anyone", "for_public_bodies_only", "give sell"),
    ("award", "free_transfer", COMMUNE, COMMUNE, "company", "recipient_not_listed",
     "choose_eligible_association sell_with_publicity"),
    ("award", "free_transfer", COMMUNE, COMMUNE, "association_other", "recipient_not_listed",
     "show_evidence choose_eligible_association lend"),
    ("award", "free_transfer", COMMUNE, COMMUNE, "association_precarity", "recipient_not_listed",
     "show_evidence choose_eligible_association lend"),
    ("award", "free_transfer", COMMUNE, COMMUNE, "school_eple", "recipient_not_listed",
     "transfer_to_public_body"),
    ("award", "free_transfer", COMMUNE, COMMUNE, "state_service", "recipient_not_listed",
     "sell_with_publicity lend"),
    ("award", "free_transfer", COMMUNE, COMMUNE, "person", "recipient_not_listed",
     "choose_eligible_association"),
    ("award", "free_transfer", COMMUNE, COMMUNE, "producer_scheme", "recipient_not_listed",
     "producer_take_back"),
    ("award", "public_transfer", COMMUNE, COMMUNE, "state_service", "not_in_public_transfer",
     "sell_with_publicity lend"),
    ("award", "public_transfer", COMMUNE, COMMUNE, "association_rig", "not_in_public_transfer",
     "free_transfer sell_with_publicity"),
    ("resell", "free_transfer", COMMUNE, "association_rup", COMMUNE, "solidarity_only",
     "solidarity_sale give_to_precarious lend"),
    ("resell", "free_transfer", COMMUNE, "association_pupils", "person", "no_resale",
     "lend producer_take_back"),
    ("resell", "free_transfer", COMMUNE, "reuse_body_esus", "company", "no_resale_prudent",
     "record_opinion producer_take_back"),
    ("resell", "free_transfer", COMMUNE, "assistance_238bis", "person", "no_resale",
     "give_to_precarious lend"),
    ("resell", "free_transfer", COMMUNE, "teaching_body", "person", "no_resale", "producer_take_back"),
    ("resell", "free_transfer", COMMUNE, "staff", "person", "no_resale", "producer_take_back"),
    ("resell", "public_transfer", COMMUNE, "school_eple", "company", "no_resale",
     "transfer_to_public_body producer_take_back"),
    ("solidarity_sale", "free_transfer", COMMUNE, "association_rig", "association_other",
     "solidarity_buyer", "show_evidence choose_eligible_association"),
    ("solidarity_sale", "free_transfer", COMMUNE, "association_rig", "company", "solidarity_buyer",
     "choose_eligible_association"),
    ("solidarity_sale", "free_transfer", COMMUNE, "association_rig", "person", "solidarity_buyer",
     "add_voucher choose_eligible_association"),
    ("solidarity_sale", "free_transfer", COMMUNE, "association_pupils", "precarious_person",
     "solidarity_seller", "lend producer_take_back"),
    ("solidarity_sale", "free_transfer", COMMUNE, "reuse_body_esus", "precarious_person",
     "no_resale_prudent", "record_opinion producer_take_back"),
    ("solidarity_sale", "free_transfer", COMMUNE, "assistance_238bis", "precarious_person",
     "solidarity_seller", "give_to_precarious lend"),
    ("solidarity_sale", "free_transfer", COMMUNE, "staff", "precarious_person", "solidarity_seller",
     "producer_take_back"),
    ("solidarity_sale", "free_transfer", COMMUNE, "teaching_body", "precarious_person",
     "solidarity_seller", "producer_take_back"),
    ("solidarity_sale", "public_transfer", COMMUNE, COMMUNE, "precarious_person", "no_resale",
     "transfer_to_public_body producer_take_back"),
]  # fmt: skip
IT_ONLY = [
    ("association_rup", "sell_with_publicity lend"),
    ("staff", "sell_with_publicity"),
]


@pytest.mark.parametrize(("act", "regime", "first", "giver", "recipient", "code", "instead"), REFUSALS)
def test_a_refusal_says_this(
    act: str, regime: str, first: str, giver: str, recipient: str, code: str, instead: str
) -> None:
    assert refusal(act, regime, giver, recipient, first) == (code, tuple(instead.split()))


def test_a_state_service_sells_through_the_domaine() -> None:
    told = refusal("publish", "gift", "state_service", "anyone")
    assert told == (
        "public_gives_by_law",
        ("sell_through_domaine", "free_transfer", "transfer_to_public_body", "lend"),
    )


ALTERNATIVES = {  # the act, the regime and who may receive, that a proposal stands for
    "sell": [("publish", "sale")],
    "sell_with_publicity": [("publish", "sale")],
    "give": [("publish", "gift")],
    "free_transfer": [("publish", "free_transfer")],
    "transfer_to_public_body": [("publish", "public_transfer")],
    "choose_eligible_association": [("award", "free_transfer"), ("solidarity_sale", "free_transfer")],
    "solidarity_sale": [("solidarity_sale", "free_transfer")],
    "give_to_precarious": [("give", "free_transfer")],
    "lend": [("lend", "free_transfer"), ("lend", "public_transfer")],
    "producer_take_back": [("take_back", "free_transfer"), ("take_back", "public_transfer")],
}
ELSEWHERE = {"sell_through_domaine", "show_evidence", "record_opinion", "add_voucher"}  # off the market


def test_what_is_proposed_instead_is_itself_allowed() -> None:
    """For the very same giver, a cell of the grid is allowed for each proposal of each refused cell."""
    marks = grid()
    allowed = {(act, regime, giver) for (act, regime, _, giver, _), m in marks.items() if m[0] == "+"}
    for (act, regime, origin, giver, recipient), mark in marks.items():
        if mark[0] == "+":
            continue
        _code, instead = refusal(act, regime, giver, recipient, FIRST_HOLDERS[origin][0])
        for proposal in set(instead) - ELSEWHERE:
            ways = [(*way, giver) for way in ALTERNATIVES[proposal]]
            assert allowed.intersection(ways), (act, regime, giver, recipient, proposal)


@pytest.mark.parametrize(("recipient", "instead"), IT_ONLY)
def test_what_is_no_computer_equipment_says_this(recipient: str, instead: str) -> None:
    told = refusal("award", "free_transfer", COMMUNE, recipient, kind="other")
    assert told == ("it_only", tuple(instead.split()))


def test_no_refusal_of_the_rows_is_left_out() -> None:
    written = {(act, regime, code, tuple(i.split())) for act, regime, _, _, _, code, i in REFUSALS}
    written |= {("award", "free_transfer", "it_only", tuple(instead.split())) for _, instead in IT_ONLY}
    seeded = {
        (cell.act, cell.regime, row.reason, row.instead)
        for cell, rows in LAW.cells.items()
        for row in rows
        if row.outcome == "refused"
    }
    assert seeded == written
