"""The address service, played by a real server: right, slow, dripping, wrong, down."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reuse_market.accounts import locating, services
from reuse_market.accounts.models import Site
from reuse_market.equipment.services import seed_reference
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.places import addresses, geocoding
from reuse_market.places import queries as places
from reuse_market.places.geo import Point
from reuse_market.places.geocoding import Geocoder, Unanswered
from reuse_market.places.models import AddressPoint
from reuse_market.places.services import ensure_territory
from tests.support.world import Party, make_party

EYBENS = "38158"
HERE = [5.7501, 45.1478]  # in Eybens
VALUES = {
    "name": "Siège", "street": "1 rue de l’Exemple", "postcode": "38320", "commune_name": "Eybens",
}  # fmt: skip


def feature(**about: Any) -> dict[str, Any]:
    """What the service says of one address; `at` are longitude and latitude."""
    at = about.pop("at", HERE)
    told = {"label": "1 Rue de l’Exemple 38320 Eybens", "score": 0.93, "type": "housenumber",
            "citycode": EYBENS, "postcode": "38320", "city": "Eybens"} | about  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": told}


class Service(ThreadingHTTPServer):
    """Answers as it is told to: `features`, after `delay` seconds, or `raw` bytes, with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.features: list[dict[str, Any]] = [feature()]
        self.delay, self.status, self.raw, self.drips = 0.0, 200, b"", False
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    @property
    def url(self) -> str:
        """Its address, with a path as the real one has."""
        return f"http://127.0.0.1:{self.server_address[1]}/geocodage"


class Answering(BaseHTTPRequestHandler):
    """One request."""

    server: Service

    def do_GET(self) -> None:
        """Answer it."""
        parts = urlsplit(self.path)
        self.server.asked.append((parts.path, parse_qs(parts.query)))
        time.sleep(self.server.delay)
        body = (
            self.server.raw
            or json.dumps({"type": "FeatureCollection", "features": self.server.features}).encode()
        )
        try:
            self.send_response(self.server.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for start in range(0, len(body), 1 if self.server.drips else len(body)):
                self.wfile.write(body[start : start + (1 if self.server.drips else len(body))])
                self.wfile.flush()
                time.sleep(0.3 if self.server.drips else 0)
        except OSError:
            pass  # the asker left

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """The service, listening."""
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def commune(database: db.Database) -> Any:
    """Eybens, and the delays."""
    ensure_territory()
    seed_reference()
    return places.commune(EYBENS)


@pytest.fixture
def asking(service: Service) -> Iterator[Service]:
    """The service, used by this process."""
    geocoding.configure(service.url)
    yield service
    geocoding.configure("")


@pytest.fixture
def party(commune: Any) -> Party:
    """A holder whose site was saved while no service was configured."""
    return make_party("Entreprise Exemple", "holder")


def test_what_is_asked_and_what_is_understood(service: Service, commune: Any) -> None:
    found = Geocoder(service.url).find("1 rue de l’Exemple", "38320", commune)
    assert found is not None
    assert (found.point, found.score) == (Point(45_147_800, 5_750_100), 930)
    [(path, query)] = service.asked
    assert path == "/geocodage/search"
    assert query == {"q": ["1 rue de l’Exemple 38320 Eybens"], "limit": ["5"]}


def test_the_real_service_is_named_as_geopy_wants_it() -> None:
    assert Geocoder(geocoding.SERVICE)._service.geocode_api == "https://data.geopf.fr/geocodage/search"


UNBELIEVED: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "another commune": [feature(citycode="38185", postcode="38000", city="Grenoble")],
    "another commune of the same name": [feature(citycode="21200")],
    "unsure": [feature(score=0.59)],
    "only the commune": [feature(type="municipality")],
    "far away, whatever it says": [feature(at=[2.35, 48.85])],
    "no code, another postcode": [feature(citycode="", postcode="38000")],
}


@pytest.mark.parametrize("case", UNBELIEVED)
def test_what_is_not_believed(service: Service, commune: Any, case: str) -> None:
    service.features = UNBELIEVED[case]
    assert Geocoder(service.url).find("1 rue de l’Exemple", "38320", commune) is None


def test_the_best_believable_answer_is_taken(service: Service, commune: Any) -> None:
    service.features = [
        feature(citycode="38185", score=0.99), feature(score=0.7), feature(score=0.8, at=[5.75, 45.15]),
    ]  # fmt: skip
    found = Geocoder(service.url).find("1 rue de l’Exemple", "38320", commune)
    assert found is not None
    assert found.point == Point(45_150_000, 5_750_000)


