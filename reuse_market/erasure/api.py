"""`/erasure-reports` and `/erasure-checks`: reports dropped as they are, and second looks."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from reuse_market.erasure import checking, dropping, extracts, filed, seconding
from reuse_market.erasure import report_schemas as schemas
from reuse_market.erasure.filing import ADVICE, UNKNOWN
from reuse_market.erasure.models import ErasureCheck, ErasureReport
from reuse_market.erasure.report_models import NOT_WAITING
from reuse_market.kernel.errors import NotFound
from reuse_market.web import bodies, rest
from reuse_market.web.access import current_actor

ID = "int(min=1, max=2147483647)"
REPORT = f"/erasure-reports/<{ID}:report_id>"
LINE = f"{REPORT}/lines/<{ID}:number>"
CHECK = f"/erasure-checks/<{ID}:check_id>"
FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
BODY = {
    "requestBody": {
        "required": True,
        "description": "A report as its tool made it, a ZIP of reports, or several files of a form; 5 MB each.",
        "content": {
            "application/octet-stream": {"schema": FILE},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"files": {"type": "array", "items": FILE}}}
            },
        },
    },
}
erasure_reports = rest.Collection("erasure-reports", "Reports of erasing tools, dropped as they are.")
erasure_checks = rest.Collection("erasure-checks", "Second looks at erasures by another person.")
collections = (erasure_reports, erasure_checks)


def opened() -> list[dropping.Opened]:
    """The files sent, read outside the transaction."""
    if request.mimetype == "multipart/form-data":
        sent = [one for _name, one in request.files.items(multi=True)]
        return dropping.opened([(one.filename or "rapport", one.read()) for one in sent])
    body = bodies.raw()
    if not body.stat().st_size:
        raise rest.missing("files")
    return dropping.opened([("rapport", body.read_bytes())])


@erasure_reports.verb(
    "/erasure-reports", rule="waste-keeper", shape=schemas.ErasureDropSchema, before=opened, documented=BODY
)
def drop_reports(prepared: list[dropping.Opened]) -> dict[str, Any]:
    """Drop reports: each medium is matched to its device by serial number and gets its certificate."""
    told = dropping.drop_reports(prepared, actor=current_actor())
    recorded, waiting = filed.totals(told)
    rows = [
        (
            _shown(one.report)
            if one.report is not None
            else {"id": None, "lines": [], "links": {}, "actions": []}
        )
        | {"name": one.name, "again": one.again, "trouble": one.trouble}
        for one in told
    ]
    return {"reports": rows, "recorded": recorded, "waiting": waiting}


@erasure_reports.read("/erasure-reports", rule="waste-keeper", shape=schemas.ErasureReportSchema, listed=True)
def list_reports(query: dict[str, Any]) -> dict[str, Any]:
    """The reports received, the newest first."""
    after, limit = rest.after(query["cursor"]), query["limit"]
    rows = filed.rows(current_actor().organisation_id or 0, limit + 1, after=after)
    return rest.page(rows, limit, lambda row: row.report.id, lambda row: _shown(row.report))


@erasure_reports.read(REPORT, rule="waste-keeper", shape=schemas.ErasureReportSchema)
def get_report(report_id: int) -> dict[str, Any]:
    """A report, what each of its lines proves, and what is left."""
    return _shown(_mine(report_id))


@erasure_reports.verb(f"{REPORT}:match-again", rule="waste-keeper", shape=schemas.ErasureReportSchema)
def match_again(report_id: int) -> dict[str, Any]:
    """Try once more what a report left."""
    _mine(report_id)
    dropping.match_again(report_id, actor=current_actor())
    return _shown(_mine(report_id))


@erasure_reports.verb(
    f"{LINE}:match",
    rule="waste-keeper",
    body=schemas.ReportMatchInput,
    shape=schemas.ErasureReportSchema,
    name="lines.match",
)
def match_line(values: dict[str, Any], report_id: int, number: int) -> dict[str, Any]:
    """Say which device a line is about."""
    entry = filed.numbered(report_id, number, current_actor().organisation_id or 0)
    dropping.match_by_hand(entry.id, values["unit"], actor=current_actor())
    return _shown(_mine(report_id))


@erasure_reports.verb(
    f"{LINE}:undo", rule="waste-keeper", shape=schemas.ErasureReportSchema, name="lines.undo"
)
def undo_line(report_id: int, number: int) -> dict[str, Any]:
    """Take a match made by hand back."""
    entry = filed.numbered(report_id, number, current_actor().organisation_id or 0)
    dropping.undo_match(entry.id, actor=current_actor())
    return _shown(_mine(report_id))


@erasure_reports.verb(
    f"{LINE}:set-aside",
    rule="waste-keeper",
    body=schemas.ReportAsideInput,
    shape=schemas.ErasureReportSchema,
    name="lines.set_aside",
)
def set_line_aside(values: dict[str, Any], report_id: int, number: int) -> dict[str, Any]:
    """Say why a line waits for no device; `:undo` takes it up again."""
    entry = filed.numbered(report_id, number, current_actor().organisation_id or 0)
    dropping.set_aside(entry.id, values["reason"], actor=current_actor())
    return _shown(_mine(report_id))


@erasure_checks.read("/erasure-checks", rule="waste-keeper", shape=schemas.ErasureCheckSchema, listed=True)
def list_checks(query: dict[str, Any]) -> dict[str, Any]:
    """The lists made, the newest first."""
    after, limit = rest.after(query["cursor"]), query["limit"]
    rows = seconding.checks(current_actor().organisation_id or 0, limit + 1, after=after)
    return rest.page(rows, limit, lambda row: row.id, _check)


@erasure_checks.read(CHECK, rule="waste-keeper", shape=schemas.ErasureCheckSchema)
def get_check(check_id: int) -> dict[str, Any]:
    """A list, what was drawn, and its signature."""
    found = seconding.check(check_id)
    if found is None or not seconding.may_see(current_actor(), found):
        raise NotFound(checking.NO_CHECK)
    return _check(found)


@erasure_checks.verb(
    "/erasure-checks",
    rule="waste-keeper",
    body=schemas.ErasureDrawInput,
    shape=schemas.ErasureCheckSchema,
    status=201,
)
def draw_check(values: dict[str, Any]) -> dict[str, Any]:
    """List the certificates of a lot nobody has looked at, and draw those to look at."""
    stream = f"lot/{values['lot']}"
    return _check(checking.draw_check(stream, values["how"], values.get("percent"), actor=current_actor()))


@erasure_checks.verb(
    f"{CHECK}:sign", rule="waste-keeper", body=schemas.ErasureSignInput, shape=schemas.ErasureCheckSchema
)
def sign_check(values: dict[str, Any], check_id: int) -> dict[str, Any]:
    """Sign a list, as another person than who erased or recorded."""
    return _check(checking.sign_check(check_id, actor=current_actor(), **values))


def _mine(report_id: int) -> ErasureReport:
    found = filed.report(report_id, current_actor())
    if found is None:
        raise NotFound(dropping.NO_REPORT)
    return found


def _shown(report: ErasureReport) -> dict[str, Any]:
    lines = [
        {
            "number": one.entry.number, "left": one.entry.left, "certificate": one.entry.certificate_id,
            "unit": one.unit.id if one.unit else None, "by_hand": one.entry.by_hand,
            "detail": "" if one.recorded else _detail(one),
        } | {name: getattr(one.stated, name) for name in ("serial", "model", "kind", "result", "technique")}
        for one in sorted(filed.lines(report.id), key=lambda one: one.entry.number)
    ]  # fmt: skip
    waiting = any(one["left"] and one["left"] not in NOT_WAITING for one in lines)
    names = ("id", "name", "format", "trouble", "sha256", "received_at")
    return {name: getattr(report, name) for name in names} | {
        "again": False, "lines": lines, "actions": ["match-again"] if waiting else [],
        "links": {"self": rest.address("erasure-reports", report.id), "page": f"/effacements/{report.id}"},
    }  # fmt: skip


def _detail(line: filed.Line) -> str:
    """What to do with a line that waits."""
    text = line.entry.advice or ADVICE[line.entry.left or UNKNOWN]
    return _(text)


def _check(found: ErasureCheck) -> dict[str, Any]:
    names = ("id", "how", "percent", "seed", "made_at", "signed_at", "signer_name")
    rows = [
        {"certificate": one.certificate.id, "unit": one.unit.id, "drawn": one.drawn, "accepted": one.accepted}
        for one in seconding.lines(found.id)
    ]
    return {name: getattr(found, name) for name in names} | {
        "list_sha256": found.list_sha256 or extracts.digest(extracts.sheet(found.id)),
        "lot": found.stream.partition("/")[2], "certificates": rows,
        "actions": [] if found.signed_at else ["sign"],
        "links": {"self": rest.address("erasure-checks", found.id), "page": f"/effacements/controles/{found.id}"},
    }  # fmt: skip
