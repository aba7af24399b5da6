"""Who may correct an act: the organisation that did it; who answers: the one that has its devices since."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.proofs.correction_models import Correction


def author(actor: Actor, found: Correction) -> bool:
    """The organisation that did the act and asks, by somebody who commits it."""
    return actor.commits and actor.is_org(found.asked_by_id)


def alone(actor: Actor, found: Correction) -> bool:
    """Its author, while nobody else has signed for the devices."""
    return author(actor, found) and found.other_id is None


def answers(actor: Actor, found: Correction) -> bool:
    """The other side, by somebody who commits it."""
    return actor.commits and actor.is_org(found.other_id)


def system(actor: Actor, _found: Correction) -> bool:
    """The clock."""
    return actor.via == "system"
