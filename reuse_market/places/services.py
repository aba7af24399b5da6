"""Verbs: install a territory. Idempotent; nothing that a site may refer to is ever deleted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.places.models import Commune, Postcode, Territory
from reuse_market.places.names import name_key
from reuse_market.places.reading import CommuneFacts, TerritoryFacts, read_territory

BUNDLED = Path(__file__).with_name("data") / "territory.json"


@command
def load_territory(
    path: Path | str | None = None, *, name: str | None = None, attribution: str | None = None
) -> int:
    """Make the file's communes the territory and return how many there are; twice changes nothing more.

    `path`: a GeoJSON FeatureCollection of outlines with the properties `code` (INSEE) and `nom`, or this
    product's own JSON; None is the bundled Grenoble-Alpes Métropole. Facts the file does not give (name of
    the territory, population, SIREN, postcodes, town hall) stay as they were known. Communes of the former
    territory stay known, no longer drawn. Refused (Invalid, field "file"): what is not such a file.
    """
    facts = read_territory(_bytes(Path(path) if path else BUNDLED))
    row = _locked_territory()
    row.name = name or facts.name or row.name
    row.siren = facts.siren or row.siren
    row.attribution = attribution or facts.attribution or row.attribution
    known = {c.insee: c for c in session().scalars(sa.select(Commune))}
    codes = {c.insee for c in facts.communes}
    for insee, commune in known.items():
        commune.in_territory = insee in codes
    for item in facts.communes:
        _put_commune(known.get(item.insee), item)
    session().flush()
    _put_postcodes(facts)
    row.outlines_digest = _digest(facts)
    return len(facts.communes)


@command
def ensure_territory() -> int:
    """Load the bundled territory unless one is there already; return how many communes were loaded (or 0)."""
    return 0 if session().get(Territory, 1) else load_territory()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = N_("This file cannot be read: %(reason)s")
        raise Invalid(message, field="file", reason=error.strerror) from error


def _locked_territory() -> Territory:
    """The territory's single row, locked so that two loads follow one another."""
    insert = sa.text(
        "INSERT INTO territory (id, name, attribution, outlines_digest) VALUES (1, '', '', '')"
        " ON CONFLICT (id) DO NOTHING"
    )
    session().execute(insert)
    row: Territory = lock(Territory, Territory.id == 1)
    return row


def _put_commune(row: Commune | None, item: CommuneFacts) -> None:
    if row is None:
        row = Commune(insee=item.insee)
        session().add(row)
    row.name, row.name_key, row.in_territory = item.name, name_key(item.name)[:200], True
    row.outline = item.outline
    row.population = item.population if item.population is not None else row.population
    row.siren = item.siren or row.siren
    if item.town_hall or row.latitude is None:
        row.latitude, row.longitude = item.point.latitude, item.point.longitude


def _put_postcodes(facts: TerritoryFacts) -> None:
    told = {c.insee: set(c.postcodes) for c in facts.communes if c.postcodes}
    present = session().scalars(sa.select(Postcode).where(Postcode.insee.in_(told)))
    for row in present:
        if row.postcode in told[row.insee]:
            told[row.insee].remove(row.postcode)
        else:
            session().delete(row)
    session().add_all(Postcode(postcode=code, insee=insee) for insee, codes in told.items() for code in codes)


def _digest(facts: TerritoryFacts) -> str:
    """What the cached map paths depend on: which communes are drawn, and their outlines."""
    drawn: list[Any] = sorted([c.insee, c.outline] for c in facts.communes)
    return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()
