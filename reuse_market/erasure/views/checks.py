"""Second looks: what waits, the list drawn, its signature; exceptions."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.erasure import checking, seconding, words
from reuse_market.erasure.check_forms import DrawForm, ExceptionForm, SignForm
from reuse_market.erasure.models import ErasureCheck
from reuse_market.kernel.errors import NotFound
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]
CHECK = "/effacements/controles/<int:check_id>"


@access("waste-keeper")
def checks() -> Page:
    """The lots whose certificates wait for a second look, and the lists made."""
    here, form, status = current_actor().organisation_id or 0, DrawForm.from_request(), 200
    if request.method == "POST":
        status = 422
        if form.accepted():
            with telling(form) as outcome:
                made = checking.draw_check(
                    f"lot/{form.lot.data}", form.how.data, form.percent.data, actor=current_actor()
                )
            if outcome.ok:
                return redirect(url_for("erasure.check", check_id=made.id))
            status = outcome.status
    return render_template(
        "erasure/checks.html", form=form, waiting=seconding.waiting(here), checks=seconding.checks(here),
        words=words, percent=checking.PERCENT,
    ), status  # fmt: skip


@access("waste-keeper")
def check(check_id: int) -> Page:
    """A list: what was drawn, and its signature."""
    found, form, status = _mine(check_id), SignForm.from_request(), 200
    if request.method == "POST":
        status = 422
        if form.accepted():
            with telling(form) as outcome:
                checking.sign_check(
                    check_id, form.refused.data or (), actor=current_actor(), title=form.title.data or "",
                    place=form.place.data or "",
                )  # fmt: skip
            if outcome.ok:
                flash(_("The check is signed."), "success")
                return redirect(url_for("erasure.check", check_id=check_id))
            status = outcome.status
    return _page(found, form), status


@access("waste-keeper")
def accept_exception(certificate_id: int) -> Page:
    """Accept an erasure that did not end well; back to the device."""
    form = ExceptionForm.from_request(prefix=f"exception{certificate_id}")
    if not form.validate():
        return _exception(certificate_id, form), 422
    with telling(form) as outcome:
        checking.accept_exception(certificate_id, form.ground.data, actor=current_actor())
    if not outcome.ok:
        return _exception(certificate_id, form), outcome.status
    flash(_("The exception is accepted, under your name."), "success")
    return redirect(url_for("erasure.exception", certificate_id=certificate_id))


@access("waste-keeper")
def exception(certificate_id: int) -> str:
    """A certificate that an exception could save, and the form to accept it."""
    return _exception(certificate_id, ExceptionForm(prefix=f"exception{certificate_id}"))


def _exception(certificate_id: int, form: Form) -> str:
    found = seconding.exceptional(certificate_id, current_actor())
    if found is None:
        raise NotFound(checking.NO_CERTIFICATE)
    return render_template("erasure/exception.html", form=form, words=words, **found)


def _mine(check_id: int) -> ErasureCheck:
    found = seconding.check(check_id)
    if found is None or not current_actor().is_org(found.organisation_id):
        raise NotFound(checking.NO_CHECK)
    return found


def _page(found: ErasureCheck, form: Form) -> str:
    lines, actor = seconding.lines(found.id), current_actor()
    pager = Pager.asked(sum(one.drawn for one in lines), 100)
    drawn = [one for one in lines if one.drawn]
    return render_template(
        "erasure/check.html", check=found, form=form, lines=drawn[pager.offset : pager.offset + pager.limit],
        total=len(lines), drawn=len(drawn), pager=pager, words=words, signed=found.signed_at is not None,
        own=seconding.own_work(actor, [one.certificate for one in lines]), may=actor.commits and actor.own_hand,
    )  # fmt: skip


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    add = blueprint.add_url_rule
    add("/effacements/controles", view_func=checks, methods=["GET", "POST"])
    add(CHECK, view_func=check, methods=["GET", "POST"])
    path = "/effacements/attestations/<int:certificate_id>/exception"
    add(path, view_func=exception)
    add(path, view_func=accept_exception, methods=["POST"])
