"""A small application with the edge kit only: languages, formats and the real templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask, url_for

from reuse_market.web import catalogues, filters


@pytest.fixture(scope="session")
def kit_app() -> Flask:
    """An application that knows the kit and nothing else."""
    app = Flask(
        "kit",
        template_folder=str(catalogues.ROOT / "templates"),
        static_folder=str(catalogues.ROOT / "static"),
    )
    catalogues.register(app)
    filters.register(app)
    app.jinja_env.globals["fixed_url"] = url_for  # the product's remembers: web/addresses.py
    return app


@pytest.fixture
def reading(kit_app: Flask) -> Callable[[str], AbstractContextManager[object]]:
    """`with reading("en"):` – a request read in that language."""
    return lambda language: kit_app.test_request_context(f"/?lang={language}")


@pytest.fixture
def french(reading: Callable[[str], AbstractContextManager[object]]) -> Iterator[None]:
    """A request read in French."""
    with reading("fr"):
        yield
