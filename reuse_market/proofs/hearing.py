"""What the journal says of rows that no replay of units gives: heard event by event, the newest one wins."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from reuse_market.claims.lifecycle import FLOW as CLAIMS
from reuse_market.collection.lifecycle import FLOW as PICKUPS
from reuse_market.kernel import clock
from reuse_market.traceability import payload

STATES = {
    "organisation.registered": "to_verify",
    "organisation.admitted": "verified",
    "organisation.refused": "refused",
    "organisation.suspended": "suspended",
    "organisation.reinstated": "verified",
}
VOUCHERS = {f"voucher.{state}": state for state in ("issued", "used", "cancelled", "expired")}
MEDIA = ("media.counted", "media.added", "media.recounted")
# Event → the state it leaves a claim or a pick-up in: what their transition tables say, and how they begin.
CLAIM_STATES = {"claim.submitted": "submitted"} | {
    row.event: row.target for row in CLAIMS.transitions.values()
}
PICKUP_STATES = {"pickup.proposed": "proposed"} | {
    row.event: row.target for row in PICKUPS.transitions.values()
}
TYPES = (
    *STATES, *VOUCHERS, *MEDIA, "organisation.changed", "organisation.qualified", "organisation.charter-signed",
    "lot.published", *CLAIM_STATES, *PICKUP_STATES, "unit.tested", "media.erased", "unit.provided",
    "media.exception-accepted", "media.erasure-withdrawn", "erasure.checked", "lot.erasure-check-set",
    "event.corrected", "event.voided",
)  # fmt: skip
PROOF = ("method", "technique", "result", "verified", "errors", "hidden_areas")


@dataclass(slots=True)
class Told:
    """What the journal says, by the keys of the rows."""

    state: dict[int, str] = field(default_factory=dict)
    roles: dict[int, list[str]] = field(default_factory=dict)
    legal: dict[int, str] = field(default_factory=dict)
    qualified: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    charter: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    lots: dict[str, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    claim_states: dict[str, str] = field(default_factory=dict)
    pickups: dict[str, tuple[str, bool]] = field(default_factory=dict)  # state, whether its holder signed
    tests: dict[int, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    test_at: dict[str, tuple[int, int]] = field(default_factory=dict)  # event → unit, its place in `tests`
    void_tests: set[tuple[int, int]] = field(default_factory=set)  # unit, place: corrected, never took place
    media: dict[int, int] = field(default_factory=dict)
    proofs: dict[int, Counter[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(Counter))
    exceptions: dict[int, str] = field(default_factory=dict)  # certificate → ground
    withdrawn: set[int] = field(default_factory=set)  # certificates
    checked: dict[int, tuple[Any, ...]] = field(default_factory=dict)  # list → what its signature said
    demands: dict[str, tuple[str, int | None]] = field(default_factory=dict)  # stream → second look asked for
    undertaken: dict[str, set[str]] = field(default_factory=dict)
    vouchers: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)


def hear(told: Told, body: dict[str, Any]) -> None:
    """Take one event in (in the order of their ids)."""
    kind, facts, stream = body["type"], body["facts"], body["stream"]
    units = payload.members(body["units"])
    if stream.startswith("organisation/"):
        _hear_organisation(told, kind, facts, int(stream.partition("/")[2]))
    elif kind == "lot.published" and units:
        day = payload.read_stamp(body["occurred_at"]).astimezone(clock.PARIS).date()
        told.lots[facts["lot"]].setdefault(
            facts["line"], facts | {"day": day, "organisation": body["actor"]["organisation"]}
        )
    if kind == "claim.submitted":
        told.claims[facts["claim"]] = facts | {"organisation": body["actor"]["organisation"]}
    if kind in CLAIM_STATES:
        told.claim_states[facts["claim"]] = CLAIM_STATES[kind]
    if kind in PICKUP_STATES:
        told.pickups[facts["pickup"]] = (PICKUP_STATES[kind], kind == "pickup.countersigned")
    if kind == "unit.provided" and "reservation" in facts:
        told.undertaken[facts["reservation"]] = set(facts.get("undertakings", ()))
    _hear_second_look(told, kind, facts, stream)
    if body.get("corrects") in told.test_at:
        _hear_correction(told, kind, facts, *told.test_at[body["corrects"]])
    for unit_id in units:
        if kind == "unit.tested":
            told.test_at[body["id"]] = (unit_id, len(told.tests[unit_id]))
            told.tests[unit_id].append((facts["protocol"], facts["passed"], facts["battery"]))
        elif kind in MEDIA:
            told.media[unit_id] = facts["media"]
        elif kind == "media.erased":
            told.proofs[unit_id][*(facts[name] for name in PROOF), facts["report"], body["occurred_at"]] += 1


def _hear_second_look(told: Told, kind: str, facts: dict[str, Any], stream: str) -> None:
    if kind == "media.exception-accepted":
        told.exceptions[facts["certificate"]] = facts["ground"]
    elif kind == "media.erasure-withdrawn":
        told.withdrawn.add(facts["certificate"])
    elif kind == "erasure.checked":
        lists = (sorted(facts["certificates"]), sorted(facts["drawn"]), sorted(facts["refused"]))
        told.checked[facts["check"]] = (stream, facts["how"], facts["percent"], facts["seed"], *lists)
    elif kind == "lot.erasure-check-set":
        told.demands.pop(stream, None)
        if facts["how"] is not None:
            told.demands[stream] = (facts["how"], facts["percent"])


def _hear_correction(told: Told, kind: str, facts: dict[str, Any], unit_id: int, place: int) -> None:
    if kind == "event.voided":
        told.void_tests.add((unit_id, place))
    elif "battery" in facts["values"]:
        told.tests[unit_id][place] = (*told.tests[unit_id][place][:2], facts["values"]["battery"])


def _hear_organisation(told: Told, kind: str, facts: dict[str, Any], organisation_id: int) -> None:
    if kind in STATES:
        told.state[organisation_id] = STATES[kind]
    if "roles" in facts:
        told.roles[organisation_id] = sorted(facts["roles"])
    if "legal_kind" in facts:
        told.legal[organisation_id] = facts["legal_kind"]
    if kind == "organisation.qualified":
        said = (organisation_id, facts["party_kind"], facts["valid_from"], facts["until"])
        told.qualified[facts["row"]] = said
    elif kind == "organisation.charter-signed":
        told.charter[organisation_id, facts["version"], facts["text"], facts["on_paper"]] += 1
    elif kind in VOUCHERS:
        told.vouchers[facts["voucher"]] = (organisation_id, VOUCHERS[kind], facts.get("reservation"))
