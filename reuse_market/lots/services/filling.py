"""Fleet units of a lot to be: judged, grouped by configuration and put on lines as sets, never one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.equipment.configurations import COLUMNS
from reuse_market.equipment.names import full_name
from reuse_market.equipment.windows import windows_11_capable
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import conditions, grouping, queries
from reuse_market.lots.grouping import Likeness
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion

CONFIGURATION = tuple(getattr(Unit, name) for name in COLUMNS)
WINDOWS_KINDS = ("laptop", "desktop", "all_in_one", "workstation", "tablet")


@dataclass(slots=True)
class Group:
    """Units alike: what makes them so, the processor of one of them, their ids."""

    alike: Likeness
    cpu: str | None
    ids: list[int] = field(default_factory=list)


def put(lot: Lot, unit_ids: Sequence[int]) -> None:
    """Put these fleet units on the lot's lines, alike ones on one line; those in it already stay.

    On an announced lot they take the place of counted devices of their kind, as far as there are.
    """
    groups = _groups(lot, _checked(lot, unit_ids))
    if not groups:
        return
    if lot.state == "planned":
        _take_place(lot, groups)
    lines = {grouping.likeness(unit): line for line, unit in _lines_with_items(lot.id)}
    names, number = _names(groups), next_number(lot.id)
    order = {kind: rank for rank, kind in enumerate(names[1])}
    for group in sorted(groups, key=lambda one: (order[one.alike[0]], -len(one.ids))):
        if group.alike not in lines:
            lines[group.alike] = _new_line(lot, group, names, number)
            number += 1
        lines[group.alike].declared += len(group.ids)
    session().flush()
    items = [{"unit_id": i, "line_id": lines[group.alike].id} for group in groups for i in group.ids]
    table: Any = LotItem.__table__  # RETURNING makes many rows of one statement
    session().execute(sa.insert(table).returning(table.c.unit_id), items).close()


def _checked(lot: Lot, unit_ids: Sequence[int]) -> list[int]:
    """The ids once each, all of the holder's fleet and in no other draft."""
    ids = sorted(set(unit_ids))
    if len(ids) > conditions.MOST_UNITS:
        raise Invalid(
            N_("A lot holds at most %(most)s devices: make several lots."),
            field="units",
            most=conditions.MOST_UNITS,
        )
    counts = session().execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((Unit.state.in_(("in_use", "discarded")), 1))))
        .where(criterion(ids), Unit.owner_id == lot.holder_id)
    ).one()  # fmt: skip
    if counts[0] != len(ids):
        raise NotFound(N_("Some of these devices are not in your fleet."))
    if counts[1] != len(ids):
        raise Conflict(
            N_("Some of these devices are already in a published lot, or have left your fleet."),
            code="lot.unit-taken",
        )
    other = session().scalar(
        sa.select(Lot.reference)
        .join(LotLine, LotLine.lot_id == Lot.id)
        .join(LotItem, LotItem.line_id == LotLine.id)
        .where(criterion(ids, LotItem.unit_id), Lot.id != lot.id)
        .order_by(Lot.reference)
        .limit(1)
    )
    if other is not None:
        raise Conflict(
            N_("Some of these devices are already in the draft %(lot)s."), code="lot.unit-drafted", lot=other
        )
    return ids


def _groups(lot: Lot, ids: Sequence[int]) -> list[Group]:
    """The units that are not in the lot yet, by likeness, in the order of their first id."""
    here = (
        sa.select(LotItem.unit_id)
        .join(LotLine, LotLine.id == LotItem.line_id)
        .where(LotLine.lot_id == lot.id)
    )
    rows = session().execute(
        sa.select(Unit.id, *CONFIGURATION).where(criterion(ids), Unit.id.not_in(here)).order_by(Unit.id)
    )
    groups: dict[Likeness, Group] = {}
    known: dict[tuple[object, ...], Group] = {}  # many units of few configurations: each is judged once
    for unit_id, *configuration in rows:
        key = tuple(configuration)
        group = known.get(key)
        if group is None:
            alike = grouping.likeness(grouping.Configuration(*configuration))
            group = known[key] = groups.setdefault(alike, Group(alike, configuration[2]))
        group.ids.append(unit_id)
    return list(groups.values())


def _take_place(lot: Lot, groups: Iterable[Group]) -> None:
    """Lower the counted lines of the same kinds; a line that counts nothing more goes."""
    counted = queries.counted_lines(lot.id)
    lines = [line for line in queries.lines(lot.id) if line.number in counted]
    for group in groups:
        left = len(group.ids)
        for line in (one for one in lines if one.kind == group.alike[0]):
            taken = min(left, line.declared)
            line.declared -= taken
            left -= taken
    for line in [one for one in lines if not one.declared]:
        session().delete(line)
    session().flush()


def _lines_with_items(lot_id: int) -> list[tuple[LotLine, Unit]]:
    """Each line made of fleet units, with one of them."""
    one = sa.select(sa.func.min(LotItem.unit_id)).where(LotItem.line_id == LotLine.id).scalar_subquery()
    rows = session().execute(
        sa.select(LotLine, Unit).join(Unit, Unit.id == one).where(LotLine.lot_id == lot_id)
    )
    return [(line, unit) for line, unit in rows]


def _names(groups: Iterable[Group]) -> tuple[Mapping[int, str], Mapping[str, str]]:
    models = equipment.models(sorted({group.alike[1] for group in groups if group.alike[1] is not None}))
    full = {key: full_name(model.maker, model.name) for key, model in models.items()}
    return full, {kind.code: kind.label_fr.capitalize() for kind in equipment.kinds()}


def _new_line(
    lot: Lot, group: Group, names: tuple[Mapping[int, str], Mapping[str, str]], number: int
) -> LotLine:
    kind, model_id = group.alike[:2]
    label = grouping.line_label(names[0].get(model_id or 0, ""), names[1][kind], group.alike)
    line = LotLine(
        lot_id=lot.id, number=number, kind=kind, model_id=model_id, label=label, declared=0,
        windows_11=_windows_11(kind, group.cpu),
    )  # fmt: skip
    session().add(line)
    return line


def follow_models(lot_id: int) -> None:
    """Lines of fleet units whose holder has corrected their model since are called by it before they are shown."""
    moved = (Unit.kind != LotLine.kind) | Unit.model_id.is_distinct_from(LotLine.model_id)
    statement = (
        sa.select(LotLine, sa.func.min(Unit.id))
        .join(LotItem, LotItem.line_id == LotLine.id)
        .join(Unit, Unit.id == LotItem.unit_id)
        .where(LotLine.lot_id == lot_id, moved)
        .group_by(LotLine.id)
    )
    for line, unit_id in session().execute(statement).all():
        unit = session().get(Unit, unit_id)
        if unit is None:
            continue
        alike = grouping.likeness(unit)
        models, kinds = _names([Group(alike, unit.cpu)])
        line.kind, line.model_id = unit.kind, unit.model_id
        line.label = grouping.line_label(models.get(unit.model_id or 0, ""), kinds[unit.kind], alike)
    session().flush()


def _windows_11(kind: str, cpu: str | None) -> str:
    """Whether it can run Windows 11, as far as its processor tells; the holder may say otherwise."""
    return windows_11_capable(cpu) if kind in WINDOWS_KINDS else "unknown"


def next_number(lot_id: int) -> int:
    """The number of the next line of a lot: numbers are never given twice while it holds lines."""
    return (session().scalar(sa.select(sa.func.max(LotLine.number)).where(LotLine.lot_id == lot_id)) or 0) + 1
