"""One act of a driver at the door, as all that it notes shares it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from reuse_market.kernel import clock


@dataclass(frozen=True, slots=True)
class Gesture:
    """One act of a driver: when it was done, and the number of its own that the phone may have given it."""

    at: datetime = field(default_factory=clock.now)
    batch: str = field(default_factory=lambda: uuid.uuid4().hex)
