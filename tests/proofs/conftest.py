"""A whole life on each database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.lives import Life, whole_life
from tests.support.world import World


@pytest.fixture
def world(app: Flask) -> World:
    """Seeded reference rows, files and mails configured."""
    return World.begin()


@pytest.fixture
def life(world: World) -> Life:
    """Two lots, a pick-up with differences, a workshop, two reservations."""
    return whole_life(world)
