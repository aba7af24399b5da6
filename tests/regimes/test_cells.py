"""Every cell regime × origin × giver × recipient × act says what cells.txt says; the rest is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reuse_market.regimes import parties, words
from reuse_market.regimes.cases import Cell, Rule, Rules
from reuse_market.regimes.decision import decide
from reuse_market.regimes.models import ACTS, REGIMES
from tests.regimes import law
from tests.regimes.law import LAW


def test_the_grid_names_every_kind_of_party() -> None:
    assert sorted(parties.KINDS) == sorted(law.KINDS)
    assert {kind: parties.origin(kind) for kind in parties.KINDS} == {
        kind: next((o for o, kinds in law.FIRST_HOLDERS.items() if kind in kinds), "unknown")
        for kind in law.KINDS
    }
    assert {(act, regime) for act, regime, *_ in law.grid()} <= {(a, r) for a in ACTS for r in REGIMES}


def test_every_cell_of_the_whole_product_says_what_the_grid_says() -> None:
    wrong = list(law.faults(LAW))
    assert wrong == [], f"{len(wrong)} cells"


def test_the_grid_is_as_full_as_the_rows() -> None:
    """A rule is written once, and no row hides behind a cell the grid does not name."""
    cells = {cell for cell in LAW.cells if cell.kind == "*"}
    assert len(law.grid()) == len(cells) == 1921


def mutant(cell: Cell, **changes: object) -> Rules:
    rules = LAW.cells[cell]
    return replace(LAW, cells={**LAW.cells, cell: tuple(replace(rule, **changes) for rule in rules)})


@pytest.mark.parametrize(
    "broken",
    [
        mutant(
            Cell("free_transfer", "public", "reuse_body_esus", "local_authority", "resell"), outcome="allowed"
        ),
        mutant(Cell("free_transfer", "public", "local_authority", "company", "award"), outcome="allowed"),
        mutant(Cell("sale", "private", "company", "local_authority", "resell"), transfer="gift"),
        mutant(Cell("gift", "public", "local_authority", "anyone", "publish"), article="CG3P, art. L3212-2"),
        mutant(
            Cell("free_transfer", "public", "association_rup", "precarious_person", "solidarity_sale"),
            valid_from=date(2027, 1, 1),
        ),
        replace(LAW, caps={key: rows for key, rows in LAW.caps.items() if key[0] != "unit_value.4"}),
        replace(LAW, cells=dict(list(LAW.cells.items())[1:])),
        replace(LAW, cells=LAW.cells | {Cell("gift", "private", "staff", "staff", "give"): (
            Rule(date(2020, 1, 1), "allowed", "code civil, art. 894"),)}),
    ],
    ids=["esus", "company", "agec", "article", "date", "cap", "missing", "extra"],
)  # fmt: skip
def test_a_broken_rule_is_seen(broken: Rules) -> None:
    assert next(law.faults(broken), None) is not None


@pytest.mark.parametrize("giver", law.FIRST_HOLDERS["public"])
def test_only_computer_equipment_goes_to_some(giver: str) -> None:
    """CG3P L3212-2 3° and 5° name computer equipment: the kind "other" is not. 2°, 4° and 11° name any."""
    told = {}
    for recipient in law.KINDS:
        asked = law.question("award", "free_transfer", giver, giver, recipient, kind="other")
        answer = decide(asked, LAW)
        told[recipient] = (answer.allowed, getattr(answer, "code", ""))
    assert told == {
        "company": (False, "recipient_not_listed"),
        "association_rup": (False, "it_only"),
        "association_rig": (False, "it_only"),
        "association_precarity": (False, "recipient_not_listed"),
        "association_pupils": (False, "it_only"),
        "reuse_body_esus": (False, "it_only"),
        "assistance_238bis": (True, ""),
        "association_other": (False, "recipient_not_listed"),
        "state_service": (False, "recipient_not_listed"),
        "local_authority": (False, "recipient_not_listed"),
        "public_body": (False, "recipient_not_listed"),
        "school_eple": (False, "recipient_not_listed"),
        "teaching_body": (True, ""),
        "staff": (False, "it_only"),
        "person": (False, "recipient_not_listed"),
        "precarious_person": (False, "recipient_not_listed"),
        "producer_scheme": (False, "recipient_not_listed"),
        "unknown": (False, "evidence_recipient"),
    }


def test_every_refusal_says_why_and_what_is_possible_instead() -> None:
    for cell, rows in LAW.cells.items():
        for row in rows:
            assert len(row.source) > 10, cell
            assert row.confidence in "PSDR", cell
            assert row.article, cell
            assert set(row.documents) <= set(words.DOCUMENTS), cell
            assert set(row.instead) <= set(words.INSTEAD), cell
            if row.outcome == "refused":
                assert row.reason in words.REASONS, cell
                assert row.instead, cell
                assert not row.documents, cell
            if row.cap:
                assert any(code == row.cap for code, _ in LAW.caps), cell


def test_the_recalled_rules_are_few_and_known() -> None:
    """What nobody has read in a text yet stands on four articles only."""
    recalled = {row.article for rows in LAW.cells.values() for row in rows if row.confidence == "R"}
    assert recalled == {
        "code civil, art. 537",
        "code civil, art. 894",
        "code civil, art. 1875",
        "code de l’éducation, art. R421-20",
    }
