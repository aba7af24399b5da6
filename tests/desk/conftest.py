"""An application seen by its operator."""

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
def auditor(world: World) -> Party:
    """Somebody who may read everything and decide on nothing."""
    return world.party("Auditeur Exemple", "auditor")


@pytest.fixture
def operator(app: Flask, world: World) -> Visitor:
    """The operator's browser."""
    return Visitor(app.test_client(), world.operator())
