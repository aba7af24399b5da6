"""At the door: checking off, differences, the two signatures, and what they move."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from reuse_market.accounts.models import SignatureCode
from reuse_market.accounts.signatures import current_code
from reuse_market.collection import papers, queries, services
from reuse_market.documents import queries as documents
from reuse_market.kernel import db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import queries as lots
from reuse_market.traceability.queries import body, events_of_stream
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from tests.support import world as chain


@pytest.fixture
def holder(world):
    return world.holder()


@pytest.fixture
def actor(world):
    return world.reuse_actor()


@pytest.fixture
def lot(holder):
    return chain.published_lot(holder, numbered=3, counted=4)


@pytest.fixture
def pickup(lot, holder, actor):
    return chain.agreed_pickup(chain.awarded_claim(lot, holder, actor), holder, actor)


def numbered(pickup):
    return [unit for unit in queries.sheet(pickup) if unit.serial]


def counts(pickup):
    return [(row.planned, row.taken, row.missing, row.refused, row.left) for row in queries.tally(pickup)]


def mixed(pickup, actor):
    """One missing, one refused, one extra, the rest taken."""
    ref, who = pickup.reference, actor.actor
    services.check_off(ref, numbered(pickup)[0].code, outcome="missing", reason="not_found", actor=who)
    services.check_off_line(ref, 2, 1, outcome="refused", reason="other", note="écran fendu", actor=who)
    services.add_extra(ref, "dock", "Station grise", serial="X-1", actor=who)
    services.check_off_rest(ref, actor=who)


def test_a_unit_is_found_by_label_serial_or_address(pickup, actor):
    first, second, third = numbered(pickup)
    for typed in (
        f"{first.code[:3]} {first.code[3:].lower()}",
        f" {second.serial.lower()} ",
        f"https://parc.example/u/{third.code}",
    ):
        services.check_off(pickup.reference, typed, actor=actor.actor)
    assert counts(pickup) == [(3, 3, 0, 0, 0), (4, 0, 0, 0, 4)]


def test_what_a_code_is_refused_for(pickup, actor, holder):
    first = numbered(pickup)[0]
    for typed in ("", "  ", "INCONNU", "2222222"):
        with pytest.raises(Invalid):
            services.check_off(pickup.reference, typed, actor=actor.actor)
    services.check_off(pickup.reference, first.code, actor=actor.actor)
    with pytest.raises(Invalid):
        services.check_off(pickup.reference, first.code, actor=actor.actor)
    with pytest.raises(Invalid):  # a difference says why
        services.check_off(pickup.reference, first.code, outcome="missing", actor=actor.actor)
    with pytest.raises(Invalid):  # "other" is told in words
        services.check_off(pickup.reference, first.code, outcome="refused", reason="other", actor=actor.actor)
    with pytest.raises(Invalid):  # a reason of another outcome
        services.check_off(
            pickup.reference, first.code, outcome="missing", reason="broken", actor=actor.actor
        )
    with pytest.raises(NotAllowed):
        services.check_off(pickup.reference, first.code, actor=holder.actor)
    assert counts(pickup) == [(3, 1, 0, 0, 2), (4, 0, 0, 0, 4)]


def test_another_outcome_replaces_the_first(pickup, actor):
    services.check_off_rest(pickup.reference, actor=actor.actor)
    services.check_off(
        pickup.reference, numbered(pickup)[0].code, outcome="missing", reason="not_found", actor=actor.actor
    )
    assert counts(pickup) == [(3, 2, 1, 0, 0), (4, 4, 0, 0, 0)]


def test_a_code_of_another_pick_up_is_unknown_here(pickup, actor, holder):
    other = chain.agreed_pickup(
        chain.awarded_claim(chain.published_lot(holder), holder, actor), holder, actor
    )
    with pytest.raises(Invalid):
        services.check_off(pickup.reference, numbered(other)[0].code, actor=actor.actor)


def test_units_alike_are_counted_and_numbered_ones_are_named(pickup, actor):
    ref = pickup.reference
    assert services.check_off_line(ref, 2, 3, actor=actor.actor) == 3
    for wrong in (2, 0, -1):
        with pytest.raises(Invalid):
            services.check_off_line(ref, 2, wrong, actor=actor.actor)
    with pytest.raises(Invalid):  # two of three numbered ones: which?
        services.check_off_line(ref, 1, 2, actor=actor.actor)
    assert services.check_off_line(ref, 1, 3, actor=actor.actor) == 3
    assert counts(pickup) == [(3, 3, 0, 0, 0), (4, 3, 0, 0, 1)]


def test_several_differences_are_one_act_and_one_undo(pickup, actor):
    first, second, _ = numbered(pickup)
    done = services.note_differences(
        pickup.reference, "missing", reason="not_found", codes=[first.code, second.serial], by_line={2: 2},
        actor=actor.actor,
    )  # fmt: skip
    assert (done, counts(pickup)) == (4, [(3, 0, 2, 0, 1), (4, 0, 2, 0, 2)])
    last = queries.last_noted(pickup)
    assert [(one.units, one.outcome, one.reason) for one in last] == [(4, "missing", "not_found")]
    assert services.undo_check(last[0].check_id, actor=actor.actor) == 4
    assert counts(pickup) == [(3, 0, 0, 0, 3), (4, 0, 0, 0, 4)]
    with pytest.raises(NotFound):
        services.undo_check(last[0].check_id, actor=actor.actor)
    with pytest.raises(Invalid):
        services.note_differences(pickup.reference, "missing", reason="not_found", actor=actor.actor)


def test_all_at_once_takes_what_is_left_only(pickup, actor):
    services.check_off(
        pickup.reference, numbered(pickup)[0].code, outcome="missing", reason="not_found", actor=actor.actor
    )
    assert services.check_off_rest(pickup.reference, actor=actor.actor) == 6
    assert counts(pickup) == [(3, 2, 1, 0, 0), (4, 4, 0, 0, 0)]
    with pytest.raises(Conflict):
        services.check_off_rest(pickup.reference, actor=actor.actor)


def test_a_serial_of_the_list_is_no_extra(pickup, actor):
    with pytest.raises(Invalid):
        services.add_extra(
            pickup.reference, "laptop", "", serial=numbered(pickup)[0].serial, actor=actor.actor
        )
    with pytest.raises(Invalid):
        services.add_extra(pickup.reference, "nothing", "", actor=actor.actor)


def test_nothing_is_signed_before_every_unit_is_noted(pickup, actor):
    services.check_off_line(pickup.reference, 2, 4, actor=actor.actor)
    with pytest.raises(Conflict) as refusal:
        services.sign_as_driver(pickup.reference, actor=actor.actor)
    assert refusal.value.params == {"left": 3}
    assert pickup.state == "agreed"


def test_custody_passes_at_the_drivers_signature_and_ownership_at_the_holders(pickup, lot, holder, actor):
    mixed(pickup, actor)
    before = [unit.unit_id for unit in queries.sheet(pickup)]
    services.sign_as_driver(
        pickup.reference, actor=actor.actor, plate="aa-000-aa", driver_name="Camille Exemple"
    )
    h, a = holder.organisation_id, actor.organisation_id
    extra = queries.extras(pickup)[0].unit_id
    outcome = {unit.unit_id: unit.outcome for unit in queries.sheet(pickup)} | {extra: "extra"}

    def where():
        found = {
            (outcome[u.id], u.state, u.owner_id, u.custodian_id, u.regime)
            for u in units.by_ids([*before, extra])
        }
        return sorted(found, key=lambda row: row[0])

    assert where() == [
        ("extra", "collected", h, a, "sale"),
        ("missing", "missing", h, h, "sale"),
        ("refused", "discarded", h, h, None),
        ("taken", "collected", h, a, "sale"),
    ]
    assert (pickup.state, pickup.plate, pickup.driver_id) == ("done", "AA-000-AA", actor.person_id)
    code = current_code(f"pickup/{pickup.reference}").code
    services.sign_as_holder(pickup.reference, "Dominique Modèle", code, actor=actor.actor)
    assert [row[:4] for row in where()] == [
        ("extra", "collected", a, a),
        ("missing", "missing", h, h),
        ("refused", "discarded", h, h),
        ("taken", "collected", a, a),
    ]
    assert verify_chains() == []


def test_quantities_add_up_on_the_pick_up_and_on_the_lot(pickup, lot, actor):
    mixed(pickup, actor)
    services.sign_as_driver(pickup.reference, actor=actor.actor)
    sums = papers.totals(pickup)
    assert sums == {"planned": 7, "taken": 6, "missing": 1, "refused": 1, "extra": 1}
    assert sums["planned"] + sums["extra"] == sums["taken"] + sums["missing"] + sums["refused"]
    facts = papers.note_facts(pickup, "fr")
    for line in facts["lines"]:
        assert line["planned"] + line["extra"] == line["taken"] + line["missing"] + line["refused"]
    assert (len(facts["taken"]), len(facts["missing"]), len(facts["refused"]), len(facts["extra"])) == (
        6,
        1,
        1,
        1,
    )
    assert facts["refused"][0]["reason"] == "Autre raison – écran fendu"
    balance = lots.balance(lots.get(lot.reference))
    assert (balance.declared, balance.extra) == (7, 1)
    assert lots.get(lot.reference).state == "closed"
    rows = [(r["outcome"], r["extra"], r["units"]) for r in units.outcomes("lot", lot.reference)]
    assert sum(n for outcome, _, n in rows if outcome == "collected") == 6
    assert {outcome for outcome, _, _ in rows} == {"collected", "missing", "refused"}


def test_each_difference_is_told_with_its_reason_in_one_act(pickup, lot, actor):
    mixed(pickup, actor)
    services.sign_as_driver(pickup.reference, actor=actor.actor)
    told = [body(e) for e in events_of_stream(f"lot/{lot.reference}")]
    signed = [
        b
        for b in told
        if b["type"].startswith("pickup.") and b["type"] not in ("pickup.proposed", "pickup.agreed")
    ]
    assert {b["act_id"] for b in signed} == {signed[0]["act_id"]}
    assert {b["type"]: b["facts"].get("reason") for b in signed} == {
        "pickup.collected": None, "pickup.missing": "not_found", "pickup.refused": "other",
        "pickup.extra": "not_declared", "pickup.done": None,
    }  # fmt: skip
    done = next(b for b in signed if b["type"] == "pickup.done")
    assert [done["facts"][n] for n in ("taken", "missing", "refused", "extra")] == [6, 1, 1, 1]
    assert "fendu" not in str(told)
    assert "X-1" not in str(told)


def test_a_pick_up_where_all_is_missing_is_still_signed(pickup, holder, actor):
    services.note_differences(
        pickup.reference, "missing", reason="kept_by_holder", codes=[u.code for u in numbered(pickup)],
        by_line={2: 4}, actor=actor.actor,
    )  # fmt: skip
    chain.signed_pickup(pickup, holder, actor)
    assert papers.totals(pickup) == {"planned": 7, "taken": 0, "missing": 7, "refused": 0, "extra": 0}
    assert pickup.holder_signed_at is not None


def test_five_wrong_codes_then_a_new_one_must_be_asked(pickup, holder, actor):
    chain.signed_pickup(pickup, holder, actor, both=False)
    right = current_code(f"pickup/{pickup.reference}").code
    wrong = "0000" if right != "0000" else "1111"
    lefts = []
    for _ in range(4):
        with pytest.raises(Invalid) as refusal:
            services.sign_as_holder(pickup.reference, "Dominique", wrong, actor=actor.actor)
        lefts.append(refusal.value.params["left"])
    assert lefts == [4, 3, 2, 1]
    for typed in (wrong, right):
        with pytest.raises(Conflict):
            services.sign_as_holder(pickup.reference, "Dominique", typed, actor=actor.actor)
    assert pickup.holder_signed_at is None
    with pytest.raises(NotAllowed):
        services.new_code(pickup.reference, actor=actor.actor)
    fresh = services.new_code(pickup.reference, actor=holder.actor)
    services.sign_as_holder(pickup.reference, "Dominique", fresh, actor=actor.actor)
    assert pickup.holder_signer == "Dominique"
    assert current_code(f"pickup/{pickup.reference}") is None  # a code signs once
    with pytest.raises(Conflict):
        services.sign_as_holder(pickup.reference, "Dominique", fresh, actor=actor.actor)
    with pytest.raises(Conflict):
        services.new_code(pickup.reference, actor=holder.actor)


def test_strangers_cannot_burn_the_tries(world, pickup, holder, actor):
    chain.signed_pickup(pickup, holder, actor, both=False)
    for who, error in ((world.reuse_actor("Réemploi Exemple"), NotFound), (world.operator(), NotAllowed)):
        with pytest.raises(error):
            services.sign_as_holder(pickup.reference, "Dominique", "0000", actor=who.actor)
    with pytest.raises(NotAllowed):
        services.sign_as_holder(pickup.reference, "D", "0000", actor=replace(actor.actor, via="operator"))
    for name, code in (("", "0000"), ("Dominique", " ")):
        with pytest.raises(Invalid):
            services.sign_as_holder(pickup.reference, name, code, actor=actor.actor)
    assert db.session().scalar(sa.select(SignatureCode.tries_left)) == 5


def test_the_note_is_one_paper_for_both_with_the_pages_facts(pickup, holder, actor):
    mixed(pickup, actor)
    chain.signed_pickup(pickup, holder, actor)
    note = documents.of(f"pickup/{pickup.reference}", kind="handover_note")[0]
    page = papers.note_facts(pickup, "fr")
    assert {k: v for k, v in note.facts.items() if k != "made_at"} == {
        k: v for k, v in page.items() if k != "made_at"
    }
    for who in (holder, actor):
        assert documents.content(documents.readable(note.number, who.actor)).startswith(b"%PDF")


def test_a_note_too_long_for_paper_sums_up_and_points_to_the_file(monkeypatch, pickup, holder, actor):
    monkeypatch.setattr(papers, "LISTED", 2)
    services.note_differences(
        pickup.reference, "missing", reason="kept_by_holder", by_line={2: 3}, actor=actor.actor
    )
    chain.signed_pickup(pickup, holder, actor)
    facts = documents.of(f"pickup/{pickup.reference}", kind="handover_note")[0].facts
    assert (facts["taken"], facts["missing"]) == (
        [],
        [{"label": "3 × Écrans 24 pouces", "reason": "Gardé par le détenteur"}],
    )
    assert facts["remark"].startswith("Les 4 appareils pris")
    assert (
        documents.of(f"pickup/{pickup.reference}", kind="pickup_order")[0].facts["lines"][0]["planned"] == 3
    )
