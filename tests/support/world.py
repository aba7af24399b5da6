"""Builders for tests: organisations, people, sites, lots… made by running the verbs, never by columns.

`World` keeps what it made; each builder takes only what the test is about and refuses ambiguity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services
from reuse_market.accounts.founding import found_organisation
from reuse_market.accounts.passwords import digest
from reuse_market.accounts.signatures import current_code
from reuse_market.claims import services as claims
from reuse_market.claims.models import Claim
from reuse_market.collection import queries as pickups
from reuse_market.collection import services as collection
from reuse_market.collection.models import Pickup
from reuse_market.equipment.services import get_or_create_model, seed_reference
from reuse_market.erasure.services import count_media
from reuse_market.fleets.services.discarding import Decision
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.lots.queries import left_by_line
from reuse_market.places.services import ensure_territory
from reuse_market.refurbishing import services as workshop
from reuse_market.regimes import services as regimes
from reuse_market.regimes.models import RegimeRule
from reuse_market.traceability import journal
from reuse_market.units.services import create

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
        """Reference rows, what the law allows, and territory: seeded already, but for a test on an empty database."""
        if db.session().scalar(sa.select(RegimeRule.id).limit(1)) is None:
            seed_reference()
            regimes.seed_reference()
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
@cache
def _password() -> str:
    """The digest of PASSWORD, made once: it is slow on purpose."""
    return digest(PASSWORD)


@db.command
def make_party(
    name: str, *roles: str, legal_kind: str = "company", commune: str = "Eybens", postcode: str = "38320"
) -> Party:
    """An admitted organisation with a member who commits it and a located site."""
    number = next(_numbers)
    organisation = found_organisation(name, legal_kind, roles, actor=SYSTEM)
    email = f"person-{number}@test.example"
    person = services.add_person(f"Personne {number}", email)
    person.password_hash = _password()
    services.add_member(person.id, organisation.id)
    actor = accounts.actor_of(person.id, organisation.id)
    assert actor is not None
    values: dict[str, Any] = {
        "name": "Siège", "street": "1 rue de l’Exemple", "postcode": postcode, "commune_name": commune,
        "contact_name": "Contact Exemple", "contact_phone": "04 00 00 00 00", "has_dock": "yes",
    }  # fmt: skip
    site = services.save_site(organisation.id, values, actor=actor)
    return Party(organisation.id, person.id, email, site.id, actor)


# The chain, step by step: a published lot, an awarded claim, an agreed pick-up, a signed one.


def conditions(party: Party, **changes: Any) -> dict[str, Any]:
    """Complete terms of a lot at the party's site: sold, proposals asked, the holder chooses."""
    today = clock.today()
    return {
        "site_id": party.site_id, "available_from": today, "available_until": today + timedelta(days=60),
        "claims_until": today + timedelta(days=20), "regime": "sale", "price_kind": "proposals",
        "award_mode": "holder_choice", "erased_by": "reuse_actor", "erasure_policy": "clear",
    } | changes  # fmt: skip


@db.command
def fleet(party: Party, count: int, *, kind: str = "laptop", prefix: str = "S", **values: Any) -> list[int]:
    """`count` devices in use in the party's fleet, with serials PREFIX0… ; their ids."""
    rows = [{"kind": kind, "site_id": party.site_id, "serial": f"{prefix}{n}"} | values for n in range(count)]
    return create(
        rows, doing=journal.Act(party.actor), stream=f"fleet/{party.organisation_id}",
        event_type="fleet.imported", state="in_use", owner_id=party.organisation_id,
        custodian_id=party.organisation_id, origin="import",
    )  # fmt: skip


def decided() -> Decision:
    """What a public holder must say of a discard; a company may."""
    return Decision(clock.today(), "2026-17", "Conseil")


def published_lot(holder: Party, *, numbered: int = 3, counted: int = 2, **changes: Any) -> Lot:
    """A published lot: line 1 of `numbered` laptops with serials, then a line of `counted` monitors without.

    `changes` are conditions of the lot (price_kind, award_mode, regime…).
    """
    lot = lots.draft_lot(actor=holder.actor, title="Portables et écrans")
    if numbered:
        lots.add_units(lot.id, fleet(holder, numbered, prefix=f"{lot.id}-S"), actor=holder.actor)
    if counted:
        lots.add_counted_line(
            lot.id, actor=holder.actor, kind="monitor", units=counted, label="Écrans 24 pouces"
        )
    lots.set_conditions(lot.id, conditions(holder, **changes), actor=holder.actor)
    return lots.publish_lot(lot.id, actor=holder.actor, decision=decided())


