"""Reads of the re-sync: what an import says of devices already here, and devices that may be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment.models import Model
from reuse_market.equipment.names import full_name
from reuse_market.fleets.models import ImportRecord, InventoryImport
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.units.models import Unit

GONE_ANSWERS = ("unknown", "still_there", "discarded")
SAME_ANSWERS = ("two", "same")
ANSWERS = {"gone": GONE_ANSWERS, "unsure": SAME_ANSWERS}
LIVE = ("in_use", "discarded", "listed", "awarded")
NAMELESS = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A record of an import about a device already here, with that device and its model's name."""

    record: ImportRecord
    unit: Unit
    model: str


@dataclass(frozen=True, slots=True)
class Double:
    """Devices of one holder that bear one serial number, the oldest record first."""

    serial: str
    units: list[tuple[Unit, str]]


def answer_of(row: InventoryImport, verdict: str, facts: Mapping[str, Any]) -> str:
    """What was answered for a record: for it, else for all of its list, else the answer that does nothing."""
    general = (row.mapping or {}).get("answers", {}).get(verdict)
    return facts.get("answer") or general or ANSWERS[verdict][0]


def asked(
    import_id: int, verdict: str, *, offset: int = 0, limit: int = 25, after: int | None = None
) -> list[Asked]:
    """Records of a list (`known`, `gone`, `unsure`), in the order of the file; by id `after` one of them."""
    statement = (
        sa.select(ImportRecord, Unit, Model.maker, Model.name)
        .join(Unit, Unit.id == ImportRecord.unit_id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(ImportRecord.import_id == import_id, ImportRecord.verdict == verdict)
        .order_by(*(() if after is not None else (ImportRecord.row,)), ImportRecord.id)
        .offset(offset)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(ImportRecord.id > after)
    rows = session().execute(statement)
    return [Asked(record, unit, full_name(maker, name)) for record, unit, maker, name in rows]


def counts(import_id: int) -> dict[str, int]:
    """List → how many records about a device already here an import keeps: changed, gone, unsure."""
    statement = (
        sa.select(ImportRecord.verdict, sa.func.count())
        .where(ImportRecord.import_id == import_id, ImportRecord.unit_id.is_not(None))
        .where(ImportRecord.verdict.in_(("known", "gone", "unsure")))
        .group_by(ImportRecord.verdict)
    )
    found = dict(session().execute(statement).all())
    return {
        "changed": found.get("known", 0),
        "gone": found.get("gone", 0),
        "unsure": found.get("unsure", 0),
    }


def pages(import_id: int, verdict: str, size: int = 1_000) -> Iterator[Sequence[Any]]:
    """Rows (id, unit_id, row, facts) of a list, `size` at a time."""
    last = 0
    while True:
        statement = (
            sa.select(ImportRecord.id, ImportRecord.unit_id, ImportRecord.row, ImportRecord.facts)
            .where(ImportRecord.import_id == import_id, ImportRecord.verdict == verdict)
            .where(ImportRecord.id > last)
            .order_by(ImportRecord.id)
            .limit(size)
        )
        records = session().execute(statement).all()
        if not records:
            return
        last = records[-1].id
        yield records


def nameless(holder_id: int) -> Iterator[Sequence[Any]]:
    """Units (id, asset_tag) of a fleet known by an inventory number only, 1,000 at a time."""
    last = 0
    while True:
        statement = (
            sa.select(Unit.id, Unit.asset_tag)
            .where(Unit.owner_id == holder_id, Unit.state == "in_use", Unit.id > last)
            .where(Unit.serial.is_(None), Unit.asset_tag.is_not(None))
            .order_by(Unit.id)
            .limit(NAMELESS)
        )
        rows = session().execute(statement).all()
        if not rows:
            return
        last = rows[-1].id
        yield rows


def has_units(holder_id: int) -> bool:
    """Whether a holder has any device in use."""
    found = sa.exists().where(Unit.owner_id == holder_id, Unit.state == "in_use")
    return bool(session().scalar(sa.select(found)))


def made_from(holder_id: int, facts: Mapping[str, Any], other_than: int) -> Unit | None:
    """The unit in use that a record of the file became: by its key, else by its inventory number."""
    statement = sa.select(Unit).where(
        Unit.owner_id == holder_id, Unit.state == "in_use", Unit.id != other_than
    )
    if facts.get("serial_key"):
        statement = statement.where(Unit.serial_key == facts["serial_key"][:120])
    else:
        statement = statement.where(Unit.asset_tag == facts.get("asset_tag"), Unit.serial.is_(None))
    return session().scalars(statement.order_by(Unit.id.desc()).limit(1)).first()


def doubles(holder_id: int, *, offset: int = 0, limit: int = 25) -> tuple[int, list[Double]]:
    """Serial numbers borne by several live devices of a holder: how many, and a page of them."""
    bare = sa.func.upper(sa.func.replace(Unit.serial, " ", ""))
    live = (Unit.owner_id == holder_id, Unit.state.in_(LIVE), Unit.serial.is_not(None))
    twice = sa.select(bare.label("bare")).where(*live).group_by(bare).having(sa.func.count() > 1)
    total = session().scalar(sa.select(sa.func.count()).select_from(twice.subquery())) or 0
    wanted = list(session().scalars(twice.order_by(bare).offset(offset).limit(limit))) if total else []
    statement = (
        sa.select(bare, Unit, Model.maker, Model.name)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(*live, bare.in_(wanted))
        .order_by(bare, Unit.id)
    )
    found: dict[str, list[tuple[Unit, str]]] = {key: [] for key in wanted}
    for key, unit, maker, name in session().execute(statement) if wanted else ():
        found[key].append((unit, full_name(maker, name)))
    return total, [Double(units[0][0].serial or key, units) for key, units in found.items() if units]


def pair(holder_id: int, keep_id: int, unit_id: int) -> list[tuple[Unit, str]]:
    """Two devices of a holder, the one to keep first. NotFound when one is not its own."""
    statement = (
        sa.select(Unit, Model.maker, Model.name)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(Unit.owner_id == holder_id, Unit.id.in_((keep_id, unit_id)))
    )
    found = {unit.id: (unit, full_name(maker, name)) for unit, maker, name in session().execute(statement)}
    if len(found) != 2:
        raise NotFound(N_("Some of these devices are not in your fleet."))
    return [found[keep_id], found[unit_id]]
