"""The invariants, recomputed from the journal alone. Shares no code with the product on purpose.

`Ledger.read` takes the events in the order of their ids and raises `Violated(rule, …)` at the first one that
breaks a rule. `RULES` names every rule; `tests/stateful/mutants.py` has a mutant for each.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

RULES = frozenset({
    "chain", "sequence", "time", "born-once", "transition", "terminal", "engagement", "engaged-as-state",
    "right-party", "owner-and-custodian", "lot-balance", "awarded-within-declared", "pickup-balance",
    "gate-test", "gate-erasure", "reservation-balance", "public-first", "voucher-once", "own-hand", "suspended",
})  # fmt: skip
PARIS = ZoneInfo("Europe/Paris")
# Nobody does these for somebody else: signatures, and what is attested of storage media.
BY_OWN_HAND = {"pickup.done", "pickup.collected", "pickup.countersigned", "unit.provided", "unit.provided-as-is",
               "voucher.used", "media.counted", "media.added", "media.removed", "media.recounted",
               "media.erased"}  # fmt: skip

# What each event does to the state of its units: (from, to). None: any state but a terminal one.
MOVES: dict[str, tuple[set[str], str]] = {
    "unit.discarded": ({"in_use"}, "discarded"),
    "unit.discard-annulled": ({"discarded"}, "in_use"),
    "lot.published": ({"discarded"}, "listed"),
    "claim.awarded": ({"listed"}, "awarded"),
    "lot.withdrawn": ({"listed"}, "discarded"),
    "lot.expired": ({"listed"}, "discarded"),
    "pickup.collected": ({"awarded"}, "collected"),
    "pickup.refused": ({"awarded"}, "discarded"),
    "pickup.missing": ({"awarded"}, "missing"),
    "workshop.received": ({"collected"}, "in_workshop"),
    "unit.lost": ({"collected", "in_workshop", "ready"}, "missing"),
    "unit.found": ({"missing"}, "in_workshop"),
    "unit.ready": ({"in_workshop"}, "ready"),
    "unit.back-to-workshop": ({"ready"}, "in_workshop"),
    "reservation.placed": ({"ready"}, "held"),
    "reservation.released": ({"held"}, "ready"),
    "reservation.expired": ({"held"}, "ready"),
    "unit.provided": ({"held"}, "provided"),
    "unit.provided-as-is": ({"awarded"}, "provided"),
    "unit.returned": ({"provided"}, "in_workshop"),
    "unit.handed-back": ({"in_workshop"}, "provided"),
    "unit.dismantled": ({"in_workshop"}, "parts"),
    "unit.waste-declared": ({"discarded", "collected", "in_workshop"}, "waste"),
    "waste.removed": ({"waste"}, "recycled"),
}
RELEASED = ({"awarded"}, {"listed", "discarded"})
TERMINAL = {"parts", "recycled", "merged"}
HELD_BY: dict[str, tuple[set[str], set[str]]] = {
    "listed": ({"lot"}, {"lot"}),
    "awarded": ({"lot", "award"}, {"lot", "award", "pickup"}),
    "held": ({"hold"}, {"hold"}),
}
AT_HOLDER = {"in_use", "discarded", "listed", "awarded"}
BY_CUSTODIAN = {"workshop.received", "unit.lost", "unit.found", "unit.ready", "unit.back-to-workshop",
                "unit.dismantled", "unit.waste-declared", "waste.removed", "unit.tested", "media.counted",
                "media.erased"}  # fmt: skip
BY_OWNER = {"unit.discarded", "unit.discard-annulled", "lot.published"}
BY_PARTY = {"pickup.collected": "pickup", "pickup.refused": "pickup", "pickup.missing": "pickup",
            "unit.provided-as-is": "pickup"}  # fmt: skip
OUTSIDE = {"unit.returned", "unit.found", "unit.discard-annulled"}  # what was proven before is void


class Violated(AssertionError):
    """A rule that does not hold."""

    def __init__(self, rule: str, said: str) -> None:
        assert rule in RULES, rule
        self.rule = rule
        super().__init__(f"{rule}: {said}")


@dataclass
class Told:
    """A unit as the journal tells it."""

    state: str = ""
    owner: int | None = None
    custodian: int | None = None
    open: dict[str, tuple[str, int | None, int]] = field(default_factory=dict)
    passed: bool = False
    media: int | None = None
    proofs: dict[int, list[Mapping[str, Any]]] = field(default_factory=dict)
    taken_out: set[int] = field(default_factory=set)
    unsigned: bool = False  # handed over as it is, its holder has not signed yet


@dataclass
class Ledger:
    """The fold: feed it events, ask it what is."""

    units: dict[int, Told] = field(default_factory=dict)
    heads: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    declared: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    extras: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[tuple[int | None, str]]] = field(default_factory=lambda: defaultdict(Counter))
    pickups: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    born_extra: Counter[str] = field(default_factory=Counter)
    holds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    asked: dict[str, int] = field(default_factory=dict)
    kept_until: dict[str, date] = field(default_factory=dict)
    vouchers: dict[str, str] = field(default_factory=dict)
    sold: set[str] = field(default_factory=set)
    suspended: set[int] = field(default_factory=set)
    public: frozenset[int] = frozenset()  # who is a public body: no event says it
    last_id: int = 0

    def read(self, rows: list[tuple[int, bytes, str]]) -> None:
        """Fold (id, payload, hash) rows, then check what must hold between acts."""
        for number, stored, said in rows:
            self._link(json.loads(stored), stored, said)
            self._fold(json.loads(stored))
            self.last_id = number
        if rows:
            self._between_acts()

    def _link(self, body: dict[str, Any], stored: bytes, said: str) -> None:
        stream = body["stream"]
        seq, head, when = self.heads.get(stream, (0, "0" * 64, ""))
        where = f"{stream}#{body['seq']}"
        if hashlib.sha256(b"parc-commun/event/1\0" + stored).hexdigest() != said or body["prev"] != head:
            raise Violated("chain", where)
        if body["seq"] != seq + 1:
            raise Violated("sequence", f"{where} after {seq}")
        if body["recorded_at"] < when or body["occurred_at"] > body["recorded_at"]:
            raise Violated("time", f"{where} {body['recorded_at']} after {when}")
        self.heads[stream] = (body["seq"], said, body["recorded_at"])

    def _fold(self, body: dict[str, Any]) -> None:
        change, kind, facts = body["change"] or {}, body["type"], body["facts"]
        self._parties(body, kind, facts)
        ids = [n for first, last in body["units"] for n in range(first, last + 1)]
        for unit_id in ids:
            where = f"unit {unit_id} at {kind} {body['stream']}#{body['seq']}"
            unit = self._born(unit_id, change, where)
            if "born" not in change:
                _may_move(unit, change, kind, where)
                _right_party(unit, body["actor"], kind, where)
            self._engage(unit, change, where)
            if "state" in change:
                unit.state = change["state"]
            unit.owner = change.get("owner", unit.owner)
            unit.custodian = change.get("custodian", unit.custodian)
            _prove(unit, kind, facts)
            if "owner" in change:
                unsigned, unit.unsigned = unit.unsigned, False
                if unsigned and unit.owner != unit.custodian:
                    raise Violated("owner-and-custodian", where)
            if kind == "unit.ready":
                _gate(unit, where)
            if kind == "unit.provided-as-is":
                unit.unsigned, unit.passed = True, False
                _erasure_gate(unit, where)
        if kind == "lot.published" and ids:
            self.declared[facts["lot"], facts["line"]] += len(ids)
        if kind == "pickup.extra":
            self.born_extra[facts["pickup"]] += len(ids)
        if kind == "pickup.done":
            self._pickup_done(facts)

    def _born(self, unit_id: int, change: Mapping[str, Any], where: str) -> Told:
        if bool(change.get("born")) == (unit_id in self.units):
            raise Violated("born-once", where)
        return self.units.setdefault(unit_id, Told())

    def _engage(self, unit: Told, change: Mapping[str, Any], where: str) -> None:
        opens = [(o["kind"], (o["ref"], o["line"], o["party"])) for o in change.get("opens", ())]
        closes = change.get("closes", ())
        if change.get("born"):
            for kind, held in opens:
                unit.open[kind] = held
        for each in closes:
            held = unit.open.pop(each["kind"], None)
            if held is None or held[0] != each["ref"]:
                raise Violated("engagement", f"{each} closed with {held} open, {where}")
            if each["kind"] == "lot":
                self.outcomes[each["ref"]][held[1], each["outcome"]] += 1
                self.extras[each["ref"]] += bool(change.get("extra"))
            if each["kind"] == "pickup":
                self.pickups[each["ref"]][each["outcome"]] += 1
            if each["kind"] == "hold":
                self.holds[each["ref"]][each["outcome"]] += 1
        for kind, held in opens if not change.get("born") else ():
            if kind in unit.open:
                raise Violated("engagement", f"{kind} opened while open, {where}")
            unit.open[kind] = held

    def _pickup_done(self, facts: Mapping[str, Any]) -> None:
        """Planned + extra = taken + missing + refused; nothing of the pick-up stays in limbo."""
        reference = facts["pickup"]
        left = [i for i, u in self.units.items() if u.open.get("pickup", ("",))[0] == reference]
        closed, extra = self.pickups[reference], self.born_extra[reference]
        said = (facts["taken"], facts["missing"], facts["refused"], facts["extra"])
        found = (closed["taken"] + extra, closed["missing"], closed["refused"], extra)
        if left or said != found:
            raise Violated("pickup-balance", f"{reference}: said {said}, found {found}, open {left}")

    def _between_acts(self) -> None:
        open_now: Counter[tuple[str, int | None]] = Counter()
        awarded: Counter[tuple[str, int | None]] = Counter()
        for unit_id, unit in self.units.items():
            _rest(unit_id, unit)
            if "lot" in unit.open:
                open_now[unit.open["lot"][:2]] += 1
            if "award" in unit.open:
                awarded[unit.open["lot"][0], unit.open["award"][1]] += 1
        lines = set(self.declared) | set(open_now)
        lines |= {(lot, line) for lot, counts in self.outcomes.items() for line, _ in counts}
        for lot, line in lines:
            ended = sum(n for (at, _), n in self.outcomes[lot].items() if at == line)
            extra = self.extras[lot] if line is None else 0
            if self.declared[lot, line] + extra != open_now[lot, line] + ended:
                said = f"{self.declared[lot, line]} + {extra} ≠ {open_now[lot, line]} + {ended}"
                raise Violated("lot-balance", f"{lot} line {line}: {said}")
            if line is not None and awarded[lot, line] > self.declared[lot, line] - ended:
                raise Violated("awarded-within-declared", f"{lot} line {line}: {awarded[lot, line]}")
        self._claims_and_holds()

    def _claims_and_holds(self) -> None:
        """A claim never holds more than it asked for; a reservation's units all stay, or all leave one way."""
        awarded = Counter(u.open["award"][0] for u in self.units.values() if "award" in u.open)
        for reference, count in awarded.items():
            if count > self.asked.get(reference, 0):
                raise Violated(
                    "awarded-within-declared", f"{reference}: {count} of {self.asked.get(reference)}"
                )
        held = Counter(u.open["hold"][0] for u in self.units.values() if "hold" in u.open)
        for reference, ended in self.holds.items():
            if len(ended) > 1 or held[reference]:
                raise Violated("reservation-balance", f"{reference}: {held[reference]} held, {dict(ended)}")

    def _parties(self, body: dict[str, Any], kind: str, facts: Mapping[str, Any]) -> None:
        """Who may act at all, by whose hand, and from which day on."""
        where, who = f"{kind} {body['stream']}#{body['seq']}", body["actor"]["organisation"]
        if kind in BY_OWN_HAND and body["actor"]["via"] == "operator":
            raise Violated("own-hand", where)
        if kind in ("organisation.suspended", "organisation.reinstated"):
            turn = self.suspended.add if kind == "organisation.suspended" else self.suspended.discard
            turn(int(body["stream"].partition("/")[2]))
        elif who in self.suspended:
            raise Violated("suspended", where)
        day = datetime.fromisoformat(body["occurred_at"]).astimezone(PARIS).date()
        if kind == "lot.published" and "public_first_days" in facts:
            self.kept_until[facts["lot"]] = day + timedelta(days=facts["public_first_days"])
        elif kind == "claim.submitted":
            self.asked[facts["claim"]] = facts["units"]
            until = self.kept_until.get(facts["lot"])
            if until is not None and day <= until and who not in self.public:
                raise Violated("public-first", f"{where} on {day}, kept until {until}")
        elif "voucher" in facts:
            self._vouchers(kind, facts, body["units"], where)

    def _vouchers(self, kind: str, facts: Mapping[str, Any], units: list[list[int]], where: str) -> None:
        """Issued, then used for one device, or cancelled, or expired: once."""
        was = self.vouchers.get(facts["voucher"], "never issued")
        if kind == "voucher.issued":
            self.vouchers[facts["voucher"]] = "good"
        elif kind in ("voucher.used", "voucher.cancelled", "voucher.expired"):
            if was != "good":
                raise Violated("voucher-once", f"{where}: {was}")
            self.vouchers[facts["voucher"]] = facts.get("reservation", kind)
        elif kind == "unit.provided":
            devices = sum(last - first + 1 for first, last in units)
            if was != facts["reservation"] or devices != 1 or was in self.sold:
                raise Violated("voucher-once", f"{where}: {devices} devices on a voucher {was}")
            self.sold.add(was)


