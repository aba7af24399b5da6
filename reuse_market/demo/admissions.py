"""Organisations at each step of their admission, an invitation, a mail that fails, a call answered."""

from __future__ import annotations

import datetime as dt

from reuse_market.accounts import admission, charter, evidence, invitations, registration
from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
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
from reuse_market.notices.lifecycle import workflow
from reuse_market.notices.models import Message
from reuse_market.regimes import services as regimes

ADMITTED, WAITING, REFUSED, SUSPENDED = (
    "Entraide Exemple", "Café Numérique Exemple", "Revendeur Exemple", "Recyclerie Exemple",
)  # fmt: skip
LOST = "adresse-fausse@demo.example"


def acts(actors: Actors, told: Told, password: str) -> list[Act]:
    """Every act of the chapter, with its day."""
    operator = actors["operator"]
    return [
        Act(-64, lambda: _register(SUSPENDED, "company", ("reuse_actor",), "recyclerie", siret=siret(21))),
        Act(-63, lambda: _decide(SUSPENDED, "admit", operator)),
        Act(-50, lambda: _register(ADMITTED, "association", ("recipient",), "recipient-2", rna="W381999998")),
        Act(-49, lambda: _admit(actors, password)),
        Act(-49, lambda: _qualify(ADMITTED, operator), 11),
        Act(-49, lambda: _qualify("Ressourcerie Exemple", operator), 12),
        Act(-30, lambda: _register(REFUSED, "company", ("holder",), "revendeur", siret=siret(22))),
        Act(-28, lambda: _decide(REFUSED, "refuse", operator, "Le numéro SIRET est celui d’un établissement fermé.")),
        Act(-17, lambda: _decide(SUSPENDED, "suspend", operator, "Deux enlèvements sans suivi des appareils.")),
        Act(-3, lambda: _register(WAITING, "association", ("recipient",), "cafe", rna="W381999997"), 14),
        Act(-3, lambda: _show_file(WAITING), 15),
        Act(-2, lambda: evidence.warn_of_expiry(), 6),
        Act(-4, lambda: _invite(actors["holder"], "collegue@demo.example", "Collègue (démo)")),
        Act(-4, lambda: _bounce(actors["holder"]), 11),
        Act(-5, lambda: _call(actors, told["tablets"])),
    ]  # fmt: skip


def _register(
    name: str, legal_kind: str, roles: tuple[str, ...], login: str, siret: str = "", rna: str = ""
) -> None:
    """As the public form does; the person confirms the address later, by the mail."""
    asked = registration.Application(
        name=name, legal_kind=legal_kind, roles=roles, postcode="38000", commune_name="Grenoble",
        street="5 rue de l’Exemple", siret=siret, rna=rna, phone="04 00 00 00 00",
        person_name=f"Responsable, {name} (démo)", email=address(login),
    )  # fmt: skip
    registration.apply(asked, registration.new_reference(), network="demo")


def _member(name: str) -> Actor:
    """Somebody of the organisation, signed in."""
    organisation_id = _id(name)
    (email, _language), *_ = accounts.addresses_of(organisation_id)
    person = accounts.person_by_email(email)
    assert person is not None
    found = accounts.actor_of(person.id, organisation_id)
    assert found is not None
    return found


def _id(name: str) -> int:
    found = next(one for one in accounts.organisations() if one.name == name)
    return int(found.id)


def _decide(name: str, action: str, operator: Actor, reason: str = "") -> None:
    admission.decide_on_organisation(
        _id(name), action, actor=operator, reason=reason, paper_charter=action == "admit"
    )


def _admit(actors: Actors, password: str) -> None:
    """Its person chooses a password, shows the statutes and accepts the charter; the operator admits."""
    member = _member(ADMITTED)
    people.change_password(member.person_id or 0, password)
    _show(member, "association_rig")
    charter.sign_charter(member.organisation_id or 0, charter.CURRENT, language="fr", actor=member)
    _decide(ADMITTED, "admit", actors["operator"])
    actors["recipient-2"] = _member(ADMITTED)


def _show(member: Actor, kind: str, until: dt.date | None = None) -> None:
    evidence.add_evidence(
        member.organisation_id or 0, kind, plain_pdf("Statuts (demonstration)"), actor=member, until=until,
        note="Statuts (démo)",
    )  # fmt: skip


def _show_file(name: str) -> None:
    """A file that ends soon: its people are told."""
    _show(_member(name), "association_rig", clock.in_days(20))


def _qualify(name: str, operator: Actor) -> None:
    """Of general interest: what the commune may give to (CG3P L3212-2 3°)."""
    shown = evidence.evidence_of(_id(name))
    regimes.qualify(
        _id(name), "association_rig", evidence="Statuts et rescrit fiscal (démo)", actor=operator,
        evidence_id=shown[0].id if shown else None,
    )  # fmt: skip


def _invite(holder: Actor, email: str, name: str) -> None:
    invitations.invite(
        holder.organisation_id or 0, email=email, name=name, rights="prepare", actor=holder
    )


def _bounce(holder: Actor) -> None:
    """An invitation to an address with a mistake: its server refuses the mail."""
    _invite(holder, LOST, "Autre collègue (démo)")
    (mail,) = notices.messages(address=LOST)
    message = lock(Message, Message.id == mail.id)
    workflow.fire("give_up", message, SYSTEM, tries=1, last_error="550 5.1.1 no such user")


def _call(actors: Actors, lot: str) -> None:
    """A reuse actor telephones: the operator asks for six tablets in its name, and it is told by mail."""
    caller = actors["reuse-actor"]
    call = on_behalf.start(
        caller.organisation_id or 0, "phone", actor=actors["operator"], caller_name="Équipe de collecte (démo)"
    )
    claims.submit_claim(lot, {1: 6}, actor=on_behalf.acting(call), proposal="free", committed=True)
    on_behalf.end(call.id)
    desk.tell(call.id)
