"""More operations of `/fleet-units`: what left outside the tool, the stock on 1 January."""

from __future__ import annotations

from typing import Any

from reuse_market.fleets import discard_schemas as schemas
from reuse_market.fleets import january, services
from reuse_market.fleets.api import fleet_units
from reuse_market.fleets.schemas import Discarded, FleetSelection
from reuse_market.web.access import current_actor


@fleet_units.verb(
    "/fleet-units:record-departure", rule="holder", body=schemas.DepartureInput, shape=Discarded
)
def record_departure(values: dict[str, Any]) -> dict[str, Any]:
    """Discarded units left outside the tool: given or sold to staff, taken back, returned to their lessor."""
    ids, outlet = values.pop("units"), values.pop("outlet")
    return {"units": services.record_departure(ids, outlet, actor=current_actor(), **values)}


@fleet_units.verb("/fleet-units:annul-departure", rule="holder", body=FleetSelection, shape=Discarded)
def annul_departure(values: dict[str, Any]) -> dict[str, Any]:
    """They are still there after all."""
    return {"units": services.annul_departure(values["units"], actor=current_actor())}


@fleet_units.read(
    "/fleet-units/january-stock", rule="holder", shape=schemas.StocksSchema, name="january-stock"
)
def january_stock() -> dict[str, Any]:
    """What a public holder had discarded and kept on each 1 January: the denominator of the REEN rate."""
    rows = january.years(current_actor().organisation_id or 0)
    return {
        "items": [
            {
                "day": row.stock.day, "units": row.stock.units, "made_at": row.stock.made_at,
                "kinds": [{"kind": k, "units": n, "over_ten": old} for k, (n, old) in row.kinds.items()],
            }
            for row in rows
        ]
    }  # fmt: skip
