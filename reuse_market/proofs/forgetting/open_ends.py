"""What a person must finish, or hand on, before being forgotten; what a device must have gone through."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.accounts.models import Membership, Organisation, Person
from reuse_market.collection.models import LoadingProtocol, Pickup, Round
from reuse_market.erasure.models import ErasureCheck
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.kernel.words import N_

SETTLED = frozenset({"provided", "recycled", "parts"})  # states of a unit whose serials may be forgotten
ROUNDS = N_("This person drives a round that is not over: give it to somebody else, or finish it.")
PICKUPS = N_("This person drives a pick-up to come: give it to somebody else, or finish it.")
SIGNATURES = N_("A handover note that this person signed waits for the other signature: have it signed.")
PROTOCOLS = N_("A loading protocol that this person signed waits for the other signature: have it signed.")
CHECKS = N_("A check of erasures that this person drew is not signed: have it signed.")
LAST = N_("Nobody else may commit one of this person’s organisations: give somebody else this right first.")


def of_person(person_id: int) -> list[str]:
    """What is still open, as msgids; empty when the person may be forgotten."""
    return [*unfinished(person_id), *([LAST] if alone_in(person_id) else [])]


def unfinished(person_id: int) -> list[str]:
    """What the person itself has not finished, as msgids: until then it is not even asked for."""
    cases: Sequence[tuple[str, sa.Select[int]]] = (
        (ROUNDS, sa.select(Round.id).where(
            Round.driver_id == person_id, Round.state.in_(("draft", "planned", "under_way")))),
        (SIGNATURES, sa.select(Pickup.id).where(
            Pickup.driver_id == person_id, Pickup.state.in_(("agreed", "done")),
            Pickup.driver_signed_at.is_not(None), Pickup.holder_signed_at.is_(None))),
        (PICKUPS, sa.select(Pickup.id).where(
            Pickup.driver_id == person_id, Pickup.state.in_(("proposed", "countered", "agreed")),
            Pickup.driver_signed_at.is_(None))),
        (PROTOCOLS, sa.select(LoadingProtocol.id).where(
            LoadingProtocol.state == "prepared",
            sa.or_(LoadingProtocol.host_person_id == person_id, LoadingProtocol.carrier_person_id == person_id))),
        (CHECKS, sa.select(ErasureCheck.id).where(
            ErasureCheck.made_by == person_id, ErasureCheck.signed_at.is_(None))),
    )  # fmt: skip
    return [text for text, statement in cases if session().scalar(statement.limit(1)) is not None]


def alone_in(person_id: int) -> list[int]:
    """The verified organisations that would be left with nobody to commit them: another is named there first."""
    found = []
    today = sa.or_(Membership.until.is_(None), Membership.until >= clock.today())
    mine = session().scalars(
        sa.select(Membership.organisation_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id == person_id, Membership.rights == "commit", today,
            Organisation.state == "verified",
        )
        .order_by(Membership.organisation_id)
    )  # fmt: skip
    for organisation_id in mine.all():
        others = (
            sa.select(Membership.id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.organisation_id == organisation_id, Membership.rights == "commit",
                Membership.person_id != person_id, Person.active.is_(True), today,
            )
            .limit(1)
        )  # fmt: skip
        if session().scalar(others) is None:
            found.append(organisation_id)
    return found
