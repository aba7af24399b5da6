"""The fleet by model and by identical configuration; what a spelling stands for, said once."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from reuse_market.equipment.configurations import parts
from reuse_market.fleets import configurations, queries, services, spellings, words
from reuse_market.fleets.forms import FleetForm
from reuse_market.fleets.model_forms import MergeForm, ModelForm, ModelsForm
from reuse_market.fleets.services.correcting import NO_MODEL
from reuse_market.fleets.views.base import Page, blueprint, kind_names, ways
from reuse_market.kernel.errors import DomainError, NotFound
from reuse_market.web import problems
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

PROPOSED = 5


@blueprint.get("/parc/configurations")
@access("holder")
def by_configuration() -> Page:
    """Identical devices together, whole groups to be ticked."""
    holder_id = current_actor().organisation_id or 0
    form, kinds = FleetForm.from_query(), kind_names()
    form.offer(kinds.items(), [])
    filters = form.filters()
    found = configurations.groups(holder_id, queries.chosen(holder_id, filters))
    pager = Pager.asked(len(found))
    lang = str(get_locale())
    shown = [(one, parts(one.alike, lang)) for one in found[pager.offset : pager.offset + pager.limit]]
    total = sum(one.units for one in found)
    context = {
        "form": form,
        "filters": filters,
        "pager": pager,
        "rows": shown,
        "kinds": kinds,
        "total": total,
    }
    return render_template(
        "fleets/configurations.html", ways=ways("fleets.by_configuration"), words=words,
        lot=request.args.get("lot", "")[:20], **context,
    )  # fmt: skip


@blueprint.get("/parc/modeles")
@access("holder")
def by_model() -> Page:
    """The models of the fleet: those to check first, those that look the same, what was corrected."""
    holder_id = current_actor().organisation_id or 0
    form, kinds = ModelsForm.from_query(), kind_names()
    form.offer(kinds.items())
    filters, every = form.filters(), spellings.models(holder_id)
    found = spellings.models(holder_id, filters) if filters.active else every
    pager = Pager.asked(len(found))
    rows = found[pager.offset : pager.offset + pager.limit]
    alike = spellings.alike(every)
    return render_template(
        "fleets/models.html", form=form, filters=filters, pager=pager, rows=rows, kinds=kinds, words=words,
        ways=ways("fleets.by_model"), total=len(every), to_check=sum(1 for one in every if one.to_check),
        alike=alike[:PROPOSED], more=max(0, len(alike) - PROPOSED), corrected=spellings.corrected(holder_id),
    )  # fmt: skip


@blueprint.route("/parc/modeles/<int:model_id>", methods=["GET", "POST"])
@access("holder")
def model(model_id: int) -> Page:
    """What one model is."""
    actor = current_actor()
    row = spellings.model(actor.organisation_id or 0, model_id)
    if row is None:
        raise NotFound(NO_MODEL)
    form = ModelForm.asked(kind_names().items(), kind=row.kind, maker=row.maker, name=row.name)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            count = services.correct_model(model_id, **form.values(), actor=actor)
        if outcome.ok:
            flash(_told(count), "success")
            return redirect(url_for("fleets.by_model"))
        status = outcome.status
    return render_template("fleets/model.html", form=form, row=row, words=words), status


@blueprint.post("/parc/modeles/fusionner")
@access("holder")
def merge_models() -> Page:
    """Several spellings are one model."""
    ids, into = MergeForm.from_request().chosen()
    try:
        flash(_told(services.merge_models(ids, into=into, actor=current_actor())), "success")
    except DomainError as error:
        flash(problems.words(error), "error")
    return redirect(url_for("fleets.by_model"))


@blueprint.post("/parc/modeles/corrections/<int:correction_id>/annuler")
@access("holder")
def forget_correction(correction_id: int) -> Page:
    """A correction is taken back."""
    count = services.forget_correction(correction_id, actor=current_actor())
    told = ngettext(
        "The correction is taken back: %(count)s device is as before.",
        "The correction is taken back: %(count)s devices are as before.",
        count, count=number(count),
    )  # fmt: skip
    flash(told, "success")
    return redirect(url_for("fleets.by_model"))


def _told(count: int) -> str:
    """How many devices follow."""
    if not count:
        return _("This is remembered for your next imports.")
    return ngettext(
        "%(count)s device follows; so will your next imports.",
        "%(count)s devices follow; so will your next imports.",
        count, count=number(count),
    )  # fmt: skip
