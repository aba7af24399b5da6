"""`/containers` and `/revisions`, and what a pick-up may be followed by: a revision of its note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.collection import policy as pickup_policy
from reuse_market.collection import queries as pickups
from reuse_market.collection.containers import counting, sealing_shapes
from reuse_market.collection.containers import queries as containers
from reuse_market.collection.containers import services as sealing
from reuse_market.collection.models import Container, NoteRevision, Pickup
from reuse_market.collection.revising import listing, policy, queries, schemas, services, standing
from reuse_market.collection.revising.choosing import Correction
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.web import rest, together
from reuse_market.web.access import RULES, current_actor

CONTAINER, REVISION = "/containers/<ref:code>", "/revisions/<ref:reference>"
PICKUP = "/pickups/<ref:reference>"
NAMES = {
    "approve": "approve", "refuse": "refuse", "withdraw": "withdraw", "appeal": "appeal", "settle_for": "settle",
}  # fmt: skip
ACTS = {"remove": "remove", "read": "read-unit", "count": "count"}
VIEW = (
    "reference", "state", "ground", "number", "holder_id", "actor_id", "asked_by_id", "answered_by_id", "reason",
    "answer", "answer_until", "made_at", "answered_at",
)  # fmt: skip
sealed = rest.Collection(
    "containers", "Sealed rolls, pallets and boxes of a pick-up, counted at the workshop."
)
revisions = rest.Collection("revisions", "What one side says was otherwise than the signed handover note.")
collections = (sealed, revisions)


@sealed.read(
    f"{PICKUP}/containers", rule="party", shape=schemas.ContainerSchema, listed=True, name="containers"
)
def list_containers(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """The sealed containers of a pick-up, in order."""
    found = pickups.seen(reference, current_actor())
    after = rest.after(query["cursor"]) or 0
    rows = [one for one in containers.of_pickup(found.id) if one.number > after][: query["limit"] + 1]
    return rest.page(rows, query["limit"], lambda one: one.number, lambda one: _container(one, found))


@sealed.read(CONTAINER, rule="party", shape=schemas.ContainerSchema)
def get_container(code: str) -> dict[str, Any]:
    """One container: what it is said to hold, what was read and counted since."""
    return _container(*containers.seen(code, current_actor()))


@sealed.verb(f"{PICKUP}:note-containers", rule="taker", body=schemas.ContainersInput, shape=schemas.ContainerSchema,
             name="note-containers")  # fmt: skip
def note_containers(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Note sealed containers in place of their units; the last one is shown, `…/containers` lists all."""
    asked = [sealing_shapes.sealed(each) for each in values["containers"]]
    made = sealing.note_containers(reference, asked, actor=current_actor())
    return get_container(made[-1].code)


@sealed.verb(f"{CONTAINER}:remove", rule="taker", shape=schemas.ContainerSchema)
def remove(code: str) -> dict[str, Any]:
    """Take a container off the list, until the driver signs; it is shown as it was."""
    shown = get_container(code)
    sealing.remove_container(code, actor=current_actor())
    return shown | {"actions": []}


@sealed.verb(f"{CONTAINER}:read-unit", rule="taker", body=schemas.ReadInput, shape=schemas.ContainerSchema)
def read_unit(values: dict[str, Any], code: str) -> dict[str, Any]:
    """A unit is taken out and read."""
    counting.read_unit(code, values.pop("code"), actor=current_actor(), **values)
    return get_container(code)


@sealed.verb(f"{CONTAINER}:count", rule="taker", body=schemas.CountInput, shape=schemas.ContainerSchema)
def count(values: dict[str, Any], code: str) -> dict[str, Any]:
    """Say how many there are; a difference becomes a revision proposed to the holder."""
    found = {each["line"]: each["units"] for each in values.pop("lines")}
    counting.count_container(code, found, actor=current_actor(), **values)
    return get_container(code)


