"""Verbs: test, make ready, back to the workshop, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reuse_market.equipment import queries as equipment
from reuse_market.equipment import systems
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import grading, law, policy, queries
from reuse_market.refurbishing.locks import waiting
from reuse_market.refurbishing.models import OPEN_TO, VAT_SCHEMES, Offer, TestRun
from reuse_market.refurbishing.protocols import ANSWERS, Protocol, protocol_for
from reuse_market.refurbishing.services import measuring, work
from reuse_market.refurbishing.solidarity.stamping import Openness, stamp
from reuse_market.traceability import journal
from reuse_market.units import labels
from reuse_market.units import services as units
from reuse_market.units.models import Unit

MOST_WARRANTY, MOST_SYSTEM = 120, 80
BETWEEN = N_("Enter a number between %(min)s and %(max)s.")
CHOOSE = N_("Choose an answer in the list.")


@command
def record_test(
    unit_id: int,
    results: Mapping[str, str] | None = None,
    *,
    actor: Actor,
    battery_percent: int | None = None,
    note: str = "",
    readings: Mapping[str, int | None] | None = None,
    check_notes: Mapping[str, str] | None = None,
) -> TestRun:
    """A test of one unit in the workshop under its kind's protocol. `results` names what is not ok.

    Check code → ok | fault | not_applicable; a check that is not named is ok. `readings`: figures of the
    protocol; `check_notes`: a few words beside a check. Refused: a code of another protocol; a portable's
    battery declared good without its percentage.
    """
    return record_tests(
        [unit_id], results, actor=actor, batteries={unit_id: battery_percent}, note=note, readings=readings,
        check_notes=check_notes,
    )[0]  # fmt: skip


@command
def record_tests(
    unit_ids: Sequence[int],
    results: Mapping[str, str] | None = None,
    *,
    actor: Actor,
    batteries: Mapping[int, int | None] | None = None,
    note: str = "",
    readings: Mapping[str, int | None] | None = None,
    check_notes: Mapping[str, str] | None = None,
) -> list[TestRun]:
    """The same results for several units, one test row and one event each, one act. All or nothing.

    A lock found opens a wait for the holder's release; a test without it ends the wait.
    """
    if len(note) > 500:
        raise Invalid(N_("Shorten this to %(most)s characters."), field="note", most=500)
    praise.require_plain(note, field="note")
    doing, rows = journal.Act(actor), []
    for unit in work.locked(unit_ids, actor):
        _require_in_workshop(unit, actor)
        protocol = protocol_for(unit.kind)
        row = _test_row(unit, protocol, results or {}, (batteries or {}).get(unit.id), actor)
        row.note = note
        row.readings = measuring.kept_readings(protocol, readings or {})
        row.check_notes = measuring.kept_notes(protocol, check_notes or {})
        rows.append(row)
        session().add(row)
        session().flush()
        facts = {
            "protocol": protocol.code,
            "passed": row.passed,
            "faults": sorted(protocol.faults(row.results)),
            "battery": row.battery_percent,
        } | ({"readings": row.readings} if row.readings else {})
        journal.append(doing, unit.stream, "unit.tested", unit_ids=[unit.id], facts=facts)
        waiting.follow_test(unit, protocol.locked(row.results), doing)
    return rows


@command
def make_ready(
    unit_id: int,
    *,
    actor: Actor,
    cosmetic_grade: str,
    price_cents: int,
    vat_scheme: str = "standard",
    warranty_months: int = 12,
    open_to: str = "all",
    open_from: date | None = None,
    functional_state: str = "ok",
    os: str = "",
) -> Offer:
    """Put a unit in the shop window with its grade and price (cents HT, 0 = free).

    `functional_state` "partial": its test found faults, none essential nor a lock; they are listed to buyers.
    `os`: the system installed after erasure; empty, a computer is offered without one, whatever its inventory said.

    Refused (Conflict, first of what is missing): not counter-signed, no passed test, erasure gate not met.
    Invalid with the article at a price at which the law lets nobody buy it.
    """
    return make_ready_many(
        [unit_id], actor=actor, cosmetic_grade=cosmetic_grade, price_cents=price_cents, vat_scheme=vat_scheme,
        warranty_months=warranty_months, open_to=open_to, open_from=open_from, functional_state=functional_state,
        os=os,
    )[0]  # fmt: skip


@command
def make_ready_many(
    unit_ids: Sequence[int],
    *,
    actor: Actor,
    cosmetic_grade: str,
    price_cents: int,
    vat_scheme: str = "standard",
    warranty_months: int = 12,
    open_to: str = "all",
    open_from: date | None = None,
    functional_state: str = "ok",
    os: str = "",
) -> list[Offer]:
    """Several units with the same grade and price, one act; all or nothing.

    Some of those open to all may be kept for recipients for some days (solidarity share), or for public bodies.
    """
    terms = {
        "cosmetic_grade": cosmetic_grade, "functional_state": functional_state, "price_cents": price_cents,
        "vat_scheme": vat_scheme, "warranty_months": warranty_months, "open_to": open_to,
        "open_from": open_from or clock.today(), "made_at": clock.now(), "os": " ".join(os.split()) or None,
    }  # fmt: skip
    _check_terms(terms)
    found = work.locked(unit_ids, actor)
    for unit in found:
        work.require("make_ready", unit, actor)
        if terms["os"] and unit.kind not in systems.KINDS:
            raise Invalid(N_("No operating system is installed on this kind of device."), field="os")
    law.require_price([unit.id for unit in found], actor.organisation_id or 0, price_cents, vat_scheme)
    doing, offers = journal.Act(actor), []
    opened = stamp(found, actor.organisation_id or 0, open_to)
    for case in queries.cases([unit.id for unit in found]):
        offers.append(_offer(case, terms, opened[case.unit.id], doing))
    labels.ensure_labels([unit.id for unit in found], actor=actor)
    session().flush()
    return offers


def _offer(case: queries.Case, terms: Mapping[str, Any], opened: Openness, doing: journal.Act) -> Offer:
    """One unit into the shop window, or the Conflict that says what it lacks first."""
    lacking = grading.still_missing(case, terms["functional_state"])
    if lacking:
        raise Conflict(lacking[0].message, code=lacking[0].code)
    assert case.test is not None
    faults, battery = grading.listed_faults(case.test), case.test.battery_percent
    who = {"open_to": opened.open_to, "opens_on": opened.opens_on}
    offer = Offer(unit_id=case.unit.id, battery_percent=battery, faults=faults, **{**terms, **who})
    made = session().merge(offer)
    session().flush()  # the act below forgets loaded rows
    move = units.Move(action="make_ready", erased_at=case.gate.met_at, tested_at=case.test.tested_at)
    facts = {
        "grade": terms["cosmetic_grade"], "protocol": case.test.protocol, "open_to": opened.open_to,
        **opened.facts, **({"faults": faults.split(",")} if faults else {}),
    }  # fmt: skip
    work.move(move, [case.unit], doing, facts)
    return made


@command
def back_to_workshop(unit_id: int, *, actor: Actor) -> None:
    """A ready unit leaves the shop window; tests and erasures stand, judged again at `make_ready`."""
    [unit] = work.locked([unit_id], actor)
    work.require("back_to_workshop", unit, actor)
    move = units.Move(action="back_to_workshop", clears=("erased_at", "tested_at"))
    work.move(move, [unit], journal.Act(actor))


def _require_in_workshop(unit: Unit, actor: Actor) -> None:
    if not policy.works_on(actor, unit):
        raise NotAllowed(policy.ELSEWHERE)
    if unit.state != "in_workshop":
        raise Conflict(
            N_("Only a device in the workshop is tested: take it in first."), code="unit.test.state"
        )


def _test_row(
    unit: Unit, protocol: Protocol, named: Mapping[str, str], battery: int | None, actor: Actor
) -> TestRun:
    codes = [check.code for check in protocol.checks]
    wrong = next((code for code, answer in named.items() if code not in codes or answer not in ANSWERS), None)
    if wrong is not None:
        raise Invalid(CHOOSE, field=wrong)
    results = {code: named.get(code, "ok") for code in codes}
    if results.get("battery") == "ok" and battery is None:
        raise Invalid(N_("Enter the health of the battery, in percent."), field="battery_percent")
    if battery is not None and not 0 <= battery <= 100:
        raise Invalid(BETWEEN, field="battery_percent", min=0, max=100)
    return TestRun(
        unit_id=unit.id, protocol=protocol.code, results=results, passed=protocol.passed(results),
        battery_percent=battery if protocol.battery and results["battery"] != "not_applicable" else None,
        organisation_id=actor.organisation_id, person_id=actor.person_id, tested_at=clock.now(),
    )  # fmt: skip


def _check_terms(terms: Mapping[str, Any]) -> None:
    """What a form lets through but a caller might not."""
    if terms["cosmetic_grade"] not in {step.code for step in equipment.grade_scale("fr")}:
        raise Invalid(N_("Choose a grade in the scale."), field="cosmetic_grade")
    if not 0 <= terms["price_cents"] <= 100_000_00:
        raise Invalid(N_("Enter a price, 0 if it is free."), field="price_cents")
    for name, allowed in (
        ("vat_scheme", VAT_SCHEMES),
        ("open_to", OPEN_TO),
        ("functional_state", grading.OFFERED),
    ):
        if terms[name] not in allowed:
            raise Invalid(CHOOSE, field=name)
    if len(terms["os"] or "") > MOST_SYSTEM:
        raise Invalid(N_("Shorten this to %(most)s characters."), field="os", most=MOST_SYSTEM)
    praise.require_plain(terms["os"] or "", field="os")
    if not 0 <= terms["warranty_months"] <= MOST_WARRANTY:
        raise Invalid(BETWEEN, field="warranty_months", min=0, max=MOST_WARRANTY)
