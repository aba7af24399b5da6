"""`/needs`: what structures look for, what is proposed, and the answers."""

from __future__ import annotations

from typing import Any

from reuse_market.reservations.needs import policy, reading, schemas, services, wording
from reuse_market.reservations.needs.matching import Match
from reuse_market.reservations.needs.reading import MatchView, View
from reuse_market.web import rest
from reuse_market.web.access import current_actor

NEED = "/needs/<ref:reference>"
ROW = ("reference", "state", "kind", "units", "ram_mb", "storage_mb", "screen_tenths", "max_price_cents",
       "wanted_by", "posted_at")  # fmt: skip
needs = rest.Collection("needs", "What associations and buyers look for, and what is proposed to them.")


@needs.read("/needs", rule="party", shape=schemas.NeedSchema, listed=True, query=schemas.NeedQuery)
def list_needs(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's own needs; those that run for reuse actors, without who asks; all for overseers."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = reading.listed(current_actor(), after=cursor, limit=limit + 1, **query)
    return rest.page(rows, limit, lambda row: row.need.id, _shown)


@needs.read(NEED, rule="party", shape=schemas.NeedSchema)
def get_need(reference: str) -> dict[str, Any]:
    """One need."""
    return _shown(reading.view(reference, current_actor()))


@needs.read(f"{NEED}/matches", rule="party", shape=schemas.OutcomeSchema, name="matches")
def get_matches(reference: str) -> dict[str, Any]:
    """What there is for a need now, in order, with reasons: for those who may propose."""
    actor = current_actor()
    seen = reading.view(reference, actor)
    found = reading.proposals_for(seen, actor)
    return {
        "need": reference, "missing": found.missing, "actions": rest.actions("needs", seen, actor, _acts(seen)),
        "supplies": [_supply(one) for one in (*found.matches, *found.refused)],
        "links": {"self": rest.address("needs", reference)},
    }  # fmt: skip


@needs.read(f"{NEED}/proposals", rule="party", shape=schemas.NeedMatchSchema, listed=True, name="proposals")
def list_proposals(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """What was proposed for a need, as far as this organisation is concerned, the latest first."""
    actor = current_actor()
    before = rest.after(query["cursor"])
    rows = reading.matches(reading.view(reference, actor).need, actor)
    rows = [row for row in rows if before is None or row.match.id < before]
    return rest.page(rows, query["limit"], lambda row: row.match.id, _match)


@needs.verb("/needs", rule="party", body=schemas.NeedInput, shape=schemas.NeedSchema, status=201)
def create_need(values: dict[str, Any]) -> dict[str, Any]:
    """Post a need. It commits to nothing."""
    return get_need(services.post_need(actor=current_actor(), **values).reference)


@needs.verb("/needs:share", rule="operator", shape=schemas.SharesSchema)
def share() -> dict[str, Any]:
    """Share what is ready among the needs that wait, and propose it."""
    return {"made": services.propose_shares(actor=current_actor())}


@needs.verb(f"{NEED}:change", rule="party", body=schemas.NeedChange, shape=schemas.NeedSchema)
def change(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Change what a need asks for, while nothing is proposed."""
    services.change_need(reference, actor=current_actor(), **values)
    return get_need(reference)


@needs.verb(f"{NEED}:close", rule="party", body=schemas.NeedClosing, shape=schemas.NeedSchema)
def close(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Close a need; what is proposed and not taken lapses."""
    services.close_need(reference, values["reason"], actor=current_actor())
    return get_need(reference)


@needs.verb(f"{NEED}:attach", rule="operator", body=schemas.NeedAttachment, shape=schemas.NeedSchema)
def attach(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say whose need it is, once."""
    services.attach_need(reference, values["organisation_id"], actor=current_actor())
    return get_need(reference)


@needs.verb(
    f"{NEED}:propose", rule="party", body=schemas.NeedProposal, shape=schemas.NeedMatchSchema, status=201
)
def propose(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Propose devices: the operator any, a reuse actor its own."""
    actor = current_actor()
    made = services.propose_match(reference, values["source"], values["supply"], values["units"], actor=actor)
    return _match(reading.match_view(made.reference, actor))


@needs.verb(f"{NEED}:accept", rule="beneficiary", body=schemas.MatchAcceptance, shape=schemas.NeedMatchSchema)
def accept(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Accept a proposal: ready devices are reserved at once, others promised."""
    _of(reference, values["match"])
    services.accept_match(values["match"], actor=current_actor())
    return _match(reading.match_view(values["match"], current_actor()))


@needs.verb(f"{NEED}:decline", rule="beneficiary", body=schemas.MatchDecline, shape=schemas.NeedMatchSchema)
def decline(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Decline a proposal, or give up a promise, with a reason."""
    _of(reference, values["match"])
    services.decline_match(values["match"], values["reason"], actor=current_actor())
    return _match(reading.match_view(values["match"], current_actor()))


@needs.verb(f"{NEED}:withdraw", rule="party", body=schemas.MatchWithdrawal, shape=schemas.NeedMatchSchema)
def withdraw(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take a proposal back, with a reason."""
    _of(reference, values["match"])
    services.withdraw_match(values["match"], values["reason"], actor=current_actor())
    return _match(reading.match_view(values["match"], current_actor()))


def _of(reference: str, match: str) -> None:
    """The proposal is this need's, or it does not exist."""
    found = reading.match_view(match, current_actor())
    if found.need.reference != reference:
        raise reading.NotFound(reading.NO_MATCH)


def _acts(seen: View) -> list[str]:
    actor = current_actor()
    names = {name for row in reading.matches(seen.need, actor) for name in row.actions}
    return [
        *reading.actions(seen, actor),
        *(name for name in ("accept", "decline", "withdraw") if name in names),
    ]


def _shown(seen: View) -> dict[str, Any]:
    actor, need = current_actor(), seen.need
    own = _acts(seen)
    links = {"self": rest.address("needs", need.reference), "page": f"/besoins/{need.reference}"}
    return {name: getattr(need, name) for name in ROW} | {
        "organisation_id": need.organisation_id if seen.named else None, "structure": seen.legal_kind or None,
        "organisation": seen.organisation or None, "commune": seen.commune or None, "publics": seen.publics,
        "note": seen.note if seen.named else None, "proposed": seen.proposed, "promised": seen.promised,
        "reserved": seen.reserved, "served": seen.served, "left": seen.left, "reason": need.reason or None,
        "actions": rest.actions("needs", need, actor, own), "links": links,
    }  # fmt: skip


def _match(row: MatchView) -> dict[str, Any]:
    found = row.match
    names = ("reference", "state", "source", "units", "expected_on", "price_cents", "until")
    named = policy.may_see(current_actor(), row.need)
    links = {"need": rest.address("needs", row.need.reference), "page": f"/besoins/{row.need.reference}"}
    return {name: getattr(found, name) for name in names} | {
        "need": row.need.reference, "structure": row.structure if named or found.answered_at else "",
        "seller": row.seller or None, "offer": found.group_key, "lot": row.lot or None,
        "reservation": row.reservation or None, "reason": found.reason or None,
        "answers": list(row.actions), "actions": [], "links": links,
    }  # fmt: skip


def _supply(one: Match) -> dict[str, Any]:
    names = ("source", "seller_id", "seller", "place", "price_cents", "expected_on")
    return {name: getattr(one.supply, name) for name in names} | {
        "supply": one.supply.key, "units": one.units, "available": one.supply.units, "refused": one.blocked,
        "reasons": [wording.source(one.supply), *wording.reasons(one)],
    }  # fmt: skip
