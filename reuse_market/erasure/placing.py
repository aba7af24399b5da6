"""Whose disk it is: a medium of a report matched to the devices an organisation has in its keeping.

By the serial of the medium, as letters and digits; else by the serial or asset tag of the device the report names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure import policy
from reuse_market.erasure.models import ErasureCertificate, MediaCount, StorageMedium
from reuse_market.erasure.reading.stated import Stated
from reuse_market.erasure.stating import serial_key
from reuse_market.erasure.techniques import FLASH
from reuse_market.kernel.db import session
from reuse_market.units.models import Unit


@dataclass(slots=True)
class Places:
    """What an organisation keeps, by key: media → (medium, unit) pairs, devices → ids; and media it knew."""

    media: dict[str, list[tuple[StorageMedium, Unit]]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    elsewhere: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a medium belongs: a medium, or a unit whose medium is to be named or counted; or why nowhere."""

    unit_id: int | None = None
    medium: StorageMedium | None = None
    left: str | None = None


def places(organisation_id: int, stated: Iterable[Stated]) -> Places:
    """Everything that could match, in three statements."""
    told = list(stated)
    disks = sorted({serial_key(one.serial) for one in told} - {""})
    hosts = sorted({serial_key(text) for one in told for text in (one.host_serial, one.host_tag)} - {""})
    found = Places()
    for medium, unit in _media(disks, Unit.custodian_id == organisation_id):
        found.media[serial_key(medium.serial)].append((medium, unit))
    handled = sa.or_(
        Unit.owner_id == organisation_id,
        sa.exists().where(MediaCount.unit_id == Unit.id, MediaCount.organisation_id == organisation_id),
        sa.exists().where(
            ErasureCertificate.medium_id == StorageMedium.id,
            ErasureCertificate.organisation_id == organisation_id,
        ),
    )
    for medium, _unit in _media(disks, sa.and_(Unit.custodian_id != organisation_id, handled)):
        found.elsewhere.add(serial_key(medium.serial))
    for column in (Unit.serial, Unit.asset_tag):
        statement = sa.select(Unit.id, column).where(
            Unit.custodian_id == organisation_id, _key_of(column).in_(hosts)
        )
        for unit_id, text in session().execute(statement if hosts else statement.where(sa.false())):
            found.units[serial_key(text)].add(unit_id)
    return found


def place(stated: Stated, found: Places) -> Place:
    """Where this medium belongs."""
    key = serial_key(stated.serial)
    known = found.media.get(key, []) if key else []
    if len(known) > 1:
        return Place(left="two-units")
    if known:
        return Place(known[0][1].id, known[0][0])
    for host in (serial_key(stated.host_serial), serial_key(stated.host_tag)):
        ids = found.units.get(host, set()) if host else set()
        if len(ids) > 1:
            return Place(left="two-units")
        if ids and key:
            return Place(next(iter(ids)))
    if not key:
        return Place(left="no-serial")
    return Place(left="foreign" if key in found.elsewhere else "no-disk")


def fitting(stated: Stated, media: Sequence[StorageMedium]) -> tuple[StorageMedium | None, str | None]:
    """The medium of a counted device that this is: the one with its serial, else the one without any; or why not."""
    here = [one for one in media if one.removed_at is None or serial_key(one.serial)]
    same = [one for one in here if serial_key(one.serial) == serial_key(stated.serial)]
    bare = [one for one in here if not serial_key(one.serial)]
    chosen = same or [one for one in bare if not differs(stated.kind, one.kind)]
    if not chosen:
        return None, "other-kind" if bare else "other-medium"
    return (chosen[0], None) if same or len(chosen) == 1 else (None, "other-medium")


def differs(told: str, counted: str) -> bool:
    """Whether a report's kind and the counted one cannot be the same thing: a disk that turns, and flash."""
    return bool(told) and told != counted and ((told in FLASH) != (counted in FLASH)) and counted != "other"


def already(medium: StorageMedium, stated: Stated) -> bool:
    """Whether a certificate of this medium says the same erasure."""
    statement = sa.select(ErasureCertificate.id).where(
        ErasureCertificate.medium_id == medium.id, ErasureCertificate.void_at.is_(None),
        ErasureCertificate.erased_at == stated.when, ErasureCertificate.technique == stated.technique,
        ErasureCertificate.result == stated.result,
    )  # fmt: skip
    return session().scalar(statement.limit(1)) is not None


def erasable(unit: Unit) -> bool:
    """Whether erasures are still recorded on the unit in its state."""
    return unit.state in policy.STATES


def _media(keys: Sequence[str], whose: Any) -> Sequence[Any]:
    if not keys:
        return ()
    statement = (
        sa.select(StorageMedium, Unit)
        .join(Unit, Unit.id == StorageMedium.unit_id)
        .where(whose, StorageMedium.void_at.is_(None), _key_of(StorageMedium.serial).in_(keys))
        .order_by(StorageMedium.id)
    )
    return session().execute(statement).all()


def _key_of(column: Any) -> Any:
    """`serial_key` as SQL, for the marks that serials are written with."""
    for mark in (" ", "-", "_", ".", "/", ":"):
        column = sa.func.replace(column, mark, "")
    return sa.func.upper(column)
