"""What proofs shows on the lot's page: its timeline and the sentence that always adds up."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from reuse_market.accounts.policy import oversees
from reuse_market.collection.models import Pickup
from reuse_market.documents import listing
from reuse_market.documents.models import Document
from reuse_market.documents.services import stream as paper_stream
from reuse_market.documents.views import reading_language
from reuse_market.kernel.actor import Actor
from reuse_market.lots import certificates
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.proofs import lot_file, timeline
from reuse_market.proofs.corrections import queries as corrections
from reuse_market.proofs.corrections.wording import REASON_WORDS
from reuse_market.proofs.sentence import devices, sentence
from reuse_market.traceability import checkpoints, log
from reuse_market.traceability import queries as journal
from reuse_market.web.filters import moment
from reuse_market.web.panels import Panel

BY_CODE = "pickup.countersigned"  # often typed on the driver's phone: its title says who signed


def lot_timeline(lot: Lot, actor: Actor) -> Panel | None:
    """Timeline and balance, for the holder, the actors of the lot and those who oversee; none for a draft."""
    if lot.published_at is None or not lots.may_see_place(lot, actor):
        return None
    steps = timeline.of_lot(lot.reference)
    if not (oversees(actor) or actor.is_org(lot.holder_id)):
        _hide_others(steps, {lot.holder_id, actor.organisation_id})
    return Panel("proofs/_timeline.html", {
        "frise": frise(steps), "sentence": sentence(lots.balance(lot)), "reference": lot.reference,
        "corrigible": bool(actor.roles and corrections.has_correctable(f"lot/{lot.reference}", actor)),
    })  # fmt: skip


def lot_papers(lot: Lot, actor: Actor) -> Panel | None:
    """The papers that tell the whole: erasure certificates and the lot file, for who reads or issues them."""
    if lot.published_at is None or actor.person_id is None or not lots.may_see_place(lot, actor):
        return None
    rows = listing.of_owners(lot_file.owners_of(lot.reference), actor, reading_language())
    here = actor.organisation_id or 0
    context = {
        "rows": rows, "reference": lot.reference, "may_file": lot_file.may_issue(lot, actor),
        "may_certify": certificates.may_issue(actor, here) and certificates.has_devices(lot.reference, here),
    }  # fmt: skip
    return Panel("proofs/_lot_papers.html", context)


def pickup_proof(pickup: Pickup, _actor: Actor) -> Panel | None:
    """The proof that goes with a signed handover note."""
    if pickup.driver_signed_at is None:
        return None
    return Panel("proofs/_pickup.html", {"reference": pickup.reference})


def paper_proof(document: Document, _actor: Actor) -> Panel | None:
    """That the paper's fingerprint was written down when it was issued, once a checkpoint covers it."""
    written = journal.events_of_stream(paper_stream(document.number), limit=1)
    if not written:
        return None
    latest, position = checkpoints.latest(), log.position_of(written[0].id)
    covered = latest if latest is not None and position is not None and position < latest.size else None
    same = journal.body(written[0])["facts"]["sha256"] == document.sha256
    told = {"code": document.verification_code, "checkpoint": covered, "same": same}
    return Panel("proofs/_paper.html", told)


def _hide_others(steps: list[timeline.Step], known: set[int | None]) -> None:
    """An actor reads what became of the whole lot, not who its rivals are nor to whom they sell."""
    for step in steps:
        if step.organisation_id not in known:
            step.organisation = ""


def frise(steps: list[timeline.Step]) -> list[dict[str, Any]]:
    """Steps for the kit's timeline; the last one is the present."""
    last = len(steps) - 1
    return [
        {
            "title": gettext(step.title),
            "state": "current" if rank == last else "done",
            "when": step.at,
            "by": _by(step),
            "text": _text(step),
            "struck": step.corrected is not None,
        }
        for rank, step in enumerate(steps)
    ]


def _text(step: timeline.Step) -> str:
    """On how many devices; and, of an act a later one corrects, when that was said and why."""
    said = devices(step.units) if step.units else ""
    if step.corrected is None:
        return said
    day = moment(step.corrected.answered_at or step.corrected.made_at)
    why = gettext(REASON_WORDS[step.corrected.reason])
    corrected = gettext("Corrected on %(day)s: %(why)s.", day=day, why=why[:1].lower() + why[1:])
    return f"{said}. {corrected}" if said else corrected


def _by(step: timeline.Step) -> str:
    """Who did it; said, when the operator did it for them."""
    if step.event_type == BY_CODE:
        return ""
    through = gettext("(through the operator)") if step.by_operator else ""
    return f"{step.organisation} {through}".strip()
