"""The lines of a draft: fleet units alike on one line, counted lines without serials, their condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.kernel import praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import conditions
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.lots.services import filling
from reuse_market.lots.services.drafting import draft, draft_lot, note_change

UNTITLED = "Brouillon"


@command
def add_units(lot_id: int, unit_ids: Sequence[int], *, actor: Actor) -> list[LotLine]:
    """Put fleet units in a draft, alike ones on one line; the lot's lines. Units already in it stay.

    Refused: units that are not the holder's or no longer in its fleet (listed, collected…), units in another
    draft, more than 10,000 units in all.
    """
    lot = draft(lot_id, actor)
    filling.put(lot, unit_ids)
    session().flush()
    kept = _lines(lot.id)
    check_size(kept)
    note_change(lot, actor)
    return kept


@command
def draft_from_units(unit_ids: Sequence[int], *, actor: Actor, site_id: int | None = None) -> Lot:
    """A new draft holding these fleet units, titled by what they are. Refused: none, or as `add_units`."""
    if not unit_ids:
        raise Invalid(N_("Tick at least one device."), field="units")
    lot = draft_lot(actor=actor, title=UNTITLED, site_id=site_id)
    lot.title = title_of(add_units(lot.id, unit_ids, actor=actor))
    session().flush()
    return lot


@command
def draft_counted(*, actor: Actor, site_id: int | None = None, **line: Any) -> Lot:
    """A new draft of one counted line (as `add_counted_line`), titled by what it is."""
    lot = draft_lot(actor=actor, title=UNTITLED, site_id=site_id)
    lot.title = title_of([add_counted_line(lot.id, actor=actor, **line)])
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
    line = count_line(lot, kind=kind, units=units, label=label, **condition)
    check_size(_lines(lot.id))
    note_change(lot, actor)
    return line


def count_line(lot: Lot, *, kind: str, units: int, label: str = "", **condition: Any) -> LotLine:
    """Write a counted line, inside the verb that adds it. Refused as `add_counted_line` refuses."""
    known = equipment.kind(kind)
    if known is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    if not 1 <= units <= conditions.MOST_UNITS:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=conditions.MOST_UNITS)
    praise.require_plain(label, field="label")
    label = " ".join(label.split())[:200] or known.plural_fr.capitalize()
    line = LotLine(lot_id=lot.id, number=filling.next_number(lot.id), kind=kind, label=label, declared=units)
    _set_condition(line, condition)
    session().add(line)
    session().flush()
    return line


@command
def remove_line(lot_id: int, number: int, *, actor: Actor) -> None:
    """Take a line out of a draft; its fleet units are free again."""
    lot = draft(lot_id, actor)
    line = _line(lot.id, number)
    session().execute(sa.delete(LotItem).where(LotItem.line_id == line.id))
    session().delete(line)
    session().flush()
    note_change(lot, actor)


@command
def set_line(lot_id: int, number: int, values: Mapping[str, Any], *, actor: Actor) -> LotLine:
    """Change a line of a draft: its condition, `label`, and `units` of a counted line.

    Refused: `units` of a line made of fleet units (its count is theirs), a code outside its list.
    """
    lot = draft(lot_id, actor)
    line = _line(lot.id, number)
    rest = dict(values)
    if (label := " ".join(str(rest.pop("label", "")).split())) != "":
        praise.require_plain(label, field="label")
        line.label = label[:200]
    units = rest.pop("units", None)
    if units is not None and units != line.declared:
        _refuse_items(line)
        recount(line, units)
    _set_condition(line, rest)
    session().flush()
    check_size(_lines(lot.id))
    note_change(lot, actor)
    return line


@command
def set_lines(lot_id: int, numbers: Iterable[int], values: Mapping[str, Any], *, actor: Actor) -> int:
    """Give several lines of a draft the same condition; how many. Refused: no line, an unknown code."""
    lot = draft(lot_id, actor)
    conditions.check_line(values)
    chosen = [line for line in _lines(lot.id) if line.number in set(numbers)]
    if not chosen:
        raise Invalid(N_("Tick at least one line."), field="lines")
    for line in chosen:
        _set_condition(line, values)
    session().flush()
    note_change(lot, actor)
    return len(chosen)


def title_of(lines: Sequence[LotLine]) -> str:
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


def _set_condition(line: LotLine, values: Mapping[str, Any]) -> None:
    checked = conditions.check_line(values)
    for name, value in checked.items():
        setattr(line, name, value)
    if checked.keys() & conditions.LOCKS.keys():
        told = conditions.locks_released([getattr(line, name) for name in conditions.LOCKS])
        line.locks_released = told or line.locks_released or "unknown"
    elif "locks_released" in checked:  # said for all of them at once: what was said of each no longer holds
        for name in conditions.LOCKS:
            setattr(line, name, None)


def _refuse_items(line: LotLine) -> None:
    if session().scalar(sa.select(LotItem.unit_id).where(LotItem.line_id == line.id).limit(1)):
        raise Invalid(
            N_("This line is made of devices of your fleet: their number is counted."), field="units"
        )


def recount(line: LotLine, units: int) -> None:
    """Another number of devices on a counted line. Refused: fewer than 1 or too many."""
    if not 1 <= units <= conditions.MOST_UNITS:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=conditions.MOST_UNITS)
    line.declared = units


def check_size(lines: Sequence[LotLine]) -> None:
    """Refuse a lot of too many devices."""
    if sum(line.declared for line in lines) > conditions.MOST_UNITS:
        raise Invalid(
            N_("A lot holds at most %(most)s devices: make several lots."),
            field="units",
            most=conditions.MOST_UNITS,
        )
