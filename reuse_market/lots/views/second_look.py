"""The second look a holder asks for on the erasures of its lot; exceptions, judged by the level of their lot."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.erasure import seconding, words
from reuse_market.erasure.check_forms import DemandForm, ExceptionForm
from reuse_market.erasure.checking import NO_CERTIFICATE
from reuse_market.erasure.gate import DEFAULT_POLICY, may_except
from reuse_market.kernel.errors import NotFound
from reuse_market.lots import second_look
from reuse_market.lots.services.publishing import stream
from reuse_market.lots.views.shared import own
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]


@access("holder")
def erasure_check(reference: str) -> str | Response | tuple[str, int]:
    """Choose who else looks at the certificates of this lot."""
    lot, known, status = own(reference, current_actor()), seconding.demand_of(stream(reference)), 200
    form = DemandForm.from_request(
        how=known.how if known else "none", percent=known.percent if known and known.percent else 20
    )
    if request.method == "POST" and form.accepted():
        with telling(form) as outcome:
            second_look.ask_second_look(reference, form.asked(), form.percent.data, actor=current_actor())
        if outcome.ok:
            flash(_("The check of the erasures is saved."), "success")
            return redirect(url_for("lots.lot", reference=reference))
        status = outcome.status
    elif request.method == "POST":
        status = 422
    return render_template("erasure/demand.html", lot=lot, form=form), status


@access("waste-keeper")
def accept_exception(certificate_id: int) -> Page:
    """Accept an erasure that did not end well; back to its page."""
    form = ExceptionForm.from_request(prefix=f"exception{certificate_id}")
    if not form.validate():
        return _exception(certificate_id, form), 422
    with telling(form) as outcome:
        second_look.accept_exception(certificate_id, form.ground.data, actor=current_actor())
    if not outcome.ok:
        return _exception(certificate_id, form), outcome.status
    flash(_("The exception is accepted, under your name."), "success")
    return redirect(url_for("lots.exception", certificate_id=certificate_id))


@access("waste-keeper")
def exception(certificate_id: int) -> str:
    """A certificate that an exception could save, and the form to accept it."""
    return _exception(certificate_id, ExceptionForm(prefix=f"exception{certificate_id}"))


def _exception(certificate_id: int, form: Form) -> str:
    found = seconding.exceptional(certificate_id, current_actor())
    if found is None:
        raise NotFound(NO_CERTIFICATE)
    asked = second_look.level_of(found["unit"]) or DEFAULT_POLICY
    return render_template(
        "erasure/exception.html", form=form, words=words, asked=asked,
        possible=may_except(asked, found["medium"], found["proof"]), **found,
    )  # fmt: skip


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    path = "/lots/<string:reference>/effacement/controle"
    blueprint.add_url_rule(path, view_func=erasure_check, methods=["GET", "POST"])
    path = "/effacements/attestations/<int:certificate_id>/exception"
    blueprint.add_url_rule(path, view_func=exception)
    blueprint.add_url_rule(path, view_func=accept_exception, methods=["POST"])
