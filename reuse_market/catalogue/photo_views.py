"""Photos of a group: a page of their own, announced with its weight; the seller adds and removes them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.catalogue import queries
from reuse_market.catalogue.photo_forms import OfferPhotoForm
from reuse_market.catalogue.queries import Group
from reuse_market.catalogue.views import name_of
from reuse_market.kernel import files
from reuse_market.kernel.errors import NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.photos import services
from reuse_market.refurbishing.photos.queries import sells
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

blueprint = Blueprint("offer_photos", __name__)


@blueprint.get("/catalogue/<string:key>/photos")
@access("public")
def photos(key: str) -> str | tuple[str, int]:
    """The photos of a group, read only by who asks for them."""
    actor = current_actor()
    found = queries.stored(key, actor)
    if found is None:
        return render_template("catalogue/gone.html"), 404
    return render_template(
        "catalogue/photos.html", group=found, name=name_of(found), photos=queries.photos_of(found),
        shows_photos=sells(actor, found.seller_id), list_url=url_for("catalogue.groups"),
    )  # fmt: skip


@blueprint.get("/catalogue/<string:key>/photos/<int:photo_id>.webp")
@access("public")
def photo(key: str, photo_id: int) -> Response:
    """The picture itself, for who may see the group; asked again, it is sent only if it changed."""
    shown = queries.photos_of(_group(key))
    kept = next((one for one in shown if one.id == photo_id), None)
    if kept is None:
        raise NotFound(N_("This photo does not exist."))
    answer = make_response(files.get(kept.sha256))
    answer.headers["Content-Type"] = "image/webp"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(kept.sha256)
    return answer.make_conditional(request)


@blueprint.route("/catalogue/<string:key>/photos/ajouter", methods=["GET", "POST"])
@access("reuse-actor")
def add(key: str) -> str | Response | tuple[str, int]:
    """The seller's own page: add a photo, remove one."""
    found = _group(key)
    if not sells(current_actor(), found.seller_id):
        raise NotAllowed(
            N_("Only the seller shows photos of these devices: ask it to."), code="offer-photo.seller"
        )
    form: Any = OfferPhotoForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        if not form.picture.data:
            form.refuse("picture", _("Choose a file."))
        else:
            with telling(form) as outcome:
                data = form.picture.data.read()
                services.add_photo(key, data, form.words.data, actor=current_actor())
            if outcome.ok:
                flash(_("The photo is shown."), "success")
                return redirect(url_for("offer_photos.add", key=key))
            status = outcome.status
    return render_template(
        "catalogue/add_photo.html", group=found, name=name_of(found), form=form, most=services.MOST,
        photos=queries.photos_of(found),
    ), status  # fmt: skip


@blueprint.post("/catalogue/<string:key>/photos/<int:photo_id>/retirer")
@access("reuse-actor")
def remove(key: str, photo_id: int) -> Response:
    """The seller shows a photo no more."""
    services.remove_photo(key, photo_id, actor=current_actor())
    flash(_("The photo is removed. To show it again, add it again."), "success")
    return redirect(url_for("offer_photos.add", key=key))


def _group(key: str) -> Group:
    found = queries.stored(key, current_actor())
    if found is None:
        raise NotFound(N_("These devices are no longer available."))
    return found
