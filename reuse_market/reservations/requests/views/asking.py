"""The request, page by page: four questions, the answers to check, thanks.

Nobody is signed in, so nothing is kept between two pages but a signed field: no cookie, no answer lost.
"""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature

from reuse_market.kernel.words import N_
from reuse_market.reservations.requests import queries, services, words
from reuse_market.reservations.requests.answers import KINDS, UNKNOWN, Answers
from reuse_market.reservations.requests.forms import Question
from reuse_market.reservations.requests.views.base import (
    QUESTIONS,
    Page,
    Step,
    blueprint,
    lang,
    opened,
    signer,
)
from reuse_market.web.access import access
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling

FIELDS = (("kinds",), (*KINDS, UNKNOWN, "not_known"), ("publics",), ("name", "phone", "email"))  # a question

PLAIN = {  # what a refusal means, in plain words, by its status
    409: (N_("Your answers cannot change here any more."), N_("Somebody can help you.")),
    429: (N_("You send many requests."), N_("Wait 15 minutes."), N_("Then press the button again.")),
}


@blueprint.route("/demande", methods=["GET", "POST"])
@access("public")
def ask() -> Page:
    """The question one is at; good answers lead to the next, and in the end to the page that checks them."""
    if request.method == "GET":
        return question(Step())
    step, go = opened(), request.form.get("go", "next")
    if step.is_saved:
        return _resumed(step)
    if go.startswith("change-") and go[7:] in ("1", "2", "3", "4"):
        return question(step.to(int(go[7:]), checking=True))
    if "state" not in request.form:
        return question(step)
    form = step.form(posted=True)
    is_good = form.accepted()
    if go in ("back", "call"):
        # Words are kept even when they are not right yet; a box or a tick that is not answers nothing.
        kept = form.answered(step.answers) if is_good or step.at == QUESTIONS else step.answers
        return _aside(replace(step, answers=kept), go)
    if not is_good:
        return question(step, form)
    return _onwards(replace(step, answers=form.answered(step.answers)))


def _resumed(step: Step) -> Page:
    """Out of a page that could not be trusted: what was answered and what was just typed, at the first answer missing
    or at the page that checks them all, which says why. Nothing has left."""
    answers = _typed(step)
    if request.form.get("go") == "call":
        answers = replace(answers, call_back=True)
    is_counted = set(answers.asked()) <= {kind for kind, _count in answers.units}
    is_reachable = bool(answers.name and (answers.phone or (answers.email and not answers.call_back)))
    told = (answers.kinds, answers.kinds and is_counted, answers.publics, is_reachable)
    missing = [at for at, has in enumerate(told, 1) if not has and (at == QUESTIONS or not answers.call_back)]
    step = replace(step, answers=answers)
    return (question(step.to(missing[0])) if missing else check(step))[0], 422


def _typed(step: Step) -> Answers:
    """The answers with those of the question that was on the page."""
    sent = request.form
    at = next((at for at, names in enumerate(FIELDS, 1) if any(name in sent for name in names)), None)
    if at is None:
        return step.answers
    if at == 2 and not step.answers.kinds:
        step = replace(step, answers=step.answers.with_kinds(kind for kind in KINDS if kind in sent))
    form = step.to(at).form(posted=True)
    return form.answered(step.answers) if form.accepted() or at == QUESTIONS else step.answers


def _aside(step: Step, go: str) -> Page:
    """Back to the question before; or "I do not know, call me back": straight to how to reach them."""
    if go == "back":
        return question(step.to(max(1, step.at - 1)))
    called = replace(step, answers=replace(step.answers, call_back=True))
    if step.at == QUESTIONS and step.answers.name and step.answers.phone:
        return check(called)
    return question(called.to(QUESTIONS), called.to(QUESTIONS).form(posted=step.at == QUESTIONS))


def _onwards(step: Step) -> Page:
    uncounted = [kind for kind in step.answers.asked() if kind not in dict(step.answers.units)]
    if step.checking and step.at == 1 and uncounted:
        return question(step.to(2))
    if step.checking or step.at == QUESTIONS:
        return check(step)
    return question(step.to(step.at + 1))


@blueprint.post("/demande/envoi")
@access("public")
def send() -> Page:
    """Send the request, or change the one whose link this is; refused, nothing typed is lost."""
    step = opened()
    if request.form.get("website"):  # a field nobody sees: a program filled it in
        return redirect(url_for("requests.thanks"))
    if step.is_saved:
        return _resumed(step)
    if not step.answers.name:
        return question(step)
    if request.form.get("go") == "call":
        step = replace(step, answers=replace(step.answers, call_back=True))
    form = Form()
    with telling(form) as outcome:
        if step.token:
            services.change_request(step.token, step.answers)
            return redirect(url_for("requests.follow", token=step.token))
        made = services.send_request(
            step.answers, once=step.once, network=request.remote_addr or "", language=lang()
        )
        return redirect(url_for("requests.thanks", suivi=signer("received").dumps(made.reference)))
    form.form_errors = [_(line) for line in PLAIN.get(outcome.status, ())] or form.form_errors
    return check(step, form, outcome.status)


@blueprint.get("/demande/merci")
@access("public")
def thanks() -> Page:
    """What was received; who calls, before which day."""
    try:
        found = queries.one(signer("received").loads(request.args.get("suivi", "")))
    except BadSignature:
        found = None
    if found is not None and found.forgotten_at is not None:
        found = None
    return render_template("reservations/requests/thanks.html", found=found)


def question(step: Step, form: Question | None = None) -> tuple[str, int]:
    """The page of one question."""
    shown = form or step.form(posted=False)
    context = {"step": step, "form": shown, "total": QUESTIONS, "UNKNOWN": UNKNOWN}
    status = 422 if shown.errors else 200
    return render_template("reservations/requests/question.html", **context), status


def check(step: Step, form: Form | None = None, status: int = 200) -> tuple[str, int]:
    """The answers as sentences, each with its way back."""
    sealed = step.to(QUESTIONS)
    context = {"step": sealed, "answers": step.answers, "form": form, "words": words, "UNKNOWN": UNKNOWN}
    return render_template("reservations/requests/check.html", **context), status
