"""Puts the rooms' collections together and tells them in one OpenAPI 3.1 document."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Any

import flask_smorest
from flask import Flask, Response, jsonify
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields
from werkzeug.routing import BaseConverter

from reuse_market.api import wiring
from reuse_market.web.access import access
from reuse_market.web.rest import ROOT, Collection

ROOMS = (
    "accounts", "erasure", "fleets", "lots", "claims", "collection", "refurbishing", "catalogue",
    "reservations", "proofs", "documents", "observatory",
)  # fmt: skip
ABOUT = """The life of a fleet's devices, from the inventory to the last beneficiary, by the same verbs as the pages.

Each request bears a token (`Authorization: Bearer …`); each POST an `Idempotency-Key` of yours. Lists are
`{"items", "next"}`: give `next` back as `?cursor=`. `actions` of an object name the operations you may call
on it now (`POST …/{it}:action`). A token of the operator names the organisation it acts for in `X-On-Behalf-Of`;
signatures and erasure proofs are then refused. Refusals are problem+json (RFC 9457): `code` is stable, `detail`
is for people.
"""


class ProblemField(Schema):
    """A field that is wrong."""

    field = fields.String(required=True)
    detail = fields.String(required=True)


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemField))
    reference = fields.String()


class Reference(BaseConverter):
    """A reference or key in an address: anything but what ends it, so that `:verb` may follow."""

    regex = r"[^/:\x00-\x1f]{1,60}"


class Api(flask_smorest.Api):
    """The library's, with our problems for its errors."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = "DEFAULT_ERROR"

    def __init__(self, app: Flask, *, spec_kwargs: dict[str, Any]) -> None:
        self._untold: list[Collection] = []
        self._told: dict[str, Any] = {}
        self._telling = threading.Lock()
        super().__init__(app, spec_kwargs=spec_kwargs)

    def _register_error_handlers(self) -> None:
        """None: web.problems answers for the whole application."""

    def _register_responses(self) -> None:
        refused: dict[str, Any] = {"description": "A refusal, with what to do about it", "schema": Problem}
        prepare_response(refused, self.spec, "application/problem+json")
        self.spec.components.response("DEFAULT_ERROR", refused, lazy=True)

    def take(self, collection: Collection) -> None:
        """Register a room's operations."""
        self._app.register_blueprint(collection)
        self._untold.append(collection)

    def tell(self) -> dict[str, Any]:
        """The document, written the first time it is asked for: most processes never are."""
        with self._telling:
            while self._untold:
                found = self._untold.pop(0)
                found.register_views_in_doc(self, self._app, self.spec, name=found.name, parameters=None)
                if found.description:
                    self.spec.tag({"name": found.collection, "description": found.description})
                self._told = {}
            self._told = self._told or self.spec.to_dict()
            return self._told


def install(app: Flask) -> None:
    """Give the application its API and `/api/v1/openapi.json`."""
    app.url_map.converters["ref"] = Reference
    app.config.update(OPENAPI_URL_PREFIX=None)
    options = {
        "info": {"description": ABOUT, "license": {"name": "EUPL-1.2"}},
        "servers": [{"url": "/"}],
    }
    api = Api(
        app,
        spec_kwargs={"title": "Parc commun", "version": "v1", "openapi_version": "3.1.0", **options},
    )
    api.register_converter(Reference, lambda _converter: {"type": "string", "minLength": 1, "maxLength": 60})
    bearer = {
        "type": "http",
        "scheme": "bearer",
        "description": "flask accounts create-token EMAIL --scope …",
    }
    api.spec.components.security_scheme("token", bearer)
    beside = (
        "accounts.people_api",
        "accounts.searches_api",
        "accounts.technicians_api",
        "desk.reference_api",
        "desk.admission_api",
        "collection.revising.api",
        "obligations.reen.api",
        "reservations.requests.api",
        "proofs.epcis.api",
        "proofs.checkpoint_api",
        "proofs.audit_api",
        "proofs.auditor.api",
        "proofs.corrections.api",
        "obligations.agec.api",
    )
    for name in (*(f"{room}.api" for room in ROOMS), *beside):
        for collection in import_module(f"reuse_market.{name}").collections:
            api.take(collection)
    wiring.register()
    app.extensions["parc-api"] = api

    @app.get(f"{ROOT}/openapi.json", endpoint="api_openapi")
    @access("public")
    def openapi() -> Response:
        """The document itself."""
        return jsonify(document(app))


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    told: dict[str, Any] = app.extensions["parc-api"].tell()
    return told
