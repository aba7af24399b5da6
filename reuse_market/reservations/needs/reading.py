"""Reads on needs and on what is proposed for them. Reuse actors read them without who asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.accounts.policy import oversees
from reuse_market.equipment.models import Kind
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.places.models import Commune
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import matching, policy, supply
from reuse_market.reservations.needs.lifecycle import LIVE, MATCH, NEED
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.requests import policy as requests
from reuse_market.reservations.requests.request_models import AssociationRequest, RequestLine

UNKNOWN = N_("This need does not exist.")
NO_MATCH = N_("This proposal does not exist.")
TAKEN = ("reserved", "served")
COUNTED = ("proposed", "promised", *TAKEN)


@dataclass(frozen=True, slots=True)
class View:
    """A need as a list or page shows it. `organisation` "" and `note` "" for those not told who asks."""

    need: Need
    kind: Kind
    organisation: str
    legal_kind: str
    commune: str
    note: str
    named: bool
    proposed: int
    promised: int
    reserved: int
    served: int

    @property
    def left(self) -> int:
        """Devices nothing is proposed for yet."""
        return max(0, self.need.units - self.proposed - self.promised - self.reserved - self.served)

    @property
    def publics(self) -> list[str]:
        """Codes of words.PUBLICS."""
        return [code for code in self.need.publics.split(",") if code]


@dataclass(frozen=True, slots=True)
class MatchView:
    """A proposal as a page shows it."""

    match: NeedMatch
    need: Need
    kind: Kind
    structure: str
    seller: str
    reservation: str
    lot: str
    actions: tuple[str, ...]


def view(reference: str, actor: Actor) -> View:
    """One need this actor may see, named or not, or has a proposal on (though it is over); NotFound otherwise."""
    found = session().scalars(sa.select(Need).where(Need.reference == reference)).one_or_none()
    seen = found and (policy.may_see(actor, found) or policy.sees_anonymous(actor, found))
    if found is None or not (seen or matches(found, actor)):
        raise NotFound(UNKNOWN)
    return views([found], actor)[0]


def listed(
    actor: Actor,
    *,
    state: str | None = None,
    kind: str | None = None,
    after: int | None = None,
    limit: int = 25,
    offset: int = 0,
    newest: bool = False,
) -> list[View]:
    """Needs this actor may see, oldest first: all for those who oversee, those that run for reuse actors
    (without who asks), its own for a structure."""
    statement = sa.select(Need).where(_visible(actor))
    if state:
        statement = statement.where(Need.state == state)
    if kind:
        statement = statement.where(Need.kind == kind)
    if after is not None:
        statement = statement.where(Need.id > after)
    running = sa.case((Need.state.in_(LIVE), 0), else_=1)
    order = (running, Need.id.desc()) if newest else (Need.id,)
    return views(session().scalars(statement.order_by(*order).limit(limit).offset(offset)).all(), actor)


def uncovered(actor: Actor, *, limit: int, offset: int = 0) -> list[View]:
    """Needs of a structure that nothing stands for yet, those wanted soonest first."""
    order = (Need.wanted_by.is_(None), Need.wanted_by, Need.id)
    rows = sa.select(Need).where(*_uncovered()).order_by(*order).limit(limit).offset(offset)
    return views(session().scalars(rows).all(), actor)


def count_uncovered() -> int:
    """How many `uncovered` holds."""
    return session().scalar(sa.select(sa.func.count()).select_from(Need).where(*_uncovered())) or 0


def _uncovered() -> tuple[sa.ColumnElement[bool], ...]:
    return Need.state == "open", Need.organisation_id.is_not(None)


def count(actor: Actor, *, state: str | None = None, kind: str | None = None) -> int:
    """How many `listed` would hold."""
    statement = sa.select(sa.func.count()).select_from(Need).where(_visible(actor))
    if state:
        statement = statement.where(Need.state == state)
    if kind:
        statement = statement.where(Need.kind == kind)
    return session().scalar(statement) or 0


def views(found: Sequence[Need], actor: Actor) -> list[View]:
    """Needs with names, places and counts: five statements, however many."""
    units = _units([need.id for need in found])
    owners = {need.organisation_id for need in found if need.organisation_id}
    rows = session().execute(
        sa.select(Organisation.id, Organisation.name, Organisation.legal_kind).where(
            Organisation.id.in_(owners)
        )
    )
    parties = {row.id: row for row in rows}
    kinds = {kind.code: kind for kind in session().scalars(sa.select(Kind))}
    insee = {need.commune_insee for need in found if need.commune_insee}
    named_places = dict(
        session().execute(sa.select(Commune.insee, Commune.name).where(Commune.insee.in_(insee))).all()
    )
    shown = []
    for need in found:
        party, named = parties.get(need.organisation_id or 0), policy.may_see(actor, need)
        counts = units.get(need.id, {})
        shown.append(View(
            need, kinds[need.kind], party.name if party and named else "", party.legal_kind if party else "",
            named_places.get(need.commune_insee or "", ""), need.note if named else "", named,
            *(counts.get(state, 0) for state in ("proposed", "promised", "reserved", "served")),
        ))  # fmt: skip
    return shown


def actions(found: View, actor: Actor) -> list[str]:
    """What this actor may do with a need now: life-cycle, and proposing."""
    offered = [
        action for action in NEED.offered(found.need, actor) if action in ("change", "attach", "close")
    ]
    proposing = found.need.state in LIVE and found.need.organisation_id is not None and found.left
    if "attach" in offered and found.need.organisation_id is not None:
        offered.remove("attach")
    own = policy.operator(actor) or (actor.has("reuse_actor") and actor.commits and actor.via != "link")
    return offered + (["propose"] if proposing and own else [])


def matches(of: Need, actor: Actor) -> list[MatchView]:
    """What was proposed for a need, the latest first, as far as this actor may see."""
    rows = session().scalars(
        sa.select(NeedMatch).where(NeedMatch.need_id == of.id).order_by(NeedMatch.id.desc()).limit(100)
    )
    return match_views([row for row in rows if policy.sees_match(actor, row)], actor)


def match_view(reference: str, actor: Actor) -> MatchView:
    """One proposal; NotFound to who may not see it."""
    found = session().scalars(sa.select(NeedMatch).where(NeedMatch.reference == reference)).one_or_none()
    if found is None or not policy.sees_match(actor, found):
        raise NotFound(NO_MATCH)
    return match_views([found], actor)[0]


def held_by(reservation: str) -> str | None:
    """The proposal not answered yet that holds these devices, None when there is none."""
    held = sa.select(Reservation.id).where(Reservation.reference == reservation).scalar_subquery()
    statement = sa.select(NeedMatch.reference).where(
        NeedMatch.reservation_id == held, NeedMatch.state == "proposed"
    )
    return session().scalar(statement)


def request_of(need: Need, actor: Actor) -> str:
    """The request in plain language it was posted from, for those who may read it; "" otherwise."""
    if not requests.may_see(actor):
        return ""
    asked = sa.select(RequestLine.request_id).where(RequestLine.need_id == need.id)
    statement = sa.select(AssociationRequest.reference).where(AssociationRequest.id.in_(asked))
    return session().scalars(statement).one_or_none() or ""


def match_views(found: Sequence[NeedMatch], actor: Actor) -> list[MatchView]:
    """Proposals with names, in a constant number of statements."""
    ids = {row.need_id for row in found}
    needs = {need.id: need for need in session().scalars(sa.select(Need).where(Need.id.in_(ids)))}
    kinds = {kind.code: kind for kind in session().scalars(sa.select(Kind))}
    names = accounts.names(
        {row.organisation_id for row in found} | {row.seller_id for row in found if row.seller_id}
    )
    held = _references(Reservation, (row.reservation_id for row in found))
    lots = _references(Lot, (row.lot_id for row in found))
    return [
        MatchView(
            row, needs[row.need_id], kinds[needs[row.need_id].kind], names.get(row.organisation_id, ""),
            names.get(row.seller_id or 0, ""), held.get(row.reservation_id or 0, ""),
            lots.get(row.lot_id or 0, ""), tuple(match_actions(row, actor)),
        )
        for row in found
    ]  # fmt: skip


def match_actions(found: NeedMatch, actor: Actor) -> list[str]:
    """accept, decline, withdraw: what this actor may do with a proposal now."""
    offered = MATCH.offered(found, actor)
    return [name for name in ("accept", "decline", "withdraw") if name in offered]


def wanted(need: Need, units: int | None = None) -> matching.Wanted:
    """The need as matching reads it: what is left of it, unless told."""
    return matching.Wanted(
        need.kind, left(need) if units is None else units, need.ram_mb, need.storage_mb, need.screen_tenths,
        need.wanted_by, need.max_price_cents,
    )  # fmt: skip


def left(need: Need) -> int:
    """Devices of a need nothing is proposed for yet."""
    counts = _units([need.id]).get(need.id, {})
    return max(0, need.units - sum(counts.values()))


def proposals(need: Need) -> matching.Outcome:
    """What the system proposes for what is left of a need, with reasons, by source."""
    return matching.match(wanted(need), supply.of(need))


def proposals_for(seen: View, actor: Actor, most: int = supply.MOST_GROUPS) -> matching.Outcome:
    """`proposals` as far as this actor may propose them: for who oversees all, for a reuse actor its own."""
    own = None if oversees(actor) else actor.organisation_id or 0
    found = supply.of(seen.need, seller_id=own, most=most)
    return matching.match(wanted(seen.need, seen.left), found)


def _units(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Need → units by state; what a promise has already been kept for is counted once, where it stands."""
    statement = sa.select(
        NeedMatch.id, NeedMatch.need_id, NeedMatch.state, NeedMatch.units, NeedMatch.promise_id
    ).where(NeedMatch.need_id.in_(ids), NeedMatch.state.in_(COUNTED))
    rows = session().execute(statement).all()
    kept: dict[int, int] = {}
    for row in rows:
        if row.promise_id is not None:
            kept[row.promise_id] = kept.get(row.promise_id, 0) + row.units
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        counts = found.setdefault(row.need_id, {})
        counts[row.state] = counts.get(row.state, 0) + max(0, row.units - kept.get(row.id, 0))
    return found


