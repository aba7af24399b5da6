"""Sign-in, one's own account, sites."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from reuse_market.accounts import hours, queries, services
from reuse_market.accounts.forms import LanguageForm, PasswordForm, SignInForm, SiteForm
from reuse_market.accounts.locating import ask_first
from reuse_market.accounts.passwords import matches
from reuse_market.accounts.people import SignedIn
from reuse_market.accounts.sign_in import sign_in as check_credentials
from reuse_market.accounts.views.base import Page, blueprint, local_path, opened
from reuse_market.kernel.actor import require_own_hand
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/connexion", methods=["GET", "POST"])
@access("public")
def sign_in() -> Page:
    """Sign in; then where one was going, or the first screen of one's role."""
    form = SignInForm.from_request(next=request.args.get("next", ""))
    status = 200
    if form.accepted():
        with telling(form) as outcome:
            person = check_credentials(form.email.data, form.password.data, network=request.remote_addr or "")
        if outcome.ok:
            session.clear()
            login_user(SignedIn(person.id, person.session_key, person.language))
            return redirect(local_path(form.next.data) or url_for("observatory.welcome"))
        status = outcome.status
    elif request.method == "POST":
        status = 422
    return render_template("accounts/sign_in.html", form=form), status


@blueprint.post("/deconnexion")
@access("signed-in")
def sign_out() -> Response:
    """End the session; the cookie goes."""
    logout_user()
    session.clear()
    return redirect(url_for("observatory.home"))


@blueprint.route("/compte", methods=["GET"])
@access("signed-in")
def account() -> Page:
    """Who I am, for whom I act, language, password."""
    return _account_page()


@blueprint.post("/compte/langue")
@access("signed-in")
def change_language() -> Page:
    """Keep the language of pages and mails; back to the page one reads, if it can be opened again."""
    form = LanguageForm.from_request()
    if form.accepted():
        services.set_language(current_actor().person_id or 0, form.language.data)
        return redirect(opened(form.next.data) or url_for("accounts.account"))
    return _account_page(language_form=form), 422


@blueprint.post("/compte/mot-de-passe")
@access("signed-in")
def change_password() -> Page:
    """Change the password; other sessions end, this one goes on."""
    require_own_hand(current_actor())
    form = PasswordForm.from_request()
    person = queries.person(current_actor().person_id or 0)
    if form.accepted() and person is not None:
        if not matches(person.password_hash, form.present.data):
            form.refuse("present", _("This is not your present password."))
            return _account_page(password_form=form), 422
        with telling(form) as outcome:
            services.change_password(person.id, form.password.data)
        if outcome.ok:
            fresh = queries.person(person.id)
            assert fresh is not None
            login_user(SignedIn(fresh.id, fresh.session_key, fresh.language))
            flash(_("Your password is changed."), "success")
            return redirect(url_for("accounts.account"))
    return _account_page(password_form=form), 422


@blueprint.post("/compte/organisme/<int:organisation_id>")
@access("signed-in")
def act_for(organisation_id: int) -> Response:
    """Act for another of one's organisations."""
    require_own_hand(current_actor())
    mine = queries.memberships(current_actor().person_id or 0)
    if organisation_id not in {m.organisation_id for m in mine}:
        raise NotFound(N_("This organisation does not exist."))
    session["organisation"] = organisation_id
    return redirect(url_for("observatory.welcome"))


@blueprint.get("/sites")
@access("site-keeper")
def sites() -> Page:
    """The organisation's sites."""
    found = queries.sites_of(current_actor().organisation_id or 0)
    language = str(get_locale())[:2]
    told = {one.id: hours.said(one, language) for one in found}
    return render_template("accounts/sites.html", sites=found, hours=told)


@blueprint.route("/sites/nouveau", methods=["GET", "POST"])
@access("site-keeper")
def new_site() -> Page:
    """Add a site."""
    return _site_page(None)


@blueprint.route("/sites/<int:site_id>", methods=["GET", "POST"])
@access("site-keeper")
def edit_site(site_id: int) -> Page:
    """Change a site."""
    return _site_page(site_id)


def _site_page(site_id: int | None) -> Page:
    actor = current_actor()
    site = queries.site(site_id)
    if site_id is not None and (site is None or not actor.is_org(site.organisation_id)):
        raise NotFound(N_("This site does not exist."))
    form = SiteForm.from_request(obj=site)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            values = {name: value for name, value in form.data.items() if name in services.SITE_FIELDS}
            ask_first(values, actor.organisation_id, site_id)
            services.save_site(actor.organisation_id or 0, values, actor=actor, site_id=site_id)
        if outcome.ok:
            flash(_("The site is saved."), "success")
            return redirect(local_path(request.args.get("next")) or url_for("accounts.sites"))
        status = outcome.status
    return render_template("accounts/site.html", form=form, site=site), status


def _account_page(
    language_form: LanguageForm | None = None, password_form: PasswordForm | None = None
) -> str:
    person = queries.person(current_actor().person_id or 0)
    assert person is not None
    return render_template(
        "accounts/account.html",
        person=person,
        memberships=queries.memberships(person.id),
        language_form=language_form or LanguageForm(language=person.language),
        password_form=password_form or PasswordForm(),
    )