def _may_move(unit: Told, change: Mapping[str, Any], kind: str, where: str) -> None:
    if unit.state in TERMINAL and change:
        raise Violated("terminal", f"{unit.state}, {where}")
    if "state" not in change:
        return
    if kind == "claim.released":
        fits = unit.state in RELEASED[0] and change["state"] in RELEASED[1]
    else:
        sources, target = MOVES.get(kind, (set(), ""))
        fits = unit.state in sources and change["state"] == target
    if not fits:
        raise Violated("transition", f"{unit.state} → {change['state']}, {where}")


def _right_party(unit: Told, actor: Mapping[str, Any], kind: str, where: str) -> None:
    who, allowed = actor["organisation"], None
    if kind in BY_CUSTODIAN:
        allowed = {unit.custodian}
    elif kind in BY_OWNER:
        allowed = {unit.owner}
    elif kind in BY_PARTY:
        allowed = {unit.open[BY_PARTY[kind]][2]} if BY_PARTY[kind] in unit.open else set()
    elif kind == "unit.provided":
        allowed = {unit.custodian, unit.open["hold"][2]} if "hold" in unit.open else set()
    elif kind in ("claim.awarded", "claim.released", "lot.withdrawn"):
        party = {unit.open["award"][2]} if "award" in unit.open else set()
        allowed = {unit.owner, *party} if kind != "claim.awarded" else None
    if allowed is not None and who not in allowed:
        raise Violated("right-party", f"{who} not in {allowed}, {where}")


