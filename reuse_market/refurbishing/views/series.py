"""Identical devices in one go: the same test, count or terms for those ticked; one act."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.erasure.services import count_media_many
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lists, queries, services, words
from reuse_market.refurbishing.forms import (
    ChosenForm,
    NoMediaForm,
    batteries_form,
    chosen_form,
    form_of_test,
    ready_form,
)
from reuse_market.refurbishing.locks import queries as locks
from reuse_market.refurbishing.protocols import protocol_for
from reuse_market.refurbishing.queries import Case
from reuse_market.refurbishing.views.page import Page, blueprint, device_name
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling


@blueprint.route("/atelier/series/<string:reference>/<int:line>", methods=["GET", "POST"])
@access("reuse-actor")
def series(reference: str, line: int) -> Page:
    """The devices of a lot line that are in the workshop."""
    ids = lists.series_ids(current_actor().organisation_id or 0, reference, line)
    cases = queries.cases(ids)
    if not cases:
        if request.method == "POST":
            raise NotFound(N_("No device of this line is in your workshop."))
        return redirect(url_for("refurbishing.bench"))
    forms, locked = _forms(cases), locks.of_units(ids)
    status = _act(forms) if request.method == "POST" else 200
    if status == 302:
        return redirect(url_for("refurbishing.series", reference=reference, line=line))
    page = render_template(
        "refurbishing/series.html", reference=reference, line=line, cases=cases, forms=forms, words=words,
        name=device_name(cases[0], len(cases)), protocol=protocol_for(cases[0].unit.kind),
        most=lists.MOST_IN_SERIES, failed=_failed(forms), locked=locked, first=_wait_for_the_same(cases, locked),
    )  # fmt: skip
    return page, status


def _wait_for_the_same(cases: list[Case], locked: Container[int]) -> set[int]:
    """Who is ticked to begin with: those that wait for the first thing, none that waits for its holder."""
    free = [case for case in cases if case.unit.id not in locked]
    order = [words.short(case.missing)[0] for case in free]
    first = min(order, key=words.STEPS.index, default="")
    return {case.unit.id for case, word in zip(free, order, strict=True) if word == first}


def _forms(cases: list[Case]) -> dict[str, Any]:
    ids = [case.unit.id for case in cases]
    protocol = protocol_for(cases[0].unit.kind)
    labels = {case.unit.id: case.code or case.unit.serial or f"n° {case.unit.id}" for case in cases}
    terms = queries.last_terms(current_actor().organisation_id or 0, cases[0].unit.model_id)
    return {
        "chosen": chosen_form(ids, labels),
        "test": form_of_test(protocol, with_battery=False),
        "batteries": batteries_form(ids) if protocol.battery else None,
        "no_media": NoMediaForm.from_request(prefix="none"),
        "ready": ready_form(terms, cases[0].unit.kind),
    }


def _act(forms: dict[str, Any]) -> int:
    """Do what the button pressed says to the devices ticked: 302 when done."""
    doing = request.form.get("do", "")
    verbs: dict[str, tuple[list[str], Callable[[dict[str, Any], list[int]], str]]] = {
        "test": (["test", "batteries"], _test),
        "no-media": (["no_media"], _no_media),
        "ready": (["ready"], _ready),
    }
    if doing not in verbs:
        return 422
    names, verb = verbs[doing]
    chosen: ChosenForm = forms["chosen"]
    checked = [chosen, *(forms[name] for name in names if forms[name] is not None)]
    faults = [form for form in checked if not form.validate()]  # every one, so that all is said at once
    if faults:
        return 422
    with telling(forms[names[0]]) as outcome:
        if not chosen.units.data:
            raise Invalid(N_("Tick at least one device."))
        flash(verb(forms, chosen.units.data), "success")
    return 302 if outcome.ok else outcome.status


def _failed(forms: dict[str, Any]) -> Form | None:
    """The first form with something to correct."""
    return next((form for form in forms.values() if form is not None and form.errors), None)


def _test(forms: dict[str, Any], ids: list[int]) -> str:
    boxes = forms["batteries"]
    batteries = {i: boxes[f"unit{i}"].data for i in ids} if boxes is not None else {}
    form = forms["test"]
    services.record_tests(
        ids, form.results(), actor=current_actor(), batteries=batteries, note=form.note.data or ""
    )  # fmt: skip
    return ngettext("%(num)s test is recorded.", "%(num)s tests are recorded.", len(ids))


def _no_media(forms: dict[str, Any], ids: list[int]) -> str:
    count_media_many(ids, forms["no_media"].seen_how.data, actor=current_actor())
    return ngettext(
        "%(num)s device is noted as without storage medium.",
        "%(num)s devices are noted as without storage medium.",
        len(ids),
    )


def _ready(forms: dict[str, Any], ids: list[int]) -> str:
    services.make_ready_many(ids, actor=current_actor(), **forms["ready"].terms())
    return (
        ngettext("%(num)s device is ready.", "%(num)s devices are ready.", len(ids))
        + " "
        + _("Print their labels from the list of ready devices.")
    )