def _references(model: type[Reservation] | type[Lot], ids: Iterable[int | None]) -> dict[int, str]:
    wanted_ids = sorted({one for one in ids if one is not None})
    if not wanted_ids:
        return {}
    statement = sa.select(model.id, model.reference).where(model.id.in_(wanted_ids))
    return dict(session().execute(statement).all())


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.via == "link":
        return Need.reference.in_(sorted(actor.scope))
    if oversees(actor):
        return sa.true()
    own = Need.organisation_id == (actor.organisation_id or 0)
    if actor.has("reuse_actor"):
        return sa.or_(own, Need.state.in_(LIVE))
    return own


def askers() -> list[tuple[int, str]]:
    """(id, name) of the admitted organisations that may have a need, by name."""
    statement = (
        sa.select(Organisation.id, Organisation.name)
        .join(OrganisationRole, OrganisationRole.organisation_id == Organisation.id)
        .where(OrganisationRole.role.in_(policy.ASKING), Organisation.state == "verified")
        .distinct()
        .order_by(Organisation.name, Organisation.id)
    )
    return [(key, name) for key, name in session().execute(statement)]


def sees_over(actor: Actor) -> bool:
    """Whether needs that are over are among those this actor sees."""
    return oversees(actor) or actor.has(*policy.ASKING)
