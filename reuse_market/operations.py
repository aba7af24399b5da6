"""Health, readiness and metrics: for whoever runs the service."""

from __future__ import annotations

import hmac

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, jsonify, request

from reuse_market.kernel import db, migrating
from reuse_market.web.access import access

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@access("public")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"ok": True})


@blueprint.get("/readyz")
@access("public")
def readyz() -> Response:
    """The database answers and has every migration; 503 otherwise."""
    try:
        db.session().execute(sa.text("SELECT 1"))
        waiting = migrating.pending(db.database())
    except sa.exc.SQLAlchemyError:
        response = jsonify({"ok": False, "database": False})
        response.status_code = 503
        return response
    response = jsonify({"ok": not waiting, "database": True, "migrations": not waiting})
    response.status_code = 503 if waiting else 200
    return response


@blueprint.get("/metrics")
@access("public")
def metrics() -> Response:
    """Prometheus metrics; only with `Authorization: Bearer REUSE_MARKET_METRICS_TOKEN`."""
    token = current_app.config["SETTINGS"].metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token.encode(), sent.encode()):
        abort(403)
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # loaded by who asks

    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
