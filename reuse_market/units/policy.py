"""Who may move a unit: judged on its owner, its custodian and the party of the engagement at stake."""

from __future__ import annotations

from dataclasses import dataclass

from reuse_market.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class UnitsAtStake:
    """The units of one act: same owner, same custodian; `party_id` is who holds the engagement meant."""

    owner_id: int
    custodian_id: int
    party_id: int | None = None


def owner(actor: Actor, units: UnitsAtStake) -> bool:
    """The owner's organisation."""
    return actor.is_org(units.owner_id)


def custodian(actor: Actor, units: UnitsAtStake) -> bool:
    """The custodian's organisation."""
    return actor.is_org(units.custodian_id)


def party(actor: Actor, units: UnitsAtStake) -> bool:
    """The organisation the engagement is for."""
    return actor.is_org(units.party_id)


def repairer(actor: Actor, units: UnitsAtStake) -> bool:
    """The workshop that repairs what is somebody else's: it alone gives it back."""
    return party(actor, units) and units.owner_id != units.custodian_id


def system(actor: Actor, _units: UnitsAtStake) -> bool:
    """The clock: expiry jobs."""
    return actor.via == "system"


def owner_or_party(actor: Actor, units: UnitsAtStake) -> bool:
    """Either side of an engagement."""
    return owner(actor, units) or party(actor, units)


def owner_party_or_system(actor: Actor, units: UnitsAtStake) -> bool:
    """Either side, or the clock."""
    return owner_or_party(actor, units) or system(actor, units)


def owner_or_system(actor: Actor, units: UnitsAtStake) -> bool:
    """The owner, or the clock."""
    return owner(actor, units) or system(actor, units)


def custodian_or_party(actor: Actor, units: UnitsAtStake) -> bool:
    """Custodian or party: a signature taken on either's screen."""
    return custodian(actor, units) or party(actor, units)


def custodian_party_or_system(actor: Actor, units: UnitsAtStake) -> bool:
    """Custodian, party, or the clock."""
    return custodian(actor, units) or party(actor, units) or system(actor, units)


def revising(actor: Actor, units: UnitsAtStake) -> bool:
    """Either side of the note, or the operator who settles: which of them, the revision's own life-cycle says."""
    return owner_or_party(actor, units) or actor.has("operator", "administrator")
