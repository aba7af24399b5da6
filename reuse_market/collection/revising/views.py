"""Pages of revisions: proposed or contested from the pick-up, answered and settled on their own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.collection import queries
from reuse_market.collection.models import NoteRevision
from reuse_market.collection.revising import policy, services, wording
from reuse_market.collection.revising import queries as revisions
from reuse_market.collection.revising.forms import (
    AnswerForm,
    by_line,
    corrections,
    found_form,
    revision_form,
)
from reuse_market.collection.sheets import line_labels
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.collection.words import REASONS
from reuse_market.kernel.workflow import refusal
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/enlevements/<string:reference>/revision", methods=["GET", "POST"])
@access("taker")
def revise(reference: str) -> Page:
    """Propose to correct the signed note."""
    return _propose(reference, contest=False)


@blueprint.route("/enlevements/<string:reference>/contestation", methods=["GET", "POST"])
@access("taker")
def contest(reference: str) -> Page:
    """The holder contests a difference: the operator settles."""
    return _propose(reference, contest=True)


@blueprint.post("/enlevements/<string:reference>/retrouves")
@access("taker")
def found_again(reference: str) -> Page:
    """Missing devices are found at the holder's."""
    found = queries.seen(reference, current_actor())
    form: Any = found_form(queries.tally(found), revisions.missing_here(found))
    if form.accepted():
        with telling(form) as outcome:
            done = services.find_missing(reference, by_line(form), actor=current_actor())
        if outcome.ok:
            flash(ngettext("%(num)s device found: it is yours to offer again.",
                           "%(num)s devices found: they are yours to offer again.", done), "success")  # fmt: skip
            return redirect(url_for("collection.pickup", reference=reference))
    for messages in form.errors.values():
        flash(" ".join(str(each) for each in messages), "error")
    return redirect(url_for("collection.pickup", reference=reference))


@blueprint.get("/revisions/<string:reference>")
@access("party")
def revision(reference: str) -> Page:
    """What is to be corrected, who says so and why; the answer that is due."""
    return _revision_page(revisions.seen(reference, current_actor()), None)


@blueprint.post("/revisions/<string:reference>/accepter")
@access("taker")
def approve_revision(reference: str) -> Page:
    """Accept it: the counts follow, and the note is issued anew."""
    return _act(reference, AnswerForm(), lambda _form: services.approve_revision(reference, actor=current_actor()),
                _("The handover note is revised. Both sides are told."))  # fmt: skip


@blueprint.post("/revisions/<string:reference>/refuser")
@access("taker")
def refuse_revision(reference: str) -> Page:
    """Do not accept it, and say why."""
    return _act(
        reference, AnswerForm.from_request(),
        lambda form: services.refuse_revision(reference, form.reason.data or "", actor=current_actor()),
        _("The handover note stays as it is. Both sides are told."),
    )  # fmt: skip


@blueprint.post("/revisions/<string:reference>/retirer")
@access("taker")
def withdraw_revision(reference: str) -> Page:
    """Take it back."""
    return _act(reference, AnswerForm(), lambda _form: services.withdraw_revision(reference, actor=current_actor()),
                _("The revision is taken back."))  # fmt: skip


@blueprint.post("/revisions/<string:reference>/saisir-l-operateur")
@access("taker")
def appeal_revision(reference: str) -> Page:
    """Ask the operator to settle what the other side refused."""
    return _act(
        reference, AnswerForm.from_request(),
        lambda form: services.appeal_revision(reference, form.reason.data or "", actor=current_actor()),
        _("The operator will settle. Both sides are told."),
    )  # fmt: skip


@blueprint.post("/revisions/<string:reference>/<any(retenir, ecarter):what>")
@access("operator")
def settle_revision(reference: str, what: str) -> Page:
    """The operator settles, and says why."""
    return _act(
        reference, AnswerForm.from_request(),
        lambda form: services.settle_revision(
            reference, form.reason.data or "", in_favour=what == "retenir", actor=current_actor()
        ),
        _("Settled. Both sides are told why."),
    )  # fmt: skip


def _propose(reference: str, *, contest: bool) -> Page:
    found, actor = queries.seen(reference, current_actor()), current_actor()
    may = policy.contests if contest else policy.engages
    if not may(actor, found):
        raise refusal(lambda one: may(one, found), actor, "revision.not-allowed")
    rows = queries.tally(found)
    form: Any = revision_form(rows, language(), contest=contest)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        verb = services.contest_differences if contest else services.propose_revision
        with telling(form) as outcome:
            made = verb(reference, corrections(form), form.reason.data, actor=current_actor())
        if outcome.ok:
            flash(_("Sent. The operator and the other side are told.") if contest
                  else _("The revision is proposed. The other side is told, and answers."), "success")  # fmt: skip
            return redirect(url_for("collection.revision", reference=made.reference))
        status = outcome.status
    page = render_template(
        "collection/revise.html", view=queries.view(found), rows=rows, form=form, contest=contest,
        until=revisions.contest_until(found) if contest else revisions.propose_until(found),
    )  # fmt: skip
    return page, status


def _act(reference: str, form: Any, verb: Callable[[Any], object], done: str) -> Page:
    """One verb from a button of the revision's page; a refusal comes back on that page."""
    found = revisions.seen(reference, current_actor())
    with telling(form) as outcome:
        verb(form)
    if outcome.ok:
        flash(done, "success")
        return redirect(url_for("collection.revision", reference=reference))
    return _revision_page(found, form), outcome.status


def _revision_page(found: NoteRevision, form: Any) -> str:
    actor, view = current_actor(), revisions.view(found)
    pickup = queries.seen(view.pickup_reference, actor)
    return render_template(
        "collection/revision.html",
        view=view,
        pickup=queries.view(pickup),
        lines=revisions.lines(found.id),
        labels=line_labels(pickup.lot_id),
        reasons={code: said[language()] for code, said in REASONS.items()},
        offered=revisions.offered(found, actor),
        form=form or AnswerForm(),
        refused=form,
        actor=actor,
        wording=wording,
    )
