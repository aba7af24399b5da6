"""Reads on people and organisations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Membership, Organisation, OrganisationRole, Person, Site
from reuse_market.accounts.policy import standing
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.statements import plain


@dataclass(frozen=True, slots=True)
class Member:
    """A person with the organisation they may act for."""

    person_id: int
    organisation_id: int
    organisation_name: str
    rights: str


def person(person_id: int) -> Person | None:
    """A person by id."""
    return session().get(Person, person_id)


def person_by_email(email: str) -> Person | None:
    """A person by address, whatever its case."""
    return session().scalars(sa.select(Person).where(Person.email == email.strip().lower())).one_or_none()


def organisation(organisation_id: int) -> Organisation | None:
    """An organisation by id."""
    return session().get(Organisation, organisation_id)


def organisation_by_siret(siret: str) -> Organisation | None:
    """An organisation by SIRET."""
    return session().scalars(sa.select(Organisation).where(Organisation.siret == siret)).one_or_none()


def organisation_by_rna(rna: str) -> Organisation | None:
    """An organisation by its number in the register of associations."""
    return session().scalars(sa.select(Organisation).where(Organisation.rna == rna)).one_or_none()


def verified_ids() -> sa.Select[int]:
    """Ids of the organisations that may act, as a subquery: what others have is shown to nobody new."""
    organisation = Organisation.__table__.c
    return sa.select(organisation.id).where(organisation.state == "verified")


def is_verified(organisation_id: int) -> bool:
    """Whether an organisation is admitted, and not suspended."""
    statement = sa.select(Organisation.state).where(Organisation.id == organisation_id)
    return session().scalar(statement) == "verified"


def rights_of(person_id: int | None, organisation_id: int) -> str | None:
    """What a person may do for an organisation today, whatever its state: prepare, commit, or None."""
    if person_id is None:
        return None
    mine = memberships(person_id)
    return next((one.rights for one in mine if one.organisation_id == organisation_id), None)


def organisation_by_reference(reference: str) -> Organisation | None:
    """An organisation by the reference its registration was given."""
    statement = sa.select(Organisation).where(Organisation.registration_ref == reference)
    return session().scalars(statement).one_or_none()


def names(organisation_ids: Iterable[int | None]) -> dict[int, str]:
    """Organisation id → name, in one statement."""
    wanted = sorted({i for i in organisation_ids if i is not None})
    if not wanted:
        return {}
    return dict(plain(_NAMES, {"those": wanted}).all())


_NAMES = sa.select(Organisation.__table__.c.id, Organisation.__table__.c.name).where(
    Organisation.__table__.c.id.in_(sa.bindparam("those", expanding=True))
)


def person_names(person_ids: Iterable[int]) -> dict[int, str]:
    """Person id → name, in one statement."""
    rows = session().execute(sa.select(Person.id, Person.name).where(Person.id.in_(sorted(set(person_ids)))))
    return dict(rows.all())


def roles_of(organisation_id: int) -> frozenset[str]:
    """The roles an organisation holds."""
    statement = sa.select(OrganisationRole.role).where(OrganisationRole.organisation_id == organisation_id)
    return frozenset(session().scalars(statement))


def memberships(person_id: int) -> list[Member]:
    """The organisations a person may act for today, oldest membership first."""
    statement = (
        sa.select(Membership.person_id, Organisation.id, Organisation.name, Membership.rights)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id == person_id,
            sa.or_(Membership.until.is_(None), Membership.until >= clock.today()),
        )
        .order_by(Membership.id)
    )
    return [Member(*row) for row in session().execute(statement)]


def actor_of(person_id: int, organisation_id: int | None = None) -> Actor | None:
    """The actor a signed-in person is: for that organisation, or their first; None when not a member.

    What the organisation's state leaves of roles and rights is policy.standing's to say.
    """
    rows = plain(_STANDING, {"today": clock.today(), "who": person_id}).all()
    return as_actor(rows, organisation_id)


def as_actor(rows: Sequence[sa.Row[Any]], organisation_id: int | None = None) -> Actor | None:
    """`actor_of`, from the rows of `standings` of one person."""
    if not rows or not rows[0].active:
        return None
    chosen = next((row for row in rows if row.id == organisation_id), rows[0])
    if chosen.id is None:
        return Actor(person_id=chosen.person_id, person_name=chosen.person, commits=False)
    held = frozenset(row.role for row in rows if row.id == chosen.id and row.role is not None)
    roles, commits = standing(chosen.state, held, chosen.rights)
    return Actor(
        organisation_id=chosen.id,
        person_id=chosen.person_id,
        roles=roles,
        commits=commits,
        person_name=chosen.person,
        organisation_name=chosen.name,
    )


def standings(*more: Any) -> sa.Select[Any]:
    """A row for each role of each organisation a person may act for today, oldest membership first; one at least.

    `more` are columns of what the caller joins to Person. Executed with `today`.
    """
    today = sa.or_(Membership.until.is_(None), Membership.until >= sa.bindparam("today", type_=sa.Date))
    return (
        sa.select(
            Person.id.label("person_id"), Person.name.label("person"), Person.active, Organisation.id,
            Organisation.name, Organisation.state, Membership.rights, OrganisationRole.role, *more,
        )
        .select_from(Person)
        .outerjoin(Membership, sa.and_(Membership.person_id == Person.id, today))
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(OrganisationRole, OrganisationRole.organisation_id == Organisation.id)
        .order_by(Membership.id)
    )  # fmt: skip


@dataclass(slots=True)
class Correspondent:
    """An organisation as a mail knows it: its name, and (e-mail, language) of its active members."""

    name: str
    addresses: list[tuple[str, str]] = field(default_factory=list)


def correspondents(organisation_ids: Iterable[int | None]) -> dict[int, Correspondent]:
    """`names` and `addresses_of` of several organisations, in one statement."""
    wanted = sorted({i for i in organisation_ids if i is not None})
    found: dict[int, Correspondent] = {}
    for key, name, email, language in plain(_WRITTEN_TO, {"today": clock.today(), "of": wanted}):
        known = found.setdefault(key, Correspondent(name))
        if email is not None:
            known.addresses.append((email, language))
    return found


def addresses_of(organisation_id: int) -> list[tuple[str, str]]:
    """(e-mail, language) of the active members: whom a notice about this organisation goes to."""
    statement = (
        sa.select(Person.email, Person.language)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Person.active.is_(True),
            sa.or_(Membership.until.is_(None), Membership.until >= clock.today()),
        )
        .order_by(Person.id)
    )
    return [(email, language) for email, language in session().execute(statement)]


def sites_of(organisation_id: int) -> Sequence[Site]:
    """Sites of an organisation, by name."""
    return session().scalars(
        sa.select(Site).where(Site.organisation_id == organisation_id).order_by(Site.name)
    ).all()  # fmt: skip


def site(site_id: int | None) -> Site | None:
    """A site by id."""
    return session().get(Site, site_id) if site_id is not None else None


def base_site(organisation_id: int) -> Site | None:
    """The site distances are counted from: the first one that is located."""
    return next((s for s in sites_of(organisation_id) if s.latitude is not None), None)


_STANDING = standings().where(Person.id == sa.bindparam("who"))
_organisation, _person, _member = (model.__table__ for model in (Organisation, Person, Membership))
_WRITTEN_TO = (
    sa.select(_organisation.c.id, _organisation.c.name, _person.c.email, _person.c.language)
    .select_from(_organisation)
    .outerjoin(
        _member,
        sa.and_(
            _member.c.organisation_id == _organisation.c.id,
            sa.or_(_member.c.until.is_(None), _member.c.until >= sa.bindparam("today", type_=sa.Date)),
        ),
    )
    .outerjoin(_person, sa.and_(_person.c.id == _member.c.person_id, _person.c.active.is_(True)))
    .where(_organisation.c.id.in_(sa.bindparam("of", expanding=True)))
    .order_by(_person.c.id)
)
