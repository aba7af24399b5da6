"""Builders for tests: organisations, people, sites, lots… made by running the verbs, never by columns.

`World` keeps what it made; each builder takes only what the test is about and refuses ambiguity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services
from reuse_market.accounts.founding import found_organisation
from reuse_market.equipment.services import seed_reference
from reuse_market.kernel import db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.places.services import ensure_territory

PASSWORD = "phrase de passe du test"
_numbers = count(1)


@dataclass
class Party:
    """An organisation with one person who commits it and one site."""

    organisation_id: int
    person_id: int
    email: str
    site_id: int | None
    actor: Actor


@dataclass
class World:
    """A seeded database and the parties a test needs, made on first use."""

    parties: dict[str, Party] = field(default_factory=dict)

    @classmethod
    def begin(cls) -> World:
        """Seed reference rows and territory."""
        seed_reference()
        ensure_territory()
        return cls()

    def party(
        self,
        name: str,
        *roles: str,
        legal_kind: str = "company",
        commune: str = "Eybens",
        postcode: str = "38320",
    ) -> Party:
        """The party called `name`, made the first time with these roles."""
        if name not in self.parties:
            self.parties[name] = make_party(
                name, *roles, legal_kind=legal_kind, commune=commune, postcode=postcode
            )
        return self.parties[name]

    def holder(self, name: str = "Entreprise Exemple") -> Party:
        """A company that owns a fleet, in Eybens."""
        return self.party(name, "holder")

    def public_holder(self, name: str = "Commune Exemple") -> Party:
        """A local authority that owns a fleet."""
        return self.party(name, "holder", "obliged_buyer", legal_kind="local_authority", commune="Meylan",
                          postcode="38240")  # fmt: skip

    def reuse_actor(self, name: str = "Atelier Exemple") -> Party:
        """A reuse actor based in Grenoble."""
        return self.party(name, "reuse_actor", legal_kind="association", commune="Grenoble", postcode="38000")

    def buyer(self, name: str = "Acheteur Exemple") -> Party:
        """A company that buys."""
        return self.party(name, "buyer")

    def recipient(self, name: str = "Association Exemple") -> Party:
        """An association serving fragile publics."""
        return self.party(name, "recipient", legal_kind="association")

    def operator(self, name: str = "Opérateur Exemple") -> Party:
        """The operator."""
        return self.party(name, "operator", legal_kind="local_authority")


@db.command
def make_party(
    name: str, *roles: str, legal_kind: str = "company", commune: str = "Eybens", postcode: str = "38320"
) -> Party:
    """An admitted organisation with a member who commits it and a located site."""
    number = next(_numbers)
    organisation = found_organisation(name, legal_kind, roles, actor=SYSTEM)
    email = f"person-{number}@test.example"
    person = services.add_person(f"Personne {number}", email, password=PASSWORD)
    services.add_member(person.id, organisation.id)
    actor = accounts.actor_of(person.id, organisation.id)
    assert actor is not None
    values: dict[str, Any] = {
        "name": "Siège", "street": "1 rue de l’Exemple", "postcode": postcode, "commune_name": commune,
        "contact_name": "Contact Exemple", "contact_phone": "04 00 00 00 00", "has_dock": "yes",
    }  # fmt: skip
    site = services.save_site(organisation.id, values, actor=actor)
    return Party(organisation.id, person.id, email, site.id, actor)
