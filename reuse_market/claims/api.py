"""`/claims`, and what claims does with `/lots`: ask for one, withdraw one that is claimed."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from reuse_market.claims import interest, listing, queries, reach, schemas, services
from reuse_market.claims.lifecycle import FLOW
from reuse_market.claims.models import ClaimLine
from reuse_market.claims.queries import ClaimView
from reuse_market.claims.reach import Reach
from reuse_market.claims.sharing import reading
from reuse_market.kernel.actor import Actor
from reuse_market.lots import api as lots_api
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.lots.schemas import LotSchema
from reuse_market.web import rest, together
from reuse_market.web.access import current_actor

CLAIM = "/claims/<ref:reference>"
NAMES = {"award": "award", "decline": "decline", "retract": "release", "release": "release"}
claims = rest.Collection(
    "claims", "What is asked of lots, to recondition or for one's own use, and what was awarded."
)
collections = (claims,)


@claims.read("/claims", rule="party", shape=schemas.ClaimSchema, listed=True, query=schemas.ClaimQuery)
def list_claims(query: dict[str, Any]) -> dict[str, Any]:
    """The claims the organisation made or received, the newest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = listing.claims(current_actor(), after=cursor, limit=limit, **query)
    lines = listing.lines([row.id for row in rows])
    return rest.page(rows, limit, lambda row: row.id, lambda row: _shown(row, lines.get(row.id, [])))


@claims.read(CLAIM, rule="party", shape=schemas.ClaimSchema)
def get_claim(reference: str) -> dict[str, Any]:
    """One claim, for both sides."""
    return _told(queries.view(queries.seen(reference, current_actor())))


@claims.verb(
    "/lots/<ref:reference>:claim",
    rule="taker",
    body=schemas.ClaimInput,
    shape=schemas.ClaimSchema,
    status=201,
)
def claim(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Ask for units of a lot, to recondition them or for one's own use; on a first-come lot it is awarded."""
    made = services.submit_claim(reference, _by_line(values.pop("lines")), actor=current_actor(), **values)
    return _told(queries.view(made))


@claims.verb(f"{CLAIM}:award", rule="holder", body=schemas.AwardInput, shape=schemas.ClaimSchema)
def award(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The holder awards all of it, or a part by line."""
    granted = _by_line(values["lines"]) if "lines" in values else None
    return _told(queries.view(services.award_claim(reference, granted, actor=current_actor())))


@claims.verb(f"{CLAIM}:decline", rule="holder", body=schemas.ReasonInput, shape=schemas.ClaimSchema)
def decline(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The holder says no, and why."""
    return _told(queries.view(services.decline_claim(reference, values["reason"], actor=current_actor())))


@claims.verb(f"{CLAIM}:release", rule="taker", body=schemas.ReasonInput, shape=schemas.ClaimSchema)
def release(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Give a claim up: one's own while it waits, either side once awarded and not in a pick-up."""
    return _told(queries.view(services.release_claim(reference, values["reason"], actor=current_actor())))


@claims.verb(
    "/lots/<ref:reference>:withdraw-with-claims", rule="holder", body=schemas.ReasonInput, shape=LotSchema
)
def withdraw_with_claims(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The holder withdraws a lot together with its claims."""
    actor = current_actor()
    lots.seen(reference, actor)
    lot = services.withdraw_claimed_lot(reference, values["reason"], actor=actor)
    return lots_api.shown(lot, actor)


def lot_actions(lot: Lot, actor: Actor) -> Sequence[str]:
    """What claims adds to a lot's actions."""
    if lot.state == "planned":
        mine = interest.open_of(lot.id, actor.organisation_id) if actor.organisation_id else None
        said = ("register-interest",) if interest.may_register(lot, actor) else ()
        return (*said, "withdraw-interest") if mine else said
    if reading.may_accept(together.of("lots", lot, reading.latest_of), actor):
        said = ("withdraw-with-claims",) if actor.is_org(lot.holder_id) else ()
        return ("accept-share", *said)
    if queries.capacities(lot, actor) and lots.takes_claims(lot) and lots.holder_acts(lot):
        return () if queries.kept_until(lot, actor) else ("claim",)
    if lot.state == "published" and actor.is_org(lot.holder_id) and actor.has("holder") and actor.commits:
        return ("withdraw-with-claims",)
    return ()


def _by_line(lines: list[dict[str, int]]) -> dict[int, int]:
    """Line → units, those of a line named twice together."""
    wanted: dict[int, int] = {}
    for each in lines:
        wanted[each["line"]] = wanted.get(each["line"], 0) + each["units"]
    return wanted


def _told(view: ClaimView) -> dict[str, Any]:
    return _shown(view, listing.lines([view.id]).get(view.id, []), reach.of_claim(view, current_actor()))


def _shown(view: ClaimView, lines: list[ClaimLine], told: Reach | None = None) -> dict[str, Any]:
    names = (
        "reference", "holder_id", "holder", "organisation_id", "claimant", "capacity", "proposal",
        "amount_cents", "message", "reason", "asked", "awarded", "open_units", "in_pickup", "submitted_at",
        "answer_until", "answered_at", "collect_until", "commitment_version", "undertaking_version", "minimum",
    )  # fmt: skip
    mine = rest.address("claims", view.reference)
    links = {"self": mine, "lot": rest.address("lots", view.lot_reference), "page": f"/demandes/{view.reference}",
             "pickups": f"{rest.ROOT}/pickups?claim={view.reference}",
             "documents": f"{rest.ROOT}/documents?owner=claim/{view.reference}"}  # fmt: skip
    return {name: getattr(view, name) for name in names} | {
        "state": _state(view), "lot": view.lot_reference, "actions": _offered(view), "links": links,
        "beyond_capacity": told.beyond if told else None,
        "lines": [{"line": each.line, "asked": each.asked, "awarded": each.awarded} for each in lines],
    }  # fmt: skip


def _state(view: ClaimView) -> str:
    """The claim's state: `stage` splits the awarded ones."""
    return "awarded" if view.stage in ("to_collect", "collected") else view.stage


def _offered(view: ClaimView) -> list[str]:
    actor = current_actor()
    subject: Any = SimpleNamespace(
        state=_state(view), holder_id=view.holder_id, organisation_id=view.organisation_id
    )
    allowed = [NAMES[name] for name in FLOW.offered(subject, actor) if name in NAMES]
    if view.at_closing:
        allowed = [name for name in allowed if name not in ("award", "decline")]
    if view.stage != "submitted" and (view.in_pickup or not view.open_units):
        allowed = [name for name in allowed if name != "release"]  # a pick-up holds them, or all are gone
    return rest.actions("claims", view, actor, allowed)


from reuse_market.claims import interest_api as _interest_api  # noqa: E402, F401 – more operations on lots
from reuse_market.claims import standby_api as _standby_api  # noqa: E402, F401 – a waiting claim asked again
from reuse_market.claims.sharing import api as _sharing_api  # noqa: E402, F401 – shares at closing
