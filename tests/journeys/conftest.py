"""The town of a journey: its organisations, and a screen for each person, at one width."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reuse_market.kernel import db
from tests.journeys.screen import Screen
from tests.support.world import PASSWORD, Party, World

ALBUM = Path(__file__).resolve().parents[2] / "test-artefacts"


@pytest.fixture
def town(app) -> dict[str, Party]:
    """A holder, two reuse actors, a buyer, an association and the operator; nothing else has happened."""
    with db.scope():
        world = World.begin()
        return {
            "holder": world.holder(),
            "workshop": world.reuse_actor(),
            "collector": world.reuse_actor("Ressourcerie Exemple"),
            "buyer": world.buyer(),
            "association": world.recipient(),
            "operator": world.operator(),
        }


@pytest.fixture
def screen(app, live_server, open_page, request) -> Callable[..., Screen]:
    """`screen("workshop", party, width)`: a signed-in screen; without a party, a visitor's."""
    base = live_server(app)
    album = ALBUM / request.node.name.replace("/", "-")
    for old in album.glob("*.png"):
        old.unlink()

    def opened(who: str, party: Party | None, width: int) -> Screen:
        made = Screen(open_page, base, who, width=width, album=album)
        if party is not None:
            made.sign_in(party.email, PASSWORD)
        return made

    return opened
