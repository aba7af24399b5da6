"""The public document of a unit: the steps of its passport, by the day, no organisation and no lot named."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, time

from reuse_market.kernel import clock
from reuse_market.kernel.clock import PARIS
from reuse_market.proofs.epcis.document import whole
from reuse_market.proofs.epcis.naming import PREFIX, Names, offset
from reuse_market.proofs.epcis.saying import Made, outputs
from reuse_market.proofs.epcis.table import OBJECT, TRANSFORMATION, row_of
from reuse_market.proofs.passport import Life, Passport
from reuse_market.traceability import payload

BORN = {"fleet.imported", "unit.declared", "pickup.extra"}


def of_passport(passport: Passport, base: str) -> Made:
    """What the passport says, in EPCIS: each step at the first instant of its day."""
    names = Names(base, {passport.unit.id: passport.code})
    seen: Counter[str] = Counter()
    made = []
    for life in passport.lives:
        rank = seen[f"{life.event_type} {life.day}"]
        seen[f"{life.event_type} {life.day}"] += 1
        if one := _step(life, rank, names, passport.unit.id):
            made.append(one)
    return whole(names, made, subject=f"u/{passport.code}", at=clock.now())


def _step(life: Life, rank: int, names: Names, unit_id: int) -> Made | None:
    row = row_of(life.event_type)
    if row is None:
        return None
    uri = str(names.unit(unit_id))
    instant = datetime.combine(life.day, time.min, PARIS).astimezone(UTC)
    stamp = payload.stamp(instant)
    born = life.event_type in BORN
    made: Made = {
        "type": TRANSFORMATION if row.kind == TRANSFORMATION else OBJECT,
        "eventID": uuid.uuid5(uuid.NAMESPACE_URL, f"{uri}#{life.event_type}/{life.day}/{rank}").urn,
        "eventTime": stamp,
        "eventTimeZoneOffset": offset(stamp),
        "bizStep": names.step("commissioning" if born else row.step),
    }
    if row.by_fact is None and row.disposition:  # what was found stays with those who found it
        made["disposition"] = "active" if born else row.disposition
    if row.kind == TRANSFORMATION:
        made |= {"inputEPCList": [uri]} | outputs(names, {})
    else:
        made |= {"action": "ADD" if born else "OBSERVE", "epcList": [uri]}
    told = {f"{PREFIX}:type": life.event_type}
    return made | told | ({f"{PREFIX}:family": life.family} if life.family != "other" else {})
