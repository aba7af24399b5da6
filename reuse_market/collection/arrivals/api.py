"""Arrivals by programs: free slots, who comes, the site sheet, protocols, grouped days."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.claims import queries as claims
from reuse_market.collection import queries, schemas
from reuse_market.collection.api import PICKUP, get_pickup, pickups
from reuse_market.collection.arrivals import coming, days, forms, proposals, protocols, shapes, sheet
from reuse_market.collection.models import CollectionDay, Pickup
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.web import rest
from reuse_market.web.access import current_actor

DAY = "/collection-days/<ref:reference>"
PLACE = (
    "street", "postcode", "commune_name", "has_dock", "has_lift", "needs_tail_lift", "floor", "height_limit_cm",
    "access_note", "contact_name", "contact_phone", "week",
)  # fmt: skip


@pickups.read("/claims/<ref:reference>/free-slots", rule="taker", shape=shapes.FreeSlots, name="free-slots")
def free_slots(reference: str) -> dict[str, Any]:
    """Slots worth proposing: within the opening hours and the lot's dates, clear of what is agreed."""
    claim = claims.seen(reference, current_actor())
    lot = lots.by_id(claim.lot_id)
    found = proposals.free_slots(lot, claim.organisation_id) if lot else []
    return {"slots": [{"day": s.day, "from_time": s.from_time, "to_time": s.to_time} for s in found]}


@pickups.read(f"{PICKUP}/site-sheet", rule="party", shape=shapes.SheetSchema, name="site-sheet")
def site_sheet(reference: str) -> dict[str, Any]:
    """The place, what it does not say, who comes with what."""
    found = queries.seen(reference, current_actor())
    said = sheet.of(found, "fr")
    place = {name: getattr(said.site, name) for name in PLACE} if said.site else {}
    current = protocols.of_pickup(found)
    return place | {
        "arrival": said.arrival, "missing": said.missing, "least_units": said.least_units,
        "driver_name": found.driver_name, "plate": found.plate, "carrier_name": found.carrier_name,
        "carrier_ref": found.carrier_ref, "protocol_needed": protocols.needed(found),
        "protocol": current.state if current else None, "protocol_ref": current.reference if current else None,
        "clashes": [one.reference for one in proposals.clashes(found, current_actor())],
        "actions": _actions(found),
        "links": {"pickup": rest.address("pickups", reference), "page": f"/enlevements/{reference}/fiche-site"},
    }  # fmt: skip


@pickups.verb(f"{PICKUP}:announce", rule="taker", body=forms.Coming, shape=schemas.PickupSchema)
def announce(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say who comes, with which vehicle."""
    coming.announce(reference, actor=current_actor(), **values)
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:ask-site", rule="taker", shape=schemas.PickupSchema)
def ask_site(reference: str) -> dict[str, Any]:
    """Ask the place's organisation for what its site does not say."""
    coming.ask_site(reference, actor=current_actor())
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:sign-protocol", rule="taker", body=forms.Rules, shape=shapes.ProtocolSchema)
def sign_protocol(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Sign one's own part of the safety protocol of the place, by one's own token."""
    found = queries.seen(reference, current_actor())
    return _protocol(protocols.sign(found, values["rules"], actor=current_actor()))


@pickups.read(f"{PICKUP}/protocol", rule="party", shape=shapes.ProtocolSchema, name="protocol")
def get_protocol(reference: str) -> dict[str, Any]:
    """The safety protocol of the place and who comes, while it says what is true."""
    found = protocols.of_pickup(queries.seen(reference, current_actor()))
    if found is None:
        raise NotFound(N_("Nobody has signed a protocol for this place yet."))
    return _protocol(found)


@pickups.read("/loading-protocols", rule="party", shape=shapes.ProtocolSchema, listed=True)
def list_protocols(query: dict[str, Any]) -> dict[str, Any]:
    """The register of one's protocols, on either side (all for those who oversee), the newest first."""
    found = protocols.register(current_actor(), after=rest.after(query["cursor"]), limit=query["limit"] + 1)
    return rest.page(found, query["limit"], lambda one: one.id, _protocol)


@pickups.read("/collection-days", rule="party", shape=shapes.DaySchema, listed=True)
def list_days(query: dict[str, Any]) -> dict[str, Any]:
    """Grouped days to come."""
    after = rest.after(query["cursor"]) or 0
    found = [day for day in sorted(days.to_come(current_actor()), key=lambda d: d.id) if day.id > after]
    return rest.page(found, query["limit"], lambda day: day.id, _day)


@pickups.read(DAY, rule="party", shape=shapes.DaySchema)
def get_day(reference: str) -> dict[str, Any]:
    """One of them, with its slots and those of its pick-ups one is a side of."""
    return _day(days.get(reference))


@pickups.verb("/collection-days", rule="party", body=forms.DayInput, shape=shapes.DaySchema, status=201)
def open_day(values: dict[str, Any]) -> dict[str, Any]:
    """Open a grouped day: a reuse actor for its own awards, the operator for anybody's."""
    hours = [(one["from_time"], one["to_time"], one["places"]) for one in values.pop("slots")]
    return _day(days.open_day(hours=hours, actor=current_actor(), **values))


@pickups.verb(f"{DAY}:close", rule="party", shape=shapes.DaySchema)
def close_day(reference: str) -> dict[str, Any]:
    """No more holder takes a slot."""
    return _day(days.close_day(reference, actor=current_actor()))


@pickups.verb(f"{DAY}:reopen", rule="party", shape=shapes.DaySchema)
def reopen_day(reference: str) -> dict[str, Any]:
    """Slots may be taken again."""
    return _day(days.reopen_day(reference, actor=current_actor()))


@pickups.verb(f"{DAY}:cancel", rule="party", shape=shapes.DaySchema)
def cancel_day(reference: str) -> dict[str, Any]:
    """The day will not take place; its pick-ups are called off."""
    return _day(days.cancel_day(reference, actor=current_actor()))


@pickups.verb(
    "/claims/<ref:reference>:take-slot", rule="holder", body=forms.SlotTaken, shape=schemas.PickupSchema,
    status=201,
)  # fmt: skip
def take_slot(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The holder brings what a claim was awarded on a grouped day."""
    return get_pickup(days.take_slot(reference, values["slot"], actor=current_actor()).reference)


def _actions(found: Pickup) -> list[str]:
    actor = current_actor()
    names = {"announce": "announce", "ask_site": "ask-site"}
    own = [names[name] for name in coming.offered(found, actor)]
    return [*own, "sign-protocol"] if protocols.may_sign(found, actor) else own


def _protocol(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in shapes.ProtocolSchema().fields if hasattr(found, name)}


def _day(day: CollectionDay) -> dict[str, Any]:
    actor = current_actor()
    site = accounts.site(day.site_id)
    names = ("reference", "state", "day", "note", "most_units", "organiser_id", "site_id")
    shown = {name: getattr(day, name) for name in names}
    return shown | {
        "place": site.name if site and days.sees_place(day, actor) else "",
        "commune": site.commune_name if site else "",
        "slots": [
            {"id": s.id, "from_time": s.from_time, "to_time": s.to_time, "places": s.places, "free": s.free}
            for s in days.slots_of(day)
        ],
        "pickups": [view.reference for view in days.bookings(day, actor)],
        "actions": days.DAYS.offered(day, actor),
        "links": {"self": rest.address("collection-days", day.reference), "page": f"/journees/{day.reference}"},
    }  # fmt: skip
