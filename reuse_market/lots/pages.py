"""What the lot's pages show, gathered in a constant number of reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.accounts.policy import oversees
from reuse_market.equipment import queries as equipment
from reuse_market.erasure.seconding import demand_of
from reuse_market.kernel.actor import Actor
from reuse_market.lots import law, policy, queries, words
from reuse_market.lots.conditions import goes_as_it_is
from reuse_market.lots.lifecycle import LIFE
from reuse_market.lots.models import Lot, LotLine
from reuse_market.lots.queries import LineState
from reuse_market.places import queries as places
from reuse_market.places.geo import Point, between
from reuse_market.traceability import log


def lot_page(lot: Lot, actor: Actor) -> dict[str, Any]:
    """Everything of a lot that this actor may see; panels of upper rooms are added by the view."""
    lines, balance = queries.contents(lot)
    site = queries.place_of(lot)
    open_to_requests = queries.takes_claims(lot)
    counts = by_kind(lines)
    names = accounts.names([lot.holder_id]) if policy.sees_holder_name(actor, lot) else {}
    asked = demand_of(f"lot/{lot.reference}")
    return {
        "lot": lot,
        "lines": lines,
        "balance": balance,
        "entry": log.entries() if lot.published_at is not None else None,
        "site": site,
        "commune": site.commune_name if site else "",
        "holder_name": names.get(lot.holder_id, ""),
        "sees_place": queries.may_see_place(lot, actor),
        "sees_access": sees_access(lot, actor),
        "is_holder": policy.holder(actor, lot),
        "offered": LIFE.offered(lot, actor),
        "open_to_requests": open_to_requests,
        "status": words.status(
            lot,
            balance,
            open_to_requests=open_to_requests,
            to_reader=policy.awarded_to(actor, lot, queries.may_see_place(lot, actor)),
        ),
        "content": words.kinds_said(counts, words.kind_labels()),
        "mass_g": mass(counts),
        "distance_m": distance(site, base_of(actor), exact=queries.may_see_place(lot, actor)),
        "distance_by": site.located_by if site and queries.may_see_place(lot, actor) else "commune",
        "words": words,
        "second_look": asked,
    } | law_of(lot, [state.line for state in lines], actor)


def sees_access(lot: Lot, actor: Actor) -> bool:
    """How one gets in: told to reuse actors once published, to plan the trip; not of a lot to come."""
    published = lot.published_at is not None
    return (published and actor.has("reuse_actor")) or policy.holder(actor, lot) or oversees(actor)


def law_of(lot: Lot, lines: Sequence[LotLine], actor: Actor) -> dict[str, Any]:
    """What the law makes of a lot, as its page tells it: who may take it, its values, what is kept for whom."""
    sees_value = policy.sees_value(actor, lot)
    valuers = {line.valued_by for line in lines if line.valued_by} if policy.holder(actor, lot) else set()
    return {
        "takers": law.takers(lot, lines, valued=lot.published_at is not None)
        if lot.regime and lines
        else None,
        "as_it_is": goes_as_it_is(lot),
        "kept": queries.reserved_for_public_bodies(lot),
        "reader_is_public": law.is_public_body(actor.organisation_id),
        "sees_value": sees_value,
        "valuers": accounts.person_names(valuers),
    }


def by_kind(lines: Sequence[LineState]) -> list[tuple[str, int]]:
    """(kind, units declared), most first."""
    counts: dict[str, int] = {}
    for state in lines:
        counts[state.line.kind] = counts.get(state.line.kind, 0) + state.declared
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def mass(counts: Sequence[tuple[str, int]]) -> int | None:
    """The usual mass of the lot in grams; None as soon as one kind's is not known."""
    usual = equipment.masses()
    if not counts or any(kind not in usual for kind, _units in counts):
        return None
    return sum(usual[kind].mass_g * units for kind, units in counts)


def base_of(actor: Actor) -> Point | None:
    """Where a reuse actor's distances are counted from; None for others."""
    if actor.organisation_id is None or not actor.has("reuse_actor"):
        return None
    site = accounts.base_site(actor.organisation_id)
    return point_of(site)


def point_of(site: Site | None) -> Point | None:
    """The point of a site, or None."""
    if site is None or site.latitude is None or site.longitude is None:
        return None
    return Point(site.latitude, site.longitude)


def distance(site: Site | None, base: Point | None, *, exact: bool) -> int | None:
    """Metres from the base, or None. Unless `exact`, to the commune's point: the address must not show."""
    commune = places.commune(site.commune_insee) if site is not None and site.commune_insee else None
    there = point_of(site) if exact else (commune.point if commune else None)
    return between(base, there) if base is not None and there is not None else None
