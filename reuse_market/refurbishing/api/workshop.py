"""`/workshop/…`: the figures of this workshop and the labels that wait for the next sheet."""

from __future__ import annotations

import base64
from typing import Any

from reuse_market.documents.label_formats import FORMATS, sheets
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import label_queue as queue
from reuse_market.refurbishing import label_schemas, yields
from reuse_market.refurbishing import workshop_schemas as schemas
from reuse_market.refurbishing.labelling import Selection
from reuse_market.refurbishing.queries import Case
from reuse_market.refurbishing.views.sheets import drawn
from reuse_market.web import rest
from reuse_market.web.access import current_actor

RULE = "reuse-actor"
SHEET = "/workshop/label-sheets/<ref:sheet>"
workshop = rest.Collection("workshop", "A workshop's figures, and the labels it prints together.")


@workshop.read("/workshop/figures", rule=RULE, shape=schemas.FiguresSchema, name="figures")
def get_figures() -> dict[str, Any]:
    """What each unit of the stock waits for, the work of the last 30 days, what passes its first test."""
    here = _here()
    return {
        "waits": [
            {"waits_for": row.code, "units": row.units, "ages": row.ages, "oldest_days": row.oldest}
            for row in yields.waits(here)
        ],
        "days": [
            {"day": row.day, "tested": row.tested, "ready": row.ready, "hours": row.hours,
             "ready_per_hour_tenths": row.per_hour_tenths}
            for row in yields.days(here)
        ],
        "models": [
            {"model": row.name, "kind": row.kind, "tested": row.tested, "passed": row.passed,
             "percent": row.percent}
            for row in yields.success(here)
        ],
    }  # fmt: skip


@workshop.read("/workshop/labels", rule=RULE, shape=schemas.WaitingLabelSchema, listed=True, name="labels")
def list_labels(query: dict[str, Any]) -> dict[str, Any]:
    """The units whose label waits, by number."""
    after, limit = rest.after(query["cursor"]) or 0, query["limit"]
    rows = sorted((case for case in queue.waiting(_here()) if case.unit.id > after), key=_number)
    return rest.page(rows[: limit + 1], limit, _number, _label)


@workshop.verb("/workshop/labels:add", rule=RULE, body=schemas.LabelsInput, shape=schemas.LabelsAddedSchema,
               name="add-labels")  # fmt: skip
def add_labels(values: dict[str, Any]) -> dict[str, Any]:
    """Put labels in the queue; a unit without a code gets one."""
    added = queue.add(values["units"], actor=current_actor())
    return {"added": added, "waiting": queue.count(_here())}


@workshop.verb("/workshop/labels/<int(min=1, max=2147483647):unit_id>:drop", rule=RULE,
               shape=schemas.WaitingLabelSchema, name="drop-label")  # fmt: skip
def drop_label(unit_id: int) -> dict[str, Any]:
    """Take a label out of the queue."""
    found = next((case for case in queue.waiting(_here()) if case.unit.id == unit_id), None)
    if found is None:
        raise NotFound(queue.NOT_WAITING)
    told = _label(found)
    queue.drop(unit_id, actor=current_actor())
    return told | {"actions": []}


@workshop.verb("/workshop/labels:print", rule=RULE, body=label_schemas.LabelSheetInput,
               shape=schemas.QueuedSheetSchema, name="print-labels")  # fmt: skip
def print_labels(values: dict[str, Any]) -> dict[str, Any]:
    """Take all that waits (480 at most) as one sheet, marked printed."""
    form, start = values["form"], values["start"]
    if start > FORMATS[form].per_sheet:
        raise Invalid(
            N_("Choose a paper, and a place that its sheet has."), field="start", code="labels.start"
        )
    name = queue.print_queue(actor=current_actor())
    found = Selection("list", "attente", cases=[case for case in queue.of_sheet(name, _here()) if case.code])
    data = drawn(found, form, start)
    return {"sheet": name, "form": form, "labels": found.units, "sheets": sheets(form, found.units, start),
            "pdf": base64.b64encode(data).decode()}  # fmt: skip


@workshop.read("/workshop/label-sheets", rule=RULE, shape=schemas.PrintedSheetSchema, listed=True,
               name="label-sheets")  # fmt: skip
def list_sheets(query: dict[str, Any]) -> dict[str, Any]:
    """The last sheets printed, the newest first: one page."""
    rest.after(query["cursor"])
    rows = queue.sheets(_here())[: query["limit"]]
    return rest.page(rows, query["limit"], lambda row: row[0], _printed)


@workshop.read(SHEET, rule=RULE, shape=schemas.PrintedSheetSchema, name="label-sheet")
def get_sheet(sheet: str) -> dict[str, Any]:
    """One of them."""
    found = next((row for row in queue.sheets(_here()) if row[0] == sheet), None)
    if found is None:
        raise NotFound(queue.NO_SHEET)
    return _printed(found)


@workshop.verb(f"{SHEET}:put-back", rule=RULE, shape=schemas.LabelsAddedSchema, name="put-labels-back")
def put_back(sheet: str) -> dict[str, Any]:
    """The paper jammed: the labels of a sheet wait again."""
    number = queue.undo(sheet, actor=current_actor())
    return {"added": number, "waiting": queue.count(_here())}


def _here() -> int:
    return current_actor().organisation_id or 0


def _number(case: Case) -> int:
    return case.unit.id


def _label(case: Case) -> dict[str, Any]:
    return {
        "unit_id": case.unit.id, "code": case.code, "kind": case.unit.kind, "actions": ["drop"],
        "links": {"self": rest.address("workshop", "labels", str(case.unit.id)),
                  "page": f"/atelier/appareils/{case.unit.id}"},
    }  # fmt: skip


def _printed(row: tuple[str, Any, int]) -> dict[str, Any]:
    name, at, labels = row
    return {
        "sheet": name, "labels": labels, "printed_at": at, "actions": ["put-back"],
        "links": {"self": rest.address("workshop", "label-sheets", name), "page": "/atelier/etiquettes-en-attente"},
    }  # fmt: skip
