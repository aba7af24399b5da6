"""A journal and somebody who writes in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reuse_market.kernel import db
from reuse_market.kernel.actor import Actor
from reuse_market.traceability import journal
from reuse_market.traceability.models import Event

ACTOR = Actor(organisation_id=7, person_id=3)
Append = Callable[..., Event]


@pytest.fixture
def append(database: db.Database) -> Append:
    """`append(stream="lot/LOT-2026-0001", kind="lot.published", **details)`: one event, committed."""

    @db.command
    def write(stream: str = "lot/LOT-2026-0001", kind: str = "lot.published", **details: Any) -> Event:
        act = details.pop("act", None) or journal.Act(ACTOR)
        return journal.append(act, stream, kind, **details)

    return write
