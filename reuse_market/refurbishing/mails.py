"""What the room writes: a removal request, to the scheme's contact and to the holder's own people."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.notices.services import queue
from reuse_market.refurbishing import lists
from reuse_market.refurbishing.models import RemovalBatch


def removal_requested(batch: RemovalBatch, units: int) -> None:
    """Ask the scheme's contact to come, and keep the holder's people a copy; inside the caller's command."""
    site = accounts.site(batch.site_id)
    names = accounts.names([batch.organisation_id])
    facts: dict[str, Any] = {
        "batch_ref": batch.reference, "units": units, "weight_g": batch.estimated_g,
        "scheme": batch.producer_scheme, "holder_name": names.get(batch.organisation_id, ""),
        "note": batch.note or "", "url": f"/atelier/reforme/{batch.reference}",
        "kinds": [
            {"fr": equipment.kind_label(kind, "fr", n), "en": equipment.kind_label(kind, "en", n), "units": n}
            for kind, n in lists.kinds_in_batch(batch.id)
        ],
        "place": [] if site is None else [
            text for text in (site.name, site.street, f"{site.postcode} {site.commune_name}") if text
        ],
        "contact": "" if site is None else ", ".join(
            text for text in (site.contact_name, site.contact_phone) if text
        ),
    }  # fmt: skip
    about = f"removal/{batch.reference}"
    if batch.contact_email:
        queue("removal_requested", batch.contact_email, "fr", facts, about)
    for address, language in accounts.addresses_of(batch.organisation_id):
        queue("removal_kept", address, language, facts | {"sent": batch.contact_email is not None}, about)
