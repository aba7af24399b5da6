"""Which units may be sent: those in the sender's hands, sorted by state, kind, grade and lot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.equipment.models import Model
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.units.codes import is_code, normalise
from reuse_market.units.models import Engagement, Label, Unit
from reuse_market.units.services import criterion
from reuse_market.units.shipping import SHIPPABLE

MOST = 2000  # units of one shipment
LOT_STREAM = "lot/"
SEVERAL = N_("Several devices bear the number %(number)s: give the code on the label of each.")


@dataclass(frozen=True, slots=True)
class Sorted:
    """Units alike (same state, kind, model and lot) that could be sent together, and how many."""

    state: str
    kind: str
    maker: str
    model: str
    lot: str
    units: int
    model_id: int | None
    grade: str = ""

    @property
    def key(self) -> str:
        """What a form ticks: state, kind, model, lot and grade."""
        return "|".join((self.state, self.kind, str(self.model_id or ""), self.lot, self.grade))


_grades: list[sa.Select[*tuple[Any, ...]]] = []


def know_grades(statement: sa.Select[*tuple[Any, ...]]) -> None:
    """Wired once: the (unit_id, grade) of units that were graded; the workshop, a room above, knows them."""
    _grades[:] = [statement]


def _graded() -> sa.Subquery:
    """unit_id, grade of graded units; empty until somebody tells."""
    nothing = sa.select(Unit.id.label("unit_id"), sa.literal("").label("grade")).where(sa.false())
    return (_grades[0] if _grades else nothing).subquery("graded")


def sendable(organisation_id: int) -> list[sa.ColumnElement[bool]]:
    """Criteria on Unit: in its hands, not on the way already, not awaiting the holder's counter-signature."""
    here = Engagement.unit_id == Unit.id
    under_way = sa.exists().where(here, Engagement.kind == "shipment", Engagement.until_at.is_(None))
    came = sa.exists().where(
        here, Engagement.kind == "shipment", Engagement.outcome == "received",
        Engagement.party_id == Unit.custodian_id,
    )  # fmt: skip
    return [
        Unit.custodian_id == organisation_id, Unit.state.in_(SHIPPABLE), ~under_way,
        sa.or_(Unit.owner_id == organisation_id, came),
    ]  # fmt: skip


def ranges(organisation_id: int, **filters: str | None) -> list[Sorted]:
    """What could be sent, sorted. `filters`: state, kind, lot."""
    graded = _graded()
    grade = sa.case((Unit.state == "ready", sa.func.coalesce(graded.c.grade, "")), else_="").label(
        "graded_as"
    )
    alike = (Unit.state, Unit.kind, Model.maker, Model.name, Unit.stream, Unit.model_id)
    statement = (
        sa.select(*alike, grade, sa.func.count())
        .outerjoin(Model, Model.id == Unit.model_id)
        .outerjoin(graded, graded.c.unit_id == Unit.id)
        .where(*sendable(organisation_id), *_asked(filters))
        .group_by(*alike, grade)
        .order_by(Unit.state, Unit.kind, Model.maker, Model.name, Unit.stream, grade)
    )
    return [
        Sorted(state, kind, maker or "", name or "", stream.removeprefix(LOT_STREAM), units, model_id, found)
        for state, kind, maker, name, stream, model_id, found, units in session().execute(statement)
    ]


def ids_of(organisation_id: int, wanted: Mapping[str, int]) -> list[int]:
    """Ids of the first `wanted` units of each range (its key), lowest first."""
    found: list[int] = []
    for key, count in wanted.items():
        state, kind, model, lot, grade = (*key.split("|"), "", "", "", "")[:5]
        graded = _graded()
        as_graded = sa.select(graded.c.unit_id).where(graded.c.grade == grade)
        statement = (
            sa.select(Unit.id)
            .where(*sendable(organisation_id), Unit.state == state, Unit.kind == kind)
            .where(Unit.model_id == int(model) if model.isdigit() else Unit.model_id.is_(None))
            .where(Unit.stream.in_((f"{LOT_STREAM}{lot}", lot)))
            .where(*([Unit.id.in_(as_graded)] if grade else []))
            .order_by(Unit.id)
            .limit(max(0, count))
        )
        found += session().scalars(statement)
    return found


def by_codes(organisation_id: int, codes: Sequence[str]) -> tuple[list[int], list[str]]:
    """Ids of the sendable units that bear these labels, serials or asset tags; and the codes nothing bears."""
    wanted = {plain(code): code.strip() for code in codes if code.strip()}
    numbers = [sa.func.replace(sa.func.replace(sa.func.upper(sa.func.coalesce(column, "")), " ", ""), "-", "")
               for column in (Unit.serial, Unit.asset_tag)]  # fmt: skip
    statement = (
        sa.select(Unit.id, Label.code, *numbers)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .where(*sendable(organisation_id))
        .where(sa.or_(Label.code.in_(list(wanted)), *(number.in_(list(wanted)) for number in numbers)))
    )
    ids, known = set(), set()
    for unit_id, *borne in session().execute(statement):
        ids.add(unit_id)
        known.update(borne)
    return sorted(ids), [typed for code, typed in wanted.items() if code not in known]


def possible(unit_ids: Sequence[int], organisation_id: int) -> set[int]:
    """Those of these units that may be sent by this organisation now."""
    statement = sa.select(Unit.id).where(criterion(unit_ids), *sendable(organisation_id))
    return set(session().scalars(statement))


def receivers(organisation_id: int) -> list[tuple[int, str]]:
    """Admitted reuse actors but this one, by name."""
    statement = (
        sa.select(Organisation.id, Organisation.name)
        .join(OrganisationRole, OrganisationRole.organisation_id == Organisation.id)
        .where(OrganisationRole.role == "reuse_actor", Organisation.state == "verified")
        .where(Organisation.id != organisation_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(key, name) for key, name in session().execute(statement)]


def bearers(numbers: Iterable[tuple[int, Sequence[str]]]) -> dict[str, int | None]:
    """Number → the device that bears it, None where several do; from each device's numbers, as `plain` writes them."""
    found: dict[str, int | None] = {}
    for unit_id, told in numbers:
        for number in told:
            found[number] = unit_id if found.get(number, unit_id) == unit_id else None
    return found


def by_numbers(
    typed: Iterable[str], numbers: Iterable[tuple[int, Sequence[str]]], *, field: str, unknown: str, code: str
) -> list[int]:
    """The devices whose numbers are typed. Invalid (`unknown`, `code`) for one nothing bears; for one several do."""
    borne, ids = bearers(numbers), []
    for line in filter(None, map(str.strip, typed)):
        number = plain(line)
        if number not in borne:
            raise Invalid(unknown, field=field, code=code, number=line[:80])
        unit_id = borne[number]
        if unit_id is None:
            raise Invalid(SEVERAL, field=field, code="numbers.several", number=line[:80])
        ids.append(unit_id)
    return ids


def plain(code: str) -> str:
    """What a scanner or a person gives, as it is compared: capitals, without the address of the passport."""
    if is_code(told := normalise(code)):
        return told
    return code.strip().upper().rpartition("/U/")[2].replace(" ", "").replace("-", "")


def _asked(filters: Mapping[str, str | None]) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if state := filters.get("state"):
        found.append(Unit.state == state)
    if kind := filters.get("kind"):
        found.append(Unit.kind == kind)
    if lot := filters.get("lot"):
        found.append(Unit.stream == f"{LOT_STREAM}{lot}")
    return found
