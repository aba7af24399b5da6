"""Reads: communes by code, name, postcode; where an address lies as far as its commune tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.places.geo import Point
from reuse_market.places.models import Commune, Postcode, Territory
from reuse_market.places.names import name_key

FOUND = 20


@dataclass(frozen=True, slots=True)
class Located:
    """Where an address lies, and how this is known (`commune`: its town hall; `address`: the address itself)."""

    point: Point
    insee: str
    how: Literal["commune", "address"] = "commune"


def territory() -> Territory | None:
    """The territory served, with the attribution its map must show; None before any is loaded."""
    return session().get(Territory, 1)


def communes() -> list[Commune]:
    """The communes of the territory in alphabetical order, the article counting as in the name."""
    return _sorted(session().scalars(sa.select(Commune).where(Commune.in_territory)))


def commune(insee: str) -> Commune | None:
    """The commune of that INSEE code, inside the territory or not, or None."""
    return session().get(Commune, insee)


def communes_of_postcode(postcode: str) -> list[Commune]:
    """The communes that postcode serves, in alphabetical order; empty when it is not known here."""
    statement = (
        sa.select(Commune)
        .join(Postcode, Postcode.insee == Commune.insee)
        .where(Postcode.postcode == postcode.strip())
    )
    return _sorted(session().scalars(statement))


def postcodes_of(insee: str) -> list[str]:
    """The postcodes of a commune, sorted."""
    statement = sa.select(Postcode.postcode).where(Postcode.insee == insee).order_by(Postcode.postcode)
    return list(session().scalars(statement))


def find_communes(text: str) -> list[Commune]:
    """At most 20 communes for what a person typed: the start of a postcode, or part of a name.

    Accents, case, hyphens and "St" do not matter. Same name first, then names that start so, then the rest.
    """
    key = name_key(text)
    if not key:
        return []
    if key.isdecimal():
        served = sa.select(Postcode.insee).where(Postcode.postcode.startswith(key))
        return _sorted(session().scalars(sa.select(Commune).where(Commune.insee.in_(served))))[:FOUND]
    found = _sorted(session().scalars(sa.select(Commune).where(Commune.name_key.contains(key))))
    return sorted(found, key=lambda c: (c.name_key != key, not c.name_key.startswith(key)))[:FOUND]


def locate(postcode: str, commune_name: str) -> Located | None:
    """The commune's point for a postal address, or None when postcode and name do not tell one commune.

    The name decides between the communes of a postcode; alone, a postcode decides only if it serves one
    commune. An unknown postcode (Cedex) leaves it to the name, in the same département. A name that
    contradicts its postcode gives None: no place is better than a wrong one.
    """
    postcode, key = postcode.strip(), name_key(commune_name)
    served = communes_of_postcode(postcode)
    if key and not served:
        served = [c for c in _named(key) if _department(postcode) in ("", _department(c.insee))]
    elif key:
        served = [c for c in served if c.name_key == key]
    if len(served) != 1:
        return None
    return Located(served[0].point, served[0].insee)


def _sorted(found: Iterable[Commune]) -> list[Commune]:
    """Sorted here rather than by the database: collations differ, a territory is small."""
    return sorted(found, key=lambda c: (c.name_key, c.insee))


def _named(key: str) -> list[Commune]:
    return list(session().scalars(sa.select(Commune).where(Commune.name_key == key)))


def _department(code: str) -> str:
    """The département of an INSEE code or a postcode; Corsica's two are one, as in its postcodes."""
    return "20" if code[:2] in ("2A", "2B") else code[:2]
