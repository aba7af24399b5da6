"""The mails of a pick-up's life, queued in the command that causes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.collection import direct, queries
from reuse_market.collection.models import DriverLink, Pickup
from reuse_market.notices.services import queue
from reuse_market.traceability import checkpoints


def proposed(pickup: Pickup) -> None:
    """Tell the side that must answer which slot is on the table."""
    _send(
        "pickup_proposed",
        _other(pickup, pickup.asked_by_id),
        pickup,
        {"answer_until": _day(pickup.answer_until)},
    )


def agreed(pickup: Pickup, code: str) -> None:
    """Tell both sides; the holder alone gets the code its contact signs with."""
    lacking = {"not_erased": len(direct.unproven(pickup)) if direct.is_direct(pickup) else 0}
    _send("pickup_agreed", pickup.actor_id, pickup, lacking | {"signature_code": ""})
    _send("pickup_agreed", pickup.holder_id, pickup, lacking | {"signature_code": code})
    code_to_contact(pickup, code)


def code_to_contact(pickup: Pickup, code: str) -> None:
    """The handover code to the contact on site, who may have no account; members read it on their page."""
    site = queries.holder_site(pickup)
    members = dict(accounts.addresses_of(pickup.holder_id))
    if site is None or not site.contact_email or site.contact_email in members:
        return
    facts = _shared(pickup) | {"contact": site.contact_name, "signature_code": code}
    language = next(iter(members.values()), "fr")
    queue("pickup_code", site.contact_email, language, facts, f"pickup/{pickup.reference}")


def driver_link(link: DriverLink, organisation: str, token: str, language: str) -> None:
    """The driver's own link, to who has no account."""
    facts = {"driver": link.name, "organisation": organisation, "day": _day(link.day)}
    facts |= _opens("chauffeur", token, language)
    queue("driver_link", link.email, language, facts, f"driver-link/{link.id}")


def signature_asked(
    pickup: Pickup, address: str, language: str, token: str, until: datetime, *, again: bool
) -> None:
    """Ask the holder's side to counter-sign from afar; the second time says so."""
    facts = (
        _shared(pickup) | _opens("signature", token, language) | {"until": until.isoformat(), "again": again}
    )
    queue("signature_asked", address, language, facts, f"pickup/{pickup.reference}")


def note_to_contact(pickup: Pickup, address: str, language: str, token: str, counts: dict[str, int]) -> None:
    """The note to who signed by a link and has no account."""
    facts = _shared(pickup) | counts | _opens("signature", token, language) | _witnessed(pickup)
    queue("signature_given", address, language, facts, f"pickup/{pickup.reference}")


def cancelled(pickup: Pickup, by_id: int | None) -> None:
    """Tell the other side that the pick-up will not happen, and why."""
    _send("pickup_cancelled", _other(pickup, by_id), pickup, {"reason": pickup.reason})


def failed(pickup: Pickup, by_id: int | None) -> None:
    """Tell the other side that it did not happen, and why."""
    _send("pickup_failed", _other(pickup, by_id), pickup, {"reason": pickup.reason})


def expired(pickup: Pickup) -> None:
    """Tell both sides that nobody answered in time."""
    for side in (pickup.holder_id, pickup.actor_id):
        _send("pickup_expired", side, pickup, {})


def collected(pickup: Pickup, counts: dict[str, int]) -> None:
    """Tell the holder what the driver signed for; it has still to counter-sign."""
    _send("pickup_collected", pickup.holder_id, pickup, counts)


def handed_over(pickup: Pickup, counts: dict[str, int]) -> None:
    """Tell both sides that the handover note is there."""
    for side in (pickup.holder_id, pickup.actor_id):
        _send("pickup_handed_over", side, pickup, counts | _witnessed(pickup))


def _witnessed(pickup: Pickup) -> dict[str, Any]:
    """Who signed, and the journal's latest checkpoint: each party keeps it in its mail, and is a witness by it."""
    last = checkpoints.latest()
    told = {"checkpoint_size": last.size, "checkpoint_note": last.note} if last else {}
    return {"signer": pickup.holder_signer} | told


def _send(template: str, to_id: int, pickup: Pickup, facts: dict[str, Any]) -> None:
    shared = _shared(pickup)
    for address, language in accounts.addresses_of(to_id):
        queue(template, address, language, shared | facts, f"pickup/{pickup.reference}")


def _shared(pickup: Pickup) -> dict[str, Any]:
    seen = queries.view(pickup)
    return {
        "pickup_ref": pickup.reference, "lot_ref": seen.lot_reference, "lot_title": seen.lot_title,
        "holder_name": seen.holder, "actor_name": seen.actor, "units": seen.planned, "day": _day(pickup.day),
        "from_at": seen.from_at.isoformat(), "to_at": seen.to_at.isoformat(), "commune": seen.commune,
        "url": f"/enlevements/{pickup.reference}",
    }  # fmt: skip


def _other(pickup: Pickup, side: int | None) -> int:
    return pickup.actor_id if side == pickup.holder_id else pickup.holder_id


def _day(value: Any) -> str:
    return str(value.isoformat())


def _opens(page: str, token: str, language: str) -> dict[str, str]:
    """`url` of a link in its reader's language, and its `secret`, which the outbox blanks once the mail has left."""
    return {"url": f"/{page}/{token}{'?lang=en' if language == 'en' else ''}", "secret": token}
