"""Metres and minutes by road between places: a matrix service when one is set, else an estimate that says so.

The estimate is the distance as the crow flies times the rate `road.detour`, driven at the pace of the rate
`road.pace` (minutes by kilometre); both are dated reference rows. The service speaks OSRM's table API
(`GET …/table/v1/driving/lon,lat;…?annotations=duration,distance`). It is bounded in time and size, its answers
are remembered, and after three failures in a row it is left alone for five minutes.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException, HTTPResponse
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from reuse_market.kernel import clock
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import in_command
from reuse_market.places.geo import MICRO, Point, between

log = logging.getLogger(__name__)

SECONDS = 3  # a page waits no longer
MOST_PLACES = 100  # asked at once
MOST_BYTES = 4_000_000
FAILURES = 3
REST = timedelta(minutes=5)
KEPT = 50_000  # pairs of places remembered
FRESH = timedelta(days=7)
DETOUR, PACE = 1300, 1715  # where no row is in force: 1.3, and 35 km/h
How = Literal["service", "estimate", "fallback"]
Pair = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Metres and seconds from each place (row) to each other. `how`: by a road service; estimated as no service
    is set; or as it did not answer (`fallback`)."""

    metres: list[list[int]]
    seconds: list[list[int]]
    how: How


class RoadService:
    """One matrix service, with what it answered lately."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url.strip())
        self.asks = parts.scheme in ("http", "https") and bool(parts.netloc)
        self.url = url.strip().rstrip("/")
        self._known: OrderedDict[Pair, tuple[int, int, datetime]] = OrderedDict()
        self._failures = 0
        self._resting_until: datetime | None = None
        self._lock = threading.Lock()

    def matrix(self, places: Sequence[Point]) -> Matrix | None:
        """The matrix of these places, asked only for what is not remembered; None while it does not answer."""
        if not self.asks or len(places) > MOST_PLACES:
            return None
        distinct = sorted(set(places), key=lambda point: (point.latitude, point.longitude))
        if any(pair not in self._fresh() for pair in _pairs(distinct)) and not self._ask(distinct):
            return None
        known = self._fresh()
        try:
            return Matrix(
                [[0 if a == b else known[a, b][0] for b in places] for a in places],
                [[0 if a == b else known[a, b][1] for b in places] for a in places],
                "service",
            )
        except KeyError:
            return None

    def _fresh(self) -> dict[Pair, tuple[int, int]]:
        since = clock.now() - FRESH
        with self._lock:
            return {pair: (m, s) for pair, (m, s, at) in self._known.items() if at > since}

    def _ask(self, places: list[Point]) -> bool:
        if in_command() or (self._resting_until is not None and clock.now() < self._resting_until):
            return False  # a transaction waits for no network
        try:
            metres, seconds = self._answered(places)
        except (OSError, HTTPException, ValueError, TypeError, KeyError, AttributeError) as error:
            self._failures += 1
            log.warning("road service: %s (%s in a row)", type(error).__name__, self._failures)
            if self._failures >= FAILURES:
                self._failures, self._resting_until = 0, clock.now() + REST
            return False
        self._failures, self._resting_until = 0, None
        now = clock.now()
        with self._lock:
            for (i, one), (j, other) in (
                ((i, a), (j, b)) for i, a in enumerate(places) for j, b in enumerate(places) if i != j
            ):
                self._known[one, other] = (metres[i][j], seconds[i][j], now)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return True

    def _answered(self, places: list[Point]) -> tuple[list[list[int]], list[list[int]]]:
        where = ";".join(f"{p.longitude / MICRO:.6f},{p.latitude / MICRO:.6f}" for p in places)
        asked = f"{self.url}/table/v1/driving/{where}?annotations=duration,distance"
        request = Request(asked, headers={"User-Agent": "parc-commun", "Accept": "application/json"})  # noqa: S310
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310 – http or https, checked above
            told = json.loads(_read(response))
        if told.get("code") != "Ok":
            raise ValueError("not Ok")
        return _whole(told["distances"], len(places)), _whole(told["durations"], len(places))


def _read(response: HTTPResponse) -> bytes:
    """The body; ValueError when it is too long, or drips beyond the time a page waits."""
    give_up, body = time.monotonic() + SECONDS, b""
    while piece := response.read1(1 << 16):
        body += piece
        if len(body) > MOST_BYTES or time.monotonic() > give_up:
            raise ValueError("too long")
    return body


def _whole(rows: Sequence[Sequence[float]], size: int) -> list[list[int]]:
    """A square of whole numbers; ValueError for a hole (no road), a wrong size or what is no number."""
    if len(rows) != size or any(len(row) != size for row in rows):
        raise ValueError("not square")
    if any(not isinstance(v, int | float) or not math.isfinite(v) or v < 0 for row in rows for v in row):
        raise ValueError("not numbers")
    return [[round(value) for value in row] for row in rows]


def _pairs(places: Sequence[Point]) -> list[Pair]:
    return [(a, b) for a in places for b in places if a != b]


_service = RoadService("")


def configure(url: str) -> None:
    """Use the matrix service at `url` in this process; empty: none, distances are estimated."""
    global _service
    _service = RoadService(url)


def matrix(places: Sequence[Point]) -> Matrix:
    """Metres and seconds between places, by the service or estimated; `how` tells which, for the page to say."""
    found = _service.matrix(places)
    return found if found is not None else estimated(places, "fallback" if _service.asks else "estimate")


def estimated(places: Sequence[Point], how: How = "estimate") -> Matrix:
    """The estimate alone: as the crow flies, times the detour, at the pace."""
    factor, pace = detour(), rate_per_mille("road.pace") or PACE
    metres = [[between(a, b) * factor // 1000 for b in places] for a in places]
    return Matrix(metres, [[m * pace * 60 // 1_000_000 for m in row] for row in metres], how)


def detour() -> int:
    """The detour in thousandths of the distance as the crow flies."""
    return rate_per_mille("road.detour") or DETOUR
