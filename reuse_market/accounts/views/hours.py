"""The opening hours of a site."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts import hours, queries
from reuse_market.accounts.hours_forms import HoursForm, filled
from reuse_market.accounts.views.base import Page, blueprint, local_path
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/sites/<int:site_id>/horaires", methods=["GET", "POST"])
@access("site-keeper")
def site_hours(site_id: int) -> Page:
    """Say when somebody is at a site: slots of pick-ups are proposed from it."""
    actor = current_actor()
    site = queries.site(site_id)
    if site is None or not actor.is_org(site.organisation_id):
        raise NotFound(N_("This site does not exist."))
    form = HoursForm.from_request(**filled(site))
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            hours.set_hours(site_id, actor=actor, **form.values())
        if outcome.ok:
            flash(_("The opening hours are saved."), "success")
            return redirect(local_path(request.args.get("next")) or url_for("accounts.sites"))
        status = outcome.status
    days = hours.DAY_NAMES[str(get_locale())[:2]]
    return render_template("accounts/hours.html", form=form, site=site, days=days), status
