"""The seller's attestations, kept as evidence on its organisation: which are listed on a quote, which are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reuse_market.accounts import evidence
from reuse_market.accounts.models import Evidence
from reuse_market.kernel import clock
from reuse_market.kernel.dated import in_force
from reuse_market.kernel.words import N_
from reuse_market.regimes.models import PurchaseThreshold

SOCIAL, INSURANCE, LABEL = "attestation_social", "attestation_insurance", "attestation_label"
KINDS = {
    SOCIAL: N_("Social attestation (URSSAF or MSA)"),
    INSURANCE: N_("Attestation of professional liability insurance"),
    LABEL: N_("Label or quality mark of the reconditioning"),
}
CONFIDENCES = {  # how a dated row is known
    "P": N_("primary text"),
    "S": N_("secondary source"),
    "D": N_("deduced"),
    "R": N_("reported, not read in the text"),
}
SELLERS = ("company", "association", "other")


def evidence_for(legal_kind: str) -> Mapping[str, str]:
    """Code → msgid of the attestations an organisation of this legal kind may keep."""
    return KINDS if legal_kind in SELLERS else {}


def of_seller(seller_id: int, on: date | None = None) -> list[Evidence]:
    """What the seller shows on a day, the newest of each kind; what has ended is not shown."""
    day = on or clock.today()
    found: dict[str, Evidence] = {}
    for row in evidence.evidence_of(seller_id):
        if row.kind in KINDS and (row.until is None or row.until >= day):
            found.setdefault(row.kind, row)
    return [found[kind] for kind in KINDS if kind in found]


def social_from() -> PurchaseThreshold | None:
    """From which amount before tax a buyer asks for the social attestation, by which source; None: not provided."""
    return in_force(PurchaseThreshold, code="seller.attestation")


def missing(seller_id: int, net_cents: int) -> list[str]:
    """Codes of what a buyer would ask at this amount and the seller does not show."""
    shown = {row.kind for row in of_seller(seller_id)}
    least = social_from()
    asked = [SOCIAL] if least is not None and net_cents >= least.cents else []
    return [code for code in (*asked, INSURANCE) if code not in shown]
