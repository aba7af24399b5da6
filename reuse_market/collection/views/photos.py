"""Pictures at the door: one page to take one, and each as an image for the two sides."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.collection import photos, policy, queries, services, wording
from reuse_market.collection.forms import PhotoForm
from reuse_market.collection.models import Pickup
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.collection.words import REASONS
from reuse_market.kernel import files
from reuse_market.kernel.errors import NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/enlevements/<string:reference>/photos", methods=["GET", "POST"])
@access("door")
def take_photo(reference: str) -> Page:
    """Add a picture of a difference or of the stop; those taken, with a way to drop one."""
    found = _collecting(reference)
    form: Any = PhotoForm.from_request()
    form.batch.choices = [("", _("The whole stop")), *_acts(found)]
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.add_photo(
                reference,
                form.picture.data.read() if form.picture.data else b"",
                batch=form.batch.data or None,
                actor=current_actor(),
            )
        if outcome.ok:
            flash(_("The picture is kept."), "success")
            return redirect(url_for("collection.take_photo", reference=reference))
        status = outcome.status
    return render_template(
        "collection/photos.html", view=queries.view(found), form=form, wording=wording, language=language(),
        photos=photos.of_pickup(found, current_actor()), reasons=REASONS,
    ), status  # fmt: skip


@blueprint.get("/enlevements/<string:reference>/photos/<int:photo_id>.webp")
@access("door")
def photo(reference: str, photo_id: int) -> Response:
    """The picture itself, for the two sides only."""
    kept = photos.seen(reference, photo_id, current_actor())
    answer = make_response(files.get(kept.sha256))
    answer.headers["Content-Type"] = "image/webp"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/enlevements/<string:reference>/photos/<int:photo_id>/retirer")
@access("door")
def remove_photo(reference: str, photo_id: int) -> Page:
    """Drop a picture taken by mistake."""
    services.remove_photo(reference, photo_id, actor=current_actor())
    flash(_("The picture is removed."), "success")
    return redirect(url_for("collection.take_photo", reference=reference))


def _collecting(reference: str) -> Pickup:
    found = queries.seen(reference, current_actor())
    if not policy.taker(current_actor(), found):
        raise NotAllowed(N_("Only the organisation that collects takes pictures here."), code="photo.side")
    return found


def _acts(found: Pickup) -> list[tuple[str, str]]:
    """The acts a picture may show: the differences and the broken ones, the newest first."""
    return [
        (one.batch, " – ".join(part for part in (
            wording.outcome(one.outcome)[0], one.label or _("several lines"),
            REASONS[one.reason][language()] if one.reason else "") if part))
        for one in queries.last_noted(found, 50) if one.reason
    ]  # fmt: skip
