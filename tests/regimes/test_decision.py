"""What a cell does not say: dates, ceilings, the solidarity sale's three legs, AGEC, who is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reuse_market.kernel.errors import Invalid
from reuse_market.regimes import parties
from reuse_market.regimes.cases import Cap, Cell, Question, Refused, Rule, Rules
from reuse_market.regimes.decision import amount, decide
from tests.regimes import law
from tests.regimes.law import ask, permission, refusal

COMMUNE = "local_authority"
CELL = Cell("sale", "private", "company", "company", "resell")


@pytest.mark.parametrize(
    ("act", "regime", "giver", "recipient", "first_day"),
    [
        ("award", "free_transfer", COMMUNE, "association_rig", date(2022, 5, 9)),
        ("award", "public_transfer", COMMUNE, "school_eple", date(2022, 5, 9)),
        ("publish", "free_transfer", COMMUNE, "anyone", date(2022, 5, 9)),
        ("solidarity_sale", "free_transfer", "association_rup", "precarious_person", date(2022, 11, 10)),
        ("take_back", "sale", COMMUNE, "producer_scheme", date(2023, 4, 12)),
        ("resell", "gift", "company", "company", date(2020, 1, 1)),
    ],
)
def test_a_rule_is_not_in_force_before_its_day(
    act: str, regime: str, giver: str, recipient: str, first_day: date
) -> None:
    first = COMMUNE if regime.endswith("transfer") else "company"
    the_eve = date.fromordinal(first_day.toordinal() - 1)
    assert refusal(act, regime, giver, recipient, first, on=the_eve)[0] == "not_established"
    assert permission(act, regime, giver, recipient, first, on=first_day)


@pytest.mark.parametrize(
    ("act", "regime", "recipient"),
    [
        ("publish", "free_transfer", "anyone"),
        ("publish", "public_transfer", "anyone"),
        ("award", "free_transfer", "assistance_238bis"),  # 2°
        ("award", "free_transfer", "association_pupils"),  # 3°
        ("award", "free_transfer", "association_rup"),
        ("award", "free_transfer", "association_rig"),
        ("award", "free_transfer", "reuse_body_esus"),
        ("award", "free_transfer", "teaching_body"),  # 4°
        ("award", "free_transfer", "staff"),  # 5°
        ("award", "public_transfer", "public_body"),  # 11°
    ],
)
@pytest.mark.parametrize("giver", law.FIRST_HOLDERS["public"])
def test_what_is_given_is_worth_at_most_300_euros(giver: str, act: str, regime: str, recipient: str) -> None:
    assert permission(act, regime, giver, recipient, value_cents=30_000).cap_cents == 30_000
    dear = refusal(act, regime, giver, recipient, value_cents=30_001)
    sell = "sell_through_domaine" if giver == "state_service" else "sell_with_publicity"
    assert dear == ("value_above_cap", (sell, "lend"))
    assert refusal(act, regime, giver, recipient, value_cents=None) == ("value_unknown", ("estimate_value",))


@pytest.mark.parametrize(
    ("act", "regime", "giver"),
    [
        ("publish", "gift", "company"),
        ("publish", "free_transfer", COMMUNE),
        ("publish", "public_transfer", COMMUNE),
    ],
)
def test_what_is_given_is_free(act: str, regime: str, giver: str) -> None:
    assert permission(act, regime, giver, "anyone", price_cents=0)
    assert permission(act, regime, giver, "anyone", price_cents=None)
    assert refusal(act, regime, giver, "anyone", price_cents=1) == ("must_be_free", ("remove_price", "sell"))


@pytest.mark.parametrize("giver", [COMMUNE, "public_body", "school_eple"])
@pytest.mark.parametrize(("act", "recipient"), [("publish", "anyone"), ("award", "company")])
def test_a_public_body_does_not_sell_below_value(giver: str, act: str, recipient: str) -> None:
    assert permission(act, "sale", giver, recipient, price_cents=10_000, value_cents=10_000)
    assert permission(act, "sale", giver, recipient, price_cents=None, value_cents=10_000)  # proposals asked
    assert permission(act, "sale", giver, recipient, price_cents=10_000, value_cents=None)
    low = refusal(act, "sale", giver, recipient, price_cents=9_999, value_cents=10_000)
    assert low == ("below_value", ("raise_price",))


def test_a_company_sells_at_any_price() -> None:
    assert permission("award", "sale", "company", "company", price_cents=1, value_cents=10_000)


def test_the_reuse_commitment_is_asked_of_reuse_actors_only() -> None:
    taken = permission("award", "sale", COMMUNE, "company", for_reuse=True)
    assert taken.documents == ("public_decision", "reuse_commitment")
    bought = permission("award", "sale", COMMUNE, "company", for_reuse=False)
    assert bought.documents == ("public_decision",)


@pytest.mark.parametrize(
    ("recipient", "documents"),
    [
        ("association_pupils", ("transfer_agreement", "statutory_use_undertaking")),
        ("association_rup", ("transfer_agreement", "statutory_use_undertaking", "reuse_commitment")),
        ("assistance_238bis", ("transfer_agreement",)),
        ("teaching_body", ("transfer_agreement", "cooperation_agreement")),
        ("staff", ("transfer_agreement", "no_resale_undertaking")),
    ],
)
def test_each_recipient_has_its_papers(recipient: str, documents: tuple[str, ...]) -> None:
    told = permission("award", "free_transfer", COMMUNE, recipient, for_reuse=True)
    assert told.documents == documents


def test_a_prudent_reading_says_so() -> None:
    for act in ("resell", "solidarity_sale"):
        answer = ask(act, "free_transfer", "reuse_body_esus", "precarious_person", COMMUNE)
        assert isinstance(answer, Refused)
        assert (answer.reading, answer.confidence) == ("prudent", "D")
        assert "record_opinion" in answer.instead
    firm = ask("resell", "free_transfer", "association_rup", "company", COMMUNE)
    assert firm.reading == "text"


@pytest.mark.parametrize(
    ("first", "giver", "recipient", "code"),
    [
        ("unknown", "company", "company", "evidence_origin"),
        ("teaching_body", "company", "company", "evidence_origin"),  # public or private: not told
        ("company", "unknown", "company", "evidence_giver"),
        ("company", "company", "unknown", "evidence_recipient"),
    ],
)
def test_who_is_not_known_must_show_evidence(first: str, giver: str, recipient: str, code: str) -> None:
    assert refusal("resell", "sale", giver, recipient, first) == (code, ("show_evidence",))


def test_no_row_no_right() -> None:
    answer = decide(law.question("resell", "sale", "company", "company", "company"), Rules())
    assert isinstance(answer, Refused)
    assert (answer.code, answer.article, answer.instead) == ("not_established", "", ("record_rule",))


def test_the_newest_row_in_force_decides() -> None:
    old = Rule(date(2020, 1, 1), "allowed", "old")
    new = Rule(date(2026, 4, 1), "refused", "new", reason="no_resale", instead=("lend",))
    rules = Rules(cells={CELL: (new, old)})
    asked = law.question("resell", "sale", "company", "company", "company")
    assert decide(asked, rules).article == "new"
    assert decide(replace(asked, on=date(2026, 3, 31)), rules).article == "old"


def test_a_row_that_names_the_kind_goes_first() -> None:
    general, named = Rule(date(2025, 1, 1), "allowed", "general"), Rule(date(2020, 1, 1), "refused", "named")
    rules = Rules(cells={CELL: (general,), CELL._replace(kind="server"): (named,)})
    asked = law.question("resell", "sale", "company", "company", "company")
    assert decide(asked, rules).article == "general"
    told = decide(replace(asked, kind="server"), rules)
    assert isinstance(told, Refused)
    assert (told.article, told.code) == ("named", "refused_by_rule")


def test_a_cap_that_names_the_kind_goes_first_and_the_newest_is_in_force() -> None:
    rule = Rule(date(2020, 1, 1), "allowed", "x", cap="c")
    caps = {
        ("c", "*"): (Cap(date(2020, 1, 1), 100, "price"), Cap(date(2027, 1, 1), 900, "price")),
        ("c", "server"): (Cap(date(2020, 1, 1), 50, "price"), Cap(date(2025, 1, 1), 60, "price")),
    }
    rules = Rules(cells={CELL: (rule,)}, caps=caps)
    asked = law.question("resell", "sale", "company", "company", "company", price_cents=1)
    assert [decide(replace(asked, kind=k), rules).cap_cents for k in ("laptop", "server")] == [100, 60]
    later = replace(asked, on=date(2027, 1, 1))
    assert decide(later, rules).cap_cents == 900


def test_a_refusal_becomes_an_error_with_its_article() -> None:
    answer = ask("award", "free_transfer", COMMUNE, "company", value_cents=30_001)
    assert isinstance(answer, Refused)
    error = answer.error("regime")
    assert isinstance(error, Invalid)
    assert (error.field, error.code) == ("regime", "regime.recipient_not_listed")
    assert str(error) == (
        "The law does not list this recipient among those to whom a public body may give"
        " (CG3P, art. L3212-2)."
    )


def test_an_amount_stands_in_the_refusal() -> None:
    answer = ask("award", "free_transfer", COMMUNE, "association_rup", value_cents=30_001)
    assert isinstance(answer, Refused)
    assert answer.params == {"article": "CG3P, art. L3212-2 3°", "cap": "300\u00a0€"}
    assert (amount(30_000), amount(123_450)) == ("300\u00a0€", "1\u00a0234,50\u00a0€")


@pytest.mark.parametrize(
    ("legal_kind", "roles", "kind"),
    [
        ("company", ("holder", "reuse_actor"), "company"),
        ("state", ("obliged_buyer",), "state_service"),
        ("local_authority", (), "local_authority"),
        ("public_body", (), "public_body"),
        ("association", ("reuse_actor",), "association_other"),
        ("association", ("recipient",), "association_precarity"),
        ("association", ("reuse_actor", "recipient"), "association_precarity"),
        ("school", ("recipient",), "teaching_body"),
        ("other", ("holder",), "unknown"),
    ],
)
def test_an_account_tells_the_kind_with_the_fewest_rights(
    legal_kind: str, roles: tuple[str, ...], kind: str
) -> None:
    assert parties.from_account(legal_kind, roles) == kind


def test_a_question_is_a_value() -> None:
    one = law.question("resell", "sale", "company", "company", "company")
    assert one == replace(one)
    assert isinstance(one, Question)
    assert hash(one) == hash(replace(one))
