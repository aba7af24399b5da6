"""Registering an organisation: the form, its answers to check, the confirmation.

Nobody is signed in, so nothing is kept between two pages but a signed field: no cookie.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import get_locale
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from reuse_market.accounts import queries, registration, words
from reuse_market.accounts.registration import Application
from reuse_market.accounts.registration_forms import RegistrationForm
from reuse_market.accounts.views.base import Page, blueprint
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

PATIENCE = 4 * 3600  # seconds somebody may take to check their answers


@blueprint.route("/inscription", methods=["GET", "POST"])
@access("public")
def register() -> Page:
    """Ask who the organisation is; good answers lead to the page that checks them."""
    form = _form()
    if form.accepted():
        return _check_page(_asked(form), registration.new_reference())
    return render_template("accounts/registration.html", form=form), 422 if request.method == "POST" else 200


@blueprint.post("/inscription/corriger")
@access("public")
def correct_registration() -> Page:
    """The form again, with what was typed."""
    asked, _reference = _opened()
    form = RegistrationForm(data=asdict(asked))
    if current_actor().person_id is not None:
        form.without_person()
    return render_template("accounts/registration.html", form=form)


@blueprint.post("/inscription/envoi")
@access("public")
def send_registration() -> Page:
    """Register; the answer is the same whatever was known before."""
    asked, reference = _opened()
    form = RegistrationForm(data=asdict(asked))
    with telling(form) as outcome:
        registration.apply(asked, reference, network=request.remote_addr or "", actor=current_actor())
    if outcome.ok:
        return redirect(url_for("accounts.registered", suivi=_signer("received").dumps(reference)))
    return _check_page(asked, reference, form=form, status=outcome.status)


@blueprint.get("/inscription/recue")
@access("public")
def registered() -> Page:
    """What was received, what happens next, by when."""
    try:
        reference = _signer("received").loads(request.args.get("suivi", ""), max_age=PATIENCE)
    except BadSignature:
        return redirect(url_for("accounts.register"))
    until = clock.in_days(registration.answer_days())
    return render_template("accounts/registered.html", reference=reference, until=until)


def _form() -> RegistrationForm:
    form: RegistrationForm = RegistrationForm.from_request()
    return form.without_person() if current_actor().person_id is not None else form


def _asked(form: RegistrationForm) -> Application:
    """The answers; somebody signed in is named by their account."""
    me = queries.person(current_actor().person_id or 0)
    person = {"person_name": me.name, "email": me.email} if me else {}
    return form.application(str(get_locale())[:2], **person)


def _check_page(
    asked: Application, reference: str, *, form: RegistrationForm | None = None, status: int = 200
) -> Page:
    state = _signer("answers").dumps([asdict(asked), reference])
    shown: dict[str, Any] = {"asked": asked, "state": state, "words": words, "form": form}
    return render_template("accounts/registration_check.html", **shown), status


def _opened() -> tuple[Application, str]:
    """The signed answers of the page before; Conflict when they are too old, Invalid when not ours."""
    try:
        kept, reference = _signer("answers").loads(request.form.get("state", ""), max_age=PATIENCE)
    except SignatureExpired:
        raise Conflict(N_("This page is too old: fill the form in again."), code="registration.old") from None
    except BadSignature:
        raise Invalid(
            N_("This page cannot be read: fill the form in again."), code="registration.state"
        ) from None
    return Application(**kept | {"roles": tuple(kept["roles"])}), reference


def _signer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"registration.{salt}")
