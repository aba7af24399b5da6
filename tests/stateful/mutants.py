"""Named faults put into the real code, one at a time, each with the rule it breaks and acts that show it.

Where several guards protect a rule (life-cycle, query, unique index), the mutant takes all of them away:
what is proven is that the rule would be missed if they went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts import queries as people
from reuse_market.catalogue import taking
from reuse_market.claims import services as claim_verbs
from reuse_market.claims.lifecycle import FLOW as CLAIMS
from reuse_market.claims.models import Claim
from reuse_market.claims.services import answering as claims
from reuse_market.claims.services import asking
from reuse_market.collection.lifecycle import FLOW as PICKUPS
from reuse_market.collection.services import signing
from reuse_market.erasure import gate
from reuse_market.erasure import services as count
from reuse_market.kernel import clock, db
from reuse_market.refurbishing import queries as bench
from reuse_market.reservations import counter, freeing
from reuse_market.reservations import services as reservations
from reuse_market.reservations.lifecycle import BOOKING, VOUCHER
from reuse_market.traceability import journal
from reuse_market.units import queries as unit_queries
from reuse_market.units import services as units
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import Engagement, Unit
from tests.stateful.machine import Chain

Patch = pytest.MonkeyPatch
Break = Callable[[Patch], None]
Show = Callable[[Chain], None]


@dataclass(frozen=True)
class Mutant:
    """A fault: the rules that catch it, how to put it in, where to begin, and acts that show it."""

    name: str
    rules: frozenset[str]
    put_in: Break
    stage: str
    show: Show


MUTANTS: list[Mutant] = []


def mutant(stage: str, *rules: str) -> Callable[[Break], Callable[[Show], Show]]:
    """Register a fault (its function's name) and the acts that show it."""

    def of(put_in: Break) -> Callable[[Show], Show]:
        def shown_by(show: Show) -> Show:
            name = put_in.__name__.replace("_", " ")
            MUTANTS.append(Mutant(name, frozenset(rules), put_in, stage, show))
            return show

        return shown_by

    return of


def change(patch: Patch, table: Any, action: str, **values: Any) -> None:
    """Change a row of a transition table."""
    row = table.transitions[action]
    if "more" in values:
        values["sources"] = row.sources | {values.pop("more")}
    patch.setitem(table.transitions, action, replace(row, **values))


def anybody(*_: Any) -> bool:
    """No policy at all."""
    return True


@contextmanager
def behind_the_back() -> Iterator[sa.Connection]:
    """A connection that writes without any verb."""
    with db.writing(), db.database().engine.begin() as connection:
        yield connection


def without_index(chain: Chain) -> None:
    """Let a unit be engaged twice."""
    with behind_the_back() as connection:
        connection.exec_driver_sql("DROP INDEX uq_engagement_open")


def loose_closing(patch: Patch) -> None:
    """Close what is open, and do not mind what is not."""

    def close(closes: Any, chunk: Any) -> None:
        for each in closes:
            units.session().execute(
                sa.update(Engagement)
                .where(
                    Engagement.unit_id.in_(chunk), Engagement.kind == each.kind, Engagement.until_at.is_(None)
                )
                .values(until_at=clock.now(), outcome=each.outcome)
            )

    patch.setattr(units, "close_all", close)


# Claims


def over_claim(patch: Patch) -> None:
    """Units awarded to one are awarded to another."""
    change(patch, LIFE, "award", more="awarded")
    asked = unit_queries.at_stake
    patch.setattr(claims.units, "at_stake", lambda *a, **k: asked(*a, **(k | {"state": None})))


@mutant("published", "engagement", "transition", "awarded-within-declared")(over_claim)
def _(chain: Chain) -> None:
    without_index(chain)
    for n in (1, 3):
        chain.claim(n, 7, 3, 1)
    chain.award(0, 7, 0)
    chain.award(0, 7, 0)


def more_awarded_than_said(patch: Patch) -> None:
    """A claim gets one unit more than its lines tell."""
    real = claims.award_units

    def generous(claim: Any, lot: Any, granted: Any, doing: Any) -> None:
        real(claim, lot, {line: count + 1 for line, count in granted.items()}, doing)
        for row in claims._lines(claim.id):
            row.awarded -= 1

    patch.setattr(claims, "award_units", generous)


@mutant("published", "awarded-within-declared")(more_awarded_than_said)
def _(chain: Chain) -> None:
    chain.claim(1, 7, 2, 1)
    chain.award(0, 7, 0)


def release_twice(patch: Patch) -> None:
    """What is released is released again."""
    for table, action, more in ((CLAIMS, "release", "released"), (LIFE, "release", "listed")):
        change(patch, table, action, more=more)
    loose_closing(patch)
    patch.setattr(
        claims.awards, "to_collect",
        lambda claim: (sorted(claims.session().scalars(sa.select(Engagement.unit_id).where(
            Engagement.kind == "award", Engagement.reference == claim.reference))), None, False),
    )  # fmt: skip
    real = claim_verbs.release_claim

    def again(*args: Any, **kwargs: Any) -> Any:
        made = real(*args, **kwargs)
        return claims._release_awarded(made, claims.lock(claims.Lot, claims.Lot.id == made.lot_id), "encore",
                                       kwargs["actor"]) and made  # fmt: skip

    patch.setattr(claim_verbs, "release_claim", db.command(again))


@mutant("awarded", "engagement", "transition")(release_twice)
def _(chain: Chain) -> None:
    chain.answer(0, 7, "cancel")
    chain.release(0, 7, True)


# Pick-ups


def missing_vanishes(patch: Patch) -> None:
    """What is missing is counted, and left where it was."""
    real = signing._leave
    patch.setattr(signing, "_leave", lambda outcome, *a: None if outcome == "missing" else real(outcome, *a))


@mutant("awarded", "pickup-balance")(missing_vanishes)
def _(chain: Chain) -> None:
    chain.check_off(0, 7, 1, "missing")
    chain.drive(0, 7, True)


def silent_extra(patch: Patch) -> None:
    """An extra device joins the lot without being told as one."""
    real = units.create
    patch.setattr(signing.moves, "create", lambda *a, **k: real(*a, **(k | {"extra": False})))


@mutant("awarded", "lot-balance")(silent_extra)
def _(chain: Chain) -> None:
    chain.check_off(0, 7, 1, "extra")
    chain.drive(0, 7, True)


def collect_what_is_not_mine(patch: Patch) -> None:
    """Either side signs as the driver."""
    change(patch, PICKUPS, "sign_as_driver", policy=anybody)
    change(patch, PICKUPS, "check_off", policy=anybody)
    for action in ("collect", "miss", "refuse"):
        change(patch, LIFE, action, policy=anybody)


@mutant("awarded", "right-party")(collect_what_is_not_mine)
def _(chain: Chain) -> None:
    [reference] = chain.rows(signing.Pickup.reference, signing.Pickup.state == "agreed")
    chain.drive(0, 7, False)
    chain.act(collect_all, reference, actor=chain.who["holder"].actor)


@db.command
def collect_all(reference: str, *, actor: Any) -> None:
    """Take what is left and sign, as whoever asks."""
    from reuse_market.collection import services as collection

    collection.check_off_rest(reference, actor=actor)
    collection.sign_as_driver(reference, actor=actor)


def refused_in_limbo(patch: Patch) -> None:
    """Refused units go back to the holder, and the lot keeps hold of them."""
    real = units.act

    def forgetful(move: Any, *args: Any, **kwargs: Any) -> Any:
        if move.action == "refuse":
            move = replace(move, closes=tuple(c for c in move.closes if c.kind != "lot"))
        return real(move, *args, **kwargs)

    patch.setattr(signing.moves, "act", forgetful)


@mutant("awarded", "engaged-as-state")(refused_in_limbo)
def _(chain: Chain) -> None:
    chain.check_off(0, 7, 1, "refused")
    chain.drive(0, 7, True)


def handed_over_without_proof(patch: Patch) -> None:
    """Devices go straight to their user, whether their holder has erased them or not."""
    patch.setattr(signing, "_require_erased", lambda _pickup: None)
    patch.setattr(signing.direct, "by_instant", lambda found: {clock.now(): sorted(found)})


@mutant("as-is", "gate-erasure")(handed_over_without_proof)
def _(chain: Chain) -> None:
    own_use = sa.select(Claim.id).where(Claim.capacity == "recipient").scalar_subquery()
    [reference] = chain.rows(signing.Pickup.reference, signing.Pickup.claim_id == own_use)
    chain.act(collect_all, reference, actor=chain.who["town"].actor)


def claimed_before_its_day(patch: Patch) -> None:
    """Anybody asks at once for what is kept for public bodies."""
    patch.setattr(asking, "_check_kept", lambda _lot, _actor: None)


@mutant("bare", "public-first")(claimed_before_its_day)
def _(chain: Chain) -> None:
    chain.compose_as_is(1, True, True)
    chain.claim_as_is(1, 7, 1)
    chain.claim_as_is(2, 7, 1)


def custody_not_told(patch: Patch) -> None:
    """Custody passes in the tables and not in the journal."""
    real = units.describe
    patch.setattr(units, "describe", lambda move, target: {
        k: v for k, v in real(move, target).items() if k != "custodian"})  # fmt: skip


@mutant("awarded", "right-party", "owner-and-custodian")(custody_not_told)
def _(chain: Chain) -> None:
    chain.drive(0, 7, True)
    chain.receive(0, 7)


def ready_before_the_signature(patch: Patch) -> None:
    """A device is offered before its holder has signed."""
    real = bench._missing
    patch.setattr(
        bench, "_missing", lambda *a: tuple(r for r in real(*a) if r.code != "unit.not-countersigned")
    )


@mutant("awarded", "owner-and-custodian")(ready_before_the_signature)
def _(chain: Chain) -> None:
    chain.drive(0, 7, True)
    chain.do_the_work(0, 7, ())


# The workshop


def receive_twice(patch: Patch) -> None:
    """What is in the workshop is received again."""
    change(patch, LIFE, "receive", more="in_workshop")


@mutant("collected", "transition")(receive_twice)
def _(chain: Chain) -> None:
    [first, *_] = chain.rows(Unit.id, Unit.state == "collected")
    for _ in range(2):
        chain.act(bench_verbs().receive_units, [first], actor=chain.who["workshop"].actor)


def bench_verbs() -> Any:
    """The workshop's verbs."""
    from reuse_market.refurbishing import services

    return services


def failed_test_accepted(patch: Patch) -> None:
    """Any test will do."""
    real = bench._missing
    patch.setattr(bench, "_missing", lambda *a: tuple(r for r in real(*a) if r.code != "test.fault"))


@mutant("collected", "gate-test")(failed_test_accepted)
def _(chain: Chain) -> None:
    chain.receive(0, 7)
    chain.test(0, 7, 0)
    chain.count_media(0, 7, ())
    [unit] = chain.rows(Unit.id, Unit.state == "in_workshop")
    actor = chain.who["workshop"].actor
    chain.act(count_none, unit, actor=actor)
    chain.make_ready(0, 7)


def count_none(unit_id: int, *, actor: Any) -> Any:
    """No storage medium, seen open."""
    from reuse_market.erasure import services

    return services.count_media(unit_id, [], "opened", actor=actor)


def failed_wipe_accepted(patch: Patch) -> None:
    """Any certificate will do."""
    patch.setattr(gate, "judge_certificate", lambda *_: [])


@mutant("collected", "gate-erasure")(failed_wipe_accepted)
def _(chain: Chain) -> None:
    wiped(chain, "errors")


def wiped(chain: Chain, how: str) -> None:
    """One unit received, tested, its disk erased somehow, then offered."""
    chain.receive(0, 7)
    [unit] = chain.rows(Unit.id, Unit.state == "in_workshop")
    chain.test(0, 7, 1)
    from reuse_market.erasure import services

    actor = chain.who["workshop"].actor
    chain.act(services.count_media, unit, [services.Found("ssd")], "opened", actor=actor)
    chain.certify(0, 7, how)
    chain.make_ready(0, 7)


def unknown_media_accepted(patch: Patch) -> None:
    """Nobody has looked for a disk: taken as none."""
    real = gate.judge
    patch.setattr(gate, "judge", lambda policy, count, *more: real(policy, count, *more)
                  if count is not None else gate.Gate(True, (), clock.now()))  # fmt: skip


@mutant("collected", "gate-erasure")(unknown_media_accepted)
def _(chain: Chain) -> None:
    chain.receive(0, 7)
    chain.test(0, 7, 1)
    chain.make_ready(0, 7)


def zombie_after_waste(patch: Patch) -> None:
    """What is recycled comes back to the workshop."""
    change(patch, LIFE, "receive", sources=frozenset({"collected", "recycled", "parts"}))


@mutant("collected", "terminal")(zombie_after_waste)
def _(chain: Chain) -> None:
    chain.receive(0, 7)
    [unit] = chain.rows(Unit.id, Unit.state == "in_workshop")
    chain.turn(0, 7, "parts")
    chain.act(bench_verbs().receive_units, [unit], actor=chain.who["workshop"].actor)


# Reservations


def double_hold(patch: Patch) -> None:
    """What is held is held again."""
    change(patch, LIFE, "hold", more="held")

    def ready(_group: Any, most: int) -> Any:
        either = sa.select(Unit.id).where(Unit.state.in_(["ready", "held"])).order_by(Unit.id).limit(most)
        return taking.facts(list(units.session().scalars(either)))

    patch.setattr(taking, "ready", ready)


@mutant("ready", "engagement", "transition")(double_hold)
def _(chain: Chain) -> None:
    without_index(chain)
    chain.reserve(1, 7, 2)
    chain.reserve(2, 7, 2)


def held_and_forgotten(patch: Patch) -> None:
    """A reservation is let go, one of its units stays held."""
    real = unit_queries.engaged_ids
    asked = freeing.give_back

    def forgetful(*args: Any) -> None:
        with patch.context() as within:
            within.setattr(unit_queries, "engaged_ids", lambda *a, **k: real(*a, **k)[1:])
            asked(*args)

    patch.setattr(freeing, "give_back", forgetful)


@mutant("ready", "reservation-balance")(held_and_forgotten)
def _(chain: Chain) -> None:
    chain.reserve(1, 7, 2)
    chain.book(1, 7, "release")


def signed_by_a_stranger(patch: Patch) -> None:
    """Whoever comes signs for the devices."""
    change(patch, BOOKING, "sign", policy=anybody)
    change(patch, LIFE, "provide", policy=anybody)
    patch.setattr(reservations.policy, "may_see", anybody)


@mutant("ready", "right-party")(signed_by_a_stranger)
def _(chain: Chain) -> None:
    chain.reserve(1, 7, 1)
    chain.book(0, 7, "confirm")
    [reference] = chain.rows(reservations.Reservation.reference)
    stranger = chain.who["association"].actor
    chain.act(reservations.sign_as_beneficiary, reference, actor=stranger, name="Inconnu")


# Vouchers, the operator


def voucher_used_twice(patch: Patch) -> None:
    """A voucher stays good after a sale."""
    patch.setattr(counter.vouchers, "require_good", lambda found: found)
    change(patch, VOUCHER, "redeem", more="used")
    change(patch, BOOKING, "sell_on_voucher", policy=anybody)
    real = counter._reserve
    patch.setattr(counter, "_reserve", lambda unit, offer, asked, _ticket, *more: real(
        unit, offer, asked, SimpleNamespace(id=None), *more))  # fmt: skip


@mutant("ready", "voucher-once")(voucher_used_twice)
def _(chain: Chain) -> None:
    chain.orient(9, 1, 7)
    for _ in range(2):
        chain.sell(0, 7, 120_00)


def signed_for_somebody_else(patch: Patch) -> None:
    """The operator, on the telephone, signs and attests for who called."""
    change(patch, PICKUPS, "sign_as_driver", policy=anybody)
    for module in (signing, count):
        patch.setattr(module, "require_own_hand", lambda _actor: None)


@mutant("awarded", "own-hand")(signed_for_somebody_else)
def _(chain: Chain) -> None:
    chain.call(1, 6)
    chain.drive(0, 7, True)


def suspended_goes_on(patch: Patch) -> None:
    """A suspension is written down, and changes nothing."""
    patch.setattr(people, "standing", lambda _state, roles, rights: (frozenset(roles), rights == "commit"))


@mutant("published", "suspended")(suspended_goes_on)
def _(chain: Chain) -> None:
    chain.suspend(3, False)
    chain.claim(1, 7, 1, 1)


# The journal


def clock_back(patch: Patch) -> None:
    """Recorded times follow the machine's clock, backwards too."""
    patch.setattr(journal, "max", lambda now, _head: now, raising=False)


@mutant("published", "time")(clock_back)
def _(chain: Chain) -> None:
    chain.claim(1, 7, 1, 1)
    chain.clock_put_back(600)
    chain.award(0, 7, 0)


def edited_history(patch: Patch) -> None:
    """A release rewrites the event before it."""
    real = claims.mails.released

    def rewriting(*args: Any) -> None:
        real(*args)
        for line in ("event_no_update", "event_append_only_update", *_triggers()):
            claims.session().execute(sa.text(f"DROP TRIGGER IF EXISTS {line}"))
        claims.session().execute(sa.text(
            "UPDATE event SET payload = CAST(replace(CAST(payload AS TEXT), 'claim.awarded', 'claim.refused')"
            " AS BLOB) WHERE type = 'claim.awarded'"))  # fmt: skip

    patch.setattr(claims.mails, "released", rewriting)


def _triggers() -> list[str]:
    names = claims.session().scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    return list(names)


@mutant("awarded", "chain")(edited_history)
def _(chain: Chain) -> None:
    chain.answer(0, 7, "cancel")
    chain.release(0, 7, True)
    chain.agree()


def a_number_skipped(patch: Patch) -> None:
    """An event is numbered two after the one before."""
    real = journal._locked_head

    def skipping(stream: str) -> Any:
        head = real(stream)
        head.seq += 1
        return head

    patch.setattr(journal, "_locked_head", skipping)


@mutant("published", "sequence")(a_number_skipped)
def _(chain: Chain) -> None:
    chain.claim(1, 7, 1, 1)


def born_twice(patch: Patch) -> None:
    """An act on units is told as their birth."""
    real = units.describe
    patch.setattr(units, "describe", lambda move, target: real(move, target) | {"born": True})


@mutant("bare", "born-once")(born_twice)
def _(chain: Chain) -> None:
    chain.discard(0, 7, False)


__all__ = ["MUTANTS", "Mutant"]
