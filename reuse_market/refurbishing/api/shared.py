"""A unit as the API shows it, and what may be done with it now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask_babel import gettext

from reuse_market.erasure import policy as erasing
from reuse_market.erasure import queries as erasure
from reuse_market.erasure.gate import DEFAULT_POLICY, Reason, judge_medium
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import grading, policy, queries
from reuse_market.refurbishing.hardware import comparing
from reuse_market.refurbishing.hardware import services as hardware
from reuse_market.refurbishing.locks import queries as locks
from reuse_market.refurbishing.protocols import protocol_for
from reuse_market.refurbishing.queries import Case
from reuse_market.units.lifecycle import LIFE
from reuse_market.web import rest
from reuse_market.web.access import current_actor

UNIT = f"/units/{rest.UNIT_ID}"
COLUMNS = (
    "id", "state", "kind", "serial", "asset_tag", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os", "regime",
    "owner_id", "custodian_id", "erased_at", "tested_at",
)  # fmt: skip
NAMES = {
    "receive": "receive", "make_ready": "make-ready", "back_to_workshop": "back-to-workshop",
    "dismantle": "to-parts", "declare_waste": "declare-waste", "lose": "report-lost",
    "find_at_actor": "find-again", "take_back": "take-back",
}  # fmt: skip
OWNED = ("to-parts", "declare-waste")
units = rest.Collection(
    "units", "Units in a workshop: received, identified, tested, erased, made ready, or waste."
)


def case_here(unit_id: int) -> Case:
    """The unit, if it is in this workshop, or came out of it and may come back. NotFound otherwise."""
    actor = current_actor()
    case = queries.case(unit_id)
    ours = case is not None and (
        policy.works_on(actor, case.unit)
        or (case.unit.state == "provided" and actor.is_org(queries.last_workshop(unit_id)))
    )
    if case is None or not ours:
        raise NotFound(N_("This device does not exist."))
    return case


def row(case: Case) -> dict[str, Any]:
    """A unit in a list."""
    unit, model = case.unit, case.model
    mine = rest.address("units", unit.id)
    links = {"self": mine, "page": f"/atelier/appareils/{unit.id}"}
    if case.code:
        links["passport"] = f"/u/{case.code}"
    if case.lot_reference:
        links["lot"] = rest.address("lots", case.lot_reference)
    return {name: getattr(unit, name) for name in COLUMNS} | {
        "code": case.code, "maker": model.maker if model else "", "model": model.name if model else "",
        "lot": case.lot_reference, "missing": reasons(case.missing), "links": links,
        "actions": rest.actions("units", unit, current_actor(), _offered(case, current_actor())),
    }  # fmt: skip


def shown(unit_id: int) -> dict[str, Any]:
    """A unit with its bench."""
    case = case_here(unit_id)
    found = erasure.media_of([unit_id])[unit_id]
    counted = found.count.media if found.count is not None and found.count.void_at is None else None
    protocol = protocol_for(case.unit.kind)
    told = row(case) | {
        "protocol": protocol.code, "checks": [check.code for check in protocol.checks], "test": case.test,
        "functional_state": grading.functional_state(case.test),
        "may_be_called_refurbished": grading.may_be_called_refurbished(case),
        "lock_waits": [wait.kind for wait in locks.of_units([unit_id]).get(unit_id, [])],
        "hardware": _hardware(case),
        "offer": case.offer, "media_counted": counted, "media": [_medium(case, found, *each) for each in found.media],
    }  # fmt: skip
    told["actions"] += _hardware_verbs(case, counted)
    if erasing.may_record(current_actor(), case.unit) and case.unit.state in erasing.STATES:
        told["actions"].append("count-media" if not found.media else "add-medium")
        if counted == 0:
            told["actions"].append("add-medium")
    return told


def _hardware(case: Case) -> dict[str, Any] | None:
    report = hardware.latest(case.unit.id)
    if report is None:
        return None
    found = comparing.lines(comparing.declared(case), report.told)
    names = ("format", "sha256", "made_at", "decided", "disks")
    return {name: getattr(report, name) for name in names} | {"lines": found}


def _hardware_verbs(case: Case, counted: int | None) -> list[str]:
    """What may be done with an agent's report now: take one in, decide its differences, count its media."""
    if not policy.works_on(current_actor(), case.unit) or case.unit.state not in hardware.STATES:
        return []
    report = hardware.latest(case.unit.id)
    if report is None:
        return ["import-hardware"]
    decide = ["decide-hardware"] if report.decided_at is None else []
    count = ["count-hardware-media"] if report.disks and counted is None and current_actor().own_hand else []
    return ["import-hardware", *decide, *count]


def reasons(missing: Any) -> list[dict[str, Any]]:
    """What a gate lacks, in the reader's words."""
    return [_reason(each) for each in missing]


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "detail": gettext(reason.message), "medium": reason.medium}


def _medium(case: Case, found: erasure.UnitMedia, medium: Any, proofs: Any) -> dict[str, Any]:
    mine = rest.address("units", case.unit.id, "media", str(medium.id))
    may = erasing.may_record(current_actor(), case.unit) and case.unit.state in erasing.STATES
    own = ["record-certificate", *([] if medium.removed_at else ["remove"])] if may else []
    columns = ("id", "kind", "serial", "model", "removed_at")
    return {name: getattr(medium, name) for name in columns} | {
        "certificates": proofs, "actions": own, "links": {"self": mine},
        "missing": reasons(judge_medium(case.policy or DEFAULT_POLICY, medium, proofs, found)),
    }  # fmt: skip


def _offered(case: Case, actor: Actor) -> list[str]:
    unit = case.unit
    party = queries.last_workshop(unit.id) if unit.state == "provided" else None
    stake: Any = SimpleNamespace(
        state=unit.state, owner_id=unit.owner_id, custodian_id=unit.custodian_id, party_id=party
    )
    own = [NAMES[name] for name in LIFE.offered(stake, actor) if name in NAMES]
    if case.missing:
        own = [name for name in own if name != "make-ready"]
    if unit.owner_id != unit.custodian_id:
        own = [name for name in own if name not in OWNED]
    if unit.state in ("collected", "in_workshop"):
        own.append("identify")
    if unit.state == "in_workshop":
        own.append("record-test")
    return own
