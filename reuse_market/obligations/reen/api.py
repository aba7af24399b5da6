"""`/reen`: the REEN rate of public bodies, year by year, for them and those who oversee."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation
from reuse_market.documents.rendering import Lang
from reuse_market.kernel import clock
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.obligations.reen import policy, reading, schemas, services
from reuse_market.obligations.reen.counting import Item, why_not
from reuse_market.obligations.reen.reen_models import ReenLine
from reuse_market.web import rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST

reen = rest.Collection("reen", "The share of discarded devices that a public body orients to reuse.")
collections = (reen,)
YEAR = "/reen/<int(min=1, max=9999):year>"
LINE = f"/reen/lines/<int(min=1, max={BIGGEST}):line_id>"
COLUMNS = (
    "id", "year", "role", "outlet", "kind", "units", "left_on", "committed", "justified", "exclusion", "reference",
    "reason", "deleted_at",
)  # fmt: skip
ITEM = (
    "unit_id", "kind", "why", "outlet", "state", "lot", "proof", "mark", "discarded_on", "left_on",
)  # fmt: skip


@reen.read("/reen", rule="party", shape=schemas.ReenBodySchema, listed=True)
def list_bodies(query: dict[str, Any]) -> dict[str, Any]:
    """The bodies whose sheet one may read: one's own, all of them for those who oversee."""
    actor, after = current_actor(), rest.after(query["cursor"]) or 0
    if actor.has(*policy.OVERSEERS):
        rows = reading.bodies(after=after or -1, limit=query["limit"] + 1)
    else:
        own = accounts.organisation(actor.organisation_id or 0) if actor.has("holder") else None
        rows = [own] if own is not None and own.id > after and reading.concerned(own.id) else []
    return rest.page(rows, query["limit"], lambda row: row.id, _body)


@reen.read(YEAR, rule="party", shape=schemas.ReenSheetSchema, query=schemas.ReenHolderQuery)
def get_sheet(query: dict[str, Any], year: int) -> dict[str, Any]:
    """A year: A, B, the rate, what counts by each way out and why the rest does not."""
    holder_id = _holder(query["holder_id"])
    found = reading.sheet(holder_id, year)
    own = policy.may_write(current_actor(), holder_id)
    verbs = ["add-line", "mark-units", "unmark-units"] if own and year <= clock.today().year else []
    return {
        "holder_id": holder_id, "year": year, "stock": found.base, "oriented": found.oriented,
        "rate_per_mille": found.per_mille, "target_per_mille": found.target_per_mille,
        "reached": found.reached, "lacking": found.lacking, "unproven": found.unproven,
        "by_gift": found.kpi("gift"), "by_sale": found.kpi("sale"), "excluded": why_not(found.stock),
        "outlets": [
            {"outlet": one.code, "left": one.left, "counted": one.counted, "missing": dict(one.missing)}
            for one in found.outlets()
        ],
        "actions": [*verbs, *(["issue-sheet"] if verbs and policy.may_issue(current_actor(), holder_id) else [])],
        "links": {"self": rest.address("reen", year), "page": f"/reen/{year}"},
    }  # fmt: skip


@reen.read(
    f"{YEAR}/units", rule="party", shape=schemas.ReenUnitSchema, listed=True, query=schemas.ReenFigureQuery,
    name="units",
)  # fmt: skip
def list_units(query: dict[str, Any], year: int) -> dict[str, Any]:
    """The devices behind a figure, by id."""
    found = reading.sheet(_holder(query["holder_id"]), year)
    items = found.stock if query["figure"] == "stock" else found.left
    after = rest.after(query["cursor"]) or 0
    rows = [item for item in items if item.unit_id is not None and item.unit_id > after]
    return rest.page(rows[: query["limit"] + 1], query["limit"], lambda item: item.unit_id, _item)


@reen.read(
    f"{YEAR}/lines", rule="party", shape=schemas.ReenLineSchema, listed=True, query=schemas.ReenHolderPaging,
    name="lines",
)  # fmt: skip
def list_lines(query: dict[str, Any], year: int) -> dict[str, Any]:
    """What was typed for the year, deleted lines among them."""
    after = rest.after(query["cursor"]) or 0
    rows = [row for row in reading.lines_of(_holder(query["holder_id"]), year) if row.id > after]
    return rest.page(rows[: query["limit"] + 1], query["limit"], lambda row: row.id, _line)


