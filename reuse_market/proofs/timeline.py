"""A lot's life as its holder, its actors and the operator read it: a constant number of reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reuse_market.accounts import queries as accounts
from reuse_market.kernel.clock import PARIS
from reuse_market.proofs.correction_models import Correction
from reuse_market.proofs.corrections import queries as corrections
from reuse_market.proofs.wording import title
from reuse_market.traceability import queries as journal


@dataclass(slots=True)
class Step:
    """What one organisation did in one day: its msgid, when it began, on how many units in all."""

    event_type: str
    title: str
    at: datetime
    organisation_id: int | None
    organisation: str
    units: int
    by_operator: bool = False
    corrected: Correction | None = None  # by a later event: shown struck through, with why


def of_lot(reference: str) -> list[Step]:
    """The steps of a lot, oldest first, in three statements whatever its length.

    Acts of one kind, one organisation (the operator for it apart) and one civil day are one step: three
    hundred tests are not three hundred lines. One that was corrected stands alone.
    """
    events = journal.told_of_stream(f"lot/{reference}")
    names = accounts.names({event.organisation_id for event in events})
    wrong = corrections.of_stream(f"lot/{reference}")
    steps: dict[tuple[str, int | None, bool, date, str], Step] = {}
    for event in events:
        by_operator, day = event.via == "operator", event.occurred_at.astimezone(PARIS).date()
        alone = event.uid if event.uid in wrong else ""
        key = (event.type, event.organisation_id, by_operator, day, alone)
        if key in steps:
            steps[key].units += event.units
        else:
            name = names.get(event.organisation_id or 0, "")
            at, who = event.occurred_at, event.organisation_id
            steps[key] = Step(event.type, title(event.type), at, who, name, event.units, by_operator,
                              wrong.get(event.uid))  # fmt: skip
    return list(steps.values())
