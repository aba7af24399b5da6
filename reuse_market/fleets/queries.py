"""Reads on a holder's fleet and its imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.equipment.models import Kind, Model
from reuse_market.equipment.names import fold, full_name
from reuse_market.fleets import configurations, policy
from reuse_market.fleets.decisions import not_departed
from reuse_market.fleets.models import ColumnMapping, Departure, ImportRecord, InventoryImport
from reuse_market.fleets.reading.labels import fold as fold_label
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.loading import members
from reuse_market.kernel.words import N_
from reuse_market.units.models import Unit

STATES = ("in_use", "discarded", "listed", "awarded", "departed")  # the last is no state: Departure
HERE = ("in_use", "discarded")
PROBLEMS = ("to_correct", "set_aside")


@dataclass(frozen=True, slots=True)
class FleetFilters:
    """What a fleet list is narrowed by; `text` is looked for in model, serial number and inventory number."""

    kind: str | None = None
    state: str | None = None
    site_id: int | None = None
    text: str = ""
    configuration: str = ""  # the key of a group of identical devices
    missed: bool = False  # absent from the latest inventory

    @property
    def active(self) -> int:
        """How many are in use."""
        asked = (self.kind, self.state, self.site_id, self.text, self.configuration, self.missed)
        return sum(1 for value in asked if value)


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A unit of the fleet with the name of its model ("" when unknown)."""

    unit: Unit
    model: str


def fleet(holder_id: int, filters: FleetFilters, *, offset: int = 0, limit: int = 25) -> list[FleetRow]:
    """Units of the fleet, by kind, model and id."""
    statement = (
        sa.select(Unit, Model.maker, Model.name)
        .outerjoin(Model, Model.id == Unit.model_id)
        .join(Kind, Kind.code == Unit.kind)
        .where(*chosen(holder_id, filters))
        .order_by(Kind.order, Model.maker, Model.name, Unit.id)
        .offset(offset)
        .limit(limit)
    )
    rows = session().execute(statement)
    return [FleetRow(unit, full_name(maker, name)) for unit, maker, name in rows]


def count_fleet(holder_id: int, filters: FleetFilters) -> int:
    """How many units `fleet` lists in all."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Unit)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(*chosen(holder_id, filters))
    )
    return session().scalar(statement) or 0


def fleet_ids(
    holder_id: int, filters: FleetFilters, *, states: Sequence[str] = HERE, limit: int = 10_000
) -> list[int]:
    """Ids of all the units `fleet` lists that are in one of `states`, at most `limit`."""
    statement = (
        sa.select(Unit.id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(*chosen(holder_id, filters), Unit.state.in_(states))
        .order_by(Unit.id)
        .limit(limit)
    )
    return list(session().scalars(statement))


def counts_by_state(holder_id: int) -> dict[str, int]:
    """State → units the holder owns; what has left outside the tool counts as `departed` only."""
    statement = sa.select(Unit.state, sa.func.count()).where(Unit.owner_id == holder_id).group_by(Unit.state)
    found = dict(session().execute(statement).all())
    gone = session().scalar(sa.select(sa.func.count()).where(Departure.organisation_id == holder_id))
    if gone:
        found |= {"discarded": found.get("discarded", 0) - gone, "departed": gone}
    return found


def get_import(import_id: int, actor: Actor) -> InventoryImport:
    """An import of the actor's organisation; NotFound for any other."""
    found = session().get(InventoryImport, import_id)
    if found is None or not policy.holder(actor, found):
        raise NotFound(N_("This import does not exist."))
    return found


def open_imports(holder_id: int) -> list[InventoryImport]:
    """Imports begun and not finished, the newest first."""
    statement = (
        sa.select(InventoryImport)
        .where(
            InventoryImport.organisation_id == holder_id,
            InventoryImport.state.in_(("read", "judging", "judged", "applying")),
        )
        .order_by(InventoryImport.id.desc())
    )
    return list(session().scalars(statement))


def last_import(holder_id: int) -> InventoryImport | None:
    """The latest inventory a holder brought in."""
    statement = (
        sa.select(InventoryImport)
        .where(InventoryImport.organisation_id == holder_id, InventoryImport.state == "done")
        .order_by(InventoryImport.done_at.desc(), InventoryImport.id.desc())
    )
    return session().scalars(statement.limit(1)).first()


