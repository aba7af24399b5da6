"""The operator's pages of admission: register, correct, decide, qualify."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import admission, evidence, queries, registration
from reuse_market.accounts import words as account_words
from reuse_market.accounts.lifecycle import ADMISSION
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.registration_forms import EvidenceForm, ForSomebodyForm
from reuse_market.desk import consequences, qualification, words
from reuse_market.desk.admission_forms import DecisionForm, IdentityForm, QualificationForm
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.words import N_
from reuse_market.regimes.services import qualify
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import Outcome, telling

blueprint = Blueprint("admission", __name__)

Page = str | Response | tuple[str, int]
ONE = "/console/organismes/<int:organisation_id>"
GONE = N_("This is no longer possible: the state has changed since you opened the page.")


@blueprint.route("/console/organismes/nouveau", methods=["GET", "POST"])
@access("operator")
def register() -> Page:
    """Register an organisation that calls or writes; then decide on it."""
    form = ForSomebodyForm.from_request()
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            made = registration.register_for(form.application(str(get_locale())[:2]), actor=current_actor())
        if outcome.ok:
            flash(_("%(name)s is registered.", name=made.name), "success")
            return _back(made.id)
    return render_template("desk/register.html", form=form), _status(form, outcome)


@blueprint.route(f"{ONE}/modifier", methods=["GET", "POST"])
@access("operator")
def correct(organisation_id: int) -> Page:
    """Correct identity, legal kind and roles."""
    found = _organisation(organisation_id)
    form = IdentityForm.from_request(obj=found, roles=sorted(queries.roles_of(found.id)))
    outcome = Outcome()
    if form.accepted():
        values = {name: value or "" for name, value in form.data.items() if name != "roles"}
        with telling(form) as outcome:
            registration.change_organisation(
                found.id, roles=tuple(form.roles.data), actor=current_actor(), **values
            )
        if outcome.ok:
            flash(_("The organisation is corrected."), "success")
            return _back(found.id)
    return render_template("desk/correct.html", form=form, organisation=found), _status(form, outcome)


@blueprint.route(f"{ONE}/<any(admit, refuse, suspend, reinstate):action>", methods=["GET", "POST"])
@access("operator")
def decide(organisation_id: int, action: str) -> Page:
    """What the decision will do, said before it is taken; then the decision."""
    found = _organisation(organisation_id)
    if not ADMISSION.allows(action, found, current_actor()):
        raise Conflict(GONE)
    form = DecisionForm.from_request(roles=sorted(queries.roles_of(found.id)))
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            admission.decide_on_organisation(
                found.id, action, actor=current_actor(), reason=form.reason.data or "",
                roles=form.roles.data if action == "admit" else None, paper_charter=form.paper_charter.data,
            )  # fmt: skip
        if outcome.ok:
            flash(_("The decision on %(name)s is recorded.", name=found.name), "success")
            return _back(found.id)
    return _decision_page(found, action, form), _status(form, outcome)


@blueprint.route(f"{ONE}/qualification", methods=["GET", "POST"])
@access("operator")
def qualification_page(organisation_id: int) -> Page:
    """What the organisation is before the law, on which evidence, and what that changes."""
    found = _organisation(organisation_id)
    form: QualificationForm = QualificationForm.from_request().offer(
        qualification.provable(found), qualification.files_of(found)
    )
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            qualify(
                found.id, form.party_kind.data, evidence=form.evidence.data, evidence_id=form.file_id(),
                valid_from=form.valid_from.data, until=form.until.data, actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(_("The legal standing of %(name)s is recorded.", name=found.name), "success")
            return redirect(url_for("admission.qualification_page", organisation_id=found.id))
    return render_template(
        "desk/qualification.html", form=form, organisation=found, standing=qualification.standing_of(found),
        words=account_words,
    ), _status(form, outcome)  # fmt: skip


@blueprint.route(f"{ONE}/justificatifs", methods=["GET", "POST"])
@access("operator")
def add_evidence(organisation_id: int) -> Page:
    """Add a file that came by post or by mail."""
    found = _organisation(organisation_id)
    form: EvidenceForm = EvidenceForm.from_request().offer(evidence.kinds(found.legal_kind))
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            evidence.add_evidence(
                found.id, form.kind.data, form.content(), note=form.note.data or "",
                issued_on=form.issued_on.data, until=form.until.data, actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(_("The file is added."), "success")
            return _back(found.id)
    return render_template("desk/add_evidence.html", form=form, organisation=found), _status(form, outcome)


def _decision_page(found: Organisation, action: str, form: DecisionForm) -> str:
    return render_template(
        "desk/decision.html", organisation=found, action=action, form=form, file=admission.file_of(found),
        under_way=consequences.under_way(found.id) if action == "suspend" else [],
        explained=action in admission.EXPLAINED, fate=consequences.FATE, words=account_words,
        desk_words=words,
    )  # fmt: skip


def _status(form: Form, outcome: Outcome) -> int:
    """The refusal's, 422 for a form that came back, else 200."""
    return outcome.status if not outcome.ok else 422 if form.errors else 200


def _back(organisation_id: int) -> Response:
    return redirect(url_for("desk.organisation", organisation_id=organisation_id))


def _organisation(organisation_id: int) -> Organisation:
    found = queries.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    return found
