"""A machine that drives the real verbs in any order, and asks the journal after every step what became of it.

Rules aim: most of the time they choose what the act makes sense on, sometimes anything, sometimes the wrong
person. A refused act must raise a DomainError and change nothing. Half of the runs begin mid-life.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.signatures import current_code
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import services as claims
from reuse_market.claims.models import Claim
from reuse_market.collection import services as collection
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.desk import on_behalf
from reuse_market.desk.models import OnBehalf
from reuse_market.erasure import services as erasure
from reuse_market.erasure.models import StorageMedium
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import DomainError
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as refurbishing
from reuse_market.refurbishing.models import RemovalBatch
from reuse_market.reservations import counter, vouchers
from reuse_market.reservations import services as reservations
from reuse_market.reservations.jobs import expire_due as expire_reservations
from reuse_market.reservations.jobs import expire_vouchers
from reuse_market.reservations.models import OrientationVoucher, Reservation
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from tests.stateful.ledger import Ledger, Violated
from tests.support import world as build
from tests.support.workshop import proof
from tests.support.world import Party

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WATCHED = ("unit", "engagement", "event", "event_unit", "event_range", "stream_head", "lot", "lot_line",
           "lot_item", "claim", "claim_line", "pickup", "pickup_check", "reservation", "storage_medium", "media_count",
           "erasure_certificate", "test_run", "offer", "waste_record", "removal_batch", "label", "message",
           "document", "orientation_voucher", "undertaking", "organisation", "on_behalf")  # fmt: skip
N = st.integers(0, 999)
ODD = st.integers(0, 7)  # 0: whatever, not what makes sense
Open = Callable[[str], AbstractContextManager[dict[str, Party]]]


@dataclass
class Surroundings:
    """What a machine runs in: `open(stage)` connects a fresh database at that stage of the chain."""

    open: Open


class Chain(RuleBasedStateMachine):
    """The whole chain; subclasses set `around`."""

    around: Surroundings
    stages: Sequence[str] = ("bare", "bare", "bare", "published", "awarded", "collected", "ready", "as-is")

    @initialize(n=N)
    def begin(self, n: int) -> None:
        """A fresh database: bare, or mid-life."""
        self.start(self.stages[n % len(self.stages)])

    def start(self, stage: str) -> None:
        """Open the database of that stage and fold what it already tells."""
        self.opened = self.around.open(stage)
        self.who = self.opened.__enter__()
        self.last_refusal = ""
        self.now, self.refused, self.done = START + timedelta(days=1), 0, 0
        self.ledger, self.speaking, self.line = self.blank(), 0, None
        self.tables = [t for t in WATCHED if sa.inspect(db.database().engine).has_table(t)]
        self.look()

    def teardown(self) -> None:
        """At the end the product's own checks must agree that nothing is broken."""
        if not hasattr(self, "opened"):
            return
        try:
            self.agree()
        finally:
            self.opened.__exit__(None, None, None)

    def agree(self) -> None:
        """The whole chain again from nothing, then the product's own word."""
        self.ledger = self.blank()
        self.look()
        faults = [*verify_chains(), *reconcile()]
        if faults:
            raise AssertionError(f"the product's own checks complain: {faults[:3]}")

    def blank(self) -> Ledger:
        """A ledger that has read nothing, and knows who is a public body."""
        return Ledger(public=frozenset({self.who["town"].organisation_id}))

    # Looking

    def look(self) -> None:
        """Fold the new events: every rule is checked from them alone."""
        with db.database().engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT id, payload, hash FROM event WHERE id > :last ORDER BY id"),
                {"last": self.ledger.last_id},
            )
            self.ledger.read([(row[0], bytes(row[1]), row[2]) for row in rows])

    def mark(self) -> list[Any]:
        """Every row an act may change."""
        with db.database().engine.connect() as connection:
            return [
                connection.execute(sa.text(f"SELECT * FROM {t} ORDER BY 1, 2")).all() for t in self.tables
            ]  # noqa: S608 – names of our own tables

    def act(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """One act at the present instant. Refused: nothing may have changed."""
        before = self.mark()
        self.now += timedelta(minutes=7)
        made = None
        if "actor" in kwargs:
            kwargs["actor"] = self.voice(kwargs["actor"])
        try:
            with clock.frozen(self.now):
                made = verb(*args, **kwargs)
            self.done += 1
        except DomainError as error:
            self.refused, self.last_refusal = self.refused + 1, f"{verb.__name__}: {error!r}"
            if self.mark() != before:
                raise AssertionError(f"{verb.__name__} refused ({error}) and changed something") from error
        finally:
            db.release()
        self.look()
        return made

    def voice(self, actor: Actor) -> Actor:
        """Who that is today: their standing may have changed, or the operator speaks for them on the telephone."""
        if actor.organisation_id is None or actor.person_id is None or actor.has("operator"):
            return actor
        self.speaking -= 1
        if self.line is not None and self.speaking >= 0 and actor.is_org(self.line.organisation_id):
            return self.line
        db.release()
        found = accounts.actor_of(actor.person_id, actor.organisation_id) or actor
        db.release()
        return found

    # Choosing

    def rows(self, column: Any, *criteria: Any) -> list[Any]:
        """Values of a column, in order."""
        with db.database().engine.connect() as connection:
            return list(connection.scalars(sa.select(column).where(*criteria).order_by(column)))

    def pick(self, n: int, odd: int, column: Any, *criteria: Any) -> Any:
        """One of the rows the act makes sense on, now and then any row; None when there is none."""
        found = (self.rows(column, *criteria) if odd else []) or self.rows(column)
        return found[n % len(found)] if found else None

    def unit(self, n: int, odd: int, *states: str) -> int:
        """A unit in one of these states, now and then any."""
        return int(self.pick(n, odd, Unit.id, Unit.state.in_(states)) or 0)

    def actor(self, usual: str, odd: int) -> Any:
        """The usual party; now and then another one."""
        names = ("holder", "rival", "workshop", "buyer", "association")
        return self.who[names[(odd + len(usual)) % len(names)] if odd == 1 else usual].actor

    def party_of(self, column: Any, key: Any, value: Any, odd: int, usual: str) -> Any:
        """Who the row says, now and then another one."""
        found = self.rows(column, key == value)
        mine = [p.actor for p in self.who.values() if found and p.organisation_id == found[0]]
        return mine[0] if mine and odd != 1 else self.actor(usual, odd)

    # The holder

    @rule(count=st.integers(1, 3), numbered=st.booleans(), first=st.booleans(), publish=ODD)
    def compose(self, count: int, numbered: bool, first: bool, publish: int) -> None:
        """A draft of fleet units or of a mere count, nearly always published."""
        holder = self.who["holder"]
        price = {"price_kind": "fixed", "price_cents": 90_00, "award_mode": "first_come"} if first else {}
        ids = self.rows(Unit.id, Unit.state.in_(["in_use", "discarded"]))[:count]

        def draft() -> int:
            lot = lots.draft_lot(actor=holder.actor, title="Lot de la machine")
            if numbered:
                lots.add_units(lot.id, ids, actor=holder.actor)
            else:
                lots.add_counted_line(lot.id, actor=holder.actor, kind="laptop", units=count)
            lots.set_conditions(lot.id, build.conditions(holder, **price), actor=holder.actor)
            return int(lot.id)

        lot_id = self.act(db.command(draft))
        if lot_id and publish:
            self.act(lots.publish_lot, lot_id, actor=holder.actor)

    @rule(n=N, odd=ODD)
    def publish(self, n: int, odd: int) -> None:
        """Publish a draft; now and then one that is published already."""
        self.act(lots.publish_lot, self.pick(n, odd, Lot.id, Lot.state == "draft") or 0,
                 actor=self.actor("holder", odd))  # fmt: skip

    @rule(n=N, odd=ODD, claimed=st.booleans())
    def withdraw(self, n: int, odd: int, claimed: bool) -> None:
        """Withdraw a lot, with its claims or without."""
        lot = self.pick(n, odd, Lot.reference, Lot.state == "published") or "LOT"
        actor = self.actor("holder", odd)
        if claimed:
            self.act(claims.withdraw_claimed_lot, lot, "plus besoin", actor=actor)
        else:
            found = self.rows(Lot.id, Lot.reference == lot)
            self.act(lots.withdraw_lot, found[0] if found else 0, actor=actor, reason="plus besoin")

    @rule(n=N, odd=ODD, back=st.booleans())
    def discard(self, n: int, odd: int, back: bool) -> None:
        """Discard a unit of the fleet, or annul it."""
        verb, state = (fleets.annul_discard, "discarded") if back else (fleets.discard_units, "in_use")
        self.act(verb, [self.unit(n, odd, state)], actor=self.actor("holder", odd))

    @rule(count=st.integers(1, 2), gift=st.booleans(), kept=st.booleans())
    def compose_as_is(self, count: int, gift: bool, kept: bool) -> None:
        """A lot whose holder erases the data itself, now and then for public bodies first."""
        holder = self.who["holder"]
        terms: dict[str, Any] = {"erased_by": "holder", "public_first_days": 2 if kept else None}
        terms |= {"regime": "gift", "price_kind": "free"} if gift else {}

        def publish() -> None:
            lot = lots.draft_lot(actor=holder.actor, title="Lot en l’état")
            lots.add_counted_line(lot.id, actor=holder.actor, kind="laptop", units=count)
            lots.set_conditions(lot.id, build.conditions(holder, **terms), actor=holder.actor)
            lots.publish_lot(lot.id, actor=holder.actor)

        self.act(db.command(publish))

    # Claims

    @rule(n=N, odd=ODD, count=st.integers(1, 2))
    def claim_as_is(self, n: int, odd: int, count: int) -> None:
        """Ask for one's own use."""
        lot = self.pick(n, odd, Lot.reference, Lot.state == "published", Lot.erased_by == "holder") or "LOT"
        actor = self.actor("town" if n % 2 else "association", odd)
        self.act(claims.submit_claim, lot, {1: count}, actor=actor, proposal="free", capacity="recipient")

    @rule(n=N, odd=ODD)
    def prove(self, n: int, odd: int) -> None:
        """The holder sees that a device it has promised holds no storage medium."""
        unit = self.unit(n, odd, "awarded", "listed")
        self.act(erasure.count_media, unit, [], "opened", actor=self.actor("holder", odd))

    @rule(n=N, odd=ODD, count=st.integers(0, 4), line=st.integers(1, 2))
    def claim(self, n: int, odd: int, count: int, line: int) -> None:
        """Ask for part of a lot."""
        lot = self.pick(n, odd, Lot.reference, Lot.state == "published") or "LOT"
        fixed = self.rows(Lot.price_kind, Lot.reference == lot)
        amount = None if fixed == ["fixed"] else 50_00
        actor = self.actor("workshop" if n % 3 else "rival", odd)
        self.act(claims.submit_claim, lot, {line if odd == 2 else 1: count}, actor=actor, proposal="pay",
                 amount_cents=amount, committed=odd != 3)  # fmt: skip

    @rule(n=N, odd=ODD, part=st.integers(0, 3))
    def award(self, n: int, odd: int, part: int) -> None:
        """Award all (0) or part of a claim."""
        claim = self.pick(n, odd, Claim.reference, Claim.state == "submitted") or "DEM"
        self.act(claims.award_claim, claim, {1: part} if part else None, actor=self.actor("holder", odd))

    @rule(n=N, odd=ODD)
    def decline(self, n: int, odd: int) -> None:
        """Say no."""
        claim = self.pick(n, odd, Claim.reference, Claim.state == "submitted") or "DEM"
        self.act(claims.decline_claim, claim, "non", actor=self.actor("holder", odd))

    @rule(n=N, odd=ODD, by_holder=st.booleans())
    def release(self, n: int, odd: int, by_holder: bool) -> None:
        """Give a claim up."""
        claim = self.pick(n, odd, Claim.reference, Claim.state.in_(["submitted", "awarded"])) or "DEM"
        mine = self.party_of(Claim.organisation_id, Claim.reference, claim, odd, "workshop")
        self.act(
            claims.release_claim, claim, "trop loin", actor=self.actor("holder", odd) if by_holder else mine
        )

    # Pick-ups

    @rule(n=N, odd=ODD, days=st.integers(0, 3), by_holder=st.booleans())
    def propose(self, n: int, odd: int, days: int, by_holder: bool) -> None:
        """Propose a slot."""
        claim = self.pick(n, odd, Claim.reference, Claim.state == "awarded") or "DEM"
        mine = self.party_of(Claim.organisation_id, Claim.reference, claim, odd, "workshop")
        self.act(collection.propose_pickup, claim, actor=self.actor("holder", odd) if by_holder else mine,
                 **self.slot(days))  # fmt: skip

    @rule(
        n=N, odd=ODD, what=st.sampled_from(["agree", "agree", "agree", "counter", "cancel", "fail", "again"])
    )
    def answer(self, n: int, odd: int, what: str) -> None:
        """Agree, counter, cancel, fail, propose again: by the side whose turn it is."""
        states = {"agree": ["proposed", "countered"], "counter": ["proposed", "countered"], "again": ["failed"],
                  "cancel": ["proposed", "agreed", "failed"], "fail": ["agreed"]}  # fmt: skip
        ref = self.pick(n, odd, Pickup.reference, Pickup.state.in_(states[what])) or "ENL"
        [asked] = self.rows(Pickup.asked_by_id, Pickup.reference == ref) or [0]
        theirs = self.party_of(Pickup.actor_id, Pickup.reference, ref, odd, "workshop")
        actor = self.actor("holder", odd) if asked == theirs.organisation_id else theirs
        verb: Any = {"agree": collection.agree_pickup, "counter": collection.counter_pickup,
                     "again": collection.repropose, "cancel": collection.cancel_pickup,
                     "fail": collection.fail_pickup}[what]  # fmt: skip
        if what in ("counter", "again"):
            self.act(verb, ref, actor=actor, **self.slot(n % 4))
        elif what == "agree":
            self.act(verb, ref, actor=actor)
        else:
            self.act(verb, ref, "empêchement", actor=actor)

    @rule(n=N, odd=ODD, count=st.integers(1, 2),
          what=st.sampled_from(["taken", "missing", "refused", "extra", "rest", "rest", "undo"]))  # fmt: skip
    def check_off(self, n: int, odd: int, count: int, what: str) -> None:
        """Note what is there."""
        ref = self.pick(n, odd, Pickup.reference, Pickup.state == "agreed") or "ENL"
        actor = self.party_of(Pickup.actor_id, Pickup.reference, ref, odd, "workshop")
        reason = {"missing": "not_found", "refused": "broken"}.get(what)
        if what == "rest":
            self.act(collection.check_off_rest, ref, actor=actor)
        elif what == "extra":
            self.act(collection.add_extra, ref, "monitor", "Écran", actor=actor)
        elif what == "undo":
            self.act(collection.undo_check, self.pick(n, odd, PickupCheck.id) or 0, actor=actor)
        else:
            self.act(collection.check_off_line, ref, 1, count, outcome=what, reason=reason, actor=actor)

    @rule(n=N, odd=ODD, check=st.booleans())
    def drive(self, n: int, odd: int, check: bool) -> None:
        """The driver signs, often after taking what is left."""
        ref = self.pick(n, odd, Pickup.reference, Pickup.state == "agreed") or "ENL"
        actor = self.party_of(Pickup.actor_id, Pickup.reference, ref, odd, "workshop")
        if check:
            self.act(collection.check_off_rest, ref, actor=actor)
        self.act(collection.sign_as_driver, ref, actor=actor)

    @rule(n=N, odd=ODD)
    def countersign(self, n: int, odd: int) -> None:
        """The holder's contact signs; now and then with a wrong code."""
        ref = (
            self.pick(n, odd, Pickup.reference, Pickup.state == "done", Pickup.holder_signed_at.is_(None))
            or "E"
        )
        with clock.frozen(self.now):
            code = current_code(f"pickup/{ref}")
            typed = code.code if code and odd != 2 else "12é4"
        db.release()
        actor = self.party_of(Pickup.actor_id, Pickup.reference, ref, odd, "workshop")
        self.act(collection.sign_as_holder, ref, "Contact Exemple", typed, actor=actor)

    # The workshop

    def shop(self, n: int, odd: int, *states: str) -> tuple[int, Any]:
        """A unit in one of these states and its custodian."""
        unit = self.unit(n, odd, *states)
        return unit, self.party_of(Unit.custodian_id, Unit.id, unit, odd, "workshop")

    @rule(n=N, odd=ODD)
    def receive(self, n: int, odd: int) -> None:
        """Take a unit in."""
        unit, actor = self.shop(n, odd, "collected")
        self.act(refurbishing.receive_units, [unit], actor=actor)

    @rule(n=N, odd=ODD, serial=st.sampled_from(["S1", "é", "", " x "]))
    def identify(self, n: int, odd: int, serial: str) -> None:
        """Read its serial."""
        unit, actor = self.shop(n, odd, "collected", "in_workshop")
        self.act(refurbishing.identify_unit, unit, {"serial": serial, "ram_mb": 8192}, actor=actor)

    @rule(n=N, odd=ODD, fault=st.integers(0, 2))
    def test(self, n: int, odd: int, fault: int) -> None:
        """Test it: a fault one time in three."""
        unit, actor = self.shop(n, odd, "in_workshop")
        results = None if fault else {"power_on": "fault"}
        self.act(refurbishing.record_test, unit, results, actor=actor, battery_percent=80)

    @rule(n=N, odd=ODD, kinds=st.sampled_from([(), (), ("ssd",), ("ssd", "hdd")]))
    def count_media(self, n: int, odd: int, kinds: tuple[str, ...]) -> None:
        """Count its media."""
        unit, actor = self.shop(n, odd, "in_workshop", "collected")
        self.act(erasure.count_media, unit, [erasure.Found(kind) for kind in kinds], "opened", actor=actor)

    @rule(n=N, odd=ODD, how=st.sampled_from(
        ["good", "good", "good", "failed", "errors", "unknown", "hidden", "unverified"]))  # fmt: skip
    def certify(self, n: int, odd: int, how: str) -> None:
        """Record an erasure proof: good, failed, or not saying enough."""
        medium = self.pick(n, 1, StorageMedium.id) or 0
        [unit] = self.rows(StorageMedium.unit_id, StorageMedium.id == medium) or [0]
        [kind] = self.rows(StorageMedium.kind, StorageMedium.id == medium) or ["ssd"]
        actor = self.party_of(Unit.custodian_id, Unit.id, unit, odd, "workshop")
        values: dict[str, Any] = {"good": {}, "failed": {"result": "failed"}, "errors": {"errors": 2},
                                  "unknown": {"errors": None}, "hidden": {"hidden_areas": "unknown"},
                                  "unverified": {"verified": False}}[how]  # fmt: skip
        technique = "sanitize_overwrite" if kind == "hdd" else "sanitize_block_erase"
        stated = proof(technique=technique, erased_at=self.now, **values)
        self.act(erasure.record_certificate, medium, stated, actor=actor)

    @rule(n=N, odd=ODD, miscounted=st.booleans())
    def take_out(self, n: int, odd: int, miscounted: bool) -> None:
        """Take a medium out, or say that it never was."""
        medium = self.pick(n, 1, StorageMedium.id) or 0
        [unit] = self.rows(StorageMedium.unit_id, StorageMedium.id == medium) or [0]
        actor = self.party_of(Unit.custodian_id, Unit.id, unit, odd, "workshop")
        self.act(erasure.remove_medium, medium, actor=actor, miscounted=miscounted)

    @rule(n=N, odd=ODD)
    def make_ready(self, n: int, odd: int) -> None:
        """Offer it."""
        unit, actor = self.shop(n, odd, "in_workshop")
        self.act(refurbishing.make_ready, unit, actor=actor, cosmetic_grade="B", price_cents=100_00)

    @rule(n=N, odd=ODD, kind=st.sampled_from([(), ("ssd",)]))
    def do_the_work(self, n: int, odd: int, kind: tuple[str, ...]) -> None:
        """Everything a unit needs, in order, up to the shop window."""
        unit, actor = self.shop(n, odd, "in_workshop", "collected")
        self.act(refurbishing.receive_units, [unit], actor=actor)
        self.act(refurbishing.record_test, unit, None, actor=actor, battery_percent=80)
        self.act(erasure.count_media, unit, [erasure.Found(k) for k in kind], "opened", actor=actor)
        for medium in self.rows(
            StorageMedium.id, StorageMedium.unit_id == unit, StorageMedium.void_at.is_(None)
        ):
            self.act(erasure.record_certificate, medium, proof(erased_at=self.now), actor=actor)
        self.act(refurbishing.make_ready, unit, actor=actor, cosmetic_grade="B", price_cents=100_00)

    @rule(n=N, odd=ODD, what=st.sampled_from(["back", "parts", "waste", "lose", "find", "find"]))
    def turn(self, n: int, odd: int, what: str) -> None:
        """Back to the workshop, parts, waste, lost, found."""
        verb, states, extra = {
            "back": (refurbishing.back_to_workshop, ("ready",), ()),
            "parts": (refurbishing.to_parts, ("in_workshop",), ()),
            "waste": (refurbishing.declare_waste, ("in_workshop", "collected"), ("not_repairable",)),
            "lose": (refurbishing.report_lost, ("in_workshop", "collected", "ready"), ()),
            "find": (refurbishing.find_again, ("missing",), ()),
        }[what]
        unit, actor = self.shop(n, odd, *states)
        self.act(verb, unit, *extra, actor=actor)

    @rule(n=N, odd=ODD, away=st.booleans())
    def remove_waste(self, n: int, odd: int, away: bool) -> None:
        """Put waste in a batch, and often have it removed."""
        unit, actor = self.shop(n, odd, "waste")
        batch = self.act(refurbishing.open_batch, actor=actor)
        found = self.rows(RemovalBatch.reference)
        if batch is not None and found:
            self.act(refurbishing.add_to_batch, found[-1], [unit], actor=actor)
            if away:
                self.act(refurbishing.remove_batch, found[-1], actor=actor, producer_scheme="Filière Exemple")

    # Reservations

    @rule(n=N, odd=ODD, count=st.integers(0, 3))
    def reserve(self, n: int, odd: int, count: int) -> None:
        """Hold ready units."""
        actor = self.actor("buyer" if n % 2 else "association", odd)
        with clock.frozen(self.now):
            found = [group.key for group in catalogue.groups(catalogue.Filters(), actor)]
        db.release()
        self.act(
            reservations.place_reservation, found[n % len(found)] if found else "none", count, actor=actor
        )

    @rule(
        n=N,
        odd=ODD,
        what=st.sampled_from(["confirm", "confirm", "prepare", "sign", "sign", "code", "release"]),
    )
    def book(self, n: int, odd: int, what: str) -> None:
        """Confirm, prepare, sign, release."""
        states = {"confirm": ["placed"], "prepare": ["confirmed"], "release": ["placed", "confirmed"]}
        wanted = Reservation.state.in_(states.get(what, ["confirmed", "prepared"]))
        ref = self.pick(n, odd, Reservation.reference, wanted) or "RES"
        seller = self.party_of(Reservation.seller_id, Reservation.reference, ref, odd, "workshop")
        buyer = self.party_of(Reservation.beneficiary_id, Reservation.reference, ref, odd, "buyer")
        if what == "confirm":
            self.act(reservations.confirm_reservation, ref, actor=seller)
        elif what == "prepare":
            self.act(reservations.prepare_reservation, ref, actor=seller)
        elif what == "sign":
            self.act(reservations.sign_as_beneficiary, ref, actor=buyer, name="Personne Exemple")
        elif what == "code":
            with clock.frozen(self.now):
                code = current_code(f"reservation/{ref}")
                typed = code.code if code and odd != 2 else "0000"
            db.release()
            self.act(reservations.sign_with_code, ref, "Personne Exemple", typed, actor=seller)
        else:
            self.act(reservations.release_reservation, ref, actor=buyer if n % 2 else seller, reason="annulé")

    @rule(n=N, odd=ODD)
    def take_back(self, n: int, odd: int) -> None:
        """A provided unit comes back."""
        unit = self.unit(n, odd, "provided")
        self.act(refurbishing.take_back_unit, unit, actor=self.actor("workshop" if n % 2 else "rival", odd),
                 ground="refund")  # fmt: skip

    # Vouchers, the operator

    @rule(days=st.integers(0, 20), n=N, odd=ODD)
    def orient(self, days: int, n: int, odd: int) -> None:
        """An association issues a voucher; now and then it takes one back."""
        actor = self.actor("association", odd)
        if n % 5 == 0:
            self.act(
                vouchers.cancel_voucher, self.pick(n, odd, OrientationVoucher.reference) or "ORI", actor=actor
            )
            return
        last = (self.now + timedelta(minutes=7)).astimezone(clock.PARIS).date() + timedelta(days=days)
        self.act(vouchers.issue_voucher, last, actor=actor)

    @rule(n=N, odd=ODD, price=st.sampled_from([0, 120_00]))
    def sell(self, n: int, odd: int, price: int) -> None:
        """A ready device for a voucher: mostly a good one, now and then one that is over."""
        unit, actor = self.shop(n, odd, "ready")
        good = OrientationVoucher.state == "issued"
        code = self.pick(n, odd, OrientationVoucher.code, good) or "7K4M2P5"
        self.act(counter.sell_on_voucher, unit, code, price, actor=actor)

    @rule(n=N, acts=st.integers(1, 6))
    def call(self, n: int, acts: int) -> None:
        """Somebody telephones: the operator does their next few acts for them."""
        names = ("holder", "workshop", "buyer", "association", "town")
        caller = self.who[names[n % len(names)]].organisation_id
        begun = self.act(on_behalf.start, caller, "phone", actor=self.who["operator"].actor)
        if begun is not None:
            [row] = self.rows(OnBehalf.id, OnBehalf.ended_at.is_(None))
            with clock.frozen(self.now):
                self.line = on_behalf.resume(row, self.who["operator"].person_id)
            db.release()
            self.speaking = acts

    @rule(n=N, back=st.sampled_from([True, True, False]))
    def suspend(self, n: int, back: bool) -> None:
        """The operator suspends an organisation, or lets it act again."""
        names = ("rival", "buyer", "association", "workshop", "holder")
        found = self.pick(n, 7, Organisation.id, Organisation.state == "suspended") if back else None
        asked = found or self.who[names[n % len(names)]].organisation_id
        self.act(decide_on_organisation, asked, "reinstate" if back else "suspend", reason="essai",
                 actor=self.who["operator"].actor)  # fmt: skip

    # Time

    @rule(days=st.sampled_from([1, 3, 8, 15, 40]))
    def time_passes(self, days: int) -> None:
        """Days go by, then the jobs run."""
        self.now += timedelta(days=days)
        for job in (lots.expire_due, claims.expire_due, collection.expire_due, expire_reservations,
                    expire_vouchers):  # fmt: skip
            self.act(job)

    @rule(minutes=st.sampled_from([30, 600]))
    def clock_put_back(self, minutes: int) -> None:
        """The machine's clock is corrected backwards."""
        self.now -= timedelta(minutes=minutes)

    def slot(self, days: int) -> dict[str, Any]:
        """A slot in some days."""
        day = (self.now + timedelta(minutes=7)).astimezone(clock.PARIS).date() + timedelta(days=days)
        return {"day": day, "from_time": "09:00", "to_time": "11:00"}


__all__ = ["Chain", "Surroundings", "Violated"]
