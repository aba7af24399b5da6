"""`/pickups`, and what a claim may be followed by: a proposal of pick-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import signatures
from reuse_market.claims.queries import ClaimView
from reuse_market.collection import direct, listing, policy, queries, schemas, services, sheets
from reuse_market.collection.arrivals.forms import Proposal
from reuse_market.collection.listing import Check
from reuse_market.collection.models import Pickup
from reuse_market.collection.queries import PickupView
from reuse_market.collection.rounds import reading
from reuse_market.collection.services.slots import subject
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import access, rest, together
from reuse_market.web.access import current_actor

PICKUP = "/pickups/<ref:reference>"
CHECKING = (
    "check-off", "check-off-line", "check-off-rest", "note-differences", "add-extra", "undo-check", "stick-label",
    "add-photo", "remove-photo",
)  # fmt: skip
NAMES: dict[str, tuple[str, ...]] = {
    "counter": ("counter",), "agree": ("agree",), "cancel": ("cancel",), "fail": ("fail",),
    "repropose": ("repropose",), "check_off": CHECKING, "sign_as_driver": ("sign-as-driver",),
    "sign_as_holder": ("sign-as-holder",), "new_code": ("new-code",), "announce": ("announce",),
    "ask_signature": ("ask-signature",),
    "give_link": ("give-driver-link", "revoke-driver-link"),
}  # fmt: skip
ROW = (
    "reference", "state", "holder_id", "actor_id", "day", "from_time", "to_time", "asked_by_id", "answer_until",
    "note", "plate", "driver_name", "driver_signed_at", "holder_signed_at", "holder_signer", "reason",
    "arrival", "carrier_name", "carrier_ref",
)  # fmt: skip
ADDRESS = ("street", "postcode", "contact_name", "contact_phone", "access_note")
pickups = rest.Collection(
    "pickups", "When and by whom awarded units are collected, and what was found there."
)
collections: tuple[rest.Collection, ...] = (pickups,)


@pickups.read("/pickups", rule="party", shape=schemas.PickupRowSchema, listed=True, query=schemas.PickupQuery)
def list_pickups(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's pick-ups, on either side, the newest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = listing.pickups(current_actor(), after=cursor, limit=limit, **query)
    together.listed("pickups", [found for found, _view in rows])
    return rest.page(rows, limit, lambda row: row[0].id, lambda row: _row(*row))


@pickups.read(PICKUP, rule="party", shape=schemas.PickupSchema)
def get_pickup(reference: str) -> dict[str, Any]:
    """One pick-up, for both sides: slot, place, counts by line, signatures."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    site = accounts.site(found.site_id)
    shown = _row(found, queries.view(found))
    place = {name: getattr(site, name) for name in ADDRESS} if site is not None else {}
    code = signatures.current_code(subject(reference)) if "new-code" in shown["actions"] else None
    coming = reading.expected_at(found.id) if found.state == "agreed" else None
    lacking = direct.unproven(found) if shown["as_is"] and found.state != "done" else []
    return shown | place | {
        "not_erased": [{"line": unit.line, "code": unit.code} for unit in lacking],
        "lines": sheets.tally(found), "extras": len(sheets.extras(found)),
        "handover_code": code.code if code is not None else None,
        "expected_at": coming.arrive_at if coming is not None else None,
    }  # fmt: skip


