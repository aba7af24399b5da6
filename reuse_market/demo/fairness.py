"""The charter keeps a share for associations, one ceiling, an exception; a quote tried, taken and ordered."""

from __future__ import annotations

from reuse_market.accounts import evidence
from reuse_market.demo.acting import Act, Actors, Told, laptops_of
from reuse_market.demo.solidarity import french
from reuse_market.desk import reference_services as references
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import quotes
from reuse_market.reservations.fairness import services as fairness
from reuse_market.reservations.ordering import orders, taking

CHARTER = "charte du réemploi (démo), article 4\u00a0: part solidaire et plafonds"
PAPER = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    return [
        Act(-60, lambda: _charter(actors["admin"])),
        Act(-29, lambda: _attestations(actors["reuse-actor"])),
        Act(-6, lambda: _exception(actors)),
        Act(-4, lambda: _bought(actors)),
    ]


def _charter(administrator: Actor) -> None:
    """Two shares and one ceiling, as dated rows from that day on."""
    common = {"valid_from": clock.today(), "source": CHARTER, "confidence": "D"}
    for kind, days in (("desktop", 15), ("monitor", 60)):
        share = {"kind": kind, "percent": 20, "days": days}
        references.add_row("solidarity-shares", share | common, actor=administrator)
    ceiling = {"role": "recipient", "kind": "laptop", "units": 30}
    references.add_row("unit-ceilings", ceiling | common, actor=administrator)


def _attestations(seller: Actor) -> None:
    """What a public buyer asks of its seller; the insurance is still missing."""
    evidence.add_evidence(
        seller.organisation_id or 0, "attestation_social", PAPER, actor=seller, until=clock.in_days(120)
    )


def _exception(actors: Actors) -> None:
    """Ten more laptops for one association, until a day, with the reason."""
    whose = actors["recipient"].organisation_id or 0
    fairness.grant_exception(
        whose,
        "laptop",
        10,
        clock.in_days(60),
        "Ouverture d’un second atelier (démo).",
        actor=actors["operator"],
    )


def _bought(actors: Actors) -> None:
    """Two laptops quoted, one taken to try at the quote's price, with the order for Chorus Pro."""
    buyer = actors["obliged-buyer"]
    key = laptops_of(actors["reuse-actor"], buyer)
    quote = quotes.quote_group(key, 2, actor=buyer, lang="fr", say=french())
    tried = taking.try_one(quote.number, actor=buyer)
    party = quote.facts["buyer"]
    orders.issue_order(
        tried.reference, actor=buyer, lang="fr", siret=party["siret"], service_code="INFO-01",
        commitment="2026-00417", buyer_reference="SI-2026-31",
    )  # fmt: skip
