"""Mails on needs, queued in the command that causes them."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.actor import Actor
from reuse_market.notices.services import queue
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.needs.words import CLOSINGS, DECLINES, WITHDRAWALS


def posted(found: Need) -> None:
    """Tell the structure that its need is kept, and what comes next."""
    _send("need_posted", found.organisation_id, found)


def closed(found: Need, actor: Actor) -> None:
    """Tell the structure that the operator closed its need, and why; who closes its own knows."""
    if not actor.is_org(found.organisation_id) or not actor.own_hand:
        _send("need_closed", found.organisation_id, found, reason=CLOSINGS[found.reason])


def met(found: Need) -> None:
    """Tell the structure that all it asked for was handed over."""
    _send("need_met", found.organisation_id, found)


def proposed(match: NeedMatch, found: Need) -> None:
    """Tell the structure what is proposed, and until when it may answer."""
    _send("need_proposed", match.organisation_id, found, match)


def accepted(match: NeedMatch, found: Need) -> None:
    """Tell the reuse actor that the structure counts on its devices when they are ready."""
    _send("need_accepted", match.seller_id, found, match)


def declined(match: NeedMatch, found: Need) -> None:
    """Tell the reuse actor that the structure says no, and why."""
    _send("need_declined", match.seller_id, found, match, reason=DECLINES[match.reason])


def withdrawn(match: NeedMatch, found: Need) -> None:
    """Tell the structure that what was proposed is taken back, and why."""
    _send("need_withdrawn", match.organisation_id, found, match, reason=WITHDRAWALS[match.reason])


def lapsed(match: NeedMatch, found: Need) -> None:
    """Tell the reuse actor that its proposal stands no longer."""
    _send("need_lapsed", match.seller_id, found, match)


def _send(
    template: str, to_id: int | None, found: Need, match: NeedMatch | None = None, *, reason: str = ""
) -> None:
    if to_id is None:
        return
    facts: dict[str, Any] = {
        "reference": found.reference, "units": found.units, "reason": reason,
        "url": f"/besoins/{found.reference}",
    }  # fmt: skip
    if match is not None:
        names = accounts.names([match.organisation_id, *([match.seller_id] if match.seller_id else [])])
        facts |= {
            "proposed": match.units, "source": match.source, "until": match.until.isoformat(),
            "expected_on": match.expected_on.isoformat() if match.expected_on else "",
            "seller": names.get(match.seller_id or 0, ""), "structure": names.get(match.organisation_id, ""),
            "match_ref": match.reference,
        }  # fmt: skip
    count = match.units if match is not None else found.units
    for address, language in accounts.addresses_of(to_id):
        device = {"device": equipment.kind_label(found.kind, language, count)}
        queue(template, address, language, facts | device, f"need/{found.reference}")
