"""What a shipment tells both sides: sent, answered, voided, and nobody answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.collection.shipment_models import Shipment
from reuse_market.notices.services import queue


def sent(found: Shipment) -> None:
    """Tell the receiver what comes and that it answers; the sender keeps a copy."""
    _send("shipment_sent", found, (found.receiver_id, found.sender_id))


def answered(found: Shipment, counts: Mapping[str, int]) -> None:
    """Tell both what was received, refused and missing."""
    _send("shipment_answered", found, (found.sender_id, found.receiver_id), counts)


def voided(found: Shipment) -> None:
    """Tell the receiver that nothing comes."""
    _send("shipment_voided", found, (found.receiver_id,))


def reminded(found: Shipment) -> None:
    """Tell both that it waits for an answer."""
    _send("shipment_reminder", found, (found.receiver_id, found.sender_id))


def _send(
    template: str, found: Shipment, to: tuple[int, ...], counts: Mapping[str, int] | None = None
) -> None:
    names = accounts.names([found.sender_id, found.receiver_id])
    facts: dict[str, Any] = {
        "shipment_ref": found.reference, "sender_name": names[found.sender_id], "units": found.units,
        "receiver_name": names[found.receiver_id], "transfer": found.transfer, "note": found.note,
        "sent_at": found.sent_at.isoformat(), "url": f"/expeditions/{found.reference}",
    } | dict(counts or {})  # fmt: skip
    for organisation_id in to:
        own = facts | {"to_answer": organisation_id == found.receiver_id}
        for address, language in accounts.addresses_of(organisation_id):
            queue(template, address, language, own, f"shipment/{found.reference}")
