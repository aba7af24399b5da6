"""A claim's state × who reads the lot's page: literal sentences. Nobody reads what is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import Flask

from reuse_market.claims import services
from reuse_market.kernel import clock, db
from reuse_market.lots.models import Lot
from tests.lots.visiting import Visitor
from tests.support.world import (
    Party,
    World,
    agreed_pickup,
    awarded_claim,
    published_lot,
    signed_pickup,
    submitted_claim,
)

NOW = clock.at_paris(date(2026, 3, 2), 10)
READERS = ("claimant", "other claimant", "holder", "operator", "visitor")
ONE = "Demandé par 1 organisme."
NOBODY = "Personne ne l’a encore demandé."
TOLD: dict[str, dict[str, str]] = {
    "submitted": {
        "claimant": "Le détenteur répond avant le 7 mars 2026.",
        "other claimant": ONE, "visitor": ONE,
        "holder": "Répondez avant le 7 mars 2026.",
        "operator": "Entreprise Exemple répond avant le 7 mars 2026.",
    },
    "awarded": {
        "claimant": "Votre demande a été retenue. Prenez rendez-vous avant le 1er mai 2026.",
        "other claimant": ONE, "visitor": ONE,
        "holder": "Vous l’avez retenue. Le rendez-vous est à prendre avant le 1er mai 2026.",
        "operator": "Retenue. Atelier Exemple prend rendez-vous pour l’enlèvement avant le 1er mai 2026.",
    },
    "in a pick-up": {
        "claimant": "Votre demande a été retenue. Un enlèvement est en préparation.",
        "other claimant": ONE, "visitor": ONE,
        "holder": "Vous l’avez retenue. Un enlèvement est en préparation.",
        "operator": "Retenue. Les deux organismes conviennent de l’enlèvement.",
    },
    "collected": {
        "claimant": "Les appareils ont été enlevés.", "other claimant": ONE, "visitor": ONE,
        "holder": "Les appareils ont été enlevés.", "operator": "Les appareils ont été enlevés.",
    },
    "declined": {
        "claimant": "Votre demande n’a pas été retenue : Raison dite", "other claimant": NOBODY, "visitor": NOBODY,
        "holder": "Vous ne l’avez pas retenue : Raison dite",
        "operator": "Entreprise Exemple ne l’a pas retenue : Raison dite",
    },
    "released": {
        "claimant": "Cette demande est abandonnée : Raison dite", "other claimant": NOBODY, "visitor": NOBODY,
        "holder": "Cette demande est abandonnée : Raison dite",
        "operator": "Cette demande est abandonnée : Raison dite",
    },
    "expired": {
        "claimant": "Le détenteur n’a pas répondu à temps.", "other claimant": NOBODY, "visitor": NOBODY,
        "holder": "Vous n’avez pas répondu à temps.", "operator": "Entreprise Exemple n’a pas répondu à temps.",
    },
}  # fmt: skip


def _collected(lot: Lot, holder: Party, taker: Party) -> None:
    signed_pickup(agreed_pickup(awarded_claim(lot, holder, taker), holder, taker), holder, taker)


def _expired(lot: Lot, holder: Party, taker: Party) -> None:
    submitted_claim(lot, taker)
    with clock.frozen(clock.at_paris(date(2026, 3, 20))):
        services.expire_due()


STAGES: dict[str, Callable[[Lot, Party, Party], Any]] = {
    "expired": _expired,  # first: time runs out for nobody else
    "submitted": lambda lot, holder, taker: submitted_claim(lot, taker),
    "awarded": awarded_claim,
    "in a pick-up": lambda lot, holder, taker: agreed_pickup(
        awarded_claim(lot, holder, taker), holder, taker
    ),
    "collected": _collected,
    "declined": lambda lot, holder, taker: services.decline_claim(
        submitted_claim(lot, taker).reference, "Raison dite", actor=holder.actor
    ),
    "released": lambda lot, holder, taker: services.release_claim(
        awarded_claim(lot, holder, taker).reference, "Raison dite", actor=taker.actor
    ),
}


def test_each_state_for_each_reader(app: Flask, world: World) -> None:
    with clock.frozen(NOW):
        holder, taker = world.holder(), world.reuse_actor()
        other, operator = world.reuse_actor("Autre Atelier Exemple"), world.operator()
        lots = {}
        for stage, act in STAGES.items():
            lot = published_lot(holder, price_kind="proposals", price_cents=None, award_mode="holder_choice")
            lots[stage] = lot.reference
            act(lot, holder, taker)
        db.release()
        people = {
            "claimant": taker,
            "other claimant": other,
            "holder": holder,
            "operator": operator,
            "visitor": None,
        }
        assert tuple(people) == READERS
        found: dict[str, dict[str, str]] = {stage: {} for stage in lots}
        for reader, party in people.items():
            me = Visitor(app.test_client(), party)
            for stage, reference in lots.items():
                [part] = me.open(f"/lots/{reference}").tree.xpath("//section[@id='requests']")
                said = " ".join(part.text_content().split())
                theirs = {TOLD[stage][name] for name in READERS if TOLD[stage][name] != TOLD[stage][reader]}
                plain = said.replace("\u00a0", " ")
                right = TOLD[stage][reader] in plain and not any(one in plain for one in theirs)
                found[stage][reader] = TOLD[stage][reader] if right else plain
                if reader in ("other claimant", "visitor"):
                    assert "Atelier Exemple" not in said.replace("Autre Atelier Exemple", ""), (stage, reader)
                    assert "Raison dite" not in me.text, (stage, reader)
        assert found == TOLD


def test_the_page_of_ones_lots_says_what_waits_for_an_answer(world: World, app: Flask) -> None:
    """Its holder alone, until each claim is answered; with the day of the first."""
    holder, other = world.holder(), world.public_holder()
    actors = [world.reuse_actor(), world.reuse_actor("Ressourcerie B")]
    lot = published_lot(holder)
    asked = [submitted_claim(lot, actor) for actor in actors]
    first = min(claim.answer_until for claim in asked)
    db.release()

    def told(reader: Party) -> str:
        return " ".join(
            Visitor(app.test_client(), reader).open("/mes-lots").tree.xpath("string(//main)").split()
        )

    day = format_date(first, "d MMMM y", locale="fr")
    assert "2 demandes attendent votre réponse, la première avant le" in told(holder)
    assert day.removeprefix("1 ") in told(holder)
    assert "votre réponse" not in told(other)
    services.decline_claim(asked[0].reference, "Raison dite", actor=holder.actor)
    db.release()
    assert "1 demande attend votre réponse avant le" in told(holder)
