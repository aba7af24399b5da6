"""Revisions of a signed note: who may say what from which state, what an approval changes, what is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.collection import papers, queries, services
from reuse_market.collection.container_models import REVISION_STATES
from reuse_market.collection.containers import counting
from reuse_market.collection.containers import services as sealing
from reuse_market.collection.containers.services import Sealed
from reuse_market.collection.models import NoteRevision, PickupCheck
from reuse_market.collection.revising import queries as revisions
from reuse_market.collection.revising import services as revising
from reuse_market.collection.revising.choosing import Correction
from reuse_market.collection.revising.lifecycle import FLOW
from reuse_market.documents import queries as documents
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.proofs.reconcile import reconcile
from reuse_market.units.models import Engagement, Unit
from tests.support import world as chain

# action and actor → what becomes of a revision by the actor that is:
#   proposed, escalated, approved, refused (by the holder), withdrawn. "no": never its right; "late": not now.
GRID = {
    ("approve", "holder"): "approved late late late late",
    ("approve", "actor"): "no no no no no",
    ("approve", "operator"): "no no no no no",
    ("refuse", "holder"): "refused late late late late",
    ("refuse", "actor"): "no no no no no",
    ("refuse", "operator"): "no no no no no",
    ("withdraw", "holder"): "no no no no no",
    ("withdraw", "actor"): "withdrawn withdrawn late late late",
    ("withdraw", "operator"): "no no no no no",
    ("appeal", "holder"): "no no no no no",
    ("appeal", "actor"): "no no late escalated late",  # nobody has answered the first two
    ("appeal", "operator"): "no no no no no",
    ("escalate", "holder"): "no no no no no",
    ("escalate", "actor"): "no no no no no",
    ("escalate", "operator"): "no no no no no",
    ("settle_for", "holder"): "no no no no no",
    ("settle_for", "actor"): "no no no no no",
    ("settle_for", "operator"): "late approved late late late",
    ("settle_against", "holder"): "no no no no no",
    ("settle_against", "actor"): "no no no no no",
    ("settle_against", "operator"): "late refused late late late",
    ("escalate", "system"): "escalated late late late late",
}
ALWAYS_NO = ("holder's helper", "acting for the holder", "suspended holder", "other actor", "visitor")


class Undo(Exception):
    """Rolls the tried transition back."""


@db.command
def _try(action, reference, actor):
    found = revisions.get(reference)
    FLOW.fire(action, found, actor)
    raise Undo(found.state)


def tried(action, reference, actor):
    """The new state, "no" or "late"."""
    try:
        _try(action, reference, actor)
    except Undo as undo:
        return str(undo)
    except NotAllowed:
        return "no"
    except Conflict:
        return "late"
    raise AssertionError("unreachable")


def signed(world, *, missing=0, refused=0, counted=8):
    """A note both signed: three laptops with serials, and screens without, some missing or refused."""
    holder, actor = world.holder(), world.reuse_actor()
    claim = chain.awarded_claim(chain.published_lot(holder, numbered=3, counted=counted), holder, actor)
    pickup = chain.agreed_pickup(claim, holder, actor)
    if missing:
        services.check_off_line(
            pickup.reference, 2, missing, outcome="missing", reason="not_found", actor=actor.actor
        )
    if refused:
        services.check_off_line(
            pickup.reference, 2, refused, outcome="refused", reason="broken", actor=actor.actor
        )
    return chain.signed_pickup(pickup, holder, actor)


SHORT = (Correction("taken", "missing", 2, 2, reason="miscounted"),)
FOUND = (Correction("missing", "taken", 2, 1, reason="found"),)


def count(pickup, outcome):
    return session().scalar(
        sa.select(sa.func.count()).where(
            Engagement.kind == "pickup",
            Engagement.reference == pickup.reference,
            Engagement.outcome == outcome,
        )
    )


def test_every_transition_by_every_actor_from_every_state(world):
    holder, actor, operator = world.holder().actor, world.reuse_actor().actor, world.operator().actor
    made = {}
    for state in REVISION_STATES:
        pickup = signed(world)
        made[state] = reference = revising.propose_revision(
            pickup.reference, SHORT, "Recompté", actor=actor
        ).reference
        if state == "escalated":
            revising._escalate(revisions.get(reference).id)
        if state == "approved":
            revising.approve_revision(reference, actor=holder)
        if state == "refused":
            revising.refuse_revision(reference, "Non", actor=holder)
        if state == "withdrawn":
            revising.withdraw_revision(reference, actor=actor)
    assert {state: revisions.get(ref).state for state, ref in made.items()} == {s: s for s in REVISION_STATES}
    actors = {
        "holder": holder, "actor": actor, "operator": operator, "system": SYSTEM,
        "holder's helper": replace(holder, commits=False), "acting for the holder": replace(holder, via="operator"),
        "suspended holder": replace(holder, roles=frozenset(), commits=False),
        "other actor": world.reuse_actor("Réemploi Exemple").actor, "visitor": VISITOR,
    }  # fmt: skip

    def row(action, who):
        return " ".join(tried(action, made[state], actors[who]) for state in REVISION_STATES)

    # `appeal` also asks who answered: an approved one was, a withdrawn one by its author.
    assert {key: row(*key) for key in GRID} == GRID
    for who in ALWAYS_NO:
        assert {a: row(a, who) for a in FLOW.transitions} == dict.fromkeys(
            FLOW.transitions, "no no no no no"
        ), who
    assert {a for a, _ in GRID} == set(FLOW.transitions)


def test_a_missing_device_found_in_the_van_is_taken_by_a_revision(world):
    holder, actor = world.holder(), world.reuse_actor()
    pickup = signed(world, missing=2, refused=1)
    first = revising.propose_revision(
        pickup.reference, (*FOUND, Correction("refused", "taken", 2, 1, reason="found")), "Dans le fourgon",
        actor=actor.actor,
    )  # fmt: skip
    with pytest.raises(Conflict):
        revising.propose_revision(pickup.reference, FOUND, "Encore", actor=actor.actor)
    with pytest.raises(Conflict):  # nothing else is said of these devices meanwhile
        revising.find_missing(pickup.reference, {2: 1}, actor=holder.actor)
    revising.approve_revision(first.reference, actor=holder.actor)
    assert papers.totals(pickup) == {"planned": 11, "taken": 10, "missing": 1, "refused": 0, "extra": 0}
    assert (count(pickup, "taken"), count(pickup, "missing"), count(pickup, "refused")) == (10, 1, 0)
    taken = session().scalars(sa.select(Unit).where(Unit.state == "collected")).all()
    assert {(u.owner_id, u.custodian_id, u.regime) for u in taken} == {
        (actor.organisation_id, actor.organisation_id, "sale")
    }
    # A second one, by the holder: the serial names the device, which is in fact still there.
    serial = next(unit.serial for unit in queries.sheet(pickup) if unit.serial)
    back = (Correction("taken", "refused", codes=(serial,), reason="kept_by_holder"),)
    second = revising.propose_revision(pickup.reference, back, "Resté chez nous", actor=holder.actor)
    revising.approve_revision(second.reference, actor=actor.actor)
    notes = documents.of(f"pickup/{pickup.reference}", kind="handover_note")
    assert len(notes) == 3
    assert [one["number"] for one in notes[0].facts["revisions"]] == [1, 2]
    kept = session().scalars(sa.select(Unit).where(Unit.serial == serial)).one()
    assert (kept.state, kept.owner_id, kept.custodian_id, kept.regime) == (
        "discarded", holder.organisation_id, holder.organisation_id, None,
    )  # fmt: skip
    assert reconcile() == []


def test_found_at_the_holders_the_note_keeps_missing(world):
    holder, actor = world.holder(), world.reuse_actor()
    pickup = signed(world, missing=2)
    with pytest.raises(NotAllowed):
        revising.find_missing(pickup.reference, {2: 1}, actor=actor.actor)
    with pytest.raises(Invalid):
        revising.find_missing(pickup.reference, {2: 3}, actor=holder.actor)
    assert revising.find_missing(pickup.reference, {2: 1}, actor=holder.actor) == 1
    [difference] = revisions.differences(pickup)
    assert (difference.units, difference.found) == (2, 1)
    assert count(pickup, "missing") == 2
    assert reconcile() == []


def test_what_a_revision_may_not_say(world):
    holder, actor = world.holder(), world.reuse_actor()
    pickup = signed(world, missing=1)

    def refused(*corrections, why="Recompté", by=actor.actor, verb=revising.propose_revision):
        with pytest.raises((Invalid, Conflict, NotAllowed, NotFound)) as told:
            verb(pickup.reference, corrections, why, actor=by)
        return told.value.code

    assert refused() == "revision.nothing"
    assert refused(*SHORT, why=" ") == "revision.why"
    assert refused(Correction("taken", "taken", 2, 1, reason="found")) == "revision.change"
    assert refused(Correction("taken", "missing", 2, 1, reason="broken")) == "revision.reason"
    assert refused(Correction("missing", "taken", 2, 2, reason="found")) == "revision.too-many"
    assert refused(Correction("taken", "missing", 1, 1, reason="miscounted")) == "revision.numbered"
    assert refused(Correction("taken", "missing", codes=("NONE",), reason="miscounted")) == "revision.unknown"
    assert refused(*SHORT, *SHORT) == "revision.twice"
    assert refused(Correction(None, "extra", None, 1, reason="not_declared", kind="toaster")) == "check.kind"
    refused(*FOUND, by=world.operator().actor)
    refused(*FOUND, by=world.reuse_actor("Réemploi Exemple").actor)
    refused(*FOUND, by=replace(actor.actor, via="operator"))
    refused(*FOUND, by=actor.actor, verb=revising.contest_differences)
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert refused(*FOUND) == "revision.late"
        assert refused(*FOUND, by=holder.actor, verb=revising.contest_differences) == "contest.late"
    units = session().scalars(sa.select(PickupCheck.unit_id).where(PickupCheck.outcome == "taken")).all()
    held = chain.workshop.receive_units(units, actor=actor.actor)
    assert held == 10
    revision = revising.propose_revision(pickup.reference, SHORT, "Recompté", actor=actor.actor)
    lost = revisions.lines(revision.id)[0].unit_ids[0][0]
    chain.workshop.report_lost(lost, actor=actor.actor)
    with pytest.raises(Conflict):  # it moved on since
        revising.approve_revision(revision.reference, actor=holder.actor)
    assert revisions.get(revision.reference).state == "proposed"
    assert reconcile() == []


def test_a_difference_contested_is_settled_by_the_operator(world):
    holder, actor, operator = world.holder(), world.reuse_actor(), world.operator()
    pickup = signed(world, missing=2)
    contest = revising.contest_differences(
        pickup.reference, FOUND, "Chargés sous mes yeux", actor=holder.actor
    )
    assert contest.state == "escalated"
    with pytest.raises(NotAllowed):
        revising.settle_revision(contest.reference, "Oui", in_favour=True, actor=actor.actor)
    with pytest.raises(Invalid):
        revising.settle_revision(contest.reference, "", in_favour=True, actor=operator.actor)
    settled = revising.settle_revision(
        contest.reference, "Photo probante", in_favour=True, actor=operator.actor
    )
    assert (settled.state, settled.number, settled.answer) == ("approved", 1, "Photo probante")
    assert (count(pickup, "missing"), count(pickup, "taken")) == (1, 10)
    words = revising.contest_differences(pickup.reference, (), "Le motif est faux", actor=holder.actor)
    kept = revising.settle_revision(words.reference, "Le motif reste", in_favour=False, actor=operator.actor)
    assert (kept.state, kept.number) == ("refused", None)
    assert reconcile() == []


def test_unanswered_or_refused_it_goes_to_the_operator(world):
    holder, actor, operator = world.holder(), world.reuse_actor(), world.operator()
    pickup = signed(world, missing=1)
    made = revising.propose_revision(pickup.reference, FOUND, "Dans le fourgon", actor=actor.actor)
    assert revising.escalate_due() == 0
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert revising.escalate_due() == 1
        revising.settle_revision(made.reference, "Rien ne le montre", in_favour=False, actor=operator.actor)
        with pytest.raises(NotAllowed):  # settled is settled
            revising.appeal_revision(made.reference, "Encore", actor=actor.actor)
        again = revising.propose_revision(pickup.reference, FOUND, "Voici la photo", actor=actor.actor)
        revising.refuse_revision(again.reference, "Non", actor=holder.actor)
        revising.appeal_revision(again.reference, "La photo le montre", actor=actor.actor)
        revising.settle_revision(again.reference, "Oui", in_favour=True, actor=operator.actor)
    assert count(pickup, "taken") == 11
    assert {row.state for row in session().scalars(sa.select(NoteRevision))} == {"refused", "approved"}
    assert reconcile() == []


TAMPERED = {
    "a revision accepted in silence": ("UPDATE note_revision SET state = 'refused'", "revision.told"),
    "of another name": ("UPDATE note_revision SET reference = 'REV-1999-0001'", "revision.told"),
    "one gone": ("DELETE FROM note_revision_line", "revision.balance"),
    "what it changed": ("UPDATE note_revision_line SET after = 'refused'", "revision.balance"),
    "how many": ("UPDATE note_revision_line SET units = 1", "revision.balance"),
    "which units": ("UPDATE note_revision_line SET unit_ids = '[[1,1]]'", "revision.balance"),
    "the note behind it": ("UPDATE pickup_check SET outcome = 'taken', reason = NULL", "revision.balance"),
    "what the engagement says": (
        "UPDATE engagement SET outcome = 'taken' WHERE kind = 'pickup' AND outcome = 'missing'", "revision.balance",
    ),
    "what was sealed": ("UPDATE container SET declared = 9", "container.balance"),
    "what was counted": ("UPDATE container SET counted = 3 WHERE number = 2", "container.balance"),
    "where a unit was": ("UPDATE pickup_check SET container_id = NULL", "container.balance"),
}  # fmt: skip


def test_reconcile_sees_what_is_changed_behind_its_back(world):
    """Each alteration is told by its rule; undone, nothing is told."""
    holder, actor = world.holder(), world.reuse_actor()
    claim = chain.awarded_claim(chain.published_lot(holder, numbered=1, counted=8), holder, actor)
    pickup = chain.agreed_pickup(claim, holder, actor)
    boxes = [Sealed("roll", lines={2: 4}), Sealed("box", lines={2: 4})]
    first, second = sealing.note_containers(pickup.reference, boxes, actor=actor.actor)
    chain.signed_pickup(pickup, holder, actor)
    revision = counting.count_container(first.code, {2: 2}, actor=actor.actor)
    revising.approve_revision(revision.reference, actor=holder.actor)
    counting.count_container(second.code, {}, actor=actor.actor)
    assert reconcile() == []
    unseen = {}
    for name, (statement, rules) in TAMPERED.items():
        if found := tampered(statement) & set(rules.split()):
            continue
        unseen[name] = found
    assert unseen == {}
    assert reconcile() == []


def tampered(statement):
    """The rules that tell an alteration, which is then undone."""

    @db.command
    def alter():
        session().execute(sa.text(statement))
        session().expire_all()
        raise Undo(" ".join(sorted({fault.rule for fault in reconcile()})))

    try:
        alter()
    except Undo as undo:
        return set(str(undo).split())
    raise AssertionError("unreachable")
