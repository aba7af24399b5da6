"""The OpenAPI document is valid 3.1, tells every operation, and each operation is gated as pages are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from reuse_market.accounts.token_words import CHOICES
from reuse_market.accounts.tokens import COLLECTIONS, RIGHTS, SCOPES
from reuse_market.api.application import document
from reuse_market.web.access import RULES, rule_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])

OPEN = {"datasets", "checkpoints", "self-audits"}  # read without a token
OPEN_TOO = {"/api/v1/allotments/rules"}  # the rules of sharing are public, what each received is not


def operations(app):
    """(rule, method, view) of every address under /api/."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield rule, method, app.view_functions[rule.endpoint]


def test_the_document_is_valid_openapi_3_1(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json["openapi"].startswith("3.1")
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(answer.json)] == []


def test_the_document_tells_every_operation(app):
    told = {
        (path, method.upper())
        for path, each in document(app)["paths"].items()
        for method in each
        if method != "parameters"
    }
    found = {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method)
        for rule, method, _ in operations(app)
    }
    assert found - told == {("/api/v1/openapi.json", "GET")}
    assert told - found == set()
    names = [
        operation["operationId"]
        for each in document(app)["paths"].values()
        for method, operation in each.items()
        if method != "parameters"
    ]
    assert len(names) == len(set(names)) == len(told)


def test_each_operation_names_a_rule_and_a_scope(app):
    for rule, method, view in operations(app):
        assert rule_of(app, rule.endpoint) in RULES, rule.rule
        if rule.rule == "/api/v1/openapi.json":
            continue
        collection, right = view.scope
        assert collection in COLLECTIONS, rule.rule
        assert right == ("read" if method == "GET" else "write")
        assert right in RIGHTS
        told_in_full = rule.rule.endswith("/faults")  # what a check found: to those who oversee
        is_open = collection in OPEN and right == "read" and not told_in_full or rule.rule in OPEN_TOO
        assert (view.access_rule == "public") == is_open, rule.rule


def test_each_scope_in_words_may_be_given(app):
    assert [scope for scope, _words in CHOICES if scope not in SCOPES] == []


def test_each_post_demands_a_key(app):
    for path, each in document(app)["paths"].items():
        if "post" in each:
            names = [p["name"] for p in each["post"]["parameters"] if p["in"] == "header" and p["required"]]
            assert names == ["Idempotency-Key"], path


def test_nothing_answers_without_a_token(app, client):
    for rule, method, view in operations(app):
        if rule.rule != "/api/v1/openapi.json" and view.access_rule != "public":
            path = re.sub(r"<int[^>]*>", "1", re.sub(r"<ref:[^>]*>", "X-1", rule.rule))
            answer = client.open(path, method=method, headers={"Idempotency-Key": "k"})
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), path
            assert answer.content_type == "application/problem+json"


def test_the_command_prints_the_document(app):
    printed = app.test_cli_runner().invoke(args=["openapi"])
    assert printed.exit_code == 0, printed.output
    assert json.loads(printed.output) == document(app)


def test_the_written_page_names_operations_that_exist(app):
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    walk = "".join(page.split("```")[1::2])
    asked = re.findall(r"\b(ask|post) '?(/[^\s?']+)", walk)
    assert len(asked) > 25
    told = document(app)["paths"]
    known = {re.compile(re.sub(r"\\{[^}]*}", "[^/:]+", re.escape(path))): each for path, each in told.items()}
    for verb, path in asked:
        method = "get" if verb == "ask" else "post"
        assert any(at.fullmatch(f"/api/v1{path}") and method in each for at, each in known.items()), path
    listed = page.split("Collections:")[1].split(". A verb")[0]
    assert set(re.findall(r"`([a-z-]+)`", listed)) == set(COLLECTIONS)
