"""Organisations at each step of their admission, an invitation, a mail that fails, a call answered."""

from __future__ import annotations

import datetime as dt

from reuse_market.accounts import admission, charter, evidence, invitations, links, registration
from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.claims import papers as claim_papers
from reuse_market.claims import services as claims
from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.demo.files import plain_pdf
from reuse_market.demo.parties import address, siret
from reuse_market.desk import jobs as desk
from reuse_market.desk import on_behalf
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import lock
from reuse_market.notices import queries as notices
from reuse_market.notices import services as outbox
from reuse_market.notices.lifecycle import workflow
from reuse_market.notices.models import Message
from reuse_market.regimes import services as regimes

ADMITTED, WAITING, REFUSED, SUSPENDED = (
    "Entraide Exemple", "Café Numérique Exemple", "Revendeur Exemple", "Recyclerie Exemple",
)  # fmt: skip
ADMITTED_RNA = "W381999998"
LOST = "adresse-fausse@demo.example"


def acts(actors: Actors, told: Told, password: str) -> list[Act]:
    """Every act of the chapter, with its day."""
    operator, holder = actors["operator"], actors["holder"]
    workshop = actors["reuse-actor-2"].organisation_id or 0

    def register(name: str, legal_kind: str, role: str, login: str, **number: str) -> None:
        told[name] = _registered(name, legal_kind, role, login, **number)

    def decide(name: str, action: str, reason: str = "") -> None:
        _decide(told[name], action, operator, reason)

    return [
        Act(-64, lambda: register(SUSPENDED, "company", "reuse_actor", "recyclerie", siret=siret(21))),
        Act(-63, lambda: decide(SUSPENDED, "admit")),
        Act(-50, lambda: register(ADMITTED, "association", "recipient", "recipient-2", rna=ADMITTED_RNA)),
        Act(-49, lambda: actors.update({"recipient-2": _admit(told[ADMITTED], operator, password)})),
        Act(-49, lambda: _qualify(told[ADMITTED], operator), 11),
        Act(-49, lambda: _qualify(workshop, operator), 12),
        Act(-30, lambda: register(REFUSED, "company", "holder", "revendeur", siret=siret(22))),
        Act(-28, lambda: decide(REFUSED, "refuse", "Le numéro SIRET est celui d’un établissement fermé.")),
        Act(-17, lambda: decide(SUSPENDED, "suspend", "Deux enlèvements sans suivi des appareils.")),
        Act(-10, links.forget_old, 5),
        Act(-5, lambda: _call(actors, told["tablets"])),
        Act(-4, lambda: _invite(holder, "collegue@demo.example", "Collègue (démo)")),
        Act(-4, lambda: _bounce(holder), 11),
        # Two days ago: the link of the mail lasts three, and must still open at any hour of today.
        Act(-2, lambda: register(WAITING, "association", "recipient", "cafe", rna="W381999997"), 14),
        Act(-2, lambda: _show_file(told[WAITING]), 15),
        Act(-1, evidence.warn_of_expiry, 6),
    ]


def _registered(name: str, legal_kind: str, role: str, login: str, siret: str = "", rna: str = "") -> int:
    """As the public form does; the person confirms the address later, by the mail. Its id."""
    asked = registration.Application(
        name=name, legal_kind=legal_kind, roles=(role,), postcode="38000", commune_name="Grenoble",
        street="5 rue de l’Exemple", siret=siret, rna=rna, phone="04 00 00 00 00",
        person_name=f"Responsable, {name} (démo)", email=address(login),
    )  # fmt: skip
    reference = registration.apply(asked, registration.new_reference(), network="demo")
    found = accounts.organisation_by_reference(reference)
    assert found is not None
    return found.id


def _member(organisation_id: int) -> Actor:
    """Somebody of the organisation, signed in."""
    email, _language = accounts.addresses_of(organisation_id)[0]
    person = accounts.person_by_email(email)
    found = accounts.actor_of(person.id, organisation_id) if person else None
    assert found is not None
    return found


def _decide(organisation_id: int, action: str, operator: Actor, reason: str = "") -> None:
    admission.decide_on_organisation(
        organisation_id, action, actor=operator, reason=reason, paper_charter=action == "admit"
    )


def _admit(organisation_id: int, operator: Actor, password: str) -> Actor:
    """Its person chooses a password, shows the statutes and accepts the charter; the operator admits."""
    member = _member(organisation_id)
    people.change_password(member.person_id or 0, password)
    _show(member)
    charter.sign_charter(organisation_id, charter.CURRENT, language="fr", actor=member)
    _decide(organisation_id, "admit", operator)
    return _member(organisation_id)


def _show(member: Actor, until: dt.date | None = None) -> None:
    evidence.add_evidence(
        member.organisation_id or 0, "association_rig", plain_pdf("Statuts (demonstration)"), actor=member,
        until=until, note="Statuts (démo)",
    )  # fmt: skip


def _show_file(organisation_id: int) -> None:
    """A file that ends soon: its people are told."""
    _show(_member(organisation_id), clock.in_days(20))


def _qualify(organisation_id: int, operator: Actor) -> None:
    """Of general interest: what the commune may give to (CG3P L3212-2 3°)."""
    shown = evidence.evidence_of(organisation_id)
    regimes.qualify(
        organisation_id, "association_rig", evidence="Statuts et rescrit fiscal (démo)", actor=operator,
        evidence_id=shown[0].id if shown else None,
    )  # fmt: skip


def _invite(holder: Actor, email: str, name: str) -> None:
    invitations.invite(holder.organisation_id or 0, email=email, name=name, rights="prepare", actor=holder)


def _bounce(holder: Actor) -> None:
    """An invitation to an address with a mistake: its server refuses the mail."""
    _invite(holder, LOST, "Autre collègue (démo)")
    outbox.post()
    (mail,) = notices.messages(address=LOST)
    message = lock(Message, Message.id == mail.id)
    workflow.fire("give_up", message, SYSTEM, tries=1, last_error="550 5.1.1 no such user")


def _call(actors: Actors, lot: str) -> None:
    """A reuse actor telephones: the operator asks for six tablets in its name, and it is told by mail."""
    caller = actors["reuse-actor"]
    call = on_behalf.start(
        caller.organisation_id or 0,
        "phone",
        actor=actors["operator"],
        caller_name="Équipe de collecte (démo)",
    )
    asked = claims.submit_claim(lot, {1: 6}, actor=on_behalf.acting(call), proposal="free", committed=True)
    reference = asked.reference
    on_behalf.end(call.id)
    desk.tell(call.id)
    claim_papers.issue_deeds(reference, actor=actors["holder"])
