"""Two worlds on the application's database."""

from __future__ import annotations

import pytest
from flask import Flask

from reuse_market.kernel import db
from tests.access.sides import Side, side
from tests.support.world import World


@pytest.fixture
def world(app: Flask) -> World:
    """Reference rows, territory, and parties on demand."""
    with db.scope():
        return World.begin()


@pytest.fixture
def sides(world: World) -> tuple[Side, Side]:
    """Two whole worlds that have nothing in common."""
    with db.scope():
        return side("zqalpha"), side("zqbeta")
