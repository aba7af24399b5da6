"""An application, and people who sign in to it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.world import Party, World


@pytest.fixture
def world(app: Flask) -> World:
    """Seeded reference rows."""
    return World.begin()


@pytest.fixture
def holder(world: World) -> Party:
    """A company with one person."""
    return world.holder()