@reen.read(LINE, rule="party", shape=schemas.ReenLineSchema, name="line")
def get_line(line_id: int) -> dict[str, Any]:
    """One typed line."""
    row = reading.line(line_id)
    if row is None or not policy.may_read(current_actor(), row.organisation_id):
        raise NotFound(services.UNKNOWN)
    return _line(row)


@reen.verb(
    f"{YEAR}:add-line", rule="holder", body=schemas.ReenLineInput, shape=schemas.ReenLineSchema, status=201
)
def add_line(values: dict[str, Any], year: int) -> dict[str, Any]:
    """Type a line: a correction of the stock, or what left outside the platform."""
    proof = _bytes(values.pop("proof"))
    return _line(services.add_line(year, actor=current_actor(), proof=proof, **values))


@reen.verb(f"{LINE}:change", rule="holder", body=schemas.ReenLineInput, shape=schemas.ReenLineSchema)
def change(values: dict[str, Any], line_id: int) -> dict[str, Any]:
    """Say a line otherwise."""
    proof = _bytes(values.pop("proof"))
    return _line(services.change_line(line_id, actor=current_actor(), proof=proof, **values))


@reen.verb(f"{LINE}:delete", rule="holder", shape=schemas.ReenLineSchema)
def delete(line_id: int) -> dict[str, Any]:
    """Delete a line; it can be restored."""
    return _line(services.delete_line(line_id, actor=current_actor()))


@reen.verb(f"{LINE}:restore", rule="holder", shape=schemas.ReenLineSchema)
def restore(line_id: int) -> dict[str, Any]:
    """Bring a deleted line back."""
    return _line(services.restore_line(line_id, actor=current_actor()))


@reen.verb(f"{YEAR}:mark-units", rule="holder", body=schemas.ReenMarkInput, shape=schemas.ReenMarkedSchema)
def mark_units(values: dict[str, Any], year: int) -> dict[str, Any]:
    """Leave devices out of the calculation, or say how their reuse is justified."""
    count = services.mark_units(values.pop("units"), values.pop("code"), actor=current_actor(), **values)
    return {"units": count}


@reen.verb(
    f"{YEAR}:unmark-units", rule="holder", body=schemas.ReenUnmarkInput, shape=schemas.ReenMarkedSchema
)
def unmark_units(values: dict[str, Any], year: int) -> dict[str, Any]:
    """Take marks back."""
    return {"units": services.unmark_units(values["units"], actor=current_actor())}


@reen.verb(f"{YEAR}:issue-sheet", rule="holder", shape=schemas.ReenPaperSchema)
def issue_sheet(year: int) -> dict[str, Any]:
    """Issue the sheet as a numbered PDF, read under `/documents/{number}`; the same figures give the same one."""
    lang: Lang = "en" if str(get_locale())[:2] == "en" else "fr"
    made, new = services.issue_sheet(year, actor=current_actor(), lang=lang)
    return {"number": made.number, "verification_code": made.verification_code, "new": new}


def _holder(asked: int | None) -> int:
    actor = current_actor()
    holder_id = asked if asked is not None else actor.organisation_id or 0
    if not policy.may_read(actor, holder_id) and asked is None:
        raise services.not_allowed(holder_id)
    if not policy.may_read(actor, holder_id) or not reading.concerned(holder_id):
        raise NotFound(N_("This organisation has no REEN sheet."))
    return holder_id


def _body(row: Organisation) -> dict[str, Any]:
    links = {"self": f"{rest.address('reen', clock.today().year)}?holder_id={row.id}"}
    return {"holder_id": row.id, "name": row.name, "actions": [], "links": links}


def _item(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ITEM}


def _line(row: ReenLine) -> dict[str, Any]:
    own = policy.may_write(current_actor(), row.organisation_id)
    verbs = ["restore"] if row.deleted_at else ["change", "delete"]
    return {name: getattr(row, name) for name in COLUMNS} | {
        "proof_sha256": row.sha256, "actions": verbs if own else [],
        "links": {"self": rest.address("reen", "lines", str(row.id)), "sheet": rest.address("reen", row.year)},
    }  # fmt: skip


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        detail = _("Enter this in the form described above.")
        raise rest.Refused([{"field": "proof", "detail": detail}]) from None
