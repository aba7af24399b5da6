"""`/label-series`: labels printed in advance; and the sheet of a lot's, a pick-up's or a series' labels."""

from __future__ import annotations

import base64
from typing import Any

from reuse_market.documents.label_formats import FORMATS, sheets
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import label_schemas as schemas
from reuse_market.refurbishing import labelling
from reuse_market.refurbishing.views.sheets import drawn
from reuse_market.units import series
from reuse_market.units.series import SeriesRow
from reuse_market.web import rest
from reuse_market.web.access import current_actor

SERIES = "/label-series/<ref:reference>"
label_series = rest.Collection(
    "label-series", "Labels printed before any device is known, and who keeps them."
)


@label_series.read("/label-series", rule="waste-keeper", shape=schemas.SeriesSchema, listed=True)
def list_series(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's series, the newest first."""
    after, limit = rest.after(query["cursor"]), query["limit"]
    rows = [
        row for row in series.of_organisation(current_actor().organisation_id or 0)
        if after is None or row.series.id < after
    ]  # fmt: skip
    return rest.page(rows[: limit + 1], limit, lambda row: row.series.id, _row)


@label_series.read(SERIES, rule="waste-keeper", shape=schemas.SeriesSchema)
def get_series(reference: str) -> dict[str, Any]:
    """One series."""
    found = series.seen(reference, current_actor())
    return _row(SeriesRow(found, found.units - len(series.blank_codes(found))))


@label_series.verb(
    "/label-series", rule="waste-keeper", body=schemas.SeriesInput, shape=schemas.SeriesSchema, status=201
)
def create_series(values: dict[str, Any]) -> dict[str, Any]:
    """Issue unbound labels together."""
    return get_series(series.make_series(values.pop("units"), actor=current_actor(), **values).reference)


@label_series.verb(
    f"{SERIES}:hand", rule="waste-keeper", body=schemas.KeeperInput, shape=schemas.SeriesSchema
)
def hand(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say who keeps a series now."""
    series.hand_series(reference, values["kept_by"], actor=current_actor())
    return get_series(reference)


@label_series.verb(
    f"{SERIES}:print", rule="waste-keeper", body=schemas.LabelSheetInput, shape=schemas.LabelSheetSchema
)
def print_series(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The sheet of what is not stuck yet; the printing is noted."""
    made = _sheet("series", reference, values)
    series.note_printed(reference, form=values["form"], actor=current_actor())
    return made


@label_series.verb(
    "/pickups/<ref:reference>:label-sheet",
    rule="waste-keeper",
    body=schemas.LabelSheetInput,
    shape=schemas.LabelSheetSchema,
)
def pickup_sheet(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The labels of a pick-up's devices."""
    return _sheet("pickup", reference, values)


@label_series.verb(
    "/lots/<ref:reference>:label-sheet",
    rule="waste-keeper",
    body=schemas.LabelSheetInput,
    shape=schemas.LabelSheetSchema,
)
def lot_sheet(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The labels of a lot's devices, for its holder."""
    return _sheet("lot", reference, values)


def _sheet(kind: str, reference: str, values: dict[str, Any]) -> dict[str, Any]:
    found = labelling.chosen(kind, reference, {}, actor=current_actor())
    form, start = values["form"], values["start"]
    if start > FORMATS[form].per_sheet:
        raise Invalid(
            N_("Choose a paper, and a place that its sheet has."), field="start", code="labels.start"
        )
    data = drawn(found, form, start)
    return {"form": form, "labels": found.units, "sheets": sheets(form, found.units, start),
            "pdf": base64.b64encode(data).decode()}  # fmt: skip


def _row(row: SeriesRow) -> dict[str, Any]:
    one = row.series
    verbs = ("hand", "print") if row.left else ("hand",)
    return {
        "reference": one.reference, "units": one.units, "stuck": row.stuck, "form": one.format,
        "kept_by": one.kept_by, "made_at": one.made_at, "printed": one.printed, "printed_at": one.printed_at,
        "actions": rest.actions("label-series", one, current_actor(), verbs),
        "links": {"self": rest.address("label-series", one.reference), "page": f"/etiquettes/serie/{one.reference}"},
    }  # fmt: skip