def problems(import_id: int, *, offset: int = 0, limit: int = 25) -> list[ImportRecord]:
    """Records to correct, then those set aside, in the order of the file."""
    return _records(import_id, PROBLEMS, offset, limit, sa.desc(ImportRecord.verdict))


def imported_count(row: InventoryImport) -> int:
    """How many units an import made."""
    ranges = (row.mapping or {}).get("units")
    return len(imported_ids(row.id)) if ranges is None else sum(last - first + 1 for first, last in ranges)


def known_changed(import_id: int, limit: int = 10) -> list[ImportRecord]:
    """Records of devices already here that the file tells otherwise (at most `limit`)."""
    return _records(import_id, ("known",), 0, limit)


def imported_ids(import_id: int) -> list[int]:
    """Ids of the units an import made, in the order of the file."""
    row = session().get(InventoryImport, import_id)
    if row is not None and "units" in (row.mapping or {}):
        return list(members((row.mapping or {})["units"]))
    statement = (
        sa.select(ImportRecord.unit_id)
        .where(
            ImportRecord.import_id == import_id,
            ImportRecord.verdict == "good",
            ImportRecord.unit_id.is_not(None),
        )
        .order_by(ImportRecord.row)
    )
    return [int(unit_id) for unit_id in session().scalars(statement) if unit_id is not None]


def remembered(holder_id: int, signature: str) -> list[str] | None:
    """The targets this holder gave the columns of a header before, or None."""
    row = session().get(ColumnMapping, (holder_id, signature))
    return list(row.mapping["targets"]) if row is not None else None


def organisation_names(holder_id: int) -> tuple[frozenset[str], frozenset[str]]:
    """What a file may call this organisation, and what it may call the others: names folded, SIRET, RNA."""
    own: set[str] = set()
    others: set[str] = set()
    columns = (Organisation.id, Organisation.name, Organisation.siret, Organisation.rna)
    for key, *names in session().execute(sa.select(*columns).where(Organisation.state != "refused")):
        mine = own if key == holder_id else others
        mine |= {text for name in names if name and len(text := fold_label(name)) > 2}
    return frozenset(own), frozenset(others - own)


def model_ids(keys: Sequence[str]) -> dict[str, int]:
    """Model key → id, for those that exist, 500 keys a statement."""
    found: dict[str, int] = {}
    for start in range(0, len(keys), 500):
        statement = sa.select(Model.key, Model.id).where(Model.key.in_(keys[start : start + 500]))
        found |= dict(session().execute(statement).all())
    return found


def chosen(holder_id: int, filters: FleetFilters) -> list[sa.ColumnElement[bool]]:
    """The criteria on Unit (Model joined) of what a fleet list holds."""
    states = (filters.state,) if filters.state in STATES else HERE
    away = filters.state == "departed"
    chosen = [Unit.owner_id == holder_id, Unit.state.in_(("discarded",) if away else states)]
    chosen.append(sa.not_(not_departed()) if away else not_departed())
    if filters.kind:
        chosen.append(Unit.kind == filters.kind)
    if filters.configuration:
        chosen.append(configurations.of_groups(holder_id, [filters.configuration]))
    if filters.missed:
        chosen.append(Unit.missed_on.is_not(None))
    if filters.site_id:
        chosen.append(Unit.site_id == filters.site_id)
    for word in fold(filters.text).split():
        like = sa.func.lower(Unit.asset_tag).contains(word, autoescape=True)
        serial = sa.func.lower(Unit.serial).contains(word, autoescape=True)
        chosen.append(sa.or_(Model.key.contains(word, autoescape=True), serial, like))
    return chosen


def _records(
    import_id: int, verdicts: Sequence[str], offset: int, limit: int, *first: Any
) -> list[ImportRecord]:
    statement = (
        sa.select(ImportRecord)
        .where(ImportRecord.import_id == import_id, ImportRecord.verdict.in_(verdicts))
        .order_by(*first, ImportRecord.row)
        .offset(offset)
        .limit(limit)
    )
    return list(session().scalars(statement))
