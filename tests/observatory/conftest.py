"""What a visitor sees."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.lots.visiting import Visitor
from tests.support.world import Party, World


@pytest.fixture
def world(app: Flask) -> World:
    """Seeded reference rows."""
    return World.begin()


@pytest.fixture
def visitor(app: Flask, world: World) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(app.test_client())


@pytest.fixture
def grenoble(world: World) -> list[Party]:
    """Three holders of one commune: enough to publish its number."""
    names = ("Usine Exemple", "Clinique Exemple", "Banque Exemple")
    return [world.party(name, "holder", commune="Grenoble", postcode="38000") for name in names]
