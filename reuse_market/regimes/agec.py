"""Whether a purchase counts for the buyer's AGEC quota, and why: one answer for group, quote and ledger.

Loi 2020-105 du 10 février 2020, art. 58. No rule of its own: the answer is `decision.decide`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reuse_market.kernel.words import N_
from reuse_market.regimes import parties, queries
from reuse_market.regimes.cases import Allowed, Question, Refused
from reuse_market.regimes.provision import ACTS, provision

NOT_OBLIGED = N_("Only State services, local authorities and their groupings have an AGEC quota.")
MIXED = N_("Some of these devices count and others do not: the seller says which before you order.")


@dataclass(frozen=True, slots=True)
class Counts:
    """`counts`: True, False, or None when it cannot be told. `reason`: the msgid that says why, with `params`."""

    counts: bool | None
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


def counting(answer: Allowed | Refused) -> Counts:
    """What a decision says of the quota of its recipient."""
    if isinstance(answer, Refused):
        return Counts(False, answer.reason, answer.params)
    return Counts(answer.counts_for_agec, answer.agec or NOT_OBLIGED)


def together(answers: Iterable[Allowed | Refused]) -> Counts:
    """Of several devices bought at once: their common answer, or that they differ."""
    found = {(one.counts, one.reason): one for one in map(counting, answers)}
    if len(found) == 1:
        return next(iter(found.values()))
    return Counts(None, MIXED)


def buyer(kind: str | None) -> str:
    """For whom the question is put: the reader where it is obliged, else a local authority."""
    return kind if kind in parties.OBLIGED else "local_authority"


def of_questions(questions: Iterable[Question]) -> Counts:
    """The answer for devices put to the law as a provision: a gift, a resale. Three statements at most."""
    asked = list(questions)
    if not asked:
        return Counts(None, NOT_OBLIGED)
    known = queries.rules(
        asked[0].on,
        act=list(ACTS),
        regime=sorted({question.regime for question in asked}),
        giver_kind=sorted({question.giver_kind for question in asked}),
        recipient_kind=sorted({question.recipient_kind for question in asked}),
    )
    return together(provision(question, known)[1] for question in asked)
