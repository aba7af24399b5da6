"""Callers of the API: a party with a token, and what it asks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from reuse_market.accounts import tokens
from tests.support.world import Party, World

_keys = itertools.count(1)


@dataclass
class Caller:
    """A program that acts for a party. Each `post` makes its own Idempotency-Key unless given one."""

    app: Flask
    party: Party
    secret: str
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {self.secret}"}

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        """Any request, with the token."""
        headers = self.headers | sent.pop("headers", {})
        address = path if path.startswith("/api/") else f"/api/v1{path}"
        return self.app.test_client().open(address, method=method, headers=headers, **sent)

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON of a GET."""
        answer = self.ask("GET", path)
        assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def post(self, path: str, status: int = 200, key: str | None = None, **body: Any) -> Any:
        """The JSON of a POST of `body`."""
        headers = {"Idempotency-Key": key or f"key-{next(_keys)}"}
        answer = self.ask("POST", path, json=body, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def all(self, path: str) -> list[Any]:
        """Every item of a list, page by page."""
        found, cursor = [], ""
        while True:
            joint = "&" if "?" in path else "?"
            page = self.get(f"{path}{joint}limit=7{f'&cursor={cursor}' if cursor else ''}")
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = page["next"]


@pytest.fixture
def world(app: Flask) -> World:
    """Reference rows, territory, and parties on demand, on the application's database."""
    return World.begin()


@pytest.fixture
def caller(app: Flask, world: World) -> Callable[..., Caller]:
    """`caller(party, *scopes)` is a program with a token of the party ("write" by default)."""

    def make(party: Party, *scopes: str) -> Caller:
        _made, secret = tokens.make_token(party.person_id, party.organisation_id, scopes or ("write",))
        return Caller(app, party, secret)

    return make
