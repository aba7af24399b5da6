"""`/agec-ledger:import`: a file of purchases, judged and taken in by a program."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from reuse_market.fleets.reading import Unreadable
from reuse_market.kernel.errors import Invalid
from reuse_market.obligations.agec import direct, reading, schemas
from reuse_market.obligations.agec.api import ledgers
from reuse_market.obligations.agec.columns import TARGETS
from reuse_market.web import bodies, rest
from reuse_market.web.access import current_actor
from reuse_market.web.problems import words as told

UNNAMED = "achats"
FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
BODY = {
    "requestBody": {
        "required": True,
        "description": "The file of the accounting system (CSV or spreadsheet), at most 5 MB.",
        "content": {
            "text/csv": {"schema": FILE},
            "application/octet-stream": {"schema": FILE},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": FILE}, "required": ["file"]}
            },
        },
    },
}


def sent(query: dict[str, Any]) -> tuple[bytes, str]:
    """The bytes of the file and its name, from a form or the body itself."""
    file = request.files.get("file") if request.mimetype == "multipart/form-data" else None
    data = (
        file.read()
        if file
        else b""
        if request.mimetype == "multipart/form-data"
        else bodies.raw().read_bytes()
    )
    if not data:
        raise rest.missing("file")
    return data, query.get("filename") or (file and file.filename) or UNNAMED


@ledgers.verb(
    "/agec-ledger:import", rule="organisation-member", query=schemas.AgecImportQuery,
    shape=schemas.AgecImportReport, before=sent, documented=BODY,
)  # fmt: skip
def import_purchases(query: dict[str, Any], prepared: tuple[bytes, str]) -> dict[str, Any]:
    """Judge a file of purchases and bring its good rows in, one act; `dry_run` brings nothing in."""
    actor, said = current_actor(), {target: query[target] for target in TARGETS if query.get(target)}
    more: dict[str, Any] = {"category": query.get("category_all") or "", "year": query.get("year_all")}
    try:
        table = reading.read(*prepared)
    except Unreadable as error:
        detail = f"{told(error)} {told(Invalid(error.advice, **error.params))}"
        raise rest.Refused([{"field": "file", "detail": detail}]) from error
    choice = direct.understood(table, said, actor=actor, **more)
    verdict = direct.judged(table, choice, actor=actor)
    made = None if query["dry_run"] else direct.import_file(*prepared, choice, actor=actor)
    return {
        "rows": verdict.rows, "good": len(verdict.good), "net_cents": verdict.cents, "known": verdict.known,
        "to_correct": [
            {"row": one.row, "column": one.column, "value": one.value, "reason": _(one.reason, **one.params)}
            for one in verdict.faults
        ],
        "aside": [one.row for one in verdict.aside],
        "columns": {target: table.header[place] for target, place in choice.columns.items()},
        "applied": made is not None, "import_id": made and made.id,
    }  # fmt: skip
