"""The mails of the waiting list."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.describing import title
from reuse_market.equipment import queries as equipment
from reuse_market.notices.services import queue
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.waiting.waiting_models import WaitingEntry


def joined(entry: WaitingEntry) -> None:
    """Tell who waits that its place is kept, and how it leaves the list."""
    _send("waiting_joined", entry, {"url": "/attente"})


def offered(entry: WaitingEntry, made: Reservation, group: catalogue.Group) -> None:
    """Tell the first in order that devices are held for it, until when, and what to do."""
    facts = {
        "seller_name": group.seller, "until": made.until.isoformat(), "offered": made.units,
        "reservation_ref": made.reference, "url": f"/reservations/{made.reference}",
    }  # fmt: skip
    _send(
        "waiting_offered",
        entry,
        facts,
        about=f"reservation/{made.reference}",
        named=f"{group.maker} {group.model}",
    )


def _send(
    template: str, entry: WaitingEntry, details: dict[str, Any], *, about: str = "", named: str = ""
) -> None:
    kind = equipment.kind(entry.kind)
    for address, language in accounts.addresses_of(entry.organisation_id):
        label = (kind.label_en if language == "en" else kind.label_fr) if kind else entry.kind
        facts = details | {
            "waiting_ref": entry.reference, "units": entry.units,
            "device": title(label, (named or entry.title).strip(), ""),
        }  # fmt: skip
        queue(template, address, language, facts, about or f"waiting/{entry.reference}")
