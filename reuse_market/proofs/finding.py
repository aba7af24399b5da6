"""A device found by its label, serial or inventory number, by somebody entitled to its proofs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs.subjects import entitled
from reuse_market.units import codes, labels
from reuse_market.units.models import Unit

MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A device in the list of what was found."""

    unit_id: int
    name: str
    kind: str
    serial: str
    code: str
    state: str
    lot: str
    custodian: str


def devices(typed: str, actor: Actor) -> list[Found]:
    """At most 20 devices that bear exactly this label, serial or inventory number, of those this actor may prove."""
    label = codes.normalise(typed)
    labelled = labels.unit_of_code(label) if codes.is_code(label) else None
    bears = [Unit.serial.in_((typed, typed.upper())), Unit.asset_tag == typed]
    if labelled is not None:
        bears.append(Unit.id == labelled.id)
    statement = sa.select(Unit).where(sa.or_(*bears)).order_by(Unit.id.desc()).limit(10 * MOST)
    mine = [unit for unit in session().scalars(statement) if entitled(unit, actor)][:MOST]
    return told(mine)


def told(units: Sequence[Unit]) -> list[Found]:
    """These devices as a list shows them."""
    stuck = labels.codes_of([unit.id for unit in units])
    names = accounts.names({unit.custodian_id for unit in units})
    return [_found(unit, stuck.get(unit.id, ""), names.get(unit.custodian_id, "")) for unit in units]


def device(unit_id: int, actor: Actor) -> Unit:
    """The device, for who may prove it; NotFound otherwise, as for one that does not exist."""
    found = session().get(Unit, unit_id)
    if found is None or not entitled(found, actor):
        raise NotFound(N_("This device does not exist."))
    return found


def _found(unit: Unit, code: str, custodian: str) -> Found:
    model = equipment.model(unit.model_id) if unit.model_id else None
    name = f"{model.maker} {model.name}".strip() if model else ""
    lot = unit.stream.removeprefix("lot/") if unit.stream.startswith("lot/") else ""
    return Found(unit.id, name, unit.kind, unit.serial or "", code, unit.state, lot, custodian)
