"""The exit register of waste (arrêté du 31 mai 2021, registre chronologique des déchets sortants): dated lines.

One line for the devices of one kind, lot and removal. What nobody knows is said so, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.kernel.spreadsheets import BOM, csv_text
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.models import RemovalBatch, WasteRecord
from reuse_market.refurbishing.queries import reference_of
from reuse_market.units.models import Unit

Line = dict[str, Any]
# Columns of the file, in the order of the decree's items: when, what, how much, from whom, to whom, papers.
HEADS = {
    "left_on": N_("Date the waste left"),
    "kind": N_("Usual name of the waste"),
    "waste_code": N_("Waste code (R541-8)"),
    "weee_category": N_("WEEE category (R543-172)"),
    "units": N_("Devices"),
    "weight_g": N_("Grams"),
    "weighed": N_("How the weight is known"),
    "sender": N_("Sender"),
    "sender_siret": N_("SIRET of the sender"),
    "producer_scheme": N_("Producer scheme or company that took it"),
    "receiver_siret": N_("SIRET of who took it"),
    "carrier": N_("Carrier"),
    "slip_number": N_("Slip number"),
    "treatment": N_("Treatment code"),
    "lot": N_("Lot it came from"),
    "batch": N_("Removal"),
    "batch_weight_g": N_("Grams of the whole removal, weighed"),
}
WEIGHED = {
    "weighed": N_("Weighed"),
    "usual": N_("By usual mass"),
    "unknown": N_("Not provided"),
}


def years(organisation_id: int) -> list[int]:
    """The years in which waste left, the latest first; the present one always."""
    days = session().scalars(
        sa.select(RemovalBatch.removed_on)
        .where(RemovalBatch.organisation_id == organisation_id, RemovalBatch.state == "removed")
        .distinct()
    )
    return sorted({day.year for day in days if day} | {clock.today().year}, reverse=True)


def exits(organisation_id: int, year: int) -> list[Line]:
    """The lines of one year, the oldest first; a constant number of statements."""
    statement = (
        sa.select(RemovalBatch, Unit.kind, Unit.stream, Unit.weight_g, WasteRecord.weight_g)
        .join(WasteRecord, WasteRecord.batch_id == RemovalBatch.id)
        .join(Unit, Unit.id == WasteRecord.unit_id)
        .where(RemovalBatch.organisation_id == organisation_id, RemovalBatch.state == "removed")
        .where(RemovalBatch.removed_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(RemovalBatch.removed_on, RemovalBatch.id, Unit.kind, Unit.stream, Unit.id)
    )
    grouped: dict[tuple[RemovalBatch, str, str], list[int | None]] = defaultdict(list)
    for batch, kind, stream, known, weighed in session().execute(statement):
        grouped[(batch, kind, stream)].append(weighed or known)
    return [_line(batch, kind, stream, grams) for (batch, kind, stream), grams in grouped.items()]


def _line(batch: RemovalBatch, kind: str, stream: str, grams: list[int | None]) -> Line:
    day = batch.removed_on
    usual = equipment.mass_g(kind, day)
    if None not in grams:
        weight, how = sum(one or 0 for one in grams), "weighed"
    elif usual is not None:
        weight, how = sum(one or usual for one in grams), "usual"
    else:
        weight, how = None, "unknown"
    return {
        "left_on": day, "batch": batch.reference, "kind": kind, "units": len(grams), "weight_g": weight,
        "weee_category": equipment.weee_category(kind, day), "weighed": how, "lot": reference_of(stream),
        "producer_scheme": batch.producer_scheme, "slip_number": batch.slip_number or None,
        "batch_weight_g": batch.weight_g,
    }  # fmt: skip


def register_csv(organisation_id: int, year: int, lang: str, say: Callable[[str], str]) -> str:
    """The register as CSV: semicolons, and a BOM for French spreadsheets; an empty cell is "not provided"."""
    sender = accounts.organisation(organisation_id)
    own = {"sender": sender.name if sender else None, "sender_siret": sender.siret if sender else None}
    unknown = say(N_("not provided"))
    rows: list[list[Any]] = [[say(text) for text in HEADS.values()]]
    for line in exits(organisation_id, year):
        shown = line | own | {
            "left_on": line["left_on"].isoformat(), "kind": equipment.kind_label(line["kind"], lang),
            "weighed": say(WEIGHED[line["weighed"]]),
        }  # fmt: skip
        rows.append([unknown if shown.get(name) in (None, "") else shown[name] for name in HEADS])
    return BOM + csv_text(rows)
