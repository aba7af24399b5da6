"""Metres and minutes by road: a real service on a real socket, and what happens when it does not answer."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from reuse_market.kernel import clock, db
from reuse_market.places import roads
from reuse_market.places.geo import Point, between
from tests.support.world import World

A, B, C = Point(45_188_000, 5_724_000), Point(45_147_000, 5_751_000), Point(45_209_000, 5_778_000)


class Service:
    """A service of OSRM's table shape on a port of its own; `answer` is what it says next."""

    def __init__(self):
        self.asked, self.answer = [], None
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.asked.append(self.path)
                places = self.path.split("/driving/")[1].split("?")[0].split(";")
                square = [
                    [0 if i == j else 1000 * (i + 1) + j for j in range(len(places))]
                    for i in range(len(places))
                ]
                told = service.answer or json.dumps(
                    {
                        "code": "Ok",
                        "distances": square,
                        "durations": [[v / 10 for v in row] for row in square],
                    }
                )
                self.send_response(200)
                self.end_headers()
                self.wfile.write(told.encode())

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service():
    made = Service()
    roads.configure(made.url)
    yield made
    roads.configure("")
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(autouse=True)
def world(database: db.Database):
    return World.begin()


def test_without_a_service_metres_are_lengthened_and_the_page_can_say_so():
    found = roads.matrix([A, B])
    assert found.how == "estimate"
    assert found.metres == [[0, between(A, B) * 1300 // 1000], [between(B, A) * 1300 // 1000, 0]]
    assert found.seconds[0][1] == found.metres[0][1] * 1715 * 60 // 1_000_000


def test_a_service_is_asked_once_for_places_already_known(service):
    found = roads.matrix([B, A, B])
    assert found.how == "service"
    assert found.metres[0][2] == 0
    assert (found.metres[1][0], found.seconds[1][0]) == (2000, 200)
    assert found.metres[0][1] == 1001
    roads.matrix([A, B])
    assert len(service.asked) == 1
    assert "annotations=duration,distance" in service.asked[0]
    assert "5.751000,45.147000;5.724000,45.188000" in service.asked[0]
    with clock.frozen(clock.now() + roads.FRESH * 2):
        roads.matrix([A, B])
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    "answer",
    ["no json", '{"code": "NoTable"}', '{"code": "Ok"}', '{"code": "Ok", "distances": [[0]], "durations": [[0]]}',
     '{"code": "Ok", "distances": [[0, null], [1, 0]], "durations": [[0, 1], [1, 0]]}',
     '{"code": "Ok", "distances": [[0, -1], [1, 0]], "durations": [[0, 1], [1, 0]]}', "[]"],
)  # fmt: skip
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_service_out_of_its_mind_is_not_believed(service, answer):
    service.answer = answer
    assert roads.matrix([A, B]).how == "fallback"
    service.answer = None
    assert roads.matrix([A, B]).how == "service"


def test_a_service_that_fails_three_times_rests(service):
    service.answer = "no json"
    for _ in range(5):
        assert roads.matrix([A, C]).how == "fallback"
    assert len(service.asked) == roads.FAILURES
    service.answer = None
    with clock.frozen(clock.now() + roads.REST * 2):
        assert roads.matrix([A, C]).how == "service"


def test_a_transaction_never_waits_for_the_network(service):
    assert _inside().how == "fallback"
    assert service.asked == []
    roads.matrix([A, B])
    assert _inside().how == "service"


@db.command
def _inside():
    return roads.matrix([A, B])


def test_a_service_that_is_gone_or_too_many_places_fall_back():
    roads.configure("http://127.0.0.1:1")
    assert roads.matrix([A, B]).how == "fallback"
    roads.configure("ftp://example.org")
    assert roads.matrix([A, B]).how == "estimate"
    roads.configure("")
