"""What an organisation is before the law, as the operator records it: evidence, history, what it changes."""

from __future__ import annotations

from dataclasses import dataclass

from reuse_market.accounts import evidence
from reuse_market.accounts.models import Evidence, Organisation
from reuse_market.kernel import clock
from reuse_market.kernel.words import N_
from reuse_market.regimes import parties, queries
from reuse_market.regimes.cases import Allowed, Question, Refused
from reuse_market.regimes.models import Qualification

# The ways by which an organisation may receive a computer: regime, and who parts with it.
WAYS = (
    ("free_transfer", "local_authority", N_("Free transfer from a local authority")),
    ("public_transfer", "local_authority", N_("Transfer between public bodies, from a local authority")),
    ("gift", "company", N_("Gift from a company")),
    ("sale", "company", N_("Sale by a company")),
)
SAMPLE = "laptop"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to receive a device: its msgid, and what the law answers for this standing."""

    label: str
    answer: Allowed | Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organisation is today, how it is known, what it may receive, and what was recorded before."""

    kind: str
    label: str
    proven: bool
    ways: list[Way]
    history: list[tuple[Qualification, str]]


def standing_of(found: Organisation) -> Standing:
    """The organisation's standing today, its consequences and its history."""
    kind = queries.party_kind(found.id)
    history = queries.qualifications(found.id)
    return Standing(
        kind=kind,
        label=parties.NAMES[kind],
        proven=any(_in_force(row) for row in history),
        ways=ways(kind),
        history=[(row, parties.NAMES[row.party_kind]) for row in history],
    )


def ways(kind: str) -> list[Way]:
    """What the law answers today to each way of receiving a laptop of small value as it is."""
    today = clock.today()
    return [
        Way(
            label,
            queries.ask(
                Question(regime, giver, giver, kind, "award", today, SAMPLE, price_cents=0, value_cents=1)
            ),
        )
        for regime, giver, label in WAYS
    ]


def provable(found: Organisation) -> dict[str, str]:
    """Standing → msgid, of those its legal kind allows."""
    return {code: parties.NAMES[code] for code in parties.QUALIFIABLE.get(found.legal_kind, ())}


def files_of(found: Organisation) -> list[tuple[Evidence, str]]:
    """The files that may prove it, each with the msgid of what it shows."""
    labels = evidence.kinds(found.legal_kind)
    return [(row, labels.get(row.kind, labels[evidence.OTHER])) for row in evidence.evidence_of(found.id)]


def _in_force(row: Qualification) -> bool:
    today = clock.today()
    return row.valid_from <= today and (row.until is None or row.until >= today)
