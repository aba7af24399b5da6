"""A seeded world, a place for files, and inventories for the tests of fleets."""

from __future__ import annotations

from pathlib import Path

import pytest

from reuse_market.fleets import services
from reuse_market.fleets.models import InventoryImport
from reuse_market.kernel import db, files
from tests.support.world import Party, World

SAMPLE = Path(__file__).with_name("samples") / "parc_exemple_60.csv"


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    """Reference rows, territory, parties on demand; files in the test's own folder."""
    files.configure(f"file://{tmp_path / 'files'}")
    return World.begin()


def upload(holder: Party, data: bytes | None = None, name: str = "parc.csv") -> InventoryImport:
    """The sample inventory (or `data`) uploaded."""
    given = SAMPLE.read_bytes() if data is None else data
    return services.upload_inventory(given, name, actor=holder.actor, site_id=holder.site_id)


def imported(holder: Party, data: bytes | None = None) -> list[int]:
    """The same, judged and applied."""
    row = upload(holder, data)
    services.confirm_mapping(row.id, actor=holder.actor)
    return services.apply_import(row.id, actor=holder.actor)


def inventory(count: int, *, first: int = 0) -> bytes:
    """A plain CSV of `count` laptops of 12 models."""
    rows = [
        f"SN{n:06d};Dell Inc.;Latitude {5400 + n % 12 * 10};Portable;INV-{n};8192"
        for n in range(first, first + count)
    ]
    header = "Numéro de série;Fabricant;Modèle;Type;Numéro d'inventaire;Mémoire"
    return "\r\n".join([header, *rows]).encode("cp1252")
