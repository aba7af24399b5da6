"""The holder proves the erasure of a lot's devices before they leave: many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.erasure import bulk
from reuse_market.erasure import queries as erasure
from reuse_market.erasure import words as erasure_words
from reuse_market.erasure.forms import AttestForm, ReportForm, WhichForm, report_form
from reuse_market.erasure.gate import DEFAULT_POLICY
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots import erasing, queries, words
from reuse_market.lots.erasing import Standing
from reuse_market.lots.models import Lot
from reuse_market.lots.views.shared import own
from reuse_market.units import queries as units
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]
Found = list[Standing]
ROWS = 10  # devices on a page, which also holds the form of a report


def with_holder(reference: str) -> Lot:
    """One's own lot that has units: published or over."""
    lot = own(reference, current_actor())
    if lot.published_at is None:
        raise Conflict(N_("Publish the lot first: its devices are then ready to be proven one by one."))
    return lot


@access("holder")
def erasures(reference: str) -> Page:
    """The lot's devices still here, what each one's erasure lacks, and the acts for several."""
    lot = with_holder(reference)
    found = erasing.standings(lot)
    forms = _forms(lot, found)
    more = request.form.get("do") == "more"  # only shows the rest of the form: nothing is done
    status = _act(forms, found) if request.method == "POST" and not more else 200
    if status == 302:
        return redirect(url_for("lots.erasures", reference=reference, preuve=request.args.get("preuve")))
    return _page(lot, found, forms), status


def _page(lot: Lot, found: Found, forms: dict[str, Any]) -> str:
    lacking_only = request.args.get("preuve") == "sans"
    listed = [one for one in found if not one.gate.passed] if lacking_only else found
    pager = Pager.asked(len(listed), ROWS)
    return render_template(
        "erasure/lot.html", lot=lot, forms=forms, progress=erasing.progress(found), pager=pager,
        rows=erasing.page_of(listed, offset=pager.offset, limit=pager.limit), lacking_only=lacking_only,
        lines={line.number: line for line in queries.lines(lot.id)}, erasure_words=erasure_words,
        asked=lot.erasure_policy or DEFAULT_POLICY, failed=_failed(forms), kinds=words.kind_labels(),
        more=request.form.get("do") == "more" or any(one.data or one.errors for one in forms["report"].details()),
    )  # fmt: skip


def _forms(lot: Lot, found: Found) -> dict[str, Any]:
    actor = current_actor()
    lacking = erasing.progress(found).lines
    which: Any = WhichForm.from_request()
    which.offer({
        line.number: ngettext("%(label)s: %(num)s without proof", "%(label)s: %(num)s without proof",
                              lacking[line.number], label=line.label)
        for line in queries.lines(lot.id) if line.number in lacking
    })  # fmt: skip
    last = erasure.last_certificate(actor.organisation_id or 0, "ssd")
    return {
        "which": which,
        "none": AttestForm.from_request(prefix="none"),
        "report": report_form(last, actor.person_name),
    }


def _act(forms: dict[str, Any], found: Found) -> int:
    """Do what the button pressed says: 302 when done."""
    doing = request.form.get("do", "")
    if kind := doing.removeprefix("storeless:") if doing.startswith("storeless:") else "":
        return _told(forms["which"], lambda: _attest(erasing.lacking_ids(found, kind=kind), "model"))
    if doing not in ("none", "report"):
        return 422
    faults = [form for form in (forms["which"], forms[doing]) if not form.validate()]
    if faults:
        return 422
    verbs: dict[str, Callable[[], str]] = {
        "none": lambda: _attest(_chosen(forms["which"], found), forms["none"].seen_how.data),
        "report": lambda: _record(_chosen(forms["which"], found), forms["report"]),
    }
    return _told(forms[doing], verbs[doing])


def _told(form: Any, verb: Callable[[], str]) -> int:
    with telling(form) as outcome:
        flash(verb(), "success")
    return 302 if outcome.ok else outcome.status


def _chosen(which: WhichForm, found: Found) -> list[int]:
    """The units meant; those of another lot are not among them."""
    if which.line.data:
        return erasing.lacking_ids(found, line=which.line.data, count=which.count.data or bulk.MOST_UNITS)
    ticked = set(which.units.data or ())
    ids = [one.unit_id for one in found if one.unit_id in ticked]
    if not ids:
        raise Invalid(N_("Tick at least one device, or choose a line."))
    return ids


def _attest(ids: list[int], seen_how: str) -> str:
    done = bulk.count_for_many(ids[: bulk.MOST_UNITS], (), seen_how, actor=current_actor())
    return ngettext(
        "%(num)s device is noted as without storage medium.",
        "%(num)s devices are noted as without storage medium.",
        done,
    )


def _record(ids: list[int], form: ReportForm) -> str:
    told = form.told(units.by_ids(ids))
    made = bulk.record_for_many(ids, told, actor=current_actor(), file=form.report())
    return ngettext("%(num)s certificate is recorded.", "%(num)s certificates are recorded.", len(made)) + (
        "" if told.proof.result == "ok" else " " + _("It says that the erasure did not succeed.")
    )


def _failed(forms: dict[str, Any]) -> Any:
    return next((form for form in forms.values() if form.errors), None)


def register(blueprint: Blueprint) -> None:
    """Give the page its address."""
    path = "/lots/<string:reference>/effacement"
    blueprint.add_url_rule(path, view_func=erasures, methods=["GET", "POST"])
