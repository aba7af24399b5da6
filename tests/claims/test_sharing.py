"""Sharing a lot at closing, from the claims to the award: verbs on both databases, who may what, what is told."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts.capacities import Declared, declare_capacity
from reuse_market.claims import queries, services
from reuse_market.claims.models import Claim, Share, ShareClaim, ShareLine
from reuse_market.claims.sharing import proposing, reading, standing
from reuse_market.claims.sharing.accepting import accept_share
from reuse_market.claims.sharing.lifecycle import FLOW
from reuse_market.claims.sharing.share_models import SHARE_STATES
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import services as lots
from reuse_market.lots.queries import left_by_line
from reuse_market.notices.models import Message
from reuse_market.traceability.models import Event
from tests.support import world as chain

# action and actor → what becomes of a proposal that is: proposed, accepted, replaced, expired.
GRID = {
    ("accept", "holder"): "accepted late late late",
    ("accept", "holder's helper"): "no no no no",
    ("accept", "claimant"): "no no no no",
    ("accept", "operator"): "accepted late late late",
    ("accept", "operator for the holder"): "accepted late late late",
    ("accept", "auditor"): "no no no no",
    ("accept", "visitor"): "no no no no",
    ("accept", "system"): "no no no no",
    ("replace", "holder"): "no no no no",
    ("replace", "operator"): "no no no no",
    ("replace", "system"): "replaced late late late",
    ("expire", "holder"): "no no no no",
    ("expire", "operator"): "no no no no",
    ("expire", "system"): "expired late late late",
}
GIFT: dict[str, Any] = {"regime": "gift", "price_kind": "free", "award_mode": "at_closing"}
FREE: dict[str, Any] = {"proposal": "free", "amount_cents": None}


class Undo(Exception):
    """Rolls the tried transition back."""


@contextmanager
def closed(days: int = 21):
    """After the last day for requests (20 days from now)."""
    with clock.frozen(clock.now() + timedelta(days=days)):
        yield


@pytest.fixture
def holder(world):
    return world.holder()


@pytest.fixture
def near(world):
    return world.reuse_actor()


@pytest.fixture
def other(world):
    return world.reuse_actor("Ressourcerie Exemple")


def final(lot) -> dict[str, int]:
    """Claim → what it was awarded in the end."""
    return {view.reference: view.awarded for view in queries.of_lot(lot.id)}


def mails(template: str) -> list[Message]:
    return list(
        session().scalars(sa.select(Message).where(Message.template == template).order_by(Message.id))
    )


def test_a_lot_is_shared_at_closing_accepted_and_told(world, holder, near, other):
    """From two claims of 5 of 5 to 3 and 2 by the draw or fairness, in one act."""
    declare_capacity(near.organisation_id, Declared(10), actor=near.actor)
    declare_capacity(other.organisation_id, Declared(20), actor=other.actor)
    lot = chain.published_lot(holder, numbered=0, counted=6, **GIFT)
    first = chain.submitted_claim(lot, near, **FREE)
    second = chain.submitted_claim(lot, other, **FREE)
    assert first.answer_until == lot.claims_until + timedelta(days=10)
    assert proposing.close_due() == 0  # requests are still open
    with closed():
        assert lots.expire_due() == 0  # the lot waits for the answer
        assert proposing.close_due() == 1
        assert proposing.close_due() == 0  # once
        table = reading.seen(lot, holder.actor)
        told = {column.claim: column.why for column in table.columns}
        assert (table.share.status, table.share.seed) == ("optimal", standing.seed_of(lot))
        # loads of 120 and 240 units a year: the second may have twice as much
        assert [told[one.reference]["obtained"] for one in (first, second)] == [2, 4]
        assert {one["rule"] for one in told.values()} == {"fairness"}
        assert len(mails("share_proposed")) == 1
        assert reading.told_of(first) is None  # nothing is told before the answer
        with pytest.raises(NotFound):
            reading.seen(lot, near.actor)
        accept_share(lot.reference, actor=holder.actor)
        assert final(lot) == {first.reference: 2, second.reference: 4}
        assert reading.told_of(first)["final"] == 2
        assert left_by_line(lot.reference) == {}
        assert len(mails("share_answered")) == 2
        types = list(session().scalars(sa.select(Event.type).where(Event.stream == f"lot/{lot.reference}")))
        assert {"share.proposed", "share.accepted", "claim.awarded"} <= set(types)
        with pytest.raises(Conflict):
            accept_share(lot.reference, actor=holder.actor)


def test_edited_with_a_reason_within_what_fits(world, holder, near, other):
    """Numbers that do not fit are refused by name; a change without a reason too; both sides read the reason."""
    lot = chain.published_lot(holder, numbered=2, counted=4, cap_per_actor=5, **GIFT)
    first = chain.submitted_claim(lot, near, **FREE)
    second = chain.submitted_claim(lot, other, {2: 3}, minimum=2, **FREE)
    with closed():
        proposing.close_due()
        start = {(cell.claim, cell.line): cell.units for cell in reading.seen(lot, holder.actor).cells}
        for change, code in [
            ({(second.reference, 2): 4}, "share.number"),
            ({(first.reference, 2): 4, (second.reference, 2): 3}, "share.line"),
            ({(first.reference, 2): 3, (second.reference, 2): 1}, "share.minimum"),
            ({(first.reference, 1): 2, (first.reference, 2): 4, (second.reference, 2): 0}, "share.cap"),
            ({(second.reference, 1): 1}, "share.cell"),
        ]:
            with pytest.raises(Invalid) as refused:
                accept_share(lot.reference, start | change, "Essai", actor=holder.actor)
            assert refused.value.code == code
        change = {(first.reference, 1): 2, (first.reference, 2): 1, (second.reference, 2): 3}
        other_way = {(first.reference, 1): 2, (first.reference, 2): 2, (second.reference, 2): 2}
        change = other_way if change == start else change
        with pytest.raises(Invalid) as refused:
            accept_share(lot.reference, change, "  ", actor=holder.actor)
        assert refused.value.code == "share.reason"
        done = accept_share(lot.reference, change, "Besoin urgent", actor=world.operator().actor)
        assert (done.edited, done.reason, done.answered_by) == (True, "Besoin urgent", "operator")
        assert sum(final(lot).values()) == sum(change.values())
        why = reading.told_of(first) if reading.told_of(first)["changed"] else reading.told_of(second)
        assert (why["reason"], why["by"]) == ("Besoin urgent", "operator")


def test_below_the_value_is_not_eligible_and_the_best_price_comes_first(world, holder, near, other):
    lot = lots.draft_lot(actor=holder.actor, title="Portables évalués")
    lots.add_counted_line(lot.id, actor=holder.actor, kind="laptop", units=4, label="Portables")
    lots.value_lines(lot.id, [1], value_cents=50_00, value_how="market_price", actor=holder.actor)
    lots.set_conditions(lot.id, chain.conditions(holder, award_mode="at_closing"), actor=holder.actor)
    lot = lots.publish_lot(lot.id, actor=holder.actor, decision=chain.decided())
    low = chain.submitted_claim(lot, near, amount_cents=199_99)
    high = chain.submitted_claim(lot, other, {1: 3}, amount_cents=150_00)
    third = chain.submitted_claim(lot, world.reuse_actor("Troisième Exemple"), {1: 3}, amount_cents=180_00)
    with pytest.raises(Invalid):  # a fee is weighed by hand, never by a rule
        chain.submitted_claim(lot, world.reuse_actor("Quatrième Exemple"), proposal="fee")
    with closed():
        proposing.close_due()
        told = {column.claim: column.why for column in reading.seen(lot, holder.actor).columns}
        assert [told[one.reference]["obtained"] for one in (low, high, third)] == [0, 1, 3]
        assert [told[one.reference]["rule"] for one in (low, high, third)] == ["below_value", "price", "all"]
        assert (told[high.reference]["price_rank"], told[high.reference]["rivals"]) == (2, 2)
        with pytest.raises(Invalid):
            accept_share(
                lot.reference, {(low.reference, 1): 1, (high.reference, 1): 0}, "Essai", actor=holder.actor
            )


def test_a_share_is_kept_for_some_and_only_the_holder_waives_it(world, holder, near):
    user = world.recipient()
    terms = GIFT | {"erased_by": "holder", "reserved_percent": 50, "reserved_for": "recipients"}
    lot = chain.published_lot(holder, numbered=0, counted=5, **terms)
    claim = chain.submitted_claim(lot, near, **FREE)
    asked = services.submit_claim(
        lot.reference, {1: 1}, actor=user.actor, proposal="free", capacity="recipient"
    )
    with closed():
        proposing.close_due()
        assert session().scalar(sa.select(Share.reserved)) == 3
        told = {column.claim: column.why for column in reading.seen(lot, holder.actor).columns}
        assert [(told[one.reference]["obtained"], told[one.reference]["rule"]) for one in (claim, asked)] == [
            (2, "limit"), (1, "all"),
        ]  # fmt: skip
        more = {(claim.reference, 1): 4}
        with pytest.raises(Invalid) as refused:
            accept_share(lot.reference, more, "Plus de preneur", actor=world.operator().actor)
        assert refused.value.code == "share.reserved"
        accept_share(lot.reference, more, "Plus de preneur", actor=holder.actor)
        assert final(lot)[claim.reference] == 4


def test_a_claim_given_up_makes_the_proposal_stale_and_it_is_worked_out_again(world, holder, near, other):
    lot = chain.published_lot(holder, numbered=0, counted=4, **GIFT)
    first, second = chain.submitted_claim(lot, near, **FREE), chain.submitted_claim(lot, other, **FREE)
    with pytest.raises(Conflict):
        services.award_claim(first.reference, actor=holder.actor)  # answered together, not one by one
    with pytest.raises(Conflict):
        services.decline_claim(first.reference, "Non", actor=holder.actor)
    assert queries.offered(first, holder.actor) == []
    with closed():
        proposing.close_due()
        services.release_claim(first.reference, "Plus besoin", actor=near.actor)
        with pytest.raises(Conflict) as refused:
            accept_share(lot.reference, actor=holder.actor)
        assert refused.value.code == "share.stale"
        assert proposing.close_due() == 1
        states = list(session().scalars(sa.select(Share.state).order_by(Share.id)))
        assert states == ["replaced", "proposed"]
        accept_share(lot.reference, actor=holder.actor)
        assert final(lot)[second.reference] == 4


def test_reminded_once_then_expired_and_the_devices_go_back(world, holder, near):
    lot = chain.published_lot(holder, numbered=0, counted=4, **GIFT)
    claim = chain.submitted_claim(lot, near, **FREE)
    empty = chain.published_lot(holder, numbered=0, counted=2, **GIFT)
    with closed():
        assert proposing.close_due() == 2
        assert session().get_one(type(lot), empty.id).state == "expired"  # nobody asked: nothing to wait for
        assert proposing.remind_due() == 0
    with closed(28):
        assert (proposing.remind_due(), proposing.remind_due()) == (1, 0)
        assert len(mails("share_reminder")) == 1
    with closed(31):
        assert (proposing.expire_due(), services.expire_due(), lots.expire_due()) == (1, 1, 1)
        assert session().get_one(Claim, claim.id).state == "expired"
        assert session().get_one(type(lot), lot.id).state == "expired"
        assert proposing.close_due() == 0


def test_the_first_come_cap_counts_what_one_has_already(world, holder, near, other):
    lot = chain.published_lot(
        holder, numbered=0, counted=8, **(GIFT | {"award_mode": "first_come"}), cap_per_actor=3
    )
    chain.submitted_claim(lot, near, {1: 2}, **FREE)
    with pytest.raises(Invalid) as refused:
        chain.submitted_claim(lot, near, {1: 2}, **FREE)
    assert (refused.value.code, refused.value.params["left"]) == ("claim.cap", 1)
    chain.submitted_claim(lot, near, {1: 1}, **FREE)
    chain.submitted_claim(lot, other, {1: 3}, **FREE)


def test_options_that_do_not_go_with_the_mode_or_the_law_are_forgotten_or_refused(world, holder):
    lot = lots.draft_lot(actor=holder.actor, title="Brouillon")
    terms = chain.conditions(holder, cap_per_actor=3, reserved_percent=20, reserved_for="recipients")
    lots.set_conditions(lot.id, terms, actor=holder.actor)
    assert (lot.cap_per_actor, lot.reserved_percent, lot.reserved_for) == (None, None, None)
    for change, field in [
        ({"cap_per_actor": 0}, "cap_per_actor"),
        ({"reserved_percent": 101}, "reserved_percent"),
        ({"reserved_for": None}, "reserved_for"),
        ({"reserved_for": "recipients", "erased_by": "reuse_actor"}, "reserved_for"),
    ]:
        with pytest.raises(Invalid) as refused:
            lots.set_conditions(lot.id, terms | {"award_mode": "at_closing"} | change, actor=holder.actor)
        assert refused.value.field == field


def test_grid(world, holder, near):
    """Every action, by everybody, in every state."""
    lot = chain.published_lot(holder, numbered=0, counted=2, **GIFT)
    chain.submitted_claim(lot, near, **FREE)
    operator = world.operator().actor
    actors = {
        "holder": holder.actor, "holder's helper": replace(holder.actor, commits=False), "claimant": near.actor,
        "operator": operator, "operator for the holder": replace(holder.actor, via="operator"),
        "auditor": replace(operator, roles=frozenset({"auditor"})), "visitor": VISITOR, "system": SYSTEM,
    }  # fmt: skip
    with closed():
        proposing.close_due()
        share = session().scalars(sa.select(Share)).one()
        found = {}
        for action, name in GRID:
            found[action, name] = " ".join(
                tried(action, share.id, actors[name], state) for state in SHARE_STATES
            )
        assert found == GRID


def tried(action: str, share_id: int, actor: Any, state: str) -> str:
    @db.command
    def attempt() -> str:
        session().execute(sa.update(Share).where(Share.id == share_id).values(state=state))
        share = session().get_one(Share, share_id, populate_existing=True)
        try:
            FLOW.fire(action, share, actor)
        except NotAllowed:
            raise Undo("no") from None
        except Conflict:
            raise Undo("late") from None
        raise Undo(share.state)

    with pytest.raises(Undo) as done:
        attempt()
    return str(done.value)


def test_the_rows_of_a_proposal_say_the_same_as_its_claims(world, holder, near, other):
    """Sums over lines are the claims' counts, in the proposal and once accepted."""
    lot = chain.published_lot(holder, numbered=3, counted=4, **GIFT)
    chain.submitted_claim(lot, near, **FREE)
    chain.submitted_claim(lot, other, {1: 2, 2: 1}, **FREE)
    with closed():
        proposing.close_due()
        accept_share(lot.reference, actor=holder.actor)
        by_claim = sa.select(ShareLine.claim_id, sa.func.sum(ShareLine.units), sa.func.sum(ShareLine.final))
        lines = {key: (a, b) for key, a, b in session().execute(by_claim.group_by(ShareLine.claim_id))}
        claims = session().scalars(sa.select(ShareClaim))
        assert {row.claim_id: (row.obtained, row.final) for row in claims} == lines