@revisions.read(
    "/revisions", rule="party", shape=schemas.RevisionSchema, listed=True, query=schemas.RevisionQuery
)
def list_revisions(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's revisions, on either side, the newest first; all to those who oversee."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = listing.revisions(current_actor(), after=cursor, limit=limit, **query)
    return rest.page(rows, limit, lambda one: one.id, _revision)


@revisions.read(REVISION, rule="party", shape=schemas.RevisionSchema)
def get_revision(reference: str) -> dict[str, Any]:
    """One revision, for both sides and the operator."""
    return _revision(queries.seen(reference, current_actor()))


@revisions.verb(f"{PICKUP}:propose-revision", rule="taker", body=schemas.RevisionInput,
                shape=schemas.RevisionSchema, status=201, name="propose-revision")  # fmt: skip
def propose_revision(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say what was otherwise than the signed note; the other side answers."""
    made = services.propose_revision(reference, _lines(values), values["reason"], actor=current_actor())
    return get_revision(made.reference)


@revisions.verb(f"{PICKUP}:contest-differences", rule="taker", body=schemas.RevisionInput,
                shape=schemas.RevisionSchema, status=201, name="contest-differences")  # fmt: skip
def contest_differences(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The holder does not accept a difference: the operator settles."""
    made = services.contest_differences(reference, _lines(values), values["reason"], actor=current_actor())
    return get_revision(made.reference)


@revisions.verb(f"{PICKUP}:find-missing", rule="taker", body=schemas.FoundInput, shape=schemas.FoundSchema,
                name="find-missing")  # fmt: skip
def find_missing(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Missing devices are found at the holder's: they are discarded again, the note keeps saying `missing`."""
    found = {each["line"]: each["units"] for each in values["lines"]}
    return {"units": services.find_missing(reference, found, actor=current_actor())}


@revisions.verb(f"{REVISION}:approve", rule="taker", shape=schemas.RevisionSchema)
def approve(reference: str) -> dict[str, Any]:
    """Accept it: outcomes, custody and balances follow; the note is issued anew."""
    return _revision(services.approve_revision(reference, actor=current_actor()))


@revisions.verb(f"{REVISION}:refuse", rule="taker", body=schemas.AnswerInput, shape=schemas.RevisionSchema)
def refuse(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Do not accept it, and say why."""
    return _revision(services.refuse_revision(reference, values["reason"], actor=current_actor()))


@revisions.verb(f"{REVISION}:withdraw", rule="taker", shape=schemas.RevisionSchema)
def withdraw(reference: str) -> dict[str, Any]:
    """Take it back."""
    return _revision(services.withdraw_revision(reference, actor=current_actor()))


@revisions.verb(f"{REVISION}:appeal", rule="taker", body=schemas.AnswerInput, shape=schemas.RevisionSchema)
def appeal(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Ask the operator to settle what the other side refused."""
    return _revision(services.appeal_revision(reference, values["reason"], actor=current_actor()))


@revisions.verb(f"{REVISION}:settle", rule="operator", body=schemas.SettleInput, shape=schemas.RevisionSchema)
def settle(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The operator settles, and says why."""
    found = services.settle_revision(
        reference, values["reason"], in_favour=values["in_favour"], actor=current_actor()
    )
    return _revision(found)


def pickup_actions(found: Pickup, actor: Actor) -> Sequence[str]:
    """What containers and revisions add to a pick-up's actions."""
    if not RULES["taker"](actor):
        return ()
    if found.state == "agreed":
        return ("note-containers",) if pickup_policy.taker(actor, found) else ()
    if found.driver_signed_at is None or not policy.engages(actor, found):
        return ()
    note = together.of("pickups", found, standing.of)
    if note is None or note.is_open or note.as_is:
        return ()
    own = ["propose-revision"] if clock.today() <= note.propose_until else []
    if policy.contests(actor, found) and clock.today() <= note.contest_until and note.differs:
        own.append("contest-differences")
    return (*own, "find-missing") if actor.is_org(found.holder_id) and note.misses else own


def _lines(values: dict[str, Any]) -> list[Correction]:
    return [Correction(**(each | {"codes": tuple(each["codes"])})) for each in values["lines"]]


def _container(found: Container, pickup: Pickup) -> dict[str, Any]:
    actor = current_actor()
    acts = [ACTS[one] for one in containers.offered(found, pickup, actor)] if RULES["taker"](actor) else []
    names = ("code", "number", "kind", "seal", "declared", "counted", "counted_at")
    return {name: getattr(found, name) for name in names} | {
        "pickup": pickup.reference, "weight_grams": found.weight_g,
        "lines": containers.contents(found, pickup.lot_id), "actions": acts,
        "links": {"self": rest.address("containers", found.code), "page": f"/contenants/{found.code}",
                  "pickup": rest.address("pickups", pickup.reference)},
    }  # fmt: skip


def _revision(found: NoteRevision) -> dict[str, Any]:
    actor, view = current_actor(), queries.view(found)
    own = [NAMES[name] for name in queries.offered(found, actor) if name in NAMES]
    return {name: getattr(view, name) for name in VIEW} | {
        "pickup": view.pickup_reference, "container": view.container_code, "lines": queries.lines(found.id),
        "actions": own,
        "links": {"self": rest.address("revisions", found.reference), "page": f"/revisions/{found.reference}",
                  "pickup": rest.address("pickups", view.pickup_reference)},
    }  # fmt: skip
