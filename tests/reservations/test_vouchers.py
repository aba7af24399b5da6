"""Orientation vouchers: states × actors, written out; each wrong voucher's refusal; one voucher, one sale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.documents import queries as documents
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, TooMany
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import counter, jobs, policy, tickets, vouchers
from reuse_market.reservations.lifecycle import VOUCHER
from reuse_market.reservations.models import VOUCHER_STATES, OrientationVoucher, Reservation, VoucherTry
from reuse_market.reservations.waiting import services as waiting
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import codes
from reuse_market.units.models import Unit
from tests.reservations.solidarity import given, on_behalf, seller, voucher
from tests.support.races import together
from tests.support.world import Party, World, ready_units

NONE = ""
# state → actor → actions
GRID = {
    "issued": {
        "prescriber": "cancel", "its preparer": NONE, "other prescriber": NONE, "seller": "redeem",
        "its clerk": NONE, "seller through the operator": NONE, "prescriber through the operator": "cancel",
        "buyer": NONE, "operator": NONE, "system": "expire", "visitor": NONE,
    },
    **{
        state: dict.fromkeys(
            ("prescriber", "its preparer", "other prescriber", "seller", "its clerk",
             "seller through the operator", "prescriber through the operator", "buyer", "operator", "system",
             "visitor"), NONE)
        for state in ("used", "cancelled", "expired")
    },
}  # fmt: skip
SEES = {"prescriber", "its preparer", "prescriber through the operator", "operator"}


@pytest.fixture
def people(world: World) -> dict[str, Actor]:
    prescriber, selling = world.recipient().actor, seller(world).actor
    return {
        "prescriber": prescriber, "its preparer": replace(prescriber, commits=False),
        "other prescriber": world.recipient("Autre Association").actor, "seller": selling,
        "its clerk": replace(selling, commits=False), "seller through the operator": on_behalf(selling),
        "prescriber through the operator": on_behalf(prescriber), "buyer": world.buyer().actor,
        "operator": world.operator().actor, "system": SYSTEM, "visitor": Actor(commits=False),
    }  # fmt: skip


def _in_state(world: World, state: str) -> OrientationVoucher:
    made = voucher(world.recipient())
    selling = world.parties["Vendeur association_rig"]
    if state == "used":
        [unit_id] = given(world, selling)
        counter.sell_on_voucher(unit_id, made.code, 1_000, actor=selling.actor)
    if state == "cancelled":
        vouchers.cancel_voucher(made.reference, actor=world.recipient().actor)
    if state == "expired":
        _expire(made)
    return tickets.get(made.reference, world.recipient().actor).voucher


def _expire(made: OrientationVoucher) -> None:
    number = made.id
    with clock.frozen(clock.at_paris(made.ends_on, 12) + timedelta(days=1)):
        vouchers.expire_voucher(number)


def _verbs(world: World, made: OrientationVoucher, actor: Actor) -> dict[str, Callable[[], object]]:
    def redeem() -> object:
        party = world.parties["Vendeur association_rig"]
        [unit_id] = given(world, party)
        return counter.sell_on_voucher(unit_id, made.code, 1_000, actor=actor)

    def expire() -> object:
        return _expire(made) if actor.via == "system" else _fire(made.reference, "expire", actor)

    return {
        "redeem": redeem, "expire": expire,
        "cancel": lambda: vouchers.cancel_voucher(made.reference, actor=actor),
    }  # fmt: skip


@db.command
def _fire(reference: str, action: str, actor: Actor) -> object:
    found = db.session().scalars(
        sa.select(OrientationVoucher).where(OrientationVoucher.reference == reference)
    ).one()  # fmt: skip
    return VOUCHER.fire(action, found, actor)


def test_the_grid_is_whole(people: dict[str, Actor]) -> None:
    assert set(GRID) == set(VOUCHER_STATES)
    assert all(set(row) == set(people) for row in GRID.values())


@pytest.mark.parametrize("state", VOUCHER_STATES)
def test_every_cell(world: World, people: dict[str, Actor], state: str) -> None:
    made = _in_state(world, state)
    for who, actor in people.items():
        allowed = GRID[state][who].split()
        assert VOUCHER.offered(made, actor) == allowed, (state, who)
        sees = who in SEES or (
            state == "used" and who in ("seller", "its clerk", "seller through the operator")
        )
        assert policy.may_see_voucher(actor, made) is sees, (state, who)
        for action in {"redeem", "cancel", "expire"} - set(allowed):
            if actor.via == "system" and action == "redeem":
                continue
            with pytest.raises((NotAllowed, Conflict, NotFound)):
                _verbs(world, made, actor)[action]()
            assert tickets.get(made.reference, people["prescriber"]).voucher.state == state
        for action in allowed:
            fresh = _in_state(world, state)
            _verbs(world, fresh, actor)[action]()
            assert fresh.state != state
    assert reconcile() == []
    assert verify_chains() == []


@pytest.mark.parametrize(
    ("roles", "commits", "may"),
    [({"recipient"}, True, True), ({"operator"}, True, True), ({"recipient"}, False, False),
     ({"reuse_actor"}, True, False), ({"buyer"}, True, False), ({"administrator"}, True, False), (set(), True, False)],
)  # fmt: skip
def test_who_may_issue(world: World, roles: set[str], commits: bool, may: bool) -> None:
    actor = Actor(world.recipient().organisation_id, 1, frozenset(roles), commits=commits)
    if may:
        assert vouchers.issue_voucher(clock.today(), actor=actor).state == "issued"
    else:
        with pytest.raises(NotAllowed):
            vouchers.issue_voucher(clock.today(), actor=actor)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"days": -1}, "ends_on"), ({"days": 366}, "ends_on"), ({"kind": "hamster"}, "kind"),
     ({"cap_cents": -1}, "cap_cents"), ({"cap_cents": 100_001}, "cap_cents")],
)  # fmt: skip
def test_what_a_voucher_may_say(world: World, change: dict, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        voucher(world.recipient(), **change)
    assert refusal.value.field == field


def test_a_code_is_never_in_the_journal_nor_read_by_others(world: World) -> None:
    made = voucher(world.recipient())
    events = db.session().scalars(sa.select(Event).where(Event.type.like("voucher.%"))).all()
    assert [event.type for event in events] == ["voucher.issued"]
    assert all(made.code.encode() not in bytes(event.payload, "utf-8") if isinstance(event.payload, str)
               else made.code.encode() not in event.payload for event in events)  # fmt: skip
    assert codes.is_code(made.code)
    assert policy.may_read_code(world.recipient().actor, made)
    for party in (world.operator(), seller(world), world.recipient("Autre Association")):
        assert not policy.may_read_code(party.actor, made)


def test_a_sale_on_a_voucher(world: World) -> None:
    selling, prescriber = seller(world), world.operator()
    first, second = given(world, selling, 2, price_cents=15_000)
    made = voucher(prescriber, kind="laptop", cap_cents=9_000)
    sold = counter.sell_on_voucher(
        first, f" {made.code[:3].lower()}-{made.code[3:]} ", 9_000, actor=selling.actor
    )
    assert (sold.state, sold.act, sold.price_cents, sold.units) == ("provided", "solidarity_sale", 7_500, 1)
    unit = db.session().get(Unit, first)
    assert unit.state == "provided"
    assert unit.owner_id == unit.custodian_id == sold.beneficiary_id == tickets.party_id()
    assert unit.owner_id not in (selling.organisation_id, prescriber.organisation_id)
    ticket = tickets.get(made.reference, prescriber.actor)
    assert (ticket.voucher.state, ticket.reservation) == ("used", sold.reference)
    [paper] = documents.of(f"reservation/{sold.reference}")
    assert made.reference in paper.facts["beneficiary"]["name"]
    assert [paper.facts["warranty"].count(f"L217-{n}") for n in (3, 7)] == [1, 1]
    assert not [line for line in paper.facts["statements"] if "arantie" in line or "garantit" in line]
    assert [reader.organisation_id for reader in paper.readers] == [selling.organisation_id]
    again = voucher(prescriber)
    counter.sell_on_voucher(second, again.code, 9_000, actor=selling.actor)
    assert db.session().get(Unit, second).owner_id == unit.owner_id  # one party stands for all
    assert reconcile() == []
    assert verify_chains() == []


@pytest.mark.parametrize(
    ("wrong", "kind", "code"),
    [
        ("unknown", Invalid, "voucher.unknown"), ("typo", Invalid, "voucher.typo"),
        ("used", Conflict, "voucher.used"), ("cancelled", Conflict, "voucher.cancelled"),
        ("expired", Conflict, "voucher.expired"), ("over today", Conflict, "voucher.expired"),
        ("other kind", Invalid, "regime.voucher_kind"), ("above its cap", Invalid, "regime.price_above_voucher"),
        ("above the cap", Invalid, "regime.price_above_cap"),
    ],
)  # fmt: skip
def test_each_wrong_voucher_is_told_and_nothing_is_lost(
    world: World, wrong: str, kind: type[DomainError], code: str
) -> None:
    selling = seller(world)
    [unit_id] = given(world, selling)
    price, days = 5_000, 0
    if wrong in VOUCHER_STATES:
        made = _in_state(world, wrong)
    else:
        terms = {"other kind": {"kind": "tablet"}, "above its cap": {"cap_cents": 4_999}}.get(wrong, {})
        made = voucher(world.recipient(), **terms)
    state, shown = made.state, made.code
    if wrong == "unknown":
        shown = codes.draw()
    if wrong == "typo":
        shown = made.code[:-1] + ("2" if made.code[-1] != "2" else "3")
    if wrong == "over today":
        days = 31
    if wrong == "above the cap":
        price = 18_001
    with clock.frozen(clock.now() + timedelta(days=days)), pytest.raises(kind) as refusal:
        counter.sell_on_voucher(unit_id, shown, price, actor=selling.actor)
    assert refusal.value.code == code
    assert db.session().get(Unit, unit_id).state == "ready"
    assert tickets.get(made.reference, world.recipient().actor).voucher.state == state
    assert reconcile() == []


@pytest.mark.parametrize(
    ("change", "price", "code"),
    [({"kind": "tablet"}, 5_000, "voucher.kind"), ({"cap_cents": 4_999}, 5_000, "voucher.cap")],
)  # fmt: skip
def test_a_voucher_keeps_its_own_terms_where_the_law_asks_none(
    world: World, change: dict, price: int, code: str
) -> None:
    """A device bought from its holder: anybody may buy it, the voucher still says which and how much."""
    selling = world.reuse_actor()
    [unit_id] = ready_units(selling, 1)
    made = voucher(world.recipient(), **change)
    with pytest.raises(Invalid) as refusal:
        counter.sell_on_voucher(unit_id, made.code, price, actor=selling.actor)
    assert refusal.value.code == code
    good = voucher(world.recipient(), kind="laptop", cap_cents=5_000)
    assert counter.sell_on_voucher(unit_id, good.code, 5_000, actor=selling.actor).act == "resell"


def test_the_counter_takes_nothing_from_who_waits(world: World) -> None:
    """The one order, published in the rules of sharing: who waited first, then who comes to the counter."""
    selling, waiter = world.reuse_actor(), world.recipient()
    waiting.join("laptop", 1, actor=waiter.actor)
    waiting.join("laptop", 9, actor=world.buyer().actor)  # wants them whole: stops nobody
    first, second = ready_units(selling, 2)
    good = voucher(waiter, kind="laptop")
    with pytest.raises(Conflict) as refusal:
        counter.sell_on_voucher(first, good.code, 5_000, actor=selling.actor)
    assert refusal.value.code == "counter.waited"
    assert counter.sell_on_voucher(second, good.code, 5_000, actor=selling.actor).state == "provided"
    held = db.session().scalars(
        sa.select(Reservation).where(Reservation.beneficiary_id == waiter.organisation_id)
    )
    assert [(one.state, one.offered_until is not None) for one in held] == [("placed", True)]
    assert reconcile() == []


def test_guessing_is_limited_for_each_organisation(world: World) -> None:
    selling, other = seller(world), world.reuse_actor()
    [unit_id] = given(world, selling)
    made = voucher(world.recipient())
    for _ in range(vouchers.TRIES):
        with pytest.raises(Invalid):
            counter.sell_on_voucher(unit_id, codes.draw(), 1_000, actor=selling.actor)
    with pytest.raises(Invalid):  # a typing mistake guesses nothing
        counter.sell_on_voucher(unit_id, "AAAAAAB", 1_000, actor=selling.actor)
    with pytest.raises(TooMany):
        counter.sell_on_voucher(unit_id, made.code, 1_000, actor=selling.actor)
    assert vouchers.presented(made.code, actor=other.actor) == made.code
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert counter.sell_on_voucher(unit_id, made.code, 1_000, actor=selling.actor).state == "provided"


def test_a_typing_mistake_is_not_counted(world: World) -> None:
    selling = seller(world)
    for _ in range(20):
        with pytest.raises(Invalid):
            vouchers.presented("AAAAAAB", actor=selling.actor)
    assert db.session().scalar(sa.select(sa.func.count()).select_from(VoucherTry)) == 0


def test_only_a_ready_device_of_ones_own_is_sold(world: World) -> None:
    selling, other = seller(world), world.reuse_actor()
    [unit_id] = given(world, selling)
    made = voucher(world.recipient())
    with pytest.raises(NotFound):
        counter.sell_on_voucher(unit_id, made.code, 1_000, actor=other.actor)
    counter.sell_on_voucher(unit_id, made.code, 1_000, actor=selling.actor)
    again = voucher(world.recipient())
    with pytest.raises(NotFound):  # it has left the seller's hands
        counter.sell_on_voucher(unit_id, again.code, 1_000, actor=selling.actor)
    assert tickets.get(again.reference, world.recipient().actor).voucher.state == "issued"


def test_the_job_ends_what_is_over_and_only_that(world: World) -> None:
    over, last = voucher(world.recipient(), days=1), voucher(world.recipient(), days=2)
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert jobs.expire_vouchers() == 1
    states = {row.reference: row.state for row in db.session().scalars(sa.select(OrientationVoucher))}
    assert states == {over.reference: "expired", last.reference: "issued"}


def test_two_sellers_one_voucher_one_sale(world: World) -> None:
    """Real threads: whoever comes second is told it is used, and keeps its device."""
    rivals: list[Party] = [world.reuse_actor(f"Vendeur {n}") for n in range(6)]
    units = [ready_units(party, 4, stream=f"lot/LOT-2026-70{n:02d}") for n, party in enumerate(rivals)]
    for turn in range(4):
        code = voucher(world.recipient()).code
        db.release()  # the sales are seen afresh below

        def sell(n: int, code: str = code, turn: int = turn) -> str:
            return counter.sell_on_voucher(units[n][turn], code, 5_000, actor=rivals[n].actor).reference

        outcomes = together(len(rivals), sell)
        losers = [o.error for o in outcomes if o.error is not None]
        assert len(losers) == len(rivals) - 1, outcomes
        assert all(isinstance(error, Conflict) for error in losers), losers
        with db.scope():
            sold = db.session().scalars(sa.select(Unit).where(Unit.state == "provided")).all()
            assert len(sold) == turn + 1
    with db.scope():
        assert db.session().scalar(sa.select(sa.func.count()).select_from(Reservation)) == 4
        assert reconcile() == []
        assert verify_chains() == []
