"""What lets the phone page work without network: what it keeps, what it sends, its worker and its manifest."""

from __future__ import annotations

from typing import Any

from flask import current_app, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from reuse_market.collection import door, policy, queries, wording
from reuse_market.collection.phone_schemas import GesturesInput
from reuse_market.collection.views import gestures
from reuse_market.collection.views.base import blueprint, language
from reuse_market.kernel.errors import Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.web import csrf
from reuse_market.web.access import access, current_actor

SCRIPTS = ("phone-queue.js", "phone-worker.js")


@blueprint.get("/enlevements/<string:reference>/pointage/etat.json")
@access("door")
def door_state(reference: str) -> Response:
    """The pick-up as the phone keeps it, and the token its next sending needs."""
    return jsonify(_state(reference))


@blueprint.post("/enlevements/<string:reference>/pointage/gestes")
@access("door")
def door_acts(reference: str) -> Response | tuple[Response, int]:
    """Acts that waited in the phone, each answered by itself; then the pick-up as it is now."""
    queries.seen(reference, current_actor())
    try:
        batch = GesturesInput().load(request.get_json(silent=True) or {})
    except ValidationError:
        raise Invalid(N_("This request cannot be read."), code="gestures") from None
    return jsonify({
        "answers": gestures.answered(reference, batch, current_actor()), "state": _state(reference),
    })  # fmt: skip


@blueprint.get("/hors-ligne.js")
@access("public")
def worker() -> Response:
    """The service worker: at the root, since a worker acts below its own address."""
    parts = [url_for("static", filename=name) for name in SCRIPTS]
    answer = make_response("\n".join(f'importScripts("{part}");' for part in parts) + "\n")
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@blueprint.get("/tournee.webmanifest")
@access("public")
def manifest() -> Response:
    """What a phone needs to put the driver's pages on its home screen."""
    answer = jsonify(
        {
            "name": _("Parc commun – pick-ups"),
            "short_name": _("Pick-ups"),
            "lang": language(),
            "id": "/enlevements/telephone",
            "start_url": "/enlevements/telephone",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#123B52",
            "icons": [
                {"src": url_for("static", filename=f"icon-{size}.png"), "sizes": f"{size}x{size}",
                 "type": "image/png", "purpose": purpose}
                for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
            ],
        }
    )  # fmt: skip
    answer.headers["Content-Type"] = "application/manifest+json"
    answer.headers["Cache-Control"] = f"max-age={3600 if not current_app.debug else 0}"
    return answer


@blueprint.get("/enlevements/telephone")
@access("door")
def road() -> str:
    """The driver's first page: the stops to come, and those kept in this phone."""
    actor = current_actor()
    organisation = actor.organisation_id or 0
    views = [
        view for view in queries.of_organisation(organisation)
        if view.actor_id == organisation and view.open and view.state in ("agreed", "done")
        and (actor.via != "link" or view.reference in actor.scope)
    ]  # fmt: skip
    return render_template("collection/road.html", views=views, wording=wording)


def _state(reference: str) -> dict[str, Any]:
    actor = current_actor()
    found = queries.seen(reference, actor)
    if not policy.taker(actor, found):
        raise NotAllowed(N_("Only the organisation that collects checks the devices off."))
    return door.snapshot(found, actor) | {"token": csrf.token()}