def submitted_claim(lot: Lot, actor: Party, lines: dict[int, int] | None = None, **offer: Any) -> Claim:
    """A claim on the lot: everything that is left, at 100 euros, unless said otherwise."""
    wanted = lines or left_by_line(lot.reference)
    given: dict[str, Any] = {"proposal": "pay", "amount_cents": 100_00} | offer
    return claims.submit_claim(lot.reference, wanted, actor=actor.actor, committed=True, **given)


def awarded_claim(
    lot: Lot, holder: Party, actor: Party, lines: dict[int, int] | None = None, **offer: Any
) -> Claim:
    """The same, awarded as asked."""
    made = submitted_claim(lot, actor, lines, **offer)
    return claims.award_claim(made.reference, actor=holder.actor) if made.state == "submitted" else made


def agreed_pickup(claim: Claim, holder: Party, actor: Party, day: date | None = None) -> Pickup:
    """A pick-up proposed by the reuse actor for today, 9 to 11, and accepted by the holder."""
    made = collection.propose_pickup(
        claim.reference, actor=actor.actor, day=day or clock.today(), from_time="09:00", to_time="11:00"
    )
    return collection.agree_pickup(made.reference, actor=holder.actor)


def signed_pickup(pickup: Pickup, holder: Party, actor: Party, *, both: bool = True) -> Pickup:
    """The rest is taken, the driver signs; then, unless told otherwise, the holder's contact too."""
    if any(row.left for row in pickups.tally(pickup)):
        collection.check_off_rest(pickup.reference, actor=actor.actor)
    done = collection.sign_as_driver(pickup.reference, actor=actor.actor, plate="AA-000-AA")
    code = current_code(f"pickup/{pickup.reference}")
    if both and code is not None:
        done = collection.sign_as_holder(pickup.reference, "Contact Exemple", code.code, actor=actor.actor)
    return done


def collected_units(
    holder: Party, actor: Party, *, numbered: int = 3, counted: int = 2, **changes: Any
) -> list[int]:
    """Ids of units collected and counter-signed by both: what a workshop receives. Needs files configured."""
    lot = published_lot(holder, numbered=numbered, counted=counted, **changes)
    pickup = agreed_pickup(awarded_claim(lot, holder, actor), holder, actor)
    signed_pickup(pickup, holder, actor)
    return [unit.unit_id for unit in pickups.sheet(pickup)]


@db.command
def ready_units(
    actor: Party, number: int = 3, *, stream: str = "lot/LOT-2026-9999", **terms: Any
) -> list[int]:
    """Ids of alike laptops of a reuse actor, tested, without storage and offered: what a buyer reserves.

    `terms`: grade "B", price_cents 15000, vat_scheme, warranty_months, open_to, open_from; `regime` "sale" and
    `holder` of the lot they came in (the actor itself unless told); unit columns too.
    """
    offer = {"cosmetic_grade": terms.pop("grade", "B"), "price_cents": terms.pop("price_cents", 15_000)}
    names = ("vat_scheme", "warranty_months", "open_to", "open_from")
    offer |= {name: terms.pop(name) for name in names if name in terms}
    battery = terms.pop("battery", 82)
    kind = terms.pop("kind", "laptop")
    model = get_or_create_model(kind, "Exemple", terms.pop("model", "Portable 840"))
    regime = terms.pop("regime", "sale")
    _past_lot(stream.removeprefix("lot/"), terms.pop("holder", actor), regime)
    unit = {
        "kind": kind,
        "model_id": model.id,
        "cpu": "i5-8350U",
        "ram_mb": 8192,
        "screen_tenths": 140,
    } | terms
    ids = create(
        [unit] * number, doing=journal.Act(actor.actor), stream=stream, event_type="unit.declared",
        state="collected", owner_id=actor.organisation_id, custodian_id=actor.organisation_id, origin="extra",
        regime=regime,
    )  # fmt: skip
    workshop.receive_units(ids, actor=actor.actor)
    for unit_id in ids:
        count_media(unit_id, (), "opened", actor=actor.actor)
    workshop.record_tests(ids, actor=actor.actor, batteries=dict.fromkeys(ids, battery))
    workshop.make_ready_many(ids, actor=actor.actor, **offer)
    return ids


def _past_lot(reference: str, holder: Party, regime: str) -> None:
    """The closed lot such devices came in, made once: its holder is what the law asks of them later."""
    if db.session().scalar(sa.select(Lot.id).where(Lot.reference == reference)) is None:
        db.session().add(
            Lot(
                reference=reference,
                state="closed",
                holder_id=holder.organisation_id,
                title="Lot passé",
                regime=regime,
                made_at=clock.now(),
            )  # fmt: skip
        )
        db.session().flush()
