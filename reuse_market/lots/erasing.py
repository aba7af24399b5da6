"""What is proven of the erasure of a lot's devices while they are still with their holder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from reuse_market.equipment.models import Model
from reuse_market.equipment.names import full_name
from reuse_market.erasure.gate import Gate, gates
from reuse_market.erasure.words import USUAL
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.units.models import Engagement, Unit

CHUNK = 1000
STREAM = "lot/"
WITHOUT_STORAGE = tuple(kind for kind, (media, *_rest) in USUAL.items() if media == 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit of the lot, its line and the verdict of its gate under the lot's policy."""

    unit_id: int
    kind: str
    line: int
    anonymous: bool
    gate: Gate


@dataclass(frozen=True, slots=True)
class Progress:
    """Units still with the holder: `proven` + `lacking` = `total`.

    `lines` and `storeless` count the lacking ones: by line, and by kind usually without storage.
    """

    total: int = 0
    proven: int = 0
    lines: dict[int, int] = field(default_factory=dict)
    storeless: dict[str, int] = field(default_factory=dict)

    @property
    def lacking(self) -> int:
        """Units whose gate is not met."""
        return self.total - self.proven


@dataclass(frozen=True, slots=True)
class Row:
    """A unit as the page lists it."""

    unit: Unit
    line: int
    model: str
    gate: Gate


def of_streams(streams: Iterable[str]) -> dict[str, Lot]:
    """Stream ("lot/LOT-2026-0001") → its lot, of the streams that are a lot's: the bench and exceptions read
    its level of erasure here."""
    references = sorted(one.removeprefix(STREAM) for one in streams if one.startswith(STREAM))
    rows = session().scalars(sa.select(Lot).where(Lot.reference.in_(references)))
    return {f"{STREAM}{lot.reference}": lot for lot in rows}


def standings(lot: Lot) -> list[Standing]:
    """Every unit of the lot that is still with its holder, by line and id: four statements a thousand."""
    anonymous = sa.and_(Unit.serial.is_(None), Unit.asset_tag.is_(None))
    statement = (
        sa.select(Unit.id, Unit.kind, sa.func.coalesce(Engagement.line, 0), anonymous)
        .join(Engagement, Engagement.unit_id == Unit.id)
        .where(Engagement.kind == "lot", Engagement.reference == lot.reference)
        .where(Engagement.until_at.is_(None), Unit.custodian_id == lot.holder_id)
        .order_by(Engagement.line, Unit.id)
    )
    rows = session().execute(statement).all()
    verdicts: dict[int, Gate] = {}
    for start in range(0, len(rows), CHUNK):
        ids = [row[0] for row in rows[start : start + CHUNK]]
        verdicts |= gates(dict.fromkeys(ids, lot.erasure_policy))
    return [Standing(i, kind, line, bool(bare), verdicts[i]) for i, kind, line, bare in rows]


def progress(found: Sequence[Standing]) -> Progress:
    """The counts of what a lot's units have and lack."""
    lacking = [one for one in found if not one.gate.passed]
    return Progress(
        len(found), len(found) - len(lacking), dict(sorted(Counter(one.line for one in lacking).items())),
        dict(Counter(one.kind for one in lacking if one.kind in WITHOUT_STORAGE)),
    )  # fmt: skip


def page_of(found: Sequence[Standing], *, offset: int, limit: int) -> list[Row]:
    """Some of them, with what a person recognises them by."""
    shown = found[offset : offset + limit]
    statement = (
        sa.select(Unit, Model.maker, Model.name)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(Unit.id.in_([one.unit_id for one in shown]))
    )
    named = {unit.id: (unit, full_name(maker, name)) for unit, maker, name in session().execute(statement)}
    return [Row(named[one.unit_id][0], one.line, named[one.unit_id][1], one.gate) for one in shown]


def lacking_ids(
    found: Sequence[Standing], *, line: int | None = None, kind: str | None = None, count: int | None = None
) -> list[int]:
    """Ids of units without proof, of a line or a kind; the first `count` of them (all by default)."""
    ids = [
        one.unit_id
        for one in found
        if not one.gate.passed and line in (None, one.line) and kind in (None, one.kind)
    ]
    return ids if count is None else ids[:count]
