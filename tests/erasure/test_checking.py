"""Second looks on both databases: who signs what, the draw, refusals, exceptions; and each by its literal grid."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.erasure import checking, extracts, seconding
from reuse_market.erasure.gate import gate
from reuse_market.erasure.queries import media_of
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.lots import second_look
from reuse_market.traceability import queries as journal
from tests.support.workshop import make_lot

_numbers = itertools.count(1)
LOT = "LOT-2026-0001"
STREAM = f"lot/{LOT}"


def colleague(party, name="Deuxième Personne"):
    """Another person of the organisation, who commits it."""
    person = people.add_person(name, f"colleague-{next(_numbers)}@test.example")
    people.add_member(person.id, party.organisation_id)
    return accounts.actor_of(person.id, party.organisation_id)


def codes(unit_id, policy="purge"):
    return [reason.code for reason in gate(unit_id, policy).missing]


def ask(workshop, how, percent=None):
    return second_look.ask_second_look(LOT, how, percent, actor=workshop.holder.actor)


def erased(workshop, count, **proof):
    ids = workshop.received(count)
    for unit_id in ids:
        workshop.counted(unit_id, "ssd")
        workshop.certify(media_of([unit_id])[unit_id].media[0][0], **proof)
    return ids


def sign(check_id, *refused, **who):
    """Sign a list as it reads now."""
    return checking.sign_check(check_id, extracts.digest(extracts.sheet(check_id)), *refused, **who)


def proof_of(unit_id):
    return media_of([unit_id])[unit_id].media[0][1][-1]


# asked × what was signed: what the gate still lacks
GRID = [
    (None, None, []),
    (("unit", None), None, ["check.unit"]), (("batch", None), None, ["check.batch"]),
    (("sample", 50), None, ["check.sample"]),
    (("unit", None), ("unit", None), []), (("batch", None), ("batch", None), []),
    (("batch", None), ("unit", None), []), (("sample", 50), ("unit", None), []),
    (("sample", 50), ("batch", None), []), (("sample", 50), ("sample", 50), []),
    (("sample", 50), ("sample", 80), []),
    (("unit", None), ("batch", None), Invalid), (("batch", None), ("sample", 100), Invalid),
    (("sample", 50), ("sample", 49), Invalid),
]  # fmt: skip


def test_what_is_asked_and_what_was_signed(workshop):
    other = colleague(workshop.actor)
    for number, (asked, signed, expected) in enumerate(GRID):
        lot = f"LOT-2026-1{number:03}"
        make_lot(workshop.holder, lot, "purge")
        if asked:
            second_look.ask_second_look(lot, *asked, actor=workshop.holder.actor)
        [unit_id, twin] = workshop.received(2, lot=lot)
        for one in (unit_id, twin):
            workshop.counted(one, "ssd")
            workshop.certify(media_of([one])[one].media[0][0])
        if expected is Invalid:
            with pytest.raises(Invalid):
                checking.draw_check(f"lot/{lot}", *signed, actor=other)
            continue
        if signed:
            made = checking.draw_check(f"lot/{lot}", *signed, actor=workshop.actor.actor)
            assert codes(unit_id) == [f"check.{asked[0]}"], "a draw signs nothing"
            sign(made.id, actor=other, title="Responsable", place="Grenoble")
        assert codes(unit_id) == codes(twin) == expected, (asked, signed)


def test_the_draw_is_told_and_anybody_can_draw_it_again(workshop):
    ask(workshop, "sample", 20)
    ids = erased(workshop, 10)
    made = checking.draw_check(STREAM, "sample", actor=workshop.actor.actor)
    again = checking.draw_check(STREAM, "sample", 100, actor=colleague(workshop.actor))
    assert again.id == made.id, "nobody draws until the sample pleases"
    lines = seconding.lines(made.id)
    chosen = {one.certificate.id for one in lines if one.drawn}
    every = [one.certificate.id for one in lines]
    assert (len(every), len(chosen), made.percent) == (10, 2, 20)
    assert seconding.drawn(made.seed, every, 20) == chosen
    [event] = [one for one in journal.events_of_stream(STREAM) if one.type == "erasure.check-drawn"]
    facts = journal.body(event)["facts"]
    assert (facts["seed"], set(facts["drawn"]), set(facts["certificates"])) == (made.seed, chosen, set(every))
    refused = sorted(chosen)[0]
    sign(made.id, [refused], actor=colleague(workshop.actor))
    told = {proof_of(unit_id).id: codes(unit_id) for unit_id in ids}
    assert told.pop(refused) == ["check.refused"]
    accepted = told.pop(next(one for one in chosen if one != refused))
    assert accepted == []
    assert set(map(tuple, told.values())) == {("check.sample",)}, (
        "one fault, and the sample takes nobody along"
    )
    more = checking.draw_check(STREAM, "sample", 30, actor=workshop.actor.actor)
    assert len(seconding.lines(more.id)) == 8
    sign(more.id, actor=colleague(workshop.actor))
    assert [codes(unit_id) for unit_id in ids].count([]) == 9


def _persons(workshop):
    """Who may sign the workshop's list: (actor, expected)."""
    recorder, other = workshop.actor.actor, colleague(workshop.actor)
    return (
        (recorder, "check.same-person"), (replace(other, person_name="technicien  EXEMPLE"), "check.same-person"),
        (replace(other, via="operator"), "own-hand"), (replace(other, via="link"), "not-committing"),
        (replace(other, commits=False), "not-committing"), (replace(other, person_id=None), "not-committing"),
        (workshop.world.reuse_actor("Autre Atelier").actor, "not-found"),
        (workshop.world.buyer().actor, "not-allowed"), (other, None),
    )  # fmt: skip


