"""The fleet as a file that this tool reads back without any change: one row a device, any number of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Site
from reuse_market.equipment.models import Model
from reuse_market.fleets import queries
from reuse_market.fleets.queries import FleetFilters
from reuse_market.kernel.db import session
from reuse_market.kernel.words import N_
from reuse_market.units.models import Unit

HEADER = (
    N_("Serial number"),
    N_("Maker"),
    N_("Model"),
    N_("Device type"),
    N_("Inventory number"),
    N_("Key in the inventory tool"),
    N_("Date of purchase"),
    N_("Processor"),
    N_("Memory (MB)"),
    N_("Storage (MB)"),
    N_("Screen size"),
    N_("Operating system"),
    N_("Location"),
    N_("State"),
)
_CHUNK = 2_000


def rows(
    holder_id: int, filters: FleetFilters, kinds: dict[str, str], states: dict[str, str], *, comma: str = ","
) -> Iterator[list[Any]]:
    """The devices a fleet list holds, by id, as cells under HEADER; kinds and states in the reader's words."""
    last = 0
    while True:
        statement = (
            sa.select(Unit, Model.maker, Model.name, Site.name)
            .outerjoin(Model, Model.id == Unit.model_id)
            .outerjoin(Site, Site.id == Unit.site_id)
            .where(*queries.chosen(holder_id, filters), Unit.id > last)
            .order_by(Unit.id)
            .limit(_CHUNK)
        )
        found = session().execute(statement).all()
        if not found:
            return
        last = found[-1][0].id
        for unit, maker, model, site in found:
            screen = unit.screen_tenths
            yield [
                unit.serial, maker, model, kinds.get(unit.kind, unit.kind), unit.asset_tag, unit.holder_key,
                unit.bought_on, unit.cpu, unit.ram_mb, unit.storage_mb,
                f"{screen // 10}{comma}{screen % 10}" if screen else None, unit.os, site, states[unit.state],
            ]  # fmt: skip
        session().expire_all()
