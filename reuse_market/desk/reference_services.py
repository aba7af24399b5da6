"""Verbs of the reference tables: record a dated row, take back one that is not in force yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reuse_market.desk import reference_queries as queries
from reuse_market.desk.reference_tables import Field, Table
from reuse_market.kernel import dated
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import Dated
from reuse_market.kernel.db import command
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.regimes import services as regimes
from reuse_market.regimes.cases import Cell
from reuse_market.traceability import journal

HERE = ("valid_from", "source", "confidence")


def may_write(actor: Actor) -> bool:
    """The administrator, through somebody who may commit."""
    return actor.has("administrator") and actor.commits


@command
def add_row(code: str, values: Mapping[str, Any], *, actor: Actor) -> Any:
    """Record a dated row of a table (columns → values, `valid_from` a date) and journal it; the row.

    Nothing in force is changed: from its day on, it stands before what was. Refused: NotAllowed to others,
    NotFound for a table, Invalid for a value, a source too short or a day on which another row was in force,
    Conflict for a second row of one day.
    """
    if not may_write(actor):
        raise NotAllowed(N_("Only an administrator keeps the reference tables."), code="reference.write")
    table = queries.table_of(code)
    told = {one.name: _checked(table, one, values.get(one.name)) for one in (*table.keys, *table.values)}
    for name in HERE:
        if not values.get(name):
            raise Invalid(N_("Fill in this field."), field=name)
        told[name] = values[name]
    _history_kept(table, told)
    _ordered(told)
    if code in _OF_THE_LAW:
        return _OF_THE_LAW[code](told, actor)
    row: Dated = dated.add(table.model, table.key_names, told)
    facts = {"table": code, "row": row.id, "valid_from": row.valid_from.isoformat()}
    journal.append(
        journal.Act(actor), table.stream, "reference.row-added", facts=facts,
        commitments={"source": row.source},
    )  # fmt: skip
    return row


@command
def withdraw_row(code: str, row_id: int, *, actor: Actor) -> None:
    """Take back a row recorded here whose day has not come, and journal it.

    Refused: NotAllowed to others; NotFound; Conflict for a row in force or past, and for one that came with
    the product, which the next installation would bring back.
    """
    if not may_write(actor):
        raise NotAllowed(N_("Only an administrator keeps the reference tables."), code="reference.write")
    table = queries.table_of(code)
    found = queries.line(table, row_id)
    if found.state == "later" and found.recorded is None:
        raise Conflict(
            N_("This row came with the product: record another one from a later day instead."),
            code="reference.shipped",
        )
    day: date = found.row.valid_from
    dated.withdraw(found.row)
    facts = {"table": code, "row": row_id, "valid_from": day.isoformat()}
    journal.append(journal.Act(actor), table.stream, "reference.row-withdrawn", facts=facts)


def record_opinion(row_id: int, values: Mapping[str, Any], *, actor: Actor) -> Any:
    """Set the prudent reading of a rule aside on a legal opinion (`valid_from`, `source`); the new rule.

    Refused as regimes.services.record_opinion refuses; NotFound for a row.
    """
    row = queries.line(queries.table_of("rules"), row_id).row
    cell = Cell(**{name: getattr(row, name) for name in Cell._fields})
    kept = row.documents.split()
    return regimes.record_opinion(
        cell, source=values["source"], valid_from=values["valid_from"], documents=kept, actor=actor
    )


def _checked(table: Table, field: Field, value: Any) -> Any:
    """The value of a column, or Invalid."""
    if field.kind in ("whole", "per_mille", "cents"):
        if value is None and field.optional:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not field.least <= value <= field.most:
            raise Invalid(N_("Enter a whole number."), field=field.name)
        return value
    if field.kind == "codes":
        codes = value.split() if isinstance(value, str) else list(value or ())
        if not set(codes) <= set(field.codes):
            raise Invalid(N_("Choose an answer."), field=field.name)
        return " ".join(codes)
    text = str(value or "").strip()
    if not text and not field.optional:
        raise Invalid(N_("Fill in this field."), field=field.name)
    if field.kind == "text" and len(text) > field.most:
        raise Invalid(N_("Use at most %(most)s characters."), field=field.name, most=field.most)
    if text and field.kind != "text" and text not in choices_of(table, field):
        raise Invalid(N_("Choose an answer."), field=field.name)
    return text


def choices_of(table: Table, field: Field) -> list[str]:
    """The codes a column takes."""
    if field.kind == "known":
        return queries.known_codes(table, field.name)
    if field.kind in ("device", "any_device"):
        return [*(["*"] if field.kind == "any_device" else []), *queries.device_kinds()]
    return list(field.codes)


def _history_kept(table: Table, told: Mapping[str, Any]) -> None:
    """The rule of dated.add, for the rows whose verbs are another room's."""
    day = told["valid_from"]
    if day < dated.clock.today() and queries.before(table, told) is not None:
        raise Invalid(
            N_("A row was in force on that day: what was in force is kept. Choose today or a later day."),
            field="valid_from",
        )


def _ordered(told: Mapping[str, Any]) -> None:
    """A factor stands inside its range."""
    low, factor, high = (told.get(name) for name in ("low", "factor", "high"))
    if factor is not None and ((low is not None and low > factor) or (high is not None and high < factor)):
        raise Invalid(N_("The factor must stand between the two ends of its range."), field="factor")


def _cap(told: dict[str, Any], actor: Actor) -> Any:
    rest = {name: told[name] for name in ("limits", "cents", *HERE)}
    return regimes.add_cap(
        told["code"], told["kind"], conditions=told["conditions"].split(), actor=actor, **rest
    )


def _rule(told: dict[str, Any], actor: Actor) -> Any:
    cell = Cell(**{name: told.pop(name) for name in Cell._fields})
    lists = {name: told.pop(name).split() for name in ("documents", "instead")}
    return regimes.add_rule(cell, **told, **lists, actor=actor)


_OF_THE_LAW = {"caps": _cap, "rules": _rule}
