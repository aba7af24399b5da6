"""Reads the two territory files: the product's own extract, and GeoJSON outlines. Knows no database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.places.geo import MICRO, Point, centre

INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
POSTCODE = re.compile(r"[0-9]{5}")
SIREN = re.compile(r"[0-9]{9}")


@dataclass(frozen=True, slots=True)
class CommuneFacts:
    """What a file tells of one commune. `town_hall` false: `point` was only computed from the outline."""

    insee: str
    name: str
    outline: list[list[list[int]]]
    point: Point
    town_hall: bool
    postcodes: tuple[str, ...] = ()
    population: int | None = None
    siren: str | None = None


@dataclass(frozen=True, slots=True)
class TerritoryFacts:
    """What a file tells of a territory; empty texts where it says nothing."""

    name: str
    siren: str | None
    attribution: str
    communes: tuple[CommuneFacts, ...]


def read_territory(content: bytes) -> TerritoryFacts:
    """The facts in a territory file; Invalid (field "file") saying what is wrong and where."""
    try:
        data = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Invalid(N_("This file is not JSON."), field="file") from error
    if not isinstance(data, dict):
        raise Invalid(_NOT_A_TERRITORY, field="file")
    if data.get("type") == "FeatureCollection":
        rows, read = data.get("features"), _feature
    else:
        rows, read = data.get("communes"), _own
    if not isinstance(rows, list) or not rows:
        raise Invalid(_NOT_A_TERRITORY, field="file")
    communes = tuple(_read_one(read, number, row) for number, row in enumerate(rows, 1))
    _refuse_twice(communes)
    return TerritoryFacts(
        name=_text(data.get("name"), 200),
        siren=_matching(SIREN, data.get("siren")),
        attribution=_text(data.get("attribution"), 300),
        communes=communes,
    )


_NOT_A_TERRITORY = N_("This file is not a GeoJSON FeatureCollection of communes.")


def _read_one(read: Any, number: int, row: Any) -> CommuneFacts:
    try:
        facts: CommuneFacts = read(row)
    except (KeyError, TypeError, ValueError, IndexError, InvalidOperation, OverflowError) as error:
        message = N_("Commune number %(number)s of the file: its code, name or outline is missing or wrong.")
        raise Invalid(message, field="file", number=number) from error
    return facts


def _refuse_twice(communes: Iterable[CommuneFacts]) -> None:
    seen: set[str] = set()
    for commune in communes:
        if commune.insee in seen:
            raise Invalid(N_("The code %(insee)s is twice in the file."), field="file", insee=commune.insee)
        seen.add(commune.insee)


def _own(row: dict[str, Any]) -> CommuneFacts:
    return CommuneFacts(
        insee=_required(INSEE, row["insee"]),
        name=_name(row["name"]),
        outline=[_ring(ring) for ring in row["outline"]],
        point=Point(int(row["latitude"]), int(row["longitude"])),
        town_hall=True,  # or the extract's own choice of a point, which is to be kept as well
        **_common(row, "postcodes"),
    )


def _feature(row: dict[str, Any]) -> CommuneFacts:
    properties, geometry = row["properties"], row["geometry"]
    polygons = {"Polygon": lambda c: [c], "MultiPolygon": list}[geometry["type"]](geometry["coordinates"])
    outline = [_ring([_micro(pair) for pair in ring]) for polygon in polygons for ring in polygon]
    return CommuneFacts(
        insee=_required(INSEE, properties["code"]),
        name=_name(properties["nom"]),
        outline=outline,
        point=centre(outline),
        town_hall=False,
        **_common(properties, "codesPostaux"),
    )


def _common(row: dict[str, Any], postcodes: str) -> dict[str, Any]:
    population = row.get("population")
    if population is not None and not 0 <= int(population) < 2**31:
        raise ValueError("not a population")
    return {
        "postcodes": tuple(sorted({_required(POSTCODE, code) for code in row.get(postcodes) or ()})),
        "population": int(population) if population is not None else None,
        "siren": _matching(SIREN, row.get("siren")),
    }


def _micro(pair: list[Any]) -> list[int]:
    longitude, latitude = (int((Decimal(value) * MICRO).to_integral_value()) for value in pair[:2])
    return [longitude, latitude]


def _ring(points: list[list[int]]) -> list[list[int]]:
    """A ring of valid places, at least a triangle, without the closing point GeoJSON repeats."""
    if points and points[0] == points[-1]:
        points = points[:-1]
    ring = [[int(longitude), int(latitude)] for longitude, latitude in points]
    if len(ring) < 3:
        raise ValueError("a ring needs three points")
    for longitude, latitude in ring:
        Point(latitude, longitude)
    return ring


def _name(value: Any) -> str:
    name = _text(value, 101)
    if not 0 < len(name) <= 100:
        raise ValueError("a commune needs a name of at most 100 characters")
    return name


def _text(value: Any, limit: int) -> str:
    """A text of one line, printable, with a real apostrophe; empty when the value is no text."""
    words = "".join(c if c.isprintable() else " " for c in value).split() if isinstance(value, str) else []
    return " ".join(words).replace("'", "’")[:limit]


def _required(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"{value!r} is not a code")
    return value


def _matching(pattern: re.Pattern[str], value: Any) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None
