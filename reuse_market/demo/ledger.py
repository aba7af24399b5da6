"""The year of a bound buyer: purchases here with their invoices, lines typed, a file to finish, last year's figures."""

from __future__ import annotations

from typing import Any

from reuse_market.demo.acting import Act, Actors, Told, laptops_of
from reuse_market.kernel import clock
from reuse_market.obligations.agec import importing, services
from reuse_market.reservations import services as reservations
from reuse_market.reservations.invoices import services as invoices

FILE = "Date;Fournisseur;Montant HT;Réemploi;N° facture\n{day};Fournisseur Exemple;2 400,00;;FE-118\n;;;;\n"


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    buyer = actors["obliged-buyer"]
    return [
        Act(-19, lambda: told.update(agec=_buy(actors, 2))),
        Act(-17, lambda: _invoice(actors, told["agec"], "AE-2031", confirmed=True)),
        Act(-16, lambda: _typed(actors)),
        Act(-18, lambda: told.update(agec_next=_buy(actors, 1))),
        Act(-8, lambda: _invoice(actors, told["agec_next"], "AE-2040", confirmed=False)),
        Act(-2, lambda: importing.upload(FILE.format(day=f"{clock.today():%d/%m/%Y}").encode(),
                                         "grand-livre-informatique.csv", actor=buyer)),
    ]  # fmt: skip


def _buy(actors: Actors, count: int) -> str:
    """So many laptops of the workshop, received and signed for."""
    seller, buyer = actors["reuse-actor"], actors["obliged-buyer"]
    sold = reservations.place_reservation(
        laptops_of(seller, buyer), count, actor=buyer, order_number="MARCHE-EXEMPLE-4"
    ).reference
    reservations.confirm_reservation(sold, actor=seller)
    reservations.sign_as_beneficiary(sold, actor=buyer, name="Service informatique (démo)")
    return sold


def _invoice(actors: Actors, reference: str, number: str, *, confirmed: bool) -> None:
    """Recorded by the seller; confirmed by the buyer, or waiting for it."""
    invoices.record(reference, actor=actors["reuse-actor"], number=number)
    if confirmed:
        invoices.confirm(reference, actor=actors["obliged-buyer"])


def _typed(actors: Actors) -> None:
    """What the same buyer spent elsewhere this year, and the two figures of the year before."""
    buyer, year = actors["obliged-buyer"], clock.today().year
    shared: dict[str, Any] = {"actor": buyer, "category": "it_telephony", "year": year}
    services.add_entry(
        amount_cents=9_800_00,
        supplier="Fournisseur Exemple",
        reference="FE-104",
        comment="Portables neufs",
        **shared,
    )
    services.add_entry(
        amount_cents=1_250_00, reused_cents=1_250_00, supplier="Atelier Exemple bis", reference="AB-17",
        comment="Écrans réemployés", **shared,
    )  # fmt: skip
    services.add_entry(
        actor=buyer, category="furniture", year=year, amount_cents=3_100_00, reused_cents=900_00,
        supplier="Mobilier Exemple", reference="ME-9",
    )  # fmt: skip
    services.set_totals(year - 1, "it_telephony", 28_400_00, 6_050_00, actor=buyer)
