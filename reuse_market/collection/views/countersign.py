"""The holder's contact signs from afar, by the link of its mail; either side has it sent."""

from __future__ import annotations

from typing import Any

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.collection import countersigning, links, papers, queries, wording
from reuse_market.collection.link_forms import SignByLinkForm
from reuse_market.collection.models import SignatureLink
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.documents import queries as documents
from reuse_market.kernel.errors import NotFound
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.post("/enlevements/<string:reference>/demander-signature")
@access("door")
def ask_signature(reference: str) -> Page:
    """Nobody can sign here: the contact and the holder's people get a link."""
    sent = countersigning.ask_signature(reference, actor=current_actor())
    flash(ngettext("The link to sign is sent to %(num)s address.", "The link to sign is sent to %(num)s addresses.",
                   len(sent)), "success")  # fmt: skip
    return redirect(url_for("collection.handover", reference=reference))


@blueprint.route("/signature/<string:token>", methods=["GET", "POST"])
@access("public")
def sign_by_link(token: str) -> Page:
    """What was collected, then the name and the button; once signed, the note."""
    link = links.peek(token)
    if link is None or not links.shows(link):
        return _unkept(render_template("collection/dead_link.html", message=_(links.DEAD)), 404)
    form: Any = SignByLinkForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            countersigning.sign_by_link(token, form.name.data or "")
        if outcome.ok:
            return redirect(url_for("collection.sign_by_link", token=token))
        status = outcome.status
    return _unkept(_page(token, link, form), status)


@blueprint.get("/signature/<string:token>/bordereau.pdf")
@access("public")
def note_by_link(token: str) -> FlaskResponse:
    """The note in force, to who holds the link."""
    link = links.peek(token)
    if link is None or not links.shows(link):
        raise NotFound(links.DEAD)
    note = documents.current(papers.owner(links.pickup_of(link)), "handover_note")
    if note is None:
        raise NotFound(links.DEAD)
    answer = FlaskResponse(documents.content(note), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{note.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(token: str, link: SignatureLink, form: Any) -> str:
    found = links.pickup_of(link)
    facts = papers.note_facts(found, language())
    return render_template(
        "collection/sign_by_link.html", token=token, link=link, form=form, pickup=found, view=queries.view(found),
        totals=papers.totals(found), note=facts, issued=documents.current(papers.owner(found), "handover_note"),
        sentence=wording.totals(facts),
    )  # fmt: skip


def _unkept(page: str, status: int) -> FlaskResponse:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
