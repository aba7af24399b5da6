"""The address service behind one class: a point for a postal address, or nothing, and never for long.

geopy's BANFrance (Base Adresse Nationale) at the address the settings give. Its answers are kept with their
date (AddressPoint); only what lies in the right commune, to the street at least, is believed.
"""

from __future__ import annotations

import hashlib
import logging
import math
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reuse_market.kernel import clock
from reuse_market.places.geo import MICRO, Point, between
from reuse_market.places.models import Commune
from reuse_market.places.names import name_key

if TYPE_CHECKING:
    from reuse_market.places.ban import Strict

log = logging.getLogger(__name__)

SERVICE = "https://data.geopf.fr/geocodage"
ATTRIBUTION = "Base Adresse Nationale – IGN, La Poste, communes, licence ouverte 2.0"
SECONDS = 2  # a form waits no longer; the rest of the answer, if any, is lost
LEAST_SCORE = 600  # thousandths; below, the service itself is guessing
KINDS = frozenset({"housenumber", "street", "locality"})  # a municipality is no better than the town hall
FARTHEST_M = 60_000  # from the town hall; beyond, somebody is mistaken
AT_ONCE = 4  # questions under way; a fifth is not asked
FAILURES = 3  # in a row: then the service is left alone
REST = timedelta(minutes=5)


class Unanswered(Exception):
    """The service is off, resting, late or out of its mind: nothing was learnt about the address."""


@dataclass(frozen=True, slots=True)
class Found:
    """A believable answer. `score` in thousandths."""

    point: Point
    score: int


class Geocoder:
    """One address service. After three failures in a row it is not asked for five minutes."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url.strip())
        self.asks = parts.scheme in ("http", "https") and bool(parts.netloc)
        self._failures = 0
        self._resting_until: datetime | None = None
        if self.asks:
            self._where = {"domain": f"{parts.netloc}{parts.path}".strip("/"), "scheme": parts.scheme}
            self._free = threading.BoundedSemaphore(AT_ONCE)

    @cached_property
    def _service(self) -> Strict:
        from reuse_market.places.ban import Strict

        return Strict(timeout=SECONDS, user_agent="parc-commun", **self._where)

    def find(self, street: str, postcode: str, commune: Commune) -> Found | None:
        """The best believable point of an address of this commune; None when the service knows none.

        Unanswered within 2 seconds in all – names, connection and body together –, while off or resting.
        """
        if not self.asks or (self._resting_until is not None and clock.now() < self._resting_until):
            raise Unanswered
        from reuse_market.places import ban  # geopy is loaded by who asks, before its seconds are counted

        asked = f"{street} {postcode} {commune.name}"[:200]
        try:
            found = _best(self._answers(asked), postcode, commune)
        except (
            queue.Empty,
            ban.GeopyError,
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
        ) as error:
            self._failed(error)
            raise Unanswered from error
        self._failures, self._resting_until = 0, None
        return found

    def _answers(self, asked: str) -> list[Mapping[str, Any]]:
        """The features the service answers with; queue.Empty after 2 seconds or when too many are asking.

        Its own timeout counts each read: a name that does not resolve, or a body that drips, would hold a
        form for minutes. So the question is asked aside, and left there when it is late.
        """
        service, answer = self._service, queue.SimpleQueue[Any]()

        def ask() -> None:
            try:
                answer.put(service.geocode(asked, limit=5, exactly_one=False))
            except Exception as error:  # told in the thread that waits
                answer.put(error)
            finally:
                self._free.release()

        if not self._free.acquire(blocking=False):
            raise queue.Empty
        threading.Thread(target=ask, name="geocoder", daemon=True).start()
        found = answer.get(timeout=SECONDS)
        if isinstance(found, Exception):
            raise found
        return [one.raw for one in found or []]

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        log.warning("address service: %s (%s in a row)", type(error).__name__, self._failures)
        if self._failures >= FAILURES:
            self._failures, self._resting_until = 0, clock.now() + REST


def _best(features: list[Mapping[str, Any]], postcode: str, commune: Commune) -> Found | None:
    """The believable feature with the best score, or None."""
    found = [each for each in (_believed(feature, postcode, commune) for feature in features) if each]
    return max(found, key=lambda each: each.score, default=None)


def _believed(feature: Mapping[str, Any], postcode: str, commune: Commune) -> Found | None:
    """The point of a feature that is precise, sure enough and in the right commune; else None."""
    about = feature["properties"]
    longitude, latitude = (float(value) for value in feature["geometry"]["coordinates"][:2])
    score = float(about.get("score", 0))
    if not all(map(math.isfinite, (longitude, latitude, score))):
        return None
    by_code = str(about.get("citycode", ""))
    same = by_code == commune.insee or (
        not by_code and str(about.get("postcode", "")) == postcode
        and name_key(str(about.get("city", ""))) == commune.name_key
    )  # fmt: skip
    if not same or about.get("type") not in KINDS or round(score * 1000) < LEAST_SCORE:
        return None
    point = Point(round(latitude * MICRO), round(longitude * MICRO))
    return (
        Found(point, min(1000, round(score * 1000))) if between(point, commune.point) < FARTHEST_M else None
    )


def key_of(street: str, insee: str) -> str:
    """The name an address is kept under: case, accents and spaces fold; the commune is its INSEE code."""
    return hashlib.sha256(f"{insee}\0{name_key(street)}".encode()).hexdigest()


_geocoder = Geocoder("")


def configure(url: str) -> None:
    """Use the address service at `url` in this process; empty: none, addresses lie at their commune's point."""
    global _geocoder
    _geocoder = Geocoder(url)


def geocoder() -> Geocoder:
    """This process's address service."""
    return _geocoder
