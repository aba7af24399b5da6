"""Sealed containers: noted at the door, counted at the workshop; a count that differs revises the note."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.accounts.signatures import current_code
from reuse_market.collection import papers, queries, services
from reuse_market.collection.containers import counting
from reuse_market.collection.containers import queries as containers
from reuse_market.collection.containers import services as sealing
from reuse_market.collection.containers.services import Sealed
from reuse_market.collection.models import Container, PickupCheck
from reuse_market.collection.revising import queries as revisions
from reuse_market.collection.revising import services as revising
from reuse_market.documents import queries as documents
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.proofs.reconcile import reconcile
from reuse_market.units import queries as units
from reuse_market.units.labels import codes_of, print_blank_labels
from reuse_market.units.models import Engagement, Unit
from tests.support import world as chain


@pytest.fixture
def pickup(world):
    """Agreed: four laptops with serials and twenty screens without."""
    holder, actor = world.holder(), world.reuse_actor()
    lot = chain.published_lot(holder, numbered=4, counted=20)
    return chain.agreed_pickup(chain.awarded_claim(lot, holder, actor), holder, actor)


def sides(world):
    return world.holder(), world.reuse_actor()


def states(pickup):
    """state → units of the lot."""
    rows = session().execute(
        sa.select(Unit.state, sa.func.count())
        .where(Unit.stream == "lot/" + queries.view(pickup).lot_reference)
        .group_by(Unit.state)
    )
    return {row[0]: row[1] for row in rows}


def outcomes(pickup, kind="pickup"):
    """outcome → units, of the pick-up's or the lot's engagements."""
    seen = queries.view(pickup)
    reference = {"pickup": pickup.reference, "lot": seen.lot_reference, "award": seen.claim_reference}[kind]
    rows = session().execute(
        sa.select(Engagement.outcome, sa.func.count())
        .where(Engagement.kind == kind, Engagement.reference == reference)
        .group_by(Engagement.outcome)
    )
    return {row[0]: row[1] for row in rows}


def three_rolls(pickup, actor):
    """Everything in three containers: a line by name, the rest spread."""
    return sealing.note_containers(
        pickup.reference,
        [Sealed("roll", lines={1: 4, 2: 6}, seal="A1", weight_g=90_000), Sealed("roll", 8), Sealed("box", 6)],
        actor=actor,
    )


def test_three_containers_signed_then_counted_as_said(world, pickup):
    holder, actor = sides(world)
    made = three_rolls(pickup, actor.actor)
    assert [(one.number, one.kind, one.declared, one.seal) for one in made] == [
        (1, "roll", 10, "A1"), (2, "roll", 8, ""), (3, "box", 6, ""),
    ]  # fmt: skip
    assert [row.left for row in queries.tally(pickup)] == [0, 0]
    signed = chain.signed_pickup(pickup, holder, actor)
    assert papers.note_facts(signed, "fr")["containers"][0] == {
        "label": "Roll 1", "code": made[0].code, "seal": "A1", "declared": 10, "counted": None,
        "weight_grams": 90_000,
    }  # fmt: skip
    assert counting.count_container(made[0].code, {}, actor=actor.actor) is None
    assert counting.count_container(made[1].code, {2: 8}, actor=actor.actor) is None
    assert containers.uncounted(signed.id) == 1
    with pytest.raises(Conflict):
        counting.count_container(made[0].code, {2: 5}, actor=actor.actor)
    assert reconcile() == []


def test_fewer_and_more_than_said_go_back_to_the_note(world, pickup):
    """Two screens short and one more laptop: proposed, accepted, and everything follows."""
    holder, actor = sides(world)
    first, second, _third = three_rolls(pickup, actor.actor)
    signed = chain.signed_pickup(pickup, holder, actor)
    revision = counting.count_container(first.code, {1: 5, 2: 4}, actor=actor.actor)
    assert revision is not None
    assert revision.state == "proposed"
    assert revision.ground == "count"
    assert [(one.before, one.after, one.line, one.units) for one in revisions.lines(revision.id)] == [
        (None, "extra", 1, 1), ("taken", "missing", 2, 2),
    ]  # fmt: skip
    assert states(pickup) == {"collected": 24}  # nothing moves before the other side agrees
    with pytest.raises(Conflict):  # one at a time
        counting.count_container(second.code, {2: 1}, actor=actor.actor)
    revising.approve_revision(revision.reference, actor=holder.actor)
    assert states(pickup) == {"collected": 23, "missing": 2}
    assert outcomes(pickup) == {"taken": 22, "missing": 2}
    assert outcomes(pickup, "award") == {"collected": 22, "missing": 2}
    assert outcomes(pickup, "lot") == {"collected": 23, "missing": 2}
    totals = papers.totals(signed)
    assert totals["planned"] + totals["extra"] == totals["taken"] + totals["missing"] + totals["refused"]
    assert totals == {"planned": 24, "taken": 23, "missing": 2, "refused": 0, "extra": 1}
    lost = session().scalars(sa.select(Unit).where(Unit.state == "missing")).all()
    assert {(u.owner_id, u.custodian_id) for u in lost} == {(holder.organisation_id,) * 2}
    born = session().scalars(sa.select(Unit).where(Unit.origin == "extra")).one()
    assert (born.kind, born.owner_id, born.custodian_id) == (
        "laptop",
        actor.organisation_id,
        actor.organisation_id,
    )
    notes = documents.of(f"pickup/{pickup.reference}", kind="handover_note")
    assert len(notes) == 2
    assert sum(one.superseded_by is None for one in notes) == 1
    current = next(one for one in notes if one.superseded_by is None)
    assert [(one["number"], one["reference"]) for one in current.facts["revisions"]] == [
        (1, revision.reference)
    ]
    assert reconcile() == []


def test_labels_and_serials_are_read_when_it_is_opened(world, pickup):
    holder, actor = sides(world)
    first, second, _ = three_rolls(pickup, actor.actor)
    chain.signed_pickup(pickup, holder, actor)
    serial = next(one.serial for one in containers.inside(first) if one.serial)
    counting.read_unit(first.code, serial.lower(), actor=actor.actor)
    with pytest.raises(Invalid):
        counting.read_unit(first.code, serial, actor=actor.actor)
    [label] = print_blank_labels(1, actor=actor.actor)
    unit_id = counting.read_unit(second.code, label, line=2, serial=" SN-77 ", actor=actor.actor)
    assert codes_of([unit_id]) == {unit_id: label}
    assert units.get(unit_id).serial == "SN-77"
    with pytest.raises(Conflict):
        counting.read_unit(first.code, label, line=2, actor=actor.actor)
    with pytest.raises(Invalid):  # one was read: none at all cannot be
        counting.count_container(second.code, {2: 0}, actor=actor.actor)
    revision = counting.count_container(second.code, {2: 1}, actor=actor.actor)
    [line] = revisions.lines(revision.id)
    assert unit_id not in [i for first_id, last in line.unit_ids for i in range(first_id, last + 1)]
    # Four with serials said, one read, three counted: the others are to be named, they are not alike.
    revising.withdraw_revision(revision.reference, actor=actor.actor)
    with pytest.raises(Invalid):
        counting.count_container(first.code, {1: 3}, actor=actor.actor)
    assert reconcile() == []


def test_what_a_container_may_not_hold(world, pickup):
    holder, actor = sides(world)

    def refused(*sealed, by=actor.actor):
        with pytest.raises((Invalid, NotAllowed, Conflict)) as told:
            sealing.note_containers(pickup.reference, sealed, actor=by)
        return told.value.code

    assert refused(Sealed("crate", 3)) == "container.kind"
    assert refused(Sealed("roll")) == "container.empty"
    assert refused(Sealed("roll", 20), Sealed("box", 5)) == "container.too-many"
    assert refused(Sealed("roll", lines={2: 21})) == "container.too-many"
    assert refused(Sealed("roll", lines={1: 2})) == "container.numbered"
    assert refused(Sealed("roll", 3, weight_g=0)) == "container.weight"
    assert refused() == "container.number"
    refused(Sealed("roll", 3), by=holder.actor)
    assert session().scalar(sa.select(sa.func.count()).select_from(Container)) == 0
    made = sealing.note_containers(
        pickup.reference, [Sealed("pallet", lines={1: 4}), Sealed("box", 20)], actor=actor.actor
    )
    with pytest.raises(Conflict):  # a unit said to be sealed is not also noted by itself
        services.check_off(pickup.reference, "S0001" if False else next(
            one.serial for one in containers.inside(made[0])), outcome="missing", reason="not_found",
            actor=actor.actor)  # fmt: skip
    with pytest.raises(Conflict):
        counting.count_container(made[0].code, {}, actor=actor.actor)
    with pytest.raises(NotFound):
        containers.seen(made[0].code, world.reuse_actor("Réemploi Exemple").actor)
    assert sealing.remove_container(made[0].code, actor=actor.actor) == 4
    assert [one.number for one in containers.of_pickup(pickup.id)] == [1]
    check = session().scalars(sa.select(PickupCheck.id)).first()
    assert services.undo_check(check, actor=actor.actor) == 20
    assert containers.of_pickup(pickup.id) == []


def test_too_late_to_count(world, pickup):
    holder, actor = sides(world)
    made = three_rolls(pickup, actor.actor)
    chain.signed_pickup(pickup, holder, actor)
    with clock.frozen(clock.now() + timedelta(days=11)), pytest.raises(Conflict):
        counting.count_container(made[0].code, {2: 4}, actor=actor.actor)


def test_counted_before_the_holder_signed(world, pickup):
    """Ownership follows the counter-signature, for what the revised note says."""
    holder, actor = sides(world)
    first, _second, _third = three_rolls(pickup, actor.actor)
    chain.signed_pickup(pickup, holder, actor, both=False)
    revision = counting.count_container(first.code, {2: 5}, actor=actor.actor)
    revising.approve_revision(revision.reference, actor=holder.actor)
    assert documents.of(f"pickup/{pickup.reference}", kind="handover_note") == []
    code = current_code(f"pickup/{pickup.reference}").code
    services.sign_as_holder(pickup.reference, "Contact Exemple", code, actor=actor.actor)
    owners = session().execute(sa.select(Unit.state, Unit.owner_id).distinct().order_by(Unit.state)).all()
    assert [tuple(row) for row in owners] == [
        ("collected", actor.organisation_id), ("missing", holder.organisation_id),
    ]  # fmt: skip
    assert reconcile() == []
