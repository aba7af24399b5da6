"""`/lots`: read, make, publish, withdraw."""

from __future__ import annotations

from typing import Any

from reuse_market.fleets.discard_schemas import DecisionInput
from reuse_market.fleets.services.discarding import Decision
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import (
    destinations_api,
    listing,
    pages,
    policy,
    queries,
    schemas,
    services,
    triages_api,
)
from reuse_market.lots.law import TAKERS, Takers
from reuse_market.lots.lifecycle import LIFE
from reuse_market.lots.listing import LotFilters, LotRow
from reuse_market.lots.models import Lot
from reuse_market.lots.queries import LotUnit
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.web import rest, together
from reuse_market.web.access import current_actor

LOT = "/lots/<ref:reference>"
ROW = (
    "reference", "state", "title", "regime", "price_kind", "price_cents", "award_mode", "available_from",
    "available_until", "claims_until", "public_first_until", "planned_at", "published_at",
)  # fmt: skip
DRAFTING = ("change", "add-units", "add-counted-line", "change-line", "value-lines", "remove-line", "delete")
SHARING = ("cap_per_actor", "reserved_percent", "reserved_for")
VALUE = ("value_cents", "value_how", "valued_on")
ACCESS = ("has_dock", "has_lift", "needs_tail_lift", "height_limit_cm", "floor", "hours")
ADDRESS = ("street", "postcode", "access_note", "contact_name", "contact_phone", "contact_email")
lots = rest.Collection(
    "lots", "What holders give or sell: lines of units, terms, and where each unit is now."
)
collections = (lots, destinations_api.lots, triages_api.triages_api)


@lots.read("/lots", rule="signed-in", shape=schemas.LotRowSchema, listed=True, query=schemas.LotQuery)
def list_lots(query: dict[str, Any]) -> dict[str, Any]:
    """Published lots and one's own drafts, the newest first."""
    actor = current_actor()
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = listing.lots(actor, LotFilters(**query), after=cursor, limit=limit)
    together.listed("lots", [row.lot for row in rows])
    return rest.page(rows, limit, lambda row: row.lot.id, lambda row: _row(row, actor))


@lots.read(LOT, rule="signed-in", shape=schemas.LotSchema)
def get_lot(reference: str) -> dict[str, Any]:
    """One lot: its lines, its balance, and of its place what this actor may see."""
    return shown(queries.seen(reference, current_actor()), current_actor())


