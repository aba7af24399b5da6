"""Step 3 of an import: what is new, changed, gone, unsure or to correct, on one screen, confirmed in one act."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.fleets import comparing, decisions, queries, services, staging, words
from reuse_market.fleets.comparing import Asked
from reuse_market.fleets.forms import answers_form
from reuse_market.fleets.models import InventoryImport
from reuse_market.fleets.services.discarding import Decision
from reuse_market.fleets.views.base import Page, blueprint, kind_names
from reuse_market.fleets.views.importing import steps
from reuse_market.fleets.views.progress import applied, at_work
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import date_long, number
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

FIRST = 5  # of each list, until one asks for the whole of it
LISTS = {"changed": "known", "gone": "gone", "unsure": "unsure"}


@blueprint.route("/parc/importer/<int:import_id>/verifier", methods=["GET", "POST"])
@access("holder")
def verify(import_id: int) -> Page:
    """Step 3: what the file changes, the answers for what it lacks; then all of it at once."""
    row = queries.get_import(import_id, current_actor())
    if row.state == "done":
        return redirect(url_for("fleets.done", import_id=import_id))
    if row.state == "read":
        return redirect(url_for("fleets.columns", import_id=import_id))
    if (working := at_work(row)) is not None:
        return working
    counts = comparing.counts(import_id)
    lists = _lists(row, counts)
    form, status = _form(row, lists), 200
    if form.accepted():
        with telling(form) as outcome:
            _answered(row, form)
        if outcome.ok and form.data["do"] != "keep":
            return redirect(url_for("fleets.done", import_id=import_id))
        if outcome.ok:
            return redirect(request.full_path.rstrip("?"))
        status = outcome.status
    pager = lists["problems"]["pager"]
    records = queries.problems(import_id, offset=pager.offset, limit=pager.limit)
    return render_template(
        "fleets/verify.html", row=row, mapping=row.mapping or {}, pager=pager, lines=_problem_lines(records),
        notes=[words.said(staging.reason_of(note)) for note in (row.mapping or {}).get("notes", [])],
        warned=_warned(row), steps=steps(import_id), words=words, form=form, counts=counts, lists=lists,
        kinds=kind_names(), changes=_changes, whole=request.args.get("liste", ""),
    ), status  # fmt: skip


def _lists(row: InventoryImport, counts: dict[str, int]) -> dict[str, dict[str, Any]]:
    """Of each list: its page (the first few until asked for whole) and its rows."""
    whole = request.args.get("liste", "")
    shown: dict[str, dict[str, Any]] = {"problems": {"rows": []}}
    problems = row.to_correct + row.set_aside
    shown["problems"]["pager"] = Pager.asked(problems) if whole in ("", "problems") else Pager(problems)
    for name, verdict in LISTS.items():
        pager = Pager.asked(counts[name]) if whole == name else Pager(counts[name], size=FIRST)
        rows = comparing.asked(row.id, verdict, offset=pager.offset, limit=pager.limit)
        shown[name] = {"pager": pager, "rows": rows}
    return shown


def _form(row: InventoryImport, lists: dict[str, dict[str, Any]]) -> Form:
    """The answers so far, general and of each record on the page."""
    general = (row.mapping or {}).get("answers", {})
    day, number_, author = (row.mapping or {}).get("decision") or ("", "", "")
    records = [
        (asked.record.id, asked.record.verdict, asked.record.facts.get("answer", ""))
        for name in ("unsure", "gone")
        for asked in lists[name]["rows"]
    ]
    return answers_form(
        records, decides=decisions.must_decide(row.organisation_id),
        gone=general.get("gone", "unknown"), unsure=general.get("unsure", "two"),
        decided_on=dt.date.fromisoformat(day) if day else None, decision_number=number_, decided_by=author,
    )  # fmt: skip


def _answered(row: InventoryImport, form: Form) -> None:
    """Keep the answers of the page; bring all in when that was asked."""
    actor, data = current_actor(), form.data
    each = {int(name[5:]): value or "" for name, value in data.items() if name.startswith("each_")}
    decided = "decided_on" in data
    services.answer_import(
        row.id, actor=actor, gone=data["gone"] or None, unsure=data["unsure"] or None, each=each,
        decision=Decision(data["decided_on"], data["decision_number"] or "", data["decided_by"] or "")
        if decided else None,
    )  # fmt: skip
    if data["do"] != "keep":
        applied(row)


def _changes(asked: Asked) -> list[tuple[str, str, str]]:
    """Field, before, after of a device, in words."""
    return [
        (_(words.CHANGED[field]), _said(field, old), _said(field, new))
        for field, (old, new) in asked.record.facts.get("changes", {}).items()
        if field in words.CHANGED
    ]


def _said(field: str, value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if field == "site_id":
        sites = accounts.sites_of(current_actor().organisation_id or 0)
        return next((site.name for site in sites if site.id == value), _("nothing"))
    if field == "kind":
        return kind_names().get(str(value), str(value))
    if field in ("bought_on", "lease_end"):
        return date_long(dt.date.fromisoformat(str(value)))
    if field in ("ram_mb", "storage_mb"):
        return _("%(count)s MB", count=number(int(value)))
    if field == "screen_tenths":
        comma = "." if str(get_locale()) == "en" else ","
        return f"{int(value) // 10}{comma}{int(value) % 10}″"
    return str(value)


def _problem_lines(records: list[Any]) -> list[dict[str, Any]]:
    """Row, field, value, reason of each problem, one line per fault."""
    lines = []
    for record in records:
        if record.verdict == "set_aside":
            reason = words.said(staging.reason_of(record.facts["reason"]))
            lines.append({"row": record.row, "aside": True, "field": "", "value": "", "reason": reason})
        for fault in record.facts.get("faults", ()):
            told = words.said(staging.reason_of(fault["reason"]))
            field = _(words.FAULTY[fault["field"]])
            lines.append(
                {"row": record.row, "aside": False, "field": field, "value": fault["value"], "reason": told}
            )
    return lines


def _warned(row: InventoryImport) -> list[dict[str, Any]]:
    """What good rows are warned of, by code: the first rows of each, and how many more."""
    return [
        {
            "more": group["count"] - len(group["rows"]),
            "rows": [
                {"row": told["row"], "reason": words.said(staging.reason_of(told))} for told in group["rows"]
            ],
        }
        for group in (row.mapping or {}).get("warned", [])
    ]
