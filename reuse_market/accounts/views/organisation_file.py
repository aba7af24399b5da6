"""The organisation's own file: who it is, its evidence, the charter, where its admission stands."""

from __future__ import annotations

import io

from flask import Response, flash, redirect, render_template, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts import admission, charter, evidence, queries, registration, words
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.registration_forms import CharterForm, ContactForm, EvidenceForm
from reuse_market.accounts.views.base import Page, blueprint
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.get("/organisation")
@access("organisation-member")
def organisation_file() -> Page:
    """The file and its state in a sentence."""
    return _page(_mine())


@blueprint.post("/organisation/coordonnees")
@access("organisation-member")
def save_contact() -> Page:
    """Keep phone and e-mail."""
    mine, form = _mine(), ContactForm.from_request()
    if form.accepted():
        with telling(form) as outcome:
            registration.change_organisation(
                mine.id, phone=form.phone.data or "", email=form.email.data or "", actor=current_actor()
            )
        if outcome.ok:
            flash(_("The contact of the organisation is saved."), "success")
            return redirect(url_for("accounts.organisation_file"))
    return _page(mine, contact=form), 422


@blueprint.post("/organisation/justificatifs")
@access("organisation-member")
def send_evidence() -> Page:
    """Add a file."""
    mine = _mine()
    form: EvidenceForm = EvidenceForm.from_request().offer(evidence.kinds(mine.legal_kind))
    if form.accepted():
        with telling(form) as outcome:
            evidence.add_evidence(
                mine.id, form.kind.data, form.content(), note=form.note.data or "",
                issued_on=form.issued_on.data, until=form.until.data, actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(_("The file is added."), "success")
            return redirect(url_for("accounts.organisation_file"))
    return _page(mine, sending=form), 422


@blueprint.post("/organisation/justificatifs/<int:evidence_id>/retrait")
@access("organisation-member")
def withdraw_evidence(evidence_id: int) -> Page:
    """Take a file back."""
    evidence.withdraw_evidence(evidence_id, actor=current_actor())
    flash(_("The file is withdrawn."), "success")
    return redirect(url_for("accounts.organisation_file"))


@blueprint.get("/organisation/justificatifs/<int:evidence_id>")
@access("signed-in")
def read_evidence(evidence_id: int) -> Response:
    """The file, for the organisation and those who oversee (whose reading is written down)."""
    row, data = evidence.read_evidence(evidence_id, actor=current_actor())
    name = f"justificatif-{row.id}.{evidence.ending(row)}"
    return send_file(io.BytesIO(data), mimetype=row.media_type, as_attachment=True, download_name=name)


@blueprint.route("/organisation/charte", methods=["GET", "POST"])
@access("organisation-member")
def sign_charter() -> Page:
    """Read the charter, and accept it for one's organisation."""
    mine, language = _mine(), str(get_locale())[:2]
    form = CharterForm.from_request(version=charter.CURRENT)
    status = 200
    if form.accepted():
        with telling(form) as outcome:
            charter.sign_charter(mine.id, form.version.data, language=language, actor=current_actor())
        if outcome.ok:
            flash(_("The charter is signed."), "success")
            return redirect(url_for("accounts.organisation_file"))
    if form.errors:
        status = 422
    return render_template(
        "accounts/charter.html", form=form, organisation=mine, sections=charter.text(language),
        version=charter.CURRENT, may_sign=charter.may_sign(mine.id, current_actor()),
        signed=charter.is_signed(mine.id),
    ), status  # fmt: skip


def _mine() -> Organisation:
    found = queries.organisation(current_actor().organisation_id or 0)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    return found


def _page(
    mine: Organisation, *, contact: ContactForm | None = None, sending: EvidenceForm | None = None
) -> str:
    return render_template(
        "accounts/organisation_file.html", organisation=mine, file=admission.file_of(mine), words=words,
        contact=contact or ContactForm(phone=mine.phone, email=mine.email),
        sending=sending or EvidenceForm().offer(evidence.kinds(mine.legal_kind)),
        open_to_files=mine.state != "suspended", may_sign=charter.may_sign(mine.id, current_actor()),
        panels=panels.drawn("organisation.main", mine, current_actor()),
    )  # fmt: skip
