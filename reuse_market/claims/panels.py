"""What claims shows on the lot's page: the taker's one action, and the claims, by reader."""

from __future__ import annotations

from collections.abc import Sequence

from reuse_market.accounts.policy import oversees
from reuse_market.claims import interest, policy, queries, wording
from reuse_market.kernel.actor import Actor
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.web.panels import Panel


def lot_action(lot: Lot, actor: Actor) -> Panel | None:
    """Ask for part of it, while something is left; or see one's waiting request."""
    capacities = queries.capacities(lot, actor)
    if not (capacities and lots.takes_claims(lot) and lots.holder_acts(lot)):
        return None
    mine = [
        v for v in queries.mine(actor.organisation_id or 0) if v.lot_id == lot.id and v.stage == "submitted"
    ]
    if not mine and not any(lots.left_by_line(lot.reference).values()):
        return None
    context = {
        "lot_reference": lot.reference, "waiting": mine[0] if mine else None,
        "kept_until": queries.kept_until(lot, actor), "as_is": capacities == ("recipient",),
    }  # fmt: skip
    return Panel("claims/_lot_action.html", context)


def interest_action(lot: Lot, actor: Actor) -> Panel | None:
    """Say one's interest in a lot to come, or change it."""
    if lot.state != "planned" or not interest.may_register(lot, actor):
        return None
    mine = interest.open_of(lot.id, actor.organisation_id)
    return Panel("claims/_interest_action.html", {"lot_reference": lot.reference, "mine": mine})


def to_answer(_subject: None, actor: Actor) -> Panel | None:
    """On the holder's lots: how many claims wait for an answer, and until when."""
    number, first = queries.unanswered(actor.organisation_id or 0)
    return Panel("claims/_to_answer.html", {"number": number, "first": first}) if number else None


def lot_interest(lot: Lot, actor: Actor) -> Panel | None:
    """Who is interested in a lot to come: told to its holder and to those who oversee; others see counts."""
    if lot.planned_at is None:
        return None
    sees = policy.sees_interest(actor, lot)
    shown = interest.of_lot(lot, actor) if actor.organisation_id or sees else []
    if lot.state != "planned" and not shown:
        return None
    counts = interest.counts([lot.id]).get(lot.id, interest.Counts())
    return Panel(
        "claims/_lot_interest.html", {"shown": shown, "counts": counts, "as_holder": sees, "lot": lot}
    )


def announced_interest(lot_ids: Sequence[int], _actor: Actor) -> Panel | None:
    """Of the announced lots on a page of the board: lot id → its counts, read at once."""
    return Panel("", {"counts": interest.counts(lot_ids)})


def lot_claims(lot: Lot, actor: Actor) -> Panel | None:
    """The holder and those who oversee see all with amounts; a claimant its own; others a count."""
    if lot.published_at is None:
        return None
    views = queries.of_lot(lot.id)
    all_seen = actor.is_org(lot.holder_id) or oversees(actor)
    shown = [v for v in views if all_seen or actor.is_org(v.organisation_id)]
    alive = {v.organisation_id for v in views if v.stage in ("submitted", "to_collect", "collected")}
    others = alive - {v.organisation_id for v in shown}
    context = {
        "shown": shown, "others": 0 if all_seen else len(others), "as_holder": all_seen,
        "lot_reference": lot.reference, "wording": wording, "reader": actor,
    }  # fmt: skip
    return Panel("claims/_lot_claims.html", context)


def lot_withdraw(lot: Lot, actor: Actor) -> Panel | None:
    """The holder's way to withdraw a lot that somebody waits for: those are told why."""
    if not actor.is_org(lot.holder_id) or lot.state != "published":
        return None
    if not any(v.stage in ("submitted", "to_collect") for v in queries.of_lot(lot.id)):
        return None
    return Panel("claims/_lot_withdraw.html", {"lot_reference": lot.reference})
