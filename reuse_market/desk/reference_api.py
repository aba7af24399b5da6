"""`/references`: the dated tables; read by the operator's people, written by the administrator."""

from __future__ import annotations

from typing import Any

from reuse_market.desk import reference_queries as queries
from reuse_market.desk import reference_services as services
from reuse_market.desk.reference_queries import Line
from reuse_market.desk.reference_tables import Table
from reuse_market.kernel.dated import CONFIDENCES, LONGEST_SOURCE, SHORTEST_SOURCE
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.regimes.policy import may_record
from reuse_market.web import rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import Asked, Choice, Day, Schema, Shown, Text, fields, maybe

references = rest.Collection("references", "Rates, masses, ceilings, delays and rules: dated, sourced rows.")
collections = (references,)
TABLE = "/references/<string:table_code>"
ROW = f"{TABLE}/<int(min=1, max=2147483647):row_id>"


class ReferenceTable(Schema):
    """A table in short."""

    code = fields.String(required=True)
    keys = fields.List(fields.String(), required=True)
    values = fields.List(fields.String(), required=True)
    in_force = fields.Integer(required=True, metadata={"description": "How many values are in force today."})
    later = fields.Integer(required=True)
    next_day = maybe(fields.Date)
    links = fields.Dict(keys=fields.String(), values=fields.String())


class ReferenceRow(Shown):
    """A dated row. `keys` name the value, `values` are what it is from `valid_from` on."""

    id = fields.Integer(required=True)
    keys = fields.Dict(required=True)
    values = fields.Dict(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)
    confidence = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "now, later or before."})
    recorded_at = maybe(fields.DateTime, metadata={"description": "None: it came with the product."})


class NewRow(Asked):
    """What is recorded. `columns`: the table's keys and values by name, codes and whole numbers."""

    columns = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    valid_from = Day(required=True)
    source = Text(LONGEST_SOURCE, SHORTEST_SOURCE, required=True)
    confidence = Choice(CONFIDENCES, required=True)


class OpinionInput(Asked):
    """A legal opinion on a prudent reading: whose, of which day, where it is kept."""

    valid_from = Day(required=True)
    source = Text(LONGEST_SOURCE, SHORTEST_SOURCE, required=True)


@references.read("/references", rule="overseer", shape=ReferenceTable, listed=True)
def list_tables(query: dict[str, Any]) -> dict[str, Any]:
    """The tables."""
    told = [
        {
            "code": one.table.code, "keys": list(one.table.key_names),
            "values": [value.name for value in one.table.values], "in_force": one.in_force,
            "later": one.later, "next_day": one.next_day,
            "links": {"rows": rest.address("references", one.table.code)},
        }
        for one in queries.overview()
    ]  # fmt: skip
    return _cut(told, query)


@references.read(TABLE, rule="overseer", shape=ReferenceRow, listed=True, name="rows")
def list_rows(query: dict[str, Any], table_code: str) -> dict[str, Any]:
    """The rows of a table, by key, the newest first."""
    table, limit, start = queries.table_of(table_code), query["limit"], rest.after(query["cursor"]) or 0
    found = queries.lines(table, offset=start, limit=limit + 1)
    following = str(start + limit) if len(found) > limit else None
    return {"items": [_shown(table, line) for line in found[:limit]], "next": following}


@references.verb(f"{TABLE}:add", rule="administrator", body=NewRow, shape=ReferenceRow, name="add")
def add_row(values: dict[str, Any], table_code: str) -> dict[str, Any]:
    """Record a row; what is in force stays in the history."""
    told = values["columns"] | {name: values[name] for name in services.HERE}
    row = services.add_row(table_code, told, actor=current_actor())
    table = queries.table_of(table_code)
    return _shown(table, queries.line(table, row.id))


@references.verb(f"{ROW}:withdraw", rule="administrator", shape=ReferenceTable, name="withdraw")
def withdraw_row(table_code: str, row_id: int) -> dict[str, Any]:
    """Take back a row recorded here that is not in force yet; the table, as it is then."""
    services.withdraw_row(table_code, row_id, actor=current_actor())
    return next(
        one for one in list_tables({"cursor": "", "limit": 100})["items"] if one["code"] == table_code
    )


@references.verb(
    f"{ROW}:record-opinion", rule="operator", body=OpinionInput, shape=ReferenceRow, name="record-opinion"
)
def record_opinion(values: dict[str, Any], table_code: str, row_id: int) -> dict[str, Any]:
    """Set the prudent reading of a rule aside on a legal opinion; the new rule. Rows of `rules` only."""
    if table_code != "rules":
        raise Conflict(
            N_("Only a prudent reading may be set aside by a legal opinion."), code="regime.not-prudent"
        )
    row = services.record_opinion(row_id, values, actor=current_actor())
    table = queries.table_of(table_code)
    return _shown(table, queries.line(table, row.id))


def _cut(items: list[dict[str, Any]], query: dict[str, Any]) -> dict[str, Any]:
    start, limit = rest.after(query["cursor"]) or 0, query["limit"]
    following = str(start + limit) if len(items) > start + limit else None
    return {"items": items[start : start + limit], "next": following}


def _shown(table: Table, line: Line) -> dict[str, Any]:
    row = line.row
    own = ["withdraw"] if line.withdrawable and services.may_write(current_actor()) else []
    if table.code == "rules" and line.prudent and may_record(current_actor()):
        own.append("record-opinion")
    return {
        "id": row.id, "keys": {name: getattr(row, name) for name in table.key_names},
        "values": {one.name: getattr(row, one.name) for one in table.values},
        "valid_from": row.valid_from, "source": row.source, "confidence": row.confidence,
        "state": line.state, "recorded_at": line.recorded.at if line.recorded else None, "actions": own,
        "links": {"table": rest.address("references", table.code)},
    }  # fmt: skip