@lots.read(f"{LOT}/units", rule="party", shape=schemas.LotUnitSchema, listed=True, name="units")
def list_units(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """Its units with their serial numbers, for those who may see its place."""
    lot = queries.seen(reference, current_actor())
    if not queries.may_see_place(lot, current_actor()):
        raise NotFound(NO_LOT)
    rows = listing.units(lot, after=rest.after(query["cursor"]), limit=query["limit"])
    return rest.page(rows, query["limit"], lambda row: row.unit.id, _unit)


@lots.verb("/lots", rule="holder", body=schemas.LotInput, shape=schemas.LotSchema, status=201)
def create_lot(values: dict[str, Any]) -> dict[str, Any]:
    """A draft, of fleet units if given."""
    actor, title, site_id = current_actor(), values.get("title"), values.get("site_id")
    if ids := values.get("units"):
        lot = services.draft_from_units(ids, actor=actor, site_id=site_id)
        if title:
            services.set_conditions(lot.id, {"title": title}, actor=actor)
    elif title:
        lot = services.draft_lot(actor=actor, title=title, site_id=site_id)
    else:
        raise Invalid(N_("Fill in this field."), field="title")
    return shown(lot, actor)


@lots.verb(f"{LOT}:change", rule="holder", body=schemas.LotTerms, shape=schemas.LotSchema)
def change(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Set terms of a draft."""
    services.set_conditions(_own(reference).id, values, actor=current_actor())
    return get_lot(reference)


@lots.verb(f"{LOT}:add-units", rule="holder", body=schemas.UnitsInput, shape=schemas.LotSchema)
def add_units(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Put fleet units in a draft, alike ones on one line."""
    services.add_units(_own(reference).id, values["units"], actor=current_actor())
    return get_lot(reference)


@lots.verb(f"{LOT}:add-counted-line", rule="holder", body=schemas.CountedLineInput, shape=schemas.LotSchema)
def add_counted_line(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """A line of units without serial numbers ("80 monitors")."""
    services.add_counted_line(_own(reference).id, actor=current_actor(), **values)
    return get_lot(reference)


@lots.verb(f"{LOT}:change-line", rule="holder", body=schemas.LineChange, shape=schemas.LotSchema)
def change_line(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Change a line of a draft."""
    services.set_line(_own(reference).id, values.pop("line"), values, actor=current_actor())
    return get_lot(reference)


@lots.verb(f"{LOT}:value-lines", rule="holder", body=schemas.ValueInput, shape=schemas.LotSchema)
def value_lines(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Record what one device of these lines is worth, how it was estimated and when."""
    services.value_lines(
        _own(reference).id, values["line"], value_cents=values.get("value_cents"), actor=current_actor(),
        value_how=values.get("value_how"), valued_on=values.get("valued_on"),
    )  # fmt: skip
    return get_lot(reference)


@lots.verb(f"{LOT}:remove-line", rule="holder", body=schemas.LineNumber, shape=schemas.LotSchema)
def remove_line(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take a line out of a draft; its fleet units are free again."""
    services.remove_line(_own(reference).id, values["line"], actor=current_actor())
    return get_lot(reference)


@lots.verb(f"{LOT}:announce", rule="holder", shape=schemas.LotSchema)
def announce(reference: str) -> dict[str, Any]:
    """Show everybody a draft of counted lines as a lot to come; it needs a site and `expected_month`."""
    services.announce_lot(_own(reference).id, actor=current_actor())
    return get_lot(reference)


@lots.verb(f"{LOT}:publish", rule="holder", body=DecisionInput, shape=schemas.LotSchema)
def publish(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Show a draft, or what was announced, to everybody. Devices of a public body that are still in use are
    discarded by the decision told here."""
    services.publish_lot(_own(reference).id, actor=current_actor(), decision=Decision(**values))
    return get_lot(reference)


@lots.verb(f"{LOT}:withdraw", rule="holder", body=schemas.WithdrawalReason, shape=schemas.LotSchema)
def withdraw(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take a published or announced lot back; refused while something of it is awarded."""
    services.withdraw_lot(_own(reference).id, actor=current_actor(), reason=values["reason"])
    return get_lot(reference)


@lots.verb(f"{LOT}:delete", rule="holder", shape=schemas.Deleted)
def delete(reference: str) -> dict[str, Any]:
    """Forget a draft; its units are free again."""
    services.delete_draft(_own(reference).id, actor=current_actor())
    return {"reference": reference, "deleted": True}


def shown(lot: Lot, actor: Actor) -> dict[str, Any]:
    """A lot as this actor may see it."""
    found = pages.lot_page(lot, actor)
    lines = [
        {name: getattr(state.line, name, None) for name in schemas.LineSchema().fields}
        | {name: getattr(state, name) for name in ("declared", "extra", "left", "claimed", "gone")}
        | ({} if found["sees_value"] else dict.fromkeys(VALUE))
        for state in found["lines"]
    ]
    names = (*ROW, *SHARING, "note", "erased_by", "erasure_policy", "ended_at", "public_first_days")
    balance = found["balance"]
    return {name: getattr(lot, name) for name in names} | {
        "expected_month": month(lot), "erasure_check": found["second_look"],
        "holder": found["holder_name"] or None, "commune": found["commune"], "place": _place(found),
        "distance_m": found["distance_m"], "mass_g": found["mass_g"], "lines": lines, "balance": balance,
        "declared": balance.declared, "left": balance.listed, "awarded": balance.awarded,
        "takes_as_it_is": found["as_it_is"], "takers": _takers(found["takers"]),
        "actions": offered(lot, actor), "links": _links(lot.reference),
    }  # fmt: skip


def offered(lot: Lot, actor: Actor) -> list[str]:
    """What this actor may do with a lot now."""
    own = LIFE.offered(lot, actor)
    if lot.state == "draft" and policy.holder(actor, lot):
        own += DRAFTING
    if lot.state == "planned" and policy.holder_commits(actor, lot):
        own += [name for name in DRAFTING if name != "delete"]
    return rest.actions("lots", lot, actor, own)


def month(lot: Lot) -> str | None:
    """The month an announced lot is expected in, as 2027-03."""
    return f"{lot.expected_month:%Y-%m}" if lot.expected_month else None


def _own(reference: str) -> Lot:
    """A lot of the actor's organisation; NotFound for any other."""
    lot = queries.seen(reference, current_actor())
    if not policy.holder(current_actor(), lot):
        raise NotFound(NO_LOT)
    return lot


def _row(row: LotRow, actor: Actor) -> dict[str, Any]:
    return {name: getattr(row.lot, name) for name in ROW} | {
        "expected_month": month(row.lot),
        "holder": row.holder or None, "commune": row.commune, "declared": row.declared, "left": row.left,
        "awarded": row.awarded, "actions": offered(row.lot, actor), "links": _links(row.lot.reference),
    }  # fmt: skip


def _unit(row: LotUnit) -> dict[str, Any]:
    names = ("id", "kind", "serial", "asset_tag", "state")
    return {name: getattr(row.unit, name) for name in names} | {
        "line": row.line, "model": row.model, "outcome": row.outcome
    }  # fmt: skip


def _takers(found: Takers | None) -> list[dict[str, Any]]:
    """Each kind of organisation, allowed or refused, in the law's order."""
    if found is None:
        return []
    told = found.allowed | found.refused
    return [
        {
            "party": kind, "allowed": told[kind].allowed, "article": told[kind].article,
            "documents": getattr(told[kind], "documents", ()), "code": getattr(told[kind], "code", None),
            "instead": told[kind].instead,
        }
        for kind in TAKERS
    ]  # fmt: skip


def _place(found: dict[str, Any]) -> dict[str, Any]:
    site, told = found["site"], {"commune": found["commune"]}
    if site is not None and found["sees_access"]:
        told |= {name: getattr(site, name) for name in ACCESS}
    if site is not None and found["sees_place"]:
        told |= {name: getattr(site, name) for name in (*ACCESS, *ADDRESS)} | {"site_id": site.id}
    return told


def _links(reference: str) -> dict[str, str]:
    mine = rest.address("lots", reference)
    return {
        "self": mine, "units": f"{mine}/units", "claims": f"{rest.ROOT}/claims?lot={reference}",
        "events": f"{rest.ROOT}/events?lot={reference}", "erasure": f"{mine}/erasure",
        "documents": f"{rest.ROOT}/documents?owner=lot/{reference}", "destinations": f"{mine}/destinations",
        "page": f"/lots/{reference}",
    }  # fmt: skip


from reuse_market.lots import api_certificates as _certificates  # noqa: E402, F401 – more of the same
from reuse_market.lots import api_erasing as _erasing  # noqa: E402, F401 – more operations of the same lots
