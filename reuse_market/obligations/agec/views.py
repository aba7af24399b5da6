"""Pages of the ledger: the year, its two figures, its lines, its declaration; for overseers, whose there are."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.kernel.errors import NotFound
from reuse_market.obligations.agec import import_views, pages, policy, queries, services
from reuse_market.obligations.agec.api import declaration_file
from reuse_market.obligations.agec.asking import (
    Page,
    asked_category,
    asked_organisation,
    asked_year,
    blueprint,
)
from reuse_market.obligations.agec.forms import EntryForm, TotalsForm
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling
from reuse_market.web.sheets import sheet
from reuse_market.web.twice import once

__all__ = ["blueprint", "import_views"]


@blueprint.route("/suivi-agec", methods=["GET", "POST"])
@access("organisation-member")
def ledger() -> Page:
    """The year in a sentence, then line by line. The two figures are saved, and the CSV follows at once."""
    organisation_id, year, category = asked_organisation(), asked_year(), asked_category()
    if not policy.bound(organisation_id):
        return pages.not_bound(organisation_id)
    form, status = TotalsForm.from_request(), 200
    if request.method == "POST":
        status = 422
        year = pages.posted_year(form, year)
        if form.accepted():
            with telling(form) as outcome:
                services.set_totals(
                    year, category, form.total_cents.data, form.reused_cents.data, actor=current_actor()
                )
            if outcome.ok:
                return _saved(organisation_id, year, category)
            status = outcome.status
    return pages.year(queries.ledger(organisation_id, year), category, form), status


def _saved(organisation_id: int, year: int, category: str) -> Page:
    """To the file where it can be made and was asked for, else back with what was saved."""
    if request.form.get("then") == "csv" and not queries.declared(queries.ledger(organisation_id, year))[1]:
        return redirect(url_for("agec.declaration", annee=year))
    flash(_("The figures of the year are saved."), "success")
    return redirect(url_for("agec.ledger", annee=year, categorie=category))


@blueprint.get("/suivi-agec/declaration.csv")
@access("organisation-member")
def declaration() -> Page:
    """The yearly declaration, as data.gouv.fr wants it."""
    organisation_id = asked_organisation()
    if not policy.bound(organisation_id):
        return pages.not_bound(organisation_id)
    return declaration_file(queries.ledger(organisation_id, asked_year()))


@blueprint.get("/suivi-agec/lignes.csv")
@access("organisation-member")
def lines_csv() -> Response:
    """Every line of the year, with the reason why it counts or not."""
    organisation_id, year = asked_organisation(), asked_year()
    found = queries.ledger(organisation_id, year)
    rows = pages.sheet_rows(found, queries.entries(organisation_id, year, limit=None))
    return sheet("csv", f"suivi-agec-{year}", pages.sheet_header(), rows)


@blueprint.get("/suivi-agec/imprimer")
@access("organisation-member")
def print_view() -> Page:
    """The year on paper."""
    organisation_id = asked_organisation()
    if not policy.bound(organisation_id):
        return pages.not_bound(organisation_id)
    return pages.printed(queries.ledger(organisation_id, asked_year()))


@blueprint.route("/suivi-agec/lignes/nouvelle", methods=["GET", "POST"])
@access("organisation-member")
def new_entry() -> Page:
    """Type a line of spend made elsewhere."""
    own = asked_organisation()
    if not policy.bound(own):
        return pages.not_bound(own)
    form = EntryForm.from_request(category=asked_category())

    def add() -> Any:
        return services.add_entry(actor=current_actor(), **form.values())

    return _entry_page(form, add, _("The line is added."), None)


@blueprint.route("/suivi-agec/lignes/<int:entry_id>", methods=["GET", "POST"])
@access("organisation-member")
def entry(entry_id: int) -> Page:
    """Change a line."""
    found = _own(entry_id)
    kept = {name: getattr(found, name) for name in services.VALUES}
    form = EntryForm.from_request(**kept | ({"year": None} if found.day else {}))

    def change() -> Any:
        return services.change_entry(entry_id, actor=current_actor(), **form.values())

    return _entry_page(form, change, _("The line is changed."), entry_id)


@blueprint.post("/suivi-agec/lignes/<int:entry_id>/retirer")
@access("organisation-member")
def remove_entry(entry_id: int) -> Page:
    """Take a line out; the next page offers to bring it back."""
    _own(entry_id)
    found = services.remove_entry(entry_id, actor=current_actor())
    flash(_("The line is removed."), "success")
    return redirect(url_for("agec.ledger", annee=found.year, ligne=entry_id))


@blueprint.post("/suivi-agec/lignes/<int:entry_id>/annuler")
@access("organisation-member")
def undo_entry(entry_id: int) -> Page:
    """Undo the last change of a line."""
    _own(entry_id)
    found = services.restore_entry(entry_id, actor=current_actor())
    flash(_("The last change is undone."), "success")
    return redirect(url_for("agec.ledger", annee=found.year))


@blueprint.get("/suivi-agec/organismes")
@access("overseer")
def overview() -> str:
    """Organisations bound by law, and where each ledger stands."""
    return pages.overview(asked_year())


def _own(entry_id: int) -> Any:
    """A line of one's own ledger. NotFound otherwise."""
    found = queries.entry(entry_id, current_actor().organisation_id or 0)
    if found is None:
        raise NotFound(services.UNKNOWN)
    return found


def _entry_page(form: EntryForm, verb: Any, done: str, entry_id: int | None) -> Page:
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            address = once(lambda: url_for("agec.ledger", annee=verb().year, ligne=entry_id))
        if outcome.ok:
            flash(done, "success")
            return redirect(address)
        status = outcome.status
    return render_template("obligations/agec/entry.html", form=form, entry_id=entry_id), status
