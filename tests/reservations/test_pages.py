"""The pages of a reservation through the real application, as each side sees them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.accounts.signatures import current_code
from reuse_market.kernel import db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import queries, services
from reuse_market.traceability.verify import verify_chains
from tests.support.world import PASSWORD, Party, World, ready_units

Sign = Callable[[Party], FlaskClient]


@pytest.fixture
def sign_in(app: Flask) -> Sign:
    """A client of the application, signed in as this party."""

    def sign(party: Party) -> FlaskClient:
        client = app.test_client()
        answer = client.post(
            "/connexion",
            data={"email": party.email, "password": PASSWORD},
            headers={"Origin": "http://localhost"},
        )
        assert answer.status_code == 302, answer.text
        return client

    return sign


def _token(page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]


def _post(client: FlaskClient, page: str, address: str, **data: object):
    """Post a form as the page would: with its token."""
    return client.post(address, data={"csrf_token": _token(client.get(page).text), **data})


def _key(page: str) -> str:
    return re.search(r"/catalogue/([0-9a-f]{16})", page)[1]  # type: ignore[index]


def _plain(page: str) -> str:
    """Words of a page, spaces made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))


def _pdf_words(data: bytes) -> str:
    """The text runs of a tagged PDF, put together."""
    from tests.support.pdf import text_of  # type: ignore[import-not-found]

    return text_of(data)