@pickups.read(f"{PICKUP}/units", rule="party", shape=schemas.PlannedSchema, listed=True, name="units")
def list_units(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """Its planned units, with what was noted of each."""
    found = queries.seen(reference, current_actor())
    rows = listing.units(found, after=rest.after(query["cursor"]), limit=query["limit"])
    return rest.page(rows, query["limit"], lambda row: row.unit_id, lambda row: row)


@pickups.read(f"{PICKUP}/checks", rule="party", shape=schemas.CheckSchema, listed=True, name="checks")
def list_checks(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """What was noted, in order, extras included."""
    found = queries.seen(reference, current_actor())
    rows = listing.checks(found, after=rest.after(query["cursor"]), limit=query["limit"])
    return rest.page(rows, query["limit"], lambda row: row[0].id, _check)


@pickups.verb(
    "/claims/<ref:reference>:propose-pickup", rule="taker", body=Proposal,
    shape=schemas.PickupSchema, status=201,
)  # fmt: skip
def propose_pickup(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Propose a slot for what a claim was awarded and no pick-up holds yet."""
    return get_pickup(services.propose_pickup(reference, actor=current_actor(), **values).reference)


@pickups.verb(f"{PICKUP}:counter", rule="taker", body=schemas.Slot, shape=schemas.PickupSchema)
def counter(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Answer with another slot."""
    services.counter_pickup(reference, actor=current_actor(), **values)
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:repropose", rule="taker", body=schemas.Slot, shape=schemas.PickupSchema)
def repropose(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Another slot, after a pick-up that did not take place."""
    services.repropose(reference, actor=current_actor(), **values)
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:agree", rule="taker", shape=schemas.PickupSchema)
def agree(reference: str) -> dict[str, Any]:
    """Accept the slot on the table."""
    services.agree_pickup(reference, actor=current_actor())
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:cancel", rule="taker", body=schemas.PickupReason, shape=schemas.PickupSchema)
def cancel(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Call it off, and say why."""
    services.cancel_pickup(reference, values["reason"], actor=current_actor())
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:fail", rule="taker", body=schemas.PickupReason, shape=schemas.PickupSchema)
def fail(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say that it did not take place, and why."""
    services.fail_pickup(reference, values["reason"], actor=current_actor())
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:new-code", rule="holder", shape=schemas.PickupSchema)
def new_code(reference: str) -> dict[str, Any]:
    """A new handover code for the holder; the former one no longer works."""
    services.new_code(reference, actor=current_actor())
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:check-off", rule="taker", body=schemas.CodeCheck, shape=schemas.PickupSchema)
def check_off(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Note one unit, by what is written on it."""
    services.check_off(reference, values.pop("code"), actor=current_actor(), **values)
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:check-off-line", rule="taker", body=schemas.LineCheck, shape=schemas.PickupSchema)
def check_off_line(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Note so many units of a line at once."""
    line, units = values.pop("line"), values.pop("units")
    services.check_off_line(reference, line, units, actor=current_actor(), **values)
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:check-off-rest", rule="taker", shape=schemas.PickupSchema)
def check_off_rest(reference: str) -> dict[str, Any]:
    """Everything not yet noted is taken."""
    services.check_off_rest(reference, actor=current_actor())
    return get_pickup(reference)


@pickups.verb(
    f"{PICKUP}:note-differences", rule="taker", body=schemas.Differences, shape=schemas.PickupSchema
)
def note_differences(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Several units missing or refused for one reason, one act."""
    by_line = {each["line"]: each["units"] for each in values.pop("lines")}
    services.note_differences(
        reference, values.pop("outcome"), by_line=by_line, actor=current_actor(), **values
    )
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:add-extra", rule="taker", body=schemas.ExtraInput, shape=schemas.PickupSchema)
def add_extra(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Note a device that is there but not on the list."""
    kind, label = values.pop("kind"), values.pop("label")
    services.add_extra(reference, kind, label, actor=current_actor(), **values)
    return get_pickup(reference)


@pickups.verb(f"{PICKUP}:undo-check", rule="taker", body=schemas.Undone, shape=schemas.PickupSchema)
def undo_check(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Forget an act of checking off, until the driver signs."""
    found = queries.seen(reference, current_actor())
    if not listing.has_check(found, values["check"]):
        raise NotFound(N_("This is already undone."))
    services.undo_check(values["check"], actor=current_actor())
    return get_pickup(reference)


@pickups.verb(
    f"{PICKUP}:sign-as-driver", rule="taker", body=schemas.DriverSignature, shape=schemas.PickupSchema
)
def sign_as_driver(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The driver signs for what was checked off: custody passes."""
    services.sign_as_driver(reference, actor=current_actor(), **values)
    return get_pickup(reference)


def try_code(values: dict[str, Any], reference: str) -> None:
    """Count a wrong code even though the act is refused; the act itself judges all the rest."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    if "sign_as_holder" in queries.offered(found, actor):
        signatures.check_code(subject(reference), values["code"])


@pickups.verb(
    f"{PICKUP}:sign-as-holder", rule="taker", body=schemas.HolderSignature,
    shape=schemas.PickupSchema, before=try_code,
)  # fmt: skip
def sign_as_holder(values: dict[str, Any], reference: str, prepared: None) -> dict[str, Any]:
    """The holder's contact signs by name and code: ownership passes, the handover note is issued."""
    services.sign_as_holder(reference, values["name"], values["code"], actor=current_actor())
    return get_pickup(reference)


def claim_actions(view: ClaimView, actor: Actor) -> Sequence[str]:
    """What collection adds to a claim's actions."""
    engages = policy.engages(actor, policy.Sides(view.holder_id, view.organisation_id))
    acts = access.RULES["taker"](actor)
    if not (engages and acts and view.open_units > view.in_pickup):
        return ()
    return (
        ("propose-pickup", "take-slot")
        if actor.is_org(view.holder_id) and actor.has("holder")
        else ("propose-pickup",)
    )


def _offered(found: Pickup, actor: Actor, as_is: bool) -> list[str]:
    if not (policy.party(actor, found) and access.RULES["taker"](actor)):
        return []
    own = [verb for name in queries.offered(found, actor) for verb in NAMES.get(name, ())]
    if as_is:
        own = [verb for verb in own if verb != "add-extra"]
    return rest.actions("pickups", found, actor, own)


def _row(found: Pickup, view: PickupView) -> dict[str, Any]:
    mine = rest.address("pickups", found.reference)
    links = {"self": mine, "units": f"{mine}/units", "checks": f"{mine}/checks",
             "claim": rest.address("claims", view.claim_reference), "lot": rest.address("lots", view.lot_reference),
             "page": f"/enlevements/{found.reference}",
             "documents": f"{rest.ROOT}/documents?owner=pickup/{found.reference}"}  # fmt: skip
    return {name: getattr(found, name) for name in ROW} | {
        "claim": view.claim_reference, "lot": view.lot_reference, "holder": view.holder, "actor": view.actor,
        "commune": view.commune, "planned": view.planned, "as_is": view.as_is,
        "actions": _offered(found, current_actor(), view.as_is), "links": links,
    }  # fmt: skip


def _check(row: Check) -> dict[str, Any]:
    check, code = row
    names = ("id", "batch", "outcome", "unit_id", "line", "reason", "note", "kind", "label", "serial", "at")
    return {name: getattr(check, name) for name in names} | {"code": code}


from reuse_market.collection import api_door as _door  # noqa: E402, F401 – label and pictures at the door
from reuse_market.collection import api_links as _links  # noqa: E402, F401 – links of drivers and of signature
from reuse_market.collection import api_papers as _papers  # noqa: E402, F401 – papers of lots and claims
from reuse_market.collection.arrivals import api as _arrivals  # noqa: E402, F401 – slots, sheets, protocols, grouped days
from reuse_market.collection.rounds import api as _rounds  # noqa: E402 – rounds, vehicles, plans
from reuse_market.collection.shipments import api as _shipments  # noqa: E402 – between reuse actors

collections = (*collections, *_rounds.collections, *_shipments.collections)
