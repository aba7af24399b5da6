"""Counts of holders' fleets, put in directly: what the fleets room keeps and this one reads."""

from __future__ import annotations

from datetime import date

from reuse_market.fleets.models import ResourceCell
from reuse_market.kernel import clock, db
from tests.support.world import Party

GRENOBLE, MEYLAN, EYBENS = "38185", "38229", "38158"
Q1, Q2 = date(2027, 1, 1), date(2027, 4, 1)


@db.command
def count(
    parties: list[Party], basis: str, kind: str, commune: str, quarter: date, *devices: int, spread: int = 0
) -> None:
    """The first of `devices` for the first of `parties`, and so on; `spread` below and above an estimate."""
    for party, number in zip(parties, devices, strict=False):
        db.session().merge(
            ResourceCell(
                organisation_id=party.organisation_id, commune_insee=commune, kind=kind, basis=basis,
                state="discarded" if basis == "stock" else "", quarter=quarter, expected=number,
                low=max(number - spread, 0), high=number + spread, made_at=clock.now(),
            )
        )  # fmt: skip
    db.session().flush()
