"""Pages of fairness: the rules (public), who got what and exceptions (the operator)."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations.counter import PEOPLE
from reuse_market.reservations.fairness import allotted, rules, services
from reuse_market.reservations.fairness.forms import allotted_filter, exception_form
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling
from reuse_market.web.sheets import sheet

blueprint = Blueprint("fairness", __name__)

Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/regles-de-partage")
@access("public")
def published_rules() -> Page:
    """Who may have what, and in which order: the rows in force, in words."""
    return render_template("reservations/fairness/rules.html", rules=rules.in_force(), kinds=_kinds())


@blueprint.get("/repartition")
@access("overseer")
def who_got_what() -> Page:
    """What each structure received over twelve months."""
    form = allotted_filter(_lang())
    kind, text = form.kind.data or "", form.text.data or ""
    pager = Pager.asked(allotted.total(kind, text))
    rows = allotted.rows(kind, text, limit=pager.limit, offset=pager.offset)
    context = {
        "form": form,
        "pager": pager,
        "rows": rows,
        "kinds": _kinds(),
        "active": bool(kind) + bool(text),
        "people": PEOPLE,
    }
    return render_template("reservations/fairness/allotted.html", **context)


@blueprint.get("/repartition.csv")
@access("overseer")
def allotted_csv() -> Response:
    """The same as a file, every row of the filters."""
    kind, text, kinds = request.args.get("kind", ""), request.args.get("text", ""), _kinds()
    header = [
        _("Structure"), _("Kind of device"), _("Devices"), _("Amount before tax"), _("Share of the kind (‰)"),
        _("Last received on"),
    ]  # fmt: skip
    rows = (
        [
            _("People sent with a voucher") if r.organisation == PEOPLE else r.organisation,
            kinds[r.kind],
            r.units,
            f"{r.cents // 100},{r.cents % 100:02d}",
            r.per_mille,
            r.last_on,
        ]
        for r in allotted.every(kind, text)
    )
    return sheet("csv", "repartition", header, rows)


@blueprint.route("/repartition/<int:organisation_id>/derogation", methods=["GET", "POST"])
@access("operator")
def exception(organisation_id: int) -> Page:
    """Let a structure take more than the ceiling, until a day, and say why."""
    found = accounts.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    form = exception_form(_lang())
    status = 422 if request.method == "POST" else 200
    if form.accepted() and form.units.data and form.until.data:
        with telling(form) as outcome:
            services.grant_exception(
                organisation_id, form.kind.data, form.units.data, form.until.data, form.reason.data,
                actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(_("The exception is granted: the structure gets an e-mail."), "success")
            return redirect(url_for("fairness.who_got_what"))
        status = outcome.status
    return render_template("reservations/fairness/exception.html", form=form, found=found), status


def _lang() -> str:
    return str(get_locale())[:2]


def _kinds() -> dict[str, str]:
    english = _lang() == "en"
    return {kind.code: kind.plural_en if english else kind.plural_fr for kind in equipment.kinds()}
