"""Reads of a fleet by identical configuration: what equipment.configurations takes for one device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.equipment.configurations import COLUMNS, Configuration, Likeness, likeness
from reuse_market.equipment.models import Model
from reuse_market.equipment.names import full_name
from reuse_market.equipment.windows import Capable, windows_11_capable
from reuse_market.fleets.decisions import not_departed
from reuse_market.kernel.db import session
from reuse_market.units.models import Unit

WINDOWS_KINDS = ("laptop", "desktop", "all_in_one", "workstation", "tablet")
RAW = tuple(getattr(Unit, name) for name in COLUMNS)
HERE = ("in_use", "discarded")
MOST = 10_000


@dataclass(slots=True)
class Group:
    """Devices of one configuration, in use or discarded. `windows_11`: "" for a kind that asks no such question."""

    alike: Likeness
    maker: str
    model: str
    units: int = 0
    in_use: int = 0
    discarded: int = 0
    raw: list[Configuration] = field(default_factory=list)

    @property
    def key(self) -> str:
        """16 characters that name it as long as it exists."""
        return self.alike.key

    @property
    def full(self) -> str:
        """Maker and model, "" when unknown."""
        return full_name(self.maker, self.model)

    @property
    def windows_11(self) -> Capable | str:
        """Whether its processor is on the lists for Windows 11."""
        return windows_11_capable(self.raw[0].cpu) if self.alike.kind in WINDOWS_KINDS else ""


def groups(holder_id: int, criteria: Sequence[sa.ColumnElement[bool]] = ()) -> list[Group]:
    """The groups of a fleet in use or discarded, the most numerous first. Two statements, whatever the fleet.

    `criteria` on Unit and Model narrow it (queries.chosen).
    """
    statement = (
        sa.select(*RAW, Unit.state, Model.maker, Model.name, sa.func.count())
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(Unit.owner_id == holder_id, Unit.state.in_(HERE), not_departed(), *criteria)
        .group_by(*RAW, Unit.state, Model.maker, Model.name)
    )
    found: dict[Likeness, Group] = {}
    for row in session().execute(statement):
        raw, (state, maker, model, units) = Configuration(*row[: len(RAW)]), row[len(RAW) :]
        alike = likeness(raw)
        group = found.setdefault(alike, Group(alike, maker or "", model or ""))
        group.units += units
        group.in_use += units if state == "in_use" else 0
        group.discarded += units if state == "discarded" else 0
        if raw not in group.raw:
            group.raw.append(raw)
    order = {kind.code: kind.order for kind in equipment.kinds()}
    return sorted(found.values(), key=lambda one: (-one.units, order[one.alike.kind], one.full, one.key))


def of_groups(holder_id: int, keys: Sequence[str]) -> sa.ColumnElement[bool]:
    """The criterion that a unit of this fleet is of one of these groups; false for keys of none."""
    wanted = set(keys)
    raw = [one for group in groups(holder_id) if group.key in wanted for one in group.raw]
    return sa.or_(sa.false(), *(_is(one) for one in raw))


def unit_ids(
    holder_id: int, keys: Sequence[str], states: Sequence[str] = HERE, *, limit: int = MOST
) -> list[int]:
    """Ids of the units of these groups in one of `states`, at most `limit`."""
    statement = (
        sa.select(Unit.id)
        .where(Unit.owner_id == holder_id, Unit.state.in_(states), not_departed(), of_groups(holder_id, keys))
        .order_by(Unit.id)
        .limit(limit)
    )
    return list(session().scalars(statement))


def _is(raw: Configuration) -> sa.ColumnElement[bool]:
    pairs: Any = zip(RAW, raw, strict=True)
    return sa.and_(*(column.is_not_distinct_from(value) for column, value in pairs))
