"""Needs in the journal: codes and numbers, on the stream of the organisation whose need it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.traceability import journal

NOBODY = "organisation/0"  # a need of nobody yet


def need(actor: Actor, event: str, found: Need, facts: Mapping[str, Any] | None = None) -> None:
    """One event: what is asked, in whole; never the note."""
    said = {"need": found.reference, "kind": found.kind, "units": found.units, "state": found.state}
    journal.append(journal.Act(actor), stream(found), event, facts=said | dict(facts or {}))


def match(
    actor: Actor, event: str, found: NeedMatch, of: Need, facts: Mapping[str, Any] | None = None
) -> None:
    """One event on what was proposed for it."""
    said: dict[str, Any] = {
        "need": of.reference, "match": found.reference, "source": found.source, "units": found.units,
    }  # fmt: skip
    if found.seller_id is not None:
        said["seller"] = found.seller_id
    journal.append(journal.Act(actor), stream(of), event, facts=said | dict(facts or {}))


def stream(found: Need) -> str:
    """The journal stream a need is told on."""
    return f"organisation/{found.organisation_id}" if found.organisation_id else NOBODY
