"""Reads of the models a holder has: their spellings, how sure their kind is, which look the same, corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.equipment.models import Model
from reuse_market.equipment.names import fold, full_name
from reuse_market.equipment.readable import is_code
from reuse_market.fleets.models import ModelCorrection
from reuse_market.fleets.reading.naming import Confidence, Corrected, confidence, spelling
from reuse_market.kernel.db import session
from reuse_market.units.models import Unit

HERE = ("in_use", "discarded")
SHOWN = (*HERE, "listed", "awarded")
_RANK = {"unsure": 0, "likely": 1, "sure": 2}
# Words that some tools add and others leave out; what stays must be the same.
_ADDED = frozenset(
    ("notebook", "pc", "laptop", "portable", "ordinateur", "desktop", "computer", "business", "series", "serie",
     "ecran", "monitor", "moniteur", "mobile", "workstation", "product", "system")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelt:
    """A model of a fleet. `changeable`: units in use or discarded; `units` adds those in published lots.

    `confidence` of its kind, "sure" once the holder has said it; `unreadable`: a maker's code nobody reads.
    """

    model_id: int
    kind: str
    maker: str
    name: str
    units: int
    changeable: int
    confidence: Confidence
    corrected: bool
    unreadable: bool

    @property
    def full(self) -> str:
        """Maker and name, the maker not said twice."""
        return full_name(self.maker, self.name)

    @property
    def to_check(self) -> bool:
        """Whether somebody should look at it."""
        return self.confidence == "unsure" or self.unreadable

    @property
    def spelling(self) -> str:
        """As corrections know it."""
        return spelling(self.maker, self.name)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed by."""

    kind: str | None = None
    text: str = ""
    to_check: bool = False

    @property
    def active(self) -> int:
        """How many are in use."""
        return sum(1 for one in (self.kind, self.text, self.to_check) if one)


@dataclass(frozen=True, slots=True)
class Correction:
    """A spelling corrected: how it was written, what it stands for now."""

    id: int
    written: str
    kind: str
    model: str


def models(holder_id: int, filters: Filters | None = None) -> list[Spelt]:
    """The models of a fleet: those to check first, then the most numerous. Three statements whatever the fleet."""
    told = filters or Filters()
    words = fold(told.text).split()
    return [
        one
        for one in _all(holder_id)
        if (not told.kind or one.kind == told.kind)
        and (not told.to_check or one.to_check)
        and all(word in f"{fold(one.maker)} {fold(one.name)}" for word in words)
    ]


def model(holder_id: int, model_id: int) -> Spelt | None:
    """One of them, or None."""
    return next((one for one in _all(holder_id) if one.model_id == model_id), None)


def alike(found: Sequence[Spelt]) -> list[list[Spelt]]:
    """Models that look like one spelt otherwise: in each group first the one to keep; none alone."""
    groups: dict[tuple[str, str], list[Spelt]] = {}
    for one in found:
        groups.setdefault((fold(one.maker), _loose(one)), []).append(one)
    return [
        sorted(group, key=lambda one: (one.to_check, -one.units, one.model_id))
        for group in groups.values()
        if len(group) > 1
    ]


def corrections(holder_id: int) -> dict[str, Corrected]:
    """Spelling → what the holder said it stands for, whatever it was corrected by in between. One statement."""
    statement = (
        sa.select(ModelCorrection.spelling, Model.kind, Model.maker, Model.name)
        .join(Model, Model.id == ModelCorrection.model_id)
        .where(ModelCorrection.organisation_id == holder_id)
    )
    direct = {row.spelling: Corrected(row.kind, row.maker, row.name) for row in session().execute(statement)}
    return {key: _followed(told, direct) for key, told in direct.items()}


def corrected(holder_id: int) -> list[Correction]:
    """The corrections remembered, the newest first."""
    statement = (
        sa.select(ModelCorrection.id, ModelCorrection.maker, ModelCorrection.name, Model)
        .join(Model, Model.id == ModelCorrection.model_id)
        .where(ModelCorrection.organisation_id == holder_id)
        .order_by(ModelCorrection.id.desc())
    )
    return [
        Correction(key, full_name(maker, name), row.kind, full_name(row.maker, row.name))
        for key, maker, name, row in session().execute(statement)
    ]


def _all(holder_id: int) -> list[Spelt]:
    counts: Counter[int] = Counter()
    changeable: Counter[int] = Counter()
    statement = (
        sa.select(Unit.model_id, Unit.state, sa.func.count())
        .where(Unit.owner_id == holder_id, Unit.state.in_(SHOWN), Unit.model_id.is_not(None))
        .group_by(Unit.model_id, Unit.state)
    )
    for told, state, units in session().execute(statement):
        model_id = int(told or 0)
        counts[model_id] += units
        changeable[model_id] += units if state in HERE else 0
    said = {spelling(told.maker, told.model) for told in corrections(holder_id).values()}
    found = [
        _spelt(row, counts[row.id], changeable[row.id], spelling(row.maker, row.name) in said)
        for row in _rows(sorted(counts))
    ]
    return sorted(found, key=lambda one: (not one.to_check, _RANK[one.confidence], -one.units, one.full))


def _rows(ids: Sequence[int]) -> list[Model]:
    statement = sa.select(Model)
    found: list[Model] = []
    for start in range(0, len(ids), 500):
        found += session().scalars(statement.where(Model.id.in_(ids[start : start + 500])))
    return found


def _spelt(row: Model, units: int, changeable: int, said: bool) -> Spelt:
    sure: Confidence = "sure" if said else confidence(row.kind, row.maker, row.name)
    unreadable = not said and is_code(row.name)
    return Spelt(row.id, row.kind, row.maker, row.name, units, changeable, sure, said, unreadable)


def _loose(one: Spelt) -> str:
    made_by = set(fold(one.maker).split())
    words = [word for word in fold(one.name).split() if word not in made_by and word not in _ADDED]
    return "".join(words) or fold(one.name)


def _followed(told: Corrected, direct: dict[str, Corrected]) -> Corrected:
    for _step in range(len(direct)):
        following = direct.get(spelling(told.maker, told.model))
        if following is None or following == told:
            break
        told = following
    return told
