"""The lines of a draft: fleet units alike on one line, counted lines without serials, their condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.equipment.names import full_name
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import conditions, grouping
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.lots.services.drafting import draft, draft_lot
from reuse_market.units.models import Unit

UNTITLED = "Brouillon"
Likeness = tuple[str, int | None, str, str, str]


@command
def add_units(lot_id: int, unit_ids: Sequence[int], *, actor: Actor) -> list[LotLine]:
    """Put fleet units in a draft, alike ones on one line; the lot's lines. Units already in it stay.

    Refused: units that are not the holder's or no longer in its fleet (listed, collected…), units in another
    draft, more than 10,000 units in all.
    """
    lot = draft(lot_id, actor)
    wanted = _units_to_add(lot, unit_ids)
    lines = {grouping.likeness(unit): line for line, unit in _lines_with_items(lot.id)}
    names = _names(wanted)
    items = []
    order = {kind: rank for rank, kind in enumerate(names[1])}
    groups = sorted(_grouped(wanted).items(), key=lambda pair: (order[pair[0][0]], -len(pair[1])))
    for alike, members in groups:
        line = lines.get(alike) or _new_line(lot, alike, names)
        line.declared += len(members)
        items += [{"unit_id": unit.id, "line_id": line.id} for unit in members]
    if items:
        session().execute(sa.insert(LotItem), items)
    session().flush()
    kept = _lines(lot.id)
    _check_size(kept)
    return kept


@command
def draft_from_units(unit_ids: Sequence[int], *, actor: Actor, site_id: int | None = None) -> Lot:
    """A new draft holding these fleet units, titled by what they are. Refused: none, or as `add_units`."""
    if not unit_ids:
        raise Invalid(N_("Tick at least one device."), field="units")
    lot = draft_lot(actor=actor, title=UNTITLED, site_id=site_id)
    lot.title = _title_of(add_units(lot.id, unit_ids, actor=actor))
    session().flush()
    return lot


@command
def draft_counted(*, actor: Actor, site_id: int | None = None, **line: Any) -> Lot:
    """A new draft of one counted line (as `add_counted_line`), titled by what it is."""
    lot = draft_lot(actor=actor, title=UNTITLED, site_id=site_id)
    lot.title = _title_of([add_counted_line(lot.id, actor=actor, **line)])
    session().flush()
    return lot


@command
def add_counted_line(
    lot_id: int, *, actor: Actor, kind: str, units: int, label: str = "", **condition: Any
) -> LotLine:
    """A line of units without serials ("80 monitors"). `condition`: works, charger, …, note.

    Refused: unknown kind, fewer than 1 or more than 10,000 units.
    """
    lot = draft(lot_id, actor)
    known = equipment.kind(kind)
    if known is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    if not 1 <= units <= conditions.MOST_UNITS:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=conditions.MOST_UNITS)
    label = " ".join(label.split())[:200] or known.plural_fr.capitalize()
    checked = conditions.check_line(condition)
    line = LotLine(
        lot_id=lot.id, number=_next_number(lot.id), kind=kind, label=label, declared=units, **checked
    )
    session().add(line)
    session().flush()
    _check_size(_lines(lot.id))
    return line


@command
def remove_line(lot_id: int, number: int, *, actor: Actor) -> None:
    """Take a line out of a draft; its fleet units are free again."""
    lot = draft(lot_id, actor)
    line = _line(lot.id, number)
    session().execute(sa.delete(LotItem).where(LotItem.line_id == line.id))
    session().delete(line)
    session().flush()


@command
def set_line(lot_id: int, number: int, values: Mapping[str, Any], *, actor: Actor) -> LotLine:
    """Change a line of a draft: its condition, `label`, and `units` of a counted line.

    Refused: `units` of a line made of fleet units (its count is theirs), a code outside its list.
    """
    lot = draft(lot_id, actor)
    line = _line(lot.id, number)
    rest = dict(values)
    if (label := " ".join(str(rest.pop("label", "")).split())) != "":
        line.label = label[:200]
    units = rest.pop("units", None)
    if units is not None and units != line.declared:
        _recount(line, units)
    for name, value in conditions.check_line(rest).items():
        setattr(line, name, value)
    session().flush()
    _check_size(_lines(lot.id))
    return line


@command
def set_lines(lot_id: int, numbers: Iterable[int], values: Mapping[str, Any], *, actor: Actor) -> int:
    """Give several lines of a draft the same condition; how many. Refused: no line, an unknown code."""
    lot = draft(lot_id, actor)
    checked = conditions.check_line(values)
    chosen = [line for line in _lines(lot.id) if line.number in set(numbers)]
    if not chosen:
        raise Invalid(N_("Tick at least one line."), field="lines")
    for line in chosen:
        for name, value in checked.items():
            setattr(line, name, value)
    session().flush()
    return len(chosen)


def _title_of(lines: Sequence[LotLine]) -> str:
    """« 84 ordinateurs portables, 36 écrans »: a first title, for the holder to change."""
    kinds = {kind.code: kind for kind in equipment.kinds()}
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.kind] = counts.get(line.kind, 0) + line.declared
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    said = [f"{n} {kinds[code].label_fr if n < 2 else kinds[code].plural_fr}" for code, n in ranked]
    return ", ".join(said[:3])[:160]


def _lines(lot_id: int) -> list[LotLine]:
    return list(
        session().scalars(sa.select(LotLine).where(LotLine.lot_id == lot_id).order_by(LotLine.number))
    )


def _line(lot_id: int, number: int) -> LotLine:
    by_number = sa.select(LotLine).where(LotLine.lot_id == lot_id, LotLine.number == number)
    line = session().scalars(by_number).one_or_none()
    if line is None:
        raise NotFound(N_("This lot has no such line."))
    return line


def _next_number(lot_id: int) -> int:
    return (session().scalar(sa.select(sa.func.max(LotLine.number)).where(LotLine.lot_id == lot_id)) or 0) + 1


def _recount(line: LotLine, units: int) -> None:
    if session().scalar(sa.select(LotItem.unit_id).where(LotItem.line_id == line.id).limit(1)):
        raise Invalid(
            N_("This line is made of devices of your fleet: their number is counted."), field="units"
        )
    if not 1 <= units <= conditions.MOST_UNITS:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=conditions.MOST_UNITS)
    line.declared = units


def _check_size(lines: Sequence[LotLine]) -> None:
    if sum(line.declared for line in lines) > conditions.MOST_UNITS:
        raise Invalid(
            N_("A lot holds at most %(most)s devices: make several lots."),
            field="units",
            most=conditions.MOST_UNITS,
        )


def _units_to_add(lot: Lot, unit_ids: Sequence[int]) -> list[Unit]:
    ids = sorted(set(unit_ids))
    if len(ids) > conditions.MOST_UNITS:
        raise Invalid(
            N_("A lot holds at most %(most)s devices: make several lots."),
            field="units",
            most=conditions.MOST_UNITS,
        )
    mine = sa.select(Unit).where(Unit.id.in_(ids), Unit.owner_id == lot.holder_id).order_by(Unit.id)
    found = list(session().scalars(mine))
    if len(found) != len(ids):
        raise NotFound(N_("Some of these devices are not in your fleet."))
    if any(unit.state not in ("in_use", "discarded") for unit in found):
        raise Conflict(
            N_("Some of these devices are already in a published lot, or have left your fleet."),
            code="lot.unit-taken",
        )
    taken = session().execute(
        sa.select(LotItem.unit_id, LotLine.lot_id, Lot.reference)
        .join(LotLine, LotLine.id == LotItem.line_id)
        .join(Lot, Lot.id == LotLine.lot_id)
        .where(LotItem.unit_id.in_(ids))
    ).all()  # fmt: skip
    others = sorted({row.reference for row in taken if row.lot_id != lot.id})
    if others:
        raise Conflict(
            N_("Some of these devices are already in the draft %(lot)s."),
            code="lot.unit-drafted",
            lot=others[0],
        )
    here = {row.unit_id for row in taken}
    return [unit for unit in found if unit.id not in here]


def _grouped(units: Iterable[Unit]) -> dict[Likeness, list[Unit]]:
    groups: dict[Likeness, list[Unit]] = {}
    for unit in units:
        groups.setdefault(grouping.likeness(unit), []).append(unit)
    return groups


def _lines_with_items(lot_id: int) -> list[tuple[LotLine, Unit]]:
    """Each line made of fleet units, with one of them."""
    one = sa.select(sa.func.min(LotItem.unit_id)).where(LotItem.line_id == LotLine.id).scalar_subquery()
    rows = session().execute(
        sa.select(LotLine, Unit).join(Unit, Unit.id == one).where(LotLine.lot_id == lot_id)
    )
    return [(line, unit) for line, unit in rows]


def _names(units: Sequence[Unit]) -> tuple[dict[int, str], dict[str, str]]:
    models = equipment.models(sorted({unit.model_id for unit in units if unit.model_id is not None}))
    full = {key: full_name(model.maker, model.name) for key, model in models.items()}
    return full, {kind.code: kind.label_fr.capitalize() for kind in equipment.kinds()}


def _new_line(lot: Lot, alike: Likeness, names: tuple[dict[int, str], dict[str, str]]) -> LotLine:
    kind, model_id = alike[:2]
    label = grouping.line_label(names[0].get(model_id or 0, ""), names[1][kind], alike)
    line = LotLine(
        lot_id=lot.id, number=_next_number(lot.id), kind=kind, model_id=model_id, label=label, declared=0
    )  # fmt: skip
    session().add(line)
    session().flush()
    return line
