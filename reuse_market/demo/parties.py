"""The fictitious parties of the demonstration. Their SIRETs only have a valid key: nobody stands behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services
from reuse_market.accounts.founding import found_organisation
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command


@dataclass(frozen=True, slots=True)
class Profile:
    """One demonstration organisation with its sign-in and its site."""

    login: str
    person: str
    name: str
    legal_kind: str
    roles: tuple[str, ...]
    siret: str | None = None
    rna: str | None = None
    street: str = "1 rue de l’Exemple"
    postcode: str = "38000"
    commune: str = "Grenoble"
    shown: str = ""


def siret(number: int) -> str:
    """A made-up SIRET with a valid Luhn key."""
    for last in range(10_000):
        candidate = f"9995{number:05d}{last:05d}"
        digits = [int(c) for c in candidate]
        doubled = [sum(divmod(d * 2, 10)) for d in digits[-2::-2]]
        if (sum(doubled) + sum(digits[-1::-2])) % 10 == 0:
            return candidate
    raise AssertionError("a Luhn key always exists")


PROFILES = (
    Profile("holder", "Responsable du parc (démo)", "Entreprise Exemple", "company", ("holder",), siret(1),
            street="12 avenue de l’Exemple", postcode="38320", commune="Eybens"),
    Profile("public-holder", "Gestionnaire du parc (démo)", "Commune Exemple", "local_authority",
            ("holder",), siret(2), street="1 place de l’Exemple", postcode="38240", commune="Meylan"),
    Profile("reuse-actor", "Collecte et atelier (démo)", "Atelier Exemple", "association", ("reuse_actor",),
            siret(3), street="8 rue du Réemploi", postcode="38000", commune="Grenoble"),
    Profile("reuse-actor-2", "Collecte (démo)", "Ressourcerie Exemple", "association", ("reuse_actor",),
            siret(4), street="3 chemin du Tri", postcode="38400", commune="Saint-Martin-d’Hères"),
    Profile("buyer", "Achats (démo)", "Acheteur Exemple", "company", ("buyer",), siret(5),
            postcode="38130", commune="Échirolles"),
    Profile("obliged-buyer", "Commande publique (démo)", "Collectivité Exemple", "local_authority",
            ("obliged_buyer",), siret(6), postcode="38600", commune="Fontaine"),
    Profile("recipient", "Accompagnement numérique (démo)", "Association Exemple", "association",
            ("recipient",), None, "W381999999", postcode="38400", commune="Saint-Martin-d’Hères"),
    Profile("operator", "Animation (démo)", "Métropole Exemple", "local_authority", ("operator",), siret(7)),
    Profile("admin", "Administration (démo)", "Administration Exemple", "other", ("administrator",)),
    Profile("auditor", "Contrôle (démo)", "Contrôle Exemple", "public_body", ("auditor",), siret(8)),
)  # fmt: skip


@command
def make(profile: Profile, password: str) -> Actor:
    """The organisation admitted, its site, its person; the actor they are together."""
    made = found_organisation(
        profile.name, profile.legal_kind, profile.roles, actor=SYSTEM, siret=profile.siret, rna=profile.rna
    )
    person = services.add_person(profile.person, address(profile.login), password=password)
    until = date(clock.today().year + 1, 12, 31) if profile.login == "auditor" else None
    services.add_member(person.id, made.id, until=until)
    actor = accounts.actor_of(person.id, made.id)
    assert actor is not None
    if set(profile.roles) & {"holder", "reuse_actor", "buyer", "obliged_buyer", "recipient"}:
        services.save_site(made.id, _site(profile), actor=actor)
    return actor


def address(login: str) -> str:
    """The sign-in of a demonstration account."""
    return f"{login}@demo.example"


def _site(profile: Profile) -> dict[str, Any]:
    return {
        "name": "Siège", "street": profile.street, "postcode": profile.postcode, "commune_name": profile.commune,
        "has_dock": "yes", "has_lift": "no", "needs_tail_lift": "yes", "floor": "rez-de-chaussée",
        "hours": "Quai fermé de 12 h à 14 h.", "access_note": "Sonnez au quai B.",
        "contact_name": "Accueil (démo)", "contact_phone": "04 00 00 00 00",
    }  # fmt: skip
