"""The list of addresses (routes.txt) is the URL map, and each rule there is the one its view names."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from reuse_market.factory import create_app
from reuse_market.settings import Settings
from reuse_market.web.access import RULES
from tests.access.routes import routes
from tests.access.tables import laid_out, rows

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def demo_app(app: Flask, tmp_path: Path) -> Flask:
    """The same with the demonstration's own pages, so that these are judged too."""
    settings: Settings = app.config["SETTINGS"]
    return create_app(
        Settings(settings.database_url, settings.secret_key, files_url=settings.files_url, demo=True)
    )


def test_each_address_stands_in_the_list_with_its_rule(demo_app: Flask) -> None:
    found, listed = routes(demo_app), rows("routes.txt")
    add = laid_out([route for route in found if route not in listed] or [("",)])
    drop = laid_out([row for row in listed if row not in found] or [("",)])
    assert set(found) == set(listed), "\n".join(
        ["tests/access/routes.txt is not the URL map. Add:", *add, "and take out:", *drop]
    )
    assert len(listed) == len(set(listed)) == len(found)


def test_each_address_names_a_known_rule_and_each_rule_serves(demo_app: Flask) -> None:
    named = {rule for *_route, rule in routes(demo_app)}
    assert named == set(RULES)
    assert [where for _m, where, _e, rule in routes(demo_app) if rule == "demo"] == [
        "/demo/cas", "/demo/courrier", "/demo/courrier/<int:message_id>", "/demo/courrier/<int:message_id>/html"
    ]  # fmt: skip


def test_without_demonstration_its_pages_do_not_exist(app: Flask) -> None:
    assert not [where for _m, where, *_ in routes(app) if where.startswith("/demo")]
