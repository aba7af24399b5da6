"""The page of one device, shown by every verb that is refused on it; what the other views share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.collection.shipments import reading as shipments
from reuse_market.equipment import queries as equipment
from reuse_market.equipment import systems
from reuse_market.erasure import queries as erasure
from reuse_market.erasure import words as erasure_words
from reuse_market.erasure.forms import MediumForm, certificate_form, count_form
from reuse_market.erasure.gate import DEFAULT_POLICY, judge_medium
from reuse_market.erasure.gate import gate as erasure_gate
from reuse_market.erasure.models import ErasureCertificate
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import certificates
from reuse_market.refurbishing import grading, label_queue, law, lists, policy, queries, words
from reuse_market.refurbishing.forms import (
    PartsForm,
    ReturnForm,
    ScanForm,
    WasteForm,
    form_of_test,
    identity_form,
    language,
    ready_form,
)
from reuse_market.refurbishing.hardware import page as hardware_page
from reuse_market.refurbishing.hardware.page import ReportForm
from reuse_market.refurbishing.locks import queries as locks
from reuse_market.refurbishing.protocols import READINGS, protocol, protocol_for
from reuse_market.refurbishing.queries import Case
from reuse_market.regimes import parties
from reuse_market.regimes import words as law_words
from reuse_market.web.access import current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling

blueprint = Blueprint("refurbishing", __name__)
Page = str | Response | tuple[str, int]
WHOLE = re.compile(r"tests\Z|medium[0-9]+\Z")  # blocks shown alone when asked, with all that can be typed


def case_here(unit_id: int) -> Case:
    """The device, if it is in this workshop, or came out of it and may come back. NotFound otherwise."""
    actor = current_actor()
    case = queries.case(unit_id)
    ours = case is not None and (
        policy.works_on(actor, case.unit)
        or (case.unit.state == "provided" and actor.is_org(queries.last_workshop(unit_id)))
    )
    if case is None or not ours:
        raise NotFound(N_("This device does not exist."))
    return case


def tried(unit_id: int, name: str, form: Form, verb: Callable[[], Any], done: str) -> Page:
    """Run a verb from a form of the device's page: its block again when done, the page as typed when not."""
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            verb()
        if outcome.ok:
            flash(done, "success")
            case = case_here(unit_id)
            return redirect(url_for("refurbishing.unit", unit_id=unit_id, _anchor=next_block(case, name)))
        status = outcome.status
    return unit_page(case_here(unit_id), {name: form}), status


def next_block(case: Case, done: str) -> str:
    """The block to go on with: the first that lacks something, so that Tab leads straight to its control."""
    if done == "report":
        return "identity"  # what it told is read there
    if case.unit.state != "in_workshop" or done in ("identity", "waste", "parts", "return"):
        return done
    if case.test is None:
        return "tests"
    if not case.test.passed:
        return "state" if done == "tests" else done
    return "ready" if case.gate.passed else "media"


def unit_page(case: Case, posted: dict[str, Form] | None = None, block: str = "") -> str:
    """The page of one device: four blocks in the order of the work; or its `block` "tests" or "medium12" whole."""
    posted = posted or {}
    block = next((name for name in (*posted, block) if WHOLE.match(name)), "")
    forms = {**_forms(case), **posted}
    lot = case.lot_reference
    return render_template(
        "refurbishing/unit.html",
        case=case,
        system_kinds=systems.KINDS,
        name=device_name(case),
        forms=forms,
        block=block,
        failed=next(iter(posted.values()), None),
        media=_media(case, posted),
        count=erasure.media_of([case.unit.id])[case.unit.id].count,
        protocol=protocol_for(case.unit.kind),
        tested_by=protocol(case.test.protocol) if case.test else None,
        waste=queries.waste_record(case.unit.id),
        shipment=shipments.of_unit(case.unit.id),
        line=lists.line_of(case.unit.id, lot),
        asked=case.policy or DEFAULT_POLICY,
        limit=law.limit([case.unit.id], case.unit.owner_id),
        law_words=law_words,
        party_names=parties.NAMES,
        words=words,
        erasure_words=erasure_words,
        scan=ScanForm(),
        grading=grading,
        told_faults=fault_texts,
        reportform=ReportForm(prefix="report") if "report" not in posted else posted["report"],
        value_words=hardware_page.value_words,
        waits=locks.of_units([case.unit.id]).get(case.unit.id, []),
        report=hardware_page.shown(case, posted.get("hardware")),
        queued=label_queue.count(current_actor().organisation_id or 0),
        labels=grading.LABELS,
        scale=equipment.grade_scale(language()),
        history=queries.tests_of(case.unit.id),
        testers=queries.testers(case.unit.id),
        readings=READINGS,
        papers=certificates.of_unit(case.unit, current_actor()),
        proven=erasure_gate(case.unit.id, case.policy).passed,
    )


def device_name(case: Case, count: int = 1) -> str:
    """Maker and model, or the kind where the model is unknown."""
    if case.model is not None:
        return f"{case.model.maker} {case.model.name}".strip()
    label = equipment.kind_label(case.unit.kind, language(), count)
    return label[:1].upper() + label[1:]


def namer() -> Callable[[Case], str]:
    """`device_name` for lists: the kinds are read once."""
    kinds = kind_names()

    def name(case: Case) -> str:
        return device_name(case) if case.model is not None else kinds.get(case.unit.kind, case.unit.kind)

    return name


def kind_names() -> dict[str, str]:
    """Kind code → its name, to head a list with."""
    english = language() == "en"
    labels = {kind.code: kind.label_en if english else kind.label_fr for kind in equipment.kinds()}
    return {code: label[:1].upper() + label[1:] for code, label in labels.items()}


def fault_texts(faults: str | None) -> list[str]:
    """What does not work, in the reader's language."""
    return [_(text) for text in grading.fault_words(faults)]


def refusal_words(case: Case) -> list[str]:
    """All that is missing, in the reader's language."""
    return [_(reason.message) for reason in case.missing]


def _forms(case: Case) -> dict[str, Form]:
    organisation = current_actor().organisation_id or 0
    terms = case.offer or queries.last_terms(organisation, case.unit.model_id)
    return {
        "identity": identity_form(case),
        "tests": form_of_test(protocol_for(case.unit.kind), with_battery=True),
        "media": count_form(case.unit.kind),
        "medium": MediumForm(prefix="medium"),
        "ready": ready_form(
            terms,
            case.unit.kind,
            state="partial" if grading.functional_state(case.test) == "partial" else "ok",
        ),
        "waste": WasteForm(prefix="waste"),
        "parts": PartsForm(prefix="parts"),
        "return": ReturnForm(prefix="return"),
    }


def _media(case: Case, posted: dict[str, Form]) -> list[dict[str, Any]]:
    """Each medium with its certificates, what it lacks, and the form of its next certificate."""
    actor = current_actor()
    last: dict[str, ErasureCertificate | None] = {}
    rows: list[dict[str, Any]] = []
    found = erasure.media_of([case.unit.id])[case.unit.id]
    for medium, proofs in found.media:
        if medium.kind not in last:
            last[medium.kind] = erasure.last_certificate(actor.organisation_id or 0, medium.kind)
        name = f"medium{medium.id}"
        form = posted.get(name) or certificate_form(medium, last[medium.kind], actor.person_name)
        missing = judge_medium(case.policy or DEFAULT_POLICY, medium, proofs, found)
        row = {"number": len(rows) + 1, "medium": medium, "proofs": proofs, "missing": missing}
        rows.append({**row, "form": form, "name": name})
    return rows
