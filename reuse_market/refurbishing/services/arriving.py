"""Verb: answer for what a pick-up brought to the workshop: received, refused, missing; one by one or all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reuse_market.collection.revising.choosing import REASONS, Correction
from reuse_market.collection.revising.services import propose_revision
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lists
from reuse_market.refurbishing.services import intake
from reuse_market.units import labels

OUTCOMES = ("received", "refused", "missing")


@dataclass(frozen=True, slots=True)
class Arrived:
    """How many were received, and the revision proposed to the holder for the others (None: none)."""

    received: int
    revision: str | None


@command
def answer_arrival(
    pickup: str, outcomes: Mapping[int, str], *, actor: Actor, reason_refused: str = "not_as_declared",
    reason_missing: str = "miscounted",
) -> Arrived:  # fmt: skip
    """Unit id → received | refused | missing, for units a pick-up brought and nobody took in yet. One act.

    Received: in the workshop. Refused and missing: a revision of the signed note is proposed to the holder;
    nothing changes hands until it answers. Refused: units that are not to take in from this pick-up (Conflict);
    a reason outside the list; what receiving and proposing refuse.
    """
    waiting = set(lists.arrival_ids(actor.organisation_id or 0, pickup=pickup, lot=None))
    if not outcomes or not set(outcomes.values()) <= set(OUTCOMES):
        raise Invalid(N_("Choose an answer in the list."), field="outcome")
    if not set(outcomes) <= waiting:
        raise Conflict(
            N_(
                "Some of these devices are not to take in from this pick-up: open its page again, then choose."
            ),
            code="arrival.units",
        )
    by_outcome = {name: sorted(i for i, said in outcomes.items() if said == name) for name in OUTCOMES}
    received = intake.receive_units(by_outcome["received"], actor=actor) if by_outcome["received"] else 0
    differing = by_outcome["refused"] + by_outcome["missing"]
    if not differing:
        return Arrived(received, None)
    labels.ensure_labels(differing, actor=actor)
    codes = labels.codes_of(differing)
    corrections = []
    for outcome, reason in (("refused", reason_refused), ("missing", reason_missing)):
        if reason not in REASONS[outcome]:
            raise Invalid(N_("Choose the reason in the list."), field=f"reason_{outcome}")
        if by_outcome[outcome]:
            named = [codes[unit_id] for unit_id in by_outcome[outcome]]
            corrections.append(Correction("taken", outcome, codes=named, reason=reason))
    # Read by both sides, whatever their languages: numbers only.
    said = f"{len(outcomes)} = {received} + {len(by_outcome['refused'])} + {len(by_outcome['missing'])}"
    revision = propose_revision(pickup, corrections, said, actor=actor)
    return Arrived(received, revision.reference)
