"""The delivery note of a shipment: issued when it is sent, again when it is answered."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.collection.papers import Lang, address
from reuse_market.collection.shipment_models import Shipment
from reuse_market.collection.shipments import choosing, duties, reading, words
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock

REASONS_FR = {
    "Not what was announced": "pas ce qui était annoncé", "Damaged": "abîmé", "No room to take it": "pas de place",
    "Not in the load": "pas dans le chargement", "Lost on the way": "perdu en route", "Other reason": "autre motif",
}  # fmt: skip


def owner(found: Shipment) -> str:
    """Under what the papers of a shipment are kept."""
    return f"shipment/{found.reference}"


def issue_note(found: Shipment, lang: Lang = "fr") -> Document:
    """Issue the delivery note to both sides."""
    return documents.issue(
        "delivery_note", note_facts(found, lang), lang=lang, owner=owner(found),
        readers=[found.sender_id, found.receiver_id], number_prefix="BL",
    )  # fmt: skip


def note_facts(found: Shipment, lang: Lang) -> dict[str, Any]:
    """What the note says (shape: documents/papers.py)."""
    view, rows = reading.view(found), reading.rows(found.id)
    follows = duties.of_units([row.unit.id for row in rows])
    streams = sorted({row.unit.stream for row in rows})
    lots = [one.removeprefix(choosing.LOT_STREAM) for one in streams if one.startswith(choosing.LOT_STREAM)]
    site = accounts.base_site(found.receiver_id)
    facts: dict[str, Any] = {
        "made_at": clock.now().isoformat(), "sender": {"name": view.sender}, "receiver": {"name": view.receiver},
        "place": {"address": address(site)}, "shipment_ref": found.reference, "lot_refs": lots,
        "sent_at": found.sent_at.isoformat(), "transfer": found.transfer, "price_cents": found.price_cents,
        "weight_grams": found.weight_g, "commitments": list(follows.commitments), "to_erase": follows.to_erase,
        "remark": found.note, "units": [_unit(row, lang) for row in rows],
    }  # fmt: skip
    return facts | ({"answered_at": found.answered_at.isoformat()} if found.answered_at else {})


def _unit(row: reading.Row, lang: Lang) -> dict[str, Any]:
    label = f"{row.maker} {row.model}".strip() or equipment.kind_label(row.unit.kind, lang)
    said = words.reason(row.outcome, row.reason)
    reason = REASONS_FR.get(said, said) if lang == "fr" else said
    return {
        "code": row.code or "", "label": label, "serial": row.unit.serial or "", "outcome": row.outcome,
        "reason": reason.lower() if lang == "en" else reason,
    }  # fmt: skip
