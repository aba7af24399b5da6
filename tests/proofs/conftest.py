"""A whole life on each database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.world import World


@pytest.fixture
def world(app: Flask) -> World:
    """Seeded reference rows, files and mails configured."""
    return World.begin()