def test_who_signs_a_list_and_who_accepts_an_exception(workshop):
    ask(workshop, "batch")
    [good] = erased(workshop, 1)
    [partial] = erased(workshop, 1, result="exceptions", errors=3)
    made = checking.draw_check(STREAM, "batch", actor=workshop.actor.actor)
    for actor, code in _persons(workshop):
        for verb in (
            lambda actor=actor: sign(made.id, actor=actor),
            lambda actor=actor: second_look.accept_exception(proof_of(partial).id, "encrypted", actor=actor),
        ):
            if code is None:
                assert verb() is not None
                continue
            with pytest.raises((Conflict, NotAllowed, NotFound)) as refused:
                verb()
            told = refused.value.code
            assert told == code or code in ("not-found", "not-allowed"), (told, code)
    assert codes(good) == []
    assert codes(partial) == ["check.batch"], "accepted, it has still to be checked"
    with pytest.raises(Conflict):
        sign(made.id, actor=colleague(workshop.actor, "Troisième Personne"))
    [event] = [one for one in journal.events_of_stream(STREAM) if one.type == "media.exception-accepted"]
    assert journal.body(event)["facts"]["ground"] == "encrypted"


# what the report says: what an exception leaves of it ("impossible": none is accepted)
EXCEPTIONS = [
    ({"result": "exceptions", "errors": 3}, []),
    ({"result": "exceptions", "errors": 0, "hidden_areas": "present"}, []),
    ({"result": "aborted", "verified": False}, []),
    ({"errors": None}, []),
    ({"hidden_areas": "unknown"}, []),
    ({"result": "failed"}, "impossible"),
    ({"errors": 2}, "impossible"),
    ({"verified": False}, "impossible"),
    ({"hidden_areas": "present"}, "impossible"),
    ({"technique": "overwrite"}, "impossible"),
    ({"result": "exceptions", "technique": "overwrite"}, "impossible"),
    ({}, "impossible"),
]  # fmt: skip


def test_what_an_exception_mends(workshop):
    other = colleague(workshop.actor)
    for changes, expected in EXCEPTIONS:
        [unit_id] = erased(workshop, 1, **changes)
        before = codes(unit_id)
        if expected == "impossible":
            with pytest.raises(Conflict) as refused:
                second_look.accept_exception(proof_of(unit_id).id, "harmless_sectors", actor=other)
            assert refused.value.code == "exception.impossible"
            assert codes(unit_id) == before
        else:
            assert before
            second_look.accept_exception(proof_of(unit_id).id, "harmless_sectors", actor=other)
            assert codes(unit_id) == expected, changes
            assert codes(unit_id, "destroy") == ["method.destroy-asked"], "the level is never excepted"
        with pytest.raises((Conflict, Invalid)):
            second_look.accept_exception(proof_of(unit_id).id, "because", actor=other)


def test_the_holder_asks_and_may_sign(workshop):
    holder = workshop.holder.actor
    ask(workshop, "unit")
    [unit_id] = erased(workshop, 1)
    made = checking.draw_check(STREAM, "unit", actor=holder)
    sign(made.id, actor=holder)
    assert codes(unit_id) == []
    assert ask(workshop, None) is None
    for how, percent in (("sample", 10), ("unit", None)):
        with pytest.raises(Conflict) as refused:
            ask(workshop, how, percent)
        assert refused.value.code == "check.too-late", "who took the devices counted on the terms"
    make_lot(workshop.holder, "LOT-2026-0002", "purge")
    for how, percent, error in (("all", None, Invalid), ("sample", None, Invalid), ("sample", 101, Invalid)):
        with pytest.raises(error):
            second_look.ask_second_look("LOT-2026-0002", how, percent, actor=holder)
    for actor, error in (
        (workshop.actor.actor, NotFound), (workshop.world.holder("Autre Entreprise").actor, NotFound),
        (replace(holder, commits=False), NotAllowed),
    ):  # fmt: skip
        with pytest.raises(error):
            second_look.ask_second_look("LOT-2026-0002", "batch", actor=actor)
    assert second_look.ask_second_look("LOT-2026-0002", "batch", actor=holder).how == "batch"
