"""The operator's file of contacts, and links handed on when a message does not arrive."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField
from wtforms.validators import InputRequired

from reuse_market.accounts import invitations, password_reset
from reuse_market.accounts import queries as accounts
from reuse_market.desk import inviting
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.notices import queries as notices
from reuse_market.notices.settings import settings
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling

blueprint = Blueprint("inviting", __name__)
FILE = "/console/invitations/<string(length=64):address>"
Page = str | Response | tuple[str, int]


class ContactsForm(Form):
    """The file."""

    file = FileField(
        _l("File of contacts"), [InputRequired()], description=_l("CSV, 1 MB and 1,000 rows at most.")
    )


@blueprint.route("/console/invitations", methods=["GET", "POST"])
@access("operator")
def upload() -> Page:
    """Choose the file; it is read, nobody is invited yet."""
    form = ContactsForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            address = inviting.keep_file(
                form.file.data.read() if form.file.data else b"", actor=current_actor()
            )
        if outcome.ok:
            return redirect(url_for("inviting.check", address=address))
        status = outcome.status
    return render_template("desk/inviting.html", form=form), status


@blueprint.get(FILE)
@access("operator")
def check(address: str) -> str:
    """Row by row: who will be invited, who is known, what is to correct."""
    found = inviting.verdicts(address, actor=current_actor())
    counts = {
        what: sum(1 for one in found if one.what == what) for what in ("new", "joins", "known", "wrong")
    }
    return render_template(
        "desk/inviting_check.html", found=found, counts=counts, address=address,
        reasons=lambda row: inviting.reasons(row, _), at_once=inviting.AT_ONCE,
    )  # fmt: skip


@blueprint.post(FILE)
@access("operator")
def invite(address: str) -> Response:
    """Invite the next rows; the page then says what is left."""
    done = inviting.invite_next(address, actor=current_actor())
    flash(_("%(count)s invitations are on their way.", count=done), "success")
    return redirect(url_for("inviting.check", address=address))


@blueprint.get(f"{FILE}/a-corriger.csv")
@access("operator")
def wrong(address: str) -> Response:
    """The rows to correct, as a file with their reasons."""
    data = inviting.wrong_rows(address, _, actor=current_actor())
    headers = {"Content-Disposition": "attachment; filename=a-corriger.csv"}
    return Response(data, mimetype="text/csv", headers=headers)


@blueprint.post("/console/messages/<int:message_id>/lien")
@access("operator")
def message_link(message_id: int) -> Response:
    """A fresh one-time link instead of a message that does not arrive."""
    found = notices.get(message_id)
    if found is None or "secret" not in found.facts:
        raise NotFound(N_("This message does not exist."))
    if found.template == "invitation":
        token = invitations.copy_link(int(found.about.partition("/")[2]), actor=current_actor())
        return _shown(url_for("accounts.join", token=token), url_for("desk.messages"))
    person = accounts.person_by_email(found.to_address)
    return _password_link(person.id if person else 0, url_for("desk.messages"))


@blueprint.post("/console/organismes/<int:organisation_id>/personnes/<int:person_id>/lien")
@access("operator")
def person_link(organisation_id: int, person_id: int) -> Response:
    """A link to choose a password, for somebody who calls."""
    return _password_link(person_id, url_for("accounts.people", organisation_id=organisation_id))


def _password_link(person_id: int, back: str) -> Response:
    token = password_reset.copy_link(person_id, actor=current_actor())
    return _shown(url_for("accounts.choose_password", token=token), back)


def _shown(path: str, back: str) -> Response:
    page = render_template("accounts/copied_link.html", address=settings().base_url + path, back=back)
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})
