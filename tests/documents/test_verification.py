"""The public page that says a paper is ours."""

from __future__ import annotations

from typing import Any

import pytest

from reuse_market.documents import services
from tests.documents import samples

pytestmark = pytest.mark.usefixtures("database")


def test_a_holder_of_the_code_learns_number_and_day_but_no_fact(client: Any) -> None:
    """The page proves the paper; names and places in it stay in it."""
    facts = samples.handover_note()
    issued = services.issue(
        "handover_note", facts, lang="fr", owner="pickup/ENL-2026-0001", readers=[], number_prefix="BR",
        title="Bordereau",
    )  # fmt: skip
    code, number = issued.verification_code, issued.number
    page = client.get(f"/verification/{code.lower()}")
    assert page.status_code == 200
    assert number in page.text
    assert "Entreprise" not in page.text.split("<main")[1]


def test_an_unknown_code_is_said_and_the_form_stays(client: Any) -> None:
    """A typing mistake ends on the same form, not on a dead end."""
    page = client.get("/verification/AAAAAAAAAA")
    assert page.status_code == 404
    assert 'name="code"' in page.text
    assert client.get("/verification?code=abc").headers["Location"].endswith("/verification/abc")
