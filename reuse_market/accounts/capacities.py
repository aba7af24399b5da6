"""What a reuse actor declares it can take: said by itself, read by who shares lots out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import policy, services
from reuse_market.accounts.models import ActorCapacity
from reuse_market.accounts.search_models import CONDITIONS
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.places import queries as places

MOST_UNITS, MOST_KM, MOST_STOP = 100_000, 500, 1000


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared. No kind, no commune, no distance: no limit. Distances count from the actor's base."""

    units_per_month: int
    kinds: tuple[str, ...] = ()
    condition: str = "any"  # any | working: only devices said to work
    within_km: int | None = None
    communes: tuple[str, ...] = ()  # INSEE codes
    minimum_per_stop: int = 1

    def accepts(self, kind: str, works: str) -> bool:
        """Whether devices of this kind and condition (LotLine.works) are among what it declared."""
        return (not self.kinds or kind in self.kinds) and (self.condition == "any" or works == "works")


@command
def declare_capacity(organisation_id: int, declared: Declared, *, actor: Actor) -> ActorCapacity:
    """Say what an organisation can take; it holds from now on, what was said before stays in the journal.

    Refused: another organisation's; one that is no reuse actor; somebody who may not commit it; Invalid for a
    number out of bounds, an unknown kind, condition or commune.
    """
    found = services.locked_organisation(organisation_id)
    if not policy.may_declare_capacity(actor, organisation_id):
        raise NotAllowed(
            N_("Only a reuse actor declares its capacity, by somebody who may commit it."), code="capacity"
        )
    _check(declared)
    row: ActorCapacity | None = lock(ActorCapacity, ActorCapacity.organisation_id == organisation_id)
    if row is None:
        row = ActorCapacity(organisation_id=organisation_id, version=0)
        session().add(row)
    row.units_per_month, row.condition = declared.units_per_month, declared.condition
    row.kinds, row.communes = " ".join(sorted(declared.kinds)), " ".join(sorted(declared.communes))
    row.within_km, row.minimum_per_stop = declared.within_km, declared.minimum_per_stop
    row.version, row.declared_at, row.declared_by = row.version + 1, clock.now(), actor.person_id
    session().flush()
    facts = {
        "units_per_month": declared.units_per_month, "kinds": sorted(declared.kinds), "condition": declared.condition,
        "within_km": declared.within_km, "communes": sorted(declared.communes),
        "minimum_per_stop": declared.minimum_per_stop,
    }  # fmt: skip
    services.tell(found, "organisation.capacity-declared", actor, facts)
    return row


def capacity_of(organisation_id: int) -> Declared | None:
    """What an organisation declares today, or None: nothing said."""
    return capacities([organisation_id]).get(organisation_id)


def capacities(organisation_ids: Iterable[int]) -> dict[int, Declared]:
    """Organisation id → what it declares, in one statement; those that said nothing are left out."""
    wanted = sorted(set(organisation_ids))
    rows = session().scalars(sa.select(ActorCapacity).where(ActorCapacity.organisation_id.in_(wanted)))
    return {row.organisation_id: _declared(row) for row in rows}


def _declared(row: ActorCapacity) -> Declared:
    return Declared(
        row.units_per_month, tuple(row.kinds.split()), row.condition, row.within_km, tuple(row.communes.split()),
        row.minimum_per_stop,
    )  # fmt: skip


def _check(declared: Declared) -> None:
    _within(declared.units_per_month, MOST_UNITS, "units_per_month")
    _within(declared.minimum_per_stop, MOST_STOP, "minimum_per_stop")
    if declared.within_km is not None:
        _within(declared.within_km, MOST_KM, "within_km")
    if declared.condition not in CONDITIONS:
        raise Invalid(N_("Choose an answer."), field="condition")
    _among(declared.kinds, [kind.code for kind in equipment.kinds()], "kinds")
    _among(declared.communes, [commune.insee for commune in places.communes()], "communes")


def _within(number: int, most: int, field: str) -> None:
    if not 1 <= number <= most:
        raise Invalid(N_("Enter a number between %(min)s and %(max)s."), field=field, min=1, max=most)


def _among(given: Sequence[str], known: Sequence[str], field: str) -> None:
    if not set(given) <= set(known):
        raise Invalid(N_("Choose an answer."), field=field)