def _prove(unit: Told, kind: str, facts: Mapping[str, Any]) -> None:
    if kind in OUTSIDE:
        unit.passed, unit.media, unit.proofs, unit.taken_out = False, None, {}, set()
    elif kind == "unit.tested":
        unit.passed = facts["passed"]
    elif kind in ("media.counted", "media.added", "media.recounted"):
        unit.media = facts["media"]
        if kind == "media.recounted":
            unit.proofs.pop(facts["medium"], None)
    elif kind == "media.removed":
        unit.taken_out.add(facts["medium"])
    elif kind == "media.erased":
        unit.proofs.setdefault(facts["medium"], []).append(facts)


def _gate(unit: Told, where: str) -> None:
    if not unit.passed:
        raise Violated("gate-test", where)
    _erasure_gate(unit, where)


def _erasure_gate(unit: Told, where: str) -> None:
    good = sum(_erased(proofs, medium in unit.taken_out) for medium, proofs in unit.proofs.items())
    if unit.media is None or good != unit.media:
        raise Violated("gate-erasure", f"{unit.media} media, {good} erased, {where}")


def _erased(proofs: list[Mapping[str, Any]], taken_out: bool) -> bool:
    standing = []
    for proof in proofs:
        standing = [*standing, proof] if proof["result"] == "ok" else []
    return any(
        proof["verified"]
        and proof["errors"] == 0
        and (
            proof["kind"] != "hdd"
            or proof["hidden_areas"] in ("none", "erased")
            or proof["method"] == "destroy"
        )
        and (not taken_out or proof["method"] == "destroy")
        for proof in standing
    )


def _rest(unit_id: int, unit: Told) -> None:
    """What holds of a unit between two acts."""
    required, allowed = HELD_BY.get(unit.state, (set(), set()))
    if not required <= unit.open.keys() or not unit.open.keys() <= allowed:
        raise Violated("engaged-as-state", f"unit {unit_id} {unit.state} with {sorted(unit.open)}")
    if unit.owner is None or unit.custodian is None:
        raise Violated("owner-and-custodian", f"unit {unit_id}: {unit.owner}, {unit.custodian}")
    own = unit.state in AT_HOLDER or unit.state in ("ready", "held", "provided", "waste", "parts", "recycled")
    if unit.unsigned and unit.owner == unit.custodian:
        raise Violated("owner-and-custodian", f"unit {unit_id} handed over and still with {unit.custodian}")
    if own and not unit.unsigned and unit.owner != unit.custodian:
        raise Violated("owner-and-custodian", f"unit {unit_id} {unit.state}: {unit.owner}, {unit.custodian}")