BROKEN: dict[str, dict[str, Any]] = {
    "slow": {"delay": 4},
    "dripping": {"drips": True},
    "an error": {"status": 503},
    "too many requests": {"status": 429},
    "no JSON": {"raw": b"<html>maintenance</html>"},
    "JSON of another shape": {"raw": b'{"features": [{"geometry": {"coordinates": ["x", null]}}]}'},
    "not even an object": {"raw": b"[1]"},
    "a number that is none": {"raw": b'{"features": [{"geometry": null, "properties": {}}]}'},
}


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_service_is_no_answer_and_holds_nobody(service: Service, commune: Any, case: str) -> None:
    for name, value in BROKEN[case].items():
        setattr(service, name, value)
    began = time.monotonic()
    with pytest.raises(Unanswered):
        Geocoder(service.url).find("1 rue de l’Exemple", "38320", commune)
    assert time.monotonic() - began < 3.0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_after_three_failures_it_rests_five_minutes(service: Service, commune: Any) -> None:
    service.status = 503
    geocoder, now = Geocoder(service.url), clock.now()
    with clock.frozen(now):
        for _ in range(5):
            with pytest.raises(Unanswered):
                geocoder.find("1 rue", "38320", commune)
        assert len(service.asked) == 3
    service.status = 200
    with clock.frozen(now + timedelta(minutes=4)), pytest.raises(Unanswered):
        geocoder.find("1 rue", "38320", commune)
    with clock.frozen(now + timedelta(minutes=6)):
        assert geocoder.find("1 rue", "38320", commune) is not None


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("url", ["", "nonsense", "ftp://exemple.fr", "http://"])
def test_off(commune: Any, url: str) -> None:
    with pytest.raises(Unanswered):
        Geocoder(url).find("1 rue", "38320", commune)


def test_a_site_is_placed_at_its_address_once_asked(asking: Service, party: Party) -> None:
    locating.ask_first(VALUES, party.organisation_id)
    kept = services.save_site(party.organisation_id, VALUES, actor=party.actor)
    assert (kept.located_by, kept.latitude, kept.longitude) == ("address", 45_147_800, 5_750_100)
    number = kept.id
    # Another street: asked again; the service knows it not, so the commune's point.
    asking.features = []
    moved = {"street": "99 rue Inconnue"}
    locating.ask_first(moved, party.organisation_id, number)
    assert asking.asked[-1][1]["q"] == ["99 rue Inconnue 38320 Eybens"]
    kept = services.save_site(party.organisation_id, moved, actor=party.actor, site_id=number)
    commune = places.commune(EYBENS)
    assert commune is not None
    assert (kept.located_by, kept.latitude) == ("commune", commune.latitude)


def test_answers_are_kept_good_ones_longer(asking: Service, party: Party) -> None:
    now = clock.now()
    with clock.frozen(now):
        assert addresses.ask("1 rue de l’Exemple", "38320", "Eybens")
        assert not addresses.ask("1, RUE DE L'EXEMPLE", "38320", "EYBENS")
        asking.features = []
        assert addresses.ask("99 rue Inconnue", "38320", "Eybens")
        assert not addresses.ask("99 rue Inconnue", "38320", "Eybens")
    assert len(asking.asked) == 2
    with clock.frozen(now + timedelta(days=8)):
        assert not addresses.ask("1 rue de l’Exemple", "38320", "Eybens")
        assert addresses.ask("99 rue Inconnue", "38320", "Eybens")
    with clock.frozen(now + timedelta(days=366)):
        assert addresses.ask("1 rue de l’Exemple", "38320", "Eybens")
    located = addresses.locate("1 rue de l’Exemple", "38320", "Eybens")
    assert located is not None
    assert located.how == "address"


def test_the_job_places_what_was_saved_while_it_slept(asking: Service, party: Party) -> None:
    site = session().get(Site, party.site_id)
    assert site is not None
    assert site.located_by == "commune"
    assert locating.locate_sites() == 1
    assert locating.locate_sites() == 0
    site = session().get(Site, party.site_id)
    assert site is not None
    assert (site.located_by, site.latitude) == ("address", 45_147_800)
    assert len(asking.asked) == 1


def test_it_is_never_asked_inside_a_command(asking: Service, party: Party) -> None:
    @db.command
    def verb() -> None:
        addresses.ask("1 rue de l’Exemple", "38320", "Eybens")

    with pytest.raises(RuntimeError, match="before a command"):
        verb()
    assert asking.asked == []
    assert session().query(AddressPoint).count() == 0
