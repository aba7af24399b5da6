"""Callers of the API: a party with a token, and what it asks. Each answer is held to what the API promises."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from reuse_market.accounts import tokens
from reuse_market.api.application import document
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

    @cached_property
    def verbs(self) -> list[re.Pattern[str]]:
        """The addresses the OpenAPI document takes a POST at."""
        paths = document(self.app)["paths"]
        posts = (path for path, operations in paths.items() if "post" in operations)
        return [re.compile(re.sub(r"\\{[^}]*}", "[^/:]+", re.escape(path))) for path in posts]

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        """Any request, with the token."""
        headers = self.headers | sent.pop("headers", {})
        address = path if path.startswith("/api/") else f"/api/v1{path}"
        return self.app.test_client().open(address, method=method, headers=headers, **sent)

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON of a GET."""
        return self._told(self.ask("GET", path), path, status)

    def post(self, path: str, status: int = 200, key: str | None = None, **body: Any) -> Any:
        """The JSON of a POST of `body`."""
        headers = {"Idempotency-Key": key or f"key-{next(_keys)}"}
        return self._told(self.ask("POST", path, json=body, headers=headers), path, status)

    def send(self, path: str, data: Any, content_type: str, status: int = 200) -> Any:
        """The JSON of a POST of bytes, or of a form."""
        headers = {"Idempotency-Key": f"key-{next(_keys)}"}
        answer = self.ask("POST", path, data=data, content_type=content_type, headers=headers)
        return self._told(answer, path, status)

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

    def _told(self, answer: TestResponse, path: str, status: int) -> Any:
        said = answer.get_data(as_text=True)
        assert answer.status_code == status, (path, answer.status_code, said[:2000])
        kind = "application/problem+json" if status >= 400 else "application/json"
        assert answer.content_type == kind
        for address in _offered(answer.json):
            assert any(verb.fullmatch(address) for verb in self.verbs), f"{address} is no operation"
        return answer.json


def _offered(told: Any) -> Iterator[str]:
    """The address of every action that the objects of an answer name."""
    if isinstance(told, list):
        for each in told:
            yield from _offered(each)
    if isinstance(told, dict):
        for name in told.get("actions", ()):
            yield f"{told['links']['self']}:{name}"
        for inner in told.values():
            yield from _offered(inner)


@pytest.fixture
def world(app: Flask) -> World:
    """Reference rows, territory, and parties on demand, on the application's database."""
    return World.begin()


def _secret(party: Party, scopes: tuple[str, ...]) -> str:
    _made, secret = tokens.make_token(party.person_id, party.organisation_id, scopes)
    return secret


@pytest.fixture
def caller(app: Flask, world: World) -> Callable[..., Caller]:
    """`caller(party, *scopes)` is a program with a token of the party ("write" by default)."""

    def make(party: Party, *scopes: str) -> Caller:
        return Caller(app, party, _secret(party, scopes or ("write",)))

    return make
