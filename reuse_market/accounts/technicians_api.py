"""`/organisations/{id}/technicians`: who has a PIN or a badge of the workshop; taking them away. Neither is set here:
each person sets their own, signed in."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import people_schemas as schemas
from reuse_market.accounts import policy, technicians
from reuse_market.accounts.people_api import ONE, RULE
from reuse_market.accounts.technicians import Technician
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST

TECHNICIAN = f"{ONE}/technicians/<int(min=1, max={BIGGEST}):person_id>"
SCHEMA = schemas.TechnicianSchema
keys = rest.Collection("technicians", "Who takes turns on the shared computer of a workshop.")
collections = (keys,)


@keys.read(f"{ONE}/technicians", rule=RULE, shape=SCHEMA, listed=True, name="technicians")
def list_technicians(query: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """The members with a PIN or a badge, for the organisation's own people."""
    after, limit = rest.after(query["cursor"]) or 0, query["limit"]
    rows = sorted((row for row in _known(organisation_id) if row.person_id > after), key=_number)
    return rest.page(rows[: limit + 1], limit, _number, lambda row: _shown(organisation_id, row))


@keys.read(TECHNICIAN, rule=RULE, shape=SCHEMA, name="technician")
def get_technician(organisation_id: int, person_id: int) -> dict[str, Any]:
    """One of them."""
    return _shown(organisation_id, _one(organisation_id, person_id))


@keys.verb(f"{TECHNICIAN}:withdraw", rule=RULE, shape=SCHEMA, name="withdraw-technician")
def withdraw(organisation_id: int, person_id: int) -> dict[str, Any]:
    """Take PIN and badge away: no more turn begins. By whoever keeps the people, or for oneself."""
    told = _shown(organisation_id, _one(organisation_id, person_id))
    technicians.withdraw(organisation_id, person_id, actor=current_actor())
    return told | {"pin": False, "badge": False, "actions": []}


def _known(organisation_id: int) -> list[Technician]:
    if not policy.may_know_people(current_actor(), organisation_id):
        raise NotFound(N_("This organisation does not exist."))
    return technicians.technicians(organisation_id)


def _one(organisation_id: int, person_id: int) -> Technician:
    found = next((row for row in _known(organisation_id) if row.person_id == person_id), None)
    if found is None:
        raise NotFound(technicians.NONE)
    return found


def _shown(organisation_id: int, row: Technician) -> dict[str, Any]:
    may = technicians.may_withdraw(current_actor(), organisation_id, row.person_id)
    return {name: getattr(row, name) for name in ("person_id", "name", "pin", "badge", "used_at")} | {
        "actions": ["withdraw"] if may else [],
        "links": {"self": rest.address("organisations", organisation_id, "technicians", str(row.person_id))},
    }  # fmt: skip


def _number(row: Technician) -> int:
    return row.person_id
