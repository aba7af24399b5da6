"""Reports dropped in one go, what they left, and the device chosen for each by hand."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.erasure import dropping, filed, words
from reuse_market.erasure.check_forms import AsideForm, DropForm, MatchForm
from reuse_market.erasure.filing import ADVICE
from reuse_market.erasure.models import ErasureReport
from reuse_market.erasure.report_models import ASIDE
from reuse_market.kernel import files
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.sniffing import sniff
from reuse_market.kernel.words import N_
from reuse_market.units.labels import codes_of
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]
ROWS = 20  # reports of a page, beside the lines that wait
NAMED, NAME = 3, 60  # files named for each reason, and how much of their name: a notice travels in a cookie
REPORT = "/effacements/<int:report_id>"
LINE = "/effacements/lignes/<int:entry_id>"
ENDINGS = {"application/pdf": "pdf", "application/xml": "xml", "text/csv": "csv", "text/plain": "txt"}


@access("waste-keeper")
def reports() -> Page:
    """Drop reports; what they left, and those received."""
    form, status = DropForm.from_request(), 200
    if request.method == "POST":
        status = _dropped(form)
        if status == 302:
            return redirect(url_for("erasure.reports"))
    here = current_actor().organisation_id or 0
    pager = Pager.asked(filed.count(here), ROWS)
    waiting: dict[str, list[filed.Line]] = defaultdict(list)
    for line in filed.waiting(here):
        waiting[line.entry.advice or ADVICE[line.entry.left or ""]].append(line)
    return render_template(
        "erasure/reports.html", form=form, pager=pager, rows=filed.rows(here, pager.limit, pager.offset),
        waiting=waiting, left=filed.count_waiting(here), most=filed.MOST_WAITING, words=words,
        own_hand=current_actor().own_hand, here=_bench(),
    ), status  # fmt: skip


@access("waste-keeper")
def report(report_id: int) -> str:
    """One report and its lines."""
    return _page(_mine(report_id), None)


@access("waste-keeper")
def match_again(report_id: int) -> Response:
    """Try once more what it left."""
    done = dropping.match_again(report_id, actor=current_actor())
    text = ngettext("%(num)s more certificate is recorded.", "%(num)s more certificates are recorded.", done)
    flash(text, "success" if done else "warning")
    return redirect(url_for("erasure.report", report_id=report_id))


@access("waste-keeper")
def match(entry_id: int) -> Page:
    """Choose the device of a line."""
    entry = filed.entry(entry_id, current_actor().organisation_id or 0)
    form = MatchForm.from_request(prefix=f"line{entry_id}")
    status = 422
    if form.validate():
        ids = filed.units_of(current_actor().organisation_id or 0, form.code.data)
        with telling(form) as outcome:
            if len(ids) != 1:
                raise filed.not_one(ids)
            dropping.match_by_hand(entry_id, ids[0], actor=current_actor())
        if outcome.ok:
            flash(_("The certificate is recorded."), "success")
            return redirect(url_for("erasure.report", report_id=entry.report_id))
        status = outcome.status
    return _page(_mine(entry.report_id), form), status


@access("waste-keeper")
def undo(entry_id: int) -> Page:
    """Take a match made by hand back."""
    entry, form = filed.entry(entry_id, current_actor().organisation_id or 0), Form()
    aside = entry.left in ASIDE
    with telling(form) as outcome:
        dropping.undo_match(entry_id, actor=current_actor())
    if not outcome.ok:
        return _page(_mine(entry.report_id), form), outcome.status
    taken_back = _("The match is taken back: its certificate no longer counts.")
    flash(_("The line waits for its device again.") if aside else taken_back, "success")
    return redirect(url_for("erasure.report", report_id=entry.report_id))


@access("waste-keeper")
def set_aside(entry_id: int) -> Page:
    """Say why a line waits for no device."""
    entry = filed.entry(entry_id, current_actor().organisation_id or 0)
    form, status = AsideForm.from_request(prefix=f"aside{entry_id}"), 422
    if form.validate():
        with telling(form) as outcome:
            dropping.set_aside(entry_id, form.reason.data, actor=current_actor())
        if outcome.ok:
            flash(_("The line is set aside: it waits no longer."), "success")
            return redirect(url_for("erasure.report", report_id=entry.report_id))
        status = outcome.status
    return _page(_mine(entry.report_id), form), status


@access("waste-keeper")
def original(report_id: int) -> Response:
    """The file as it was dropped."""
    found = _mine(report_id)
    data = files.get(found.sha256)
    kind = sniff(data)
    ending = ENDINGS.get(kind or "", "bin")
    return send_file(
        io.BytesIO(data), mimetype=kind if kind in ENDINGS else "application/octet-stream", as_attachment=True,
        download_name=f"rapport-effacement-{report_id}.{ending}",
    )  # fmt: skip


def _dropped(form: DropForm) -> int:
    """302 when the files are received; told in words how each went."""
    with telling(form) as outcome:
        told = dropping.drop_reports(dropping.opened(form.given()), actor=current_actor())
        _say(told)
    return 302 if outcome.ok else outcome.status


def _say(told: Sequence[dropping.Received]) -> None:
    """What became of the files: three sentences at most, then one for each reason a file was not read."""
    fresh, again = sum(not one.again for one in told), sum(one.again for one in told)
    recorded, left = filed.totals(told)
    if fresh:
        text = ngettext("%(num)s file is received.", "%(num)s files are received.", fresh) + " "
        counted = ngettext("%(num)s certificate is recorded.", "%(num)s certificates are recorded.", recorded)
        text += counted if recorded else _("No certificate is recorded.")
        flash(text, "success" if recorded else "warning")
    if left:
        flash(
            ngettext("%(num)s line waits for its device.", "%(num)s lines wait for their device.", left),
            "warning",
        )
    if again:
        flash(
            ngettext("%(num)s file was here already: nothing changed.",
                     "%(num)s files were here already: nothing changed.", again),
            "warning",
        )  # fmt: skip
    _say_refused([one for one in told if one.trouble and not one.again])


def _say_refused(refused: Sequence[dropping.Received]) -> None:
    """One notice for each reason a file was not read, with the files it holds for."""
    reasons = dict.fromkeys(one.trouble or "unknown" for one in refused)
    for reason in reasons:
        names = [one.name[:NAME] for one in refused if (one.trouble or "unknown") == reason]
        said, left = ", ".join(names[:NAMED]), len(names) - NAMED
        if left > 0:
            said = ngettext("%(names)s and %(num)s other", "%(names)s and %(num)s others", left, names=said)
        flash(f"{said} – {_(words.TROUBLES[reason])}", "warning")


def _bench() -> int | None:
    """The workshop of who reads, None for a holder."""
    return current_actor().organisation_id if current_actor().has("reuse_actor") else None


def _mine(report_id: int) -> ErasureReport:
    found = filed.report(report_id, current_actor())
    if found is None:
        raise NotFound(N_("This erasure report does not exist."))
    return found


def _page(found: ErasureReport, failed: Form | None) -> str:
    lines = filed.lines(found.id)
    pager = Pager.asked(len(lines), 10)
    shown = lines[pager.offset : pager.offset + pager.limit]
    forms = {one.entry.id: MatchForm(prefix=f"line{one.entry.id}") for one in shown if not one.recorded}
    aside = {one.entry.id: AsideForm(prefix=f"aside{one.entry.id}") for one in shown if one.waits}
    prefix = getattr(failed, "_prefix", "")
    if failed is not None and prefix.startswith("line"):
        forms[int(prefix.removeprefix("line").rstrip("-"))] = failed
    return render_template(
        "erasure/report.html", report=found, lines=shown, forms=forms, failed=failed, words=words, pager=pager,
        advice=ADVICE, aside=aside, may=current_actor().own_hand and current_actor().is_org(found.organisation_id),
        left=sum(1 for one in lines if one.waits), here=_bench(),
        codes=codes_of([one.unit.id for one in shown if one.unit is not None]),
    )  # fmt: skip


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    add = blueprint.add_url_rule
    add("/effacements", view_func=reports, methods=["GET", "POST"])
    add(REPORT, view_func=report)
    add(f"{REPORT}/rapprocher", view_func=match_again, methods=["POST"])
    add(f"{REPORT}/fichier", view_func=original)
    add(f"{LINE}/appareil", view_func=match, methods=["POST"])
    add(f"{LINE}/annuler", view_func=undo, methods=["POST"])
    add(f"{LINE}/ecarter", view_func=set_aside, methods=["POST"])
