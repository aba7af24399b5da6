"""Pages of sealed containers: noted at the door, labelled, read and counted at the workshop."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.collection import papers_sealed, policy, queries
from reuse_market.collection.containers import counting, services
from reuse_market.collection.containers import queries as containers
from reuse_market.collection.containers.forms import ReadForm, containers_form, count_form, counted, sealed
from reuse_market.collection.models import Container, Pickup
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.documents.rendering import render
from reuse_market.kernel import clock
from reuse_market.kernel.errors import NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/enlevements/<string:reference>/contenants", methods=["GET", "POST"])
@access("door")
def sealing(reference: str) -> Page:
    """Note sealed containers in place of their devices; those noted, each with its undo."""
    found = queries.seen(reference, current_actor())
    if not policy.taker(current_actor(), found):
        raise NotAllowed(N_("Only the organisation that collects checks the devices off."))
    form: Any = containers_form(language())
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = services.note_containers(reference, sealed(form), actor=current_actor())
        if outcome.ok:
            units = sum(one.declared for one in made)
            flash(ngettext("%(num)s device noted", "%(num)s devices noted", units), "success")
            return redirect(url_for("collection.sealing", reference=reference))
        status = outcome.status
    return _sealing_page(found, form), status


@blueprint.get("/enlevements/<string:reference>/contenants/etiquettes.pdf")
@access("party")
def container_labels(reference: str) -> Response:
    """QR labels of the containers of a pick-up, on a sheet."""
    found = queries.seen(reference, current_actor())
    made = containers.of_pickup(found.id)
    if not made:
        raise NotFound(N_("This pick-up has no sealed container."))
    base = current_app.config["SETTINGS"].base_url
    facts = {"format": "a4-24", "labels": [_label(one, found, base) for one in made]}
    data = render("label_sheet", facts | {"made_at": clock.now().isoformat()}, lang=language())
    return Response(
        data, mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{found.reference}-contenants.pdf"'},
    )  # fmt: skip


@blueprint.get("/contenants/<string:code>")
@access("party")
def container(code: str) -> Page:
    """What it is said to hold, what was read and counted since."""
    return _container_page(*containers.seen(code, current_actor()))


@blueprint.post("/contenants/<string:code>/retirer")
@access("door")
def remove_container(code: str) -> Page:
    """Take it off the list, until the driver signs."""
    _found, pickup = containers.seen(code, current_actor())
    done = services.remove_container(code, actor=current_actor())
    flash(
        ngettext("%(num)s device is to check off again", "%(num)s devices are to check off again", done),
        "success",
    )
    return redirect(url_for("collection.sealing", reference=pickup.reference))


@blueprint.post("/contenants/<string:code>/lecture")
@access("taker")
def read_container(code: str) -> Page:
    """One device is taken out and read."""
    found, pickup = containers.seen(code, current_actor())
    form: Any = ReadForm.from_request()
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            counting.read_unit(
                code, form.code.data or "", serial=form.serial.data or None, actor=current_actor()
            )
        if outcome.ok:
            flash(_("Read: %(code)s", code=form.code.data), "success")
            return redirect(url_for("collection.container", code=code))
        status = outcome.status
    return _container_page(found, pickup, reading=form), status


@blueprint.post("/contenants/<string:code>/comptage")
@access("taker")
def count_container(code: str) -> Page:
    """Say how many there are: as signed, or a revision is proposed to the holder."""
    found, pickup = containers.seen(code, current_actor())
    form: Any = count_form(containers.contents(found, pickup.lot_id))
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            revision = counting.count_container(code, counted(form), actor=current_actor())
        if outcome.ok and revision is None:
            flash(_("Counted: everything is as signed."), "success")
            return redirect(url_for("collection.container", code=code))
        if outcome.ok and revision is not None:
            flash(_("Counted. The holder is asked to accept the difference."), "success")
            return redirect(url_for("collection.revision", reference=revision.reference))
        status = outcome.status
    return _container_page(found, pickup, counting_form=form), status


def _sealing_page(found: Pickup, form: Any) -> str:
    rows = queries.tally(found)
    made = containers.of_pickup(found.id)
    return render_template(
        "collection/containers.html",
        view=queries.view(found),
        form=form,
        left=sum(row.left for row in rows),
        checking=found.state == "agreed",
        made=[(one, papers_sealed.container(one, language())) for one in made],
        said=sum(one.declared for one in made),
    )


def _container_page(
    found: Container, pickup: Pickup, *, reading: Any = None, counting_form: Any = None
) -> str:
    contents = containers.contents(found, pickup.lot_id)
    return render_template(
        "collection/container.html",
        container=found,
        named=papers_sealed.container(found, language()),
        view=queries.view(pickup),
        contents=contents,
        inside=containers.inside(found),
        offered=containers.offered(found, pickup, current_actor()),
        until=containers.count_until(pickup),
        signed=pickup.driver_signed_at,
        reading=reading or ReadForm(),
        counting=counting_form or count_form(contents),
        refused=reading or counting_form,
    )


def _label(one: Container, found: Pickup, base: str) -> dict[str, Any]:
    named = papers_sealed.container(one, language())["label"]
    return {"code": one.code, "label": f"{named} – {found.reference}", "url": f"{base}/contenants/{one.code}"}
