"""The operator's pages: requests to call back, one of them, the four questions on the phone, whose it is."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.reservations.needs.words import PUBLICS
from reuse_market.reservations.requests import queries, services, words
from reuse_market.reservations.requests.answers import Answers
from reuse_market.reservations.requests.forms import (
    AttachForm,
    CallForm,
    EndForm,
    FoundForm,
    OfficeForm,
    StateFilter,
)
from reuse_market.reservations.requests.lifecycle import REQUEST
from reuse_market.reservations.requests.views.base import Page, blueprint, lang
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import Outcome, telling

ONE = "/console/demandes/<string:reference>"


@blueprint.get("/console/demandes")
@access("overseer")
def office() -> Page:
    """Requests, those to call back first."""
    form: Any = StateFilter.from_query()
    state = form.state.data if form.state.data in words.STATES else None
    pager = Pager.asked(queries.count(state))
    rows = queries.listed(state, limit=pager.limit, offset=pager.offset)
    ids = [one.id for one in rows]
    return render_template(
        "reservations/requests/office.html", rows=rows, lines=queries.asked(ids), pager=pager, filters=form,
        same=queries.same_contact(ids), active=bool(state), words=words, told=_told, today=clock.today(),
    )  # fmt: skip


@blueprint.route("/console/demandes/nouvelle", methods=["GET", "POST"])
@access("operator")
def take() -> Page:
    """The four questions, for an association that calls."""
    form = OfficeForm.showing(Answers(), "")
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            made = services.take_request(
                form.answered(Answers()), actor=current_actor(), note=form.note.data or ""
            )
        if outcome.ok:
            return _back(made.reference, _("The request is recorded."))
    return render_template("reservations/requests/complete.html", form=form, found=None), _status(
        form, outcome
    )


@blueprint.get(ONE)
@access("overseer")
def one(reference: str) -> Page:
    """A request: how to reach the association, what it asks, the calls, what can be done."""
    return _page(reference)


@blueprint.route(f"{ONE}/completer", methods=["GET", "POST"])
@access("operator")
def complete(reference: str) -> Page:
    """The same four questions, with the association on the phone."""
    found = queries.get(reference, current_actor())
    form = OfficeForm.showing(queries.answers(found), found.note)
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            told, note = form.answered(Answers()), form.note.data or ""
            services.complete_request(reference, told, actor=current_actor(), note=note)
        if outcome.ok:
            return _back(reference, _("The request is completed."))
    return render_template("reservations/requests/complete.html", form=form, found=found), _status(
        form, outcome
    )


@blueprint.post(f"{ONE}/appel")
@access("operator")
def call(reference: str) -> Page:
    """Write a call down."""
    form: Any = CallForm.from_request()
    return _try(reference, form, "call", _("The call is written down."), lambda: services.record_call(
        reference, form.outcome.data, actor=current_actor(), note=form.note.data or ""))  # fmt: skip


@blueprint.post(f"{ONE}/trouve")
@access("operator")
def announce(reference: str) -> Page:
    """Tell the association what was found, the day and the place."""
    form: Any = FoundForm.from_request()
    return _try(reference, form, "found", _("The association is told."), lambda: services.announce(
        reference, form.units.data, actor=current_actor(), come_on=form.come_on.data,
        come_at=form.come_at.data or ""))  # fmt: skip


@blueprint.post(f"{ONE}/clore")
@access("operator")
def close(reference: str) -> Page:
    """The request is over."""
    form: Any = EndForm.from_request()
    return _try(reference, form, "end", _("The request is closed."), lambda: services.close_request(
        reference, form.outcome.data, actor=current_actor()))  # fmt: skip


@blueprint.post(f"{ONE}/lien")
@access("operator")
def link(reference: str) -> Page:
    """A personal link to print or to read out, shown this once."""
    return _page(reference, link=services.new_link(reference, actor=current_actor()))


@blueprint.post(f"{ONE}/oublier")
@access("operator")
def forget(reference: str) -> Page:
    """Forget who asked."""
    services.forget_request(reference, actor=current_actor())
    return _back(reference, _("The contact facts are forgotten."))


@blueprint.route(f"{ONE}/organisme", methods=["GET", "POST"])
@access("operator")
def attach(reference: str) -> Page:
    """Whose request it is: search among the organisations, or register a new one first."""
    found = queries.get(reference, current_actor())
    text = request.args.get("q", found.association_name).strip()
    form: Any = AttachForm.from_request()
    rows = queries.organisations(text)
    form.organisation_id.choices = [(row.id, row.name) for row in rows]
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            services.attach_request(reference, form.organisation_id.data, actor=current_actor())
        if outcome.ok:
            return _back(reference, _("The organisation is recorded."))
    context = {"found": found, "form": form, "rows": rows, "text": text}
    return render_template("reservations/requests/attach.html", **context), _status(form, outcome)


def _try(reference: str, form: Form, name: str, done: str, verb: Any) -> Page:
    outcome = Outcome()
    if form.accepted():
        with telling(form) as outcome:
            verb()
        if outcome.ok:
            return _back(reference, done)
    return _page(reference, refused=(name, form)), _status(form, outcome)


def _page(reference: str, refused: tuple[str, Form] | None = None, link: str = "") -> str:
    actor = current_actor()
    found = queries.get(reference, actor)
    told = queries.standing(found)
    forms = {
        "call": CallForm(None), "end": EndForm(None),
        "found": FoundForm(
            None, units=told.units, come_on=found.come_on, come_at=found.come_at or queries.place_of(found)
        ),
    }  # fmt: skip
    if refused is not None:
        forms[refused[0]] = refused[1]
    names = accounts.names([found.organisation_id]) if found.organisation_id else {}
    return render_template(
        "reservations/requests/request.html", found=found, lines=queries.lines(found), calls=queries.calls(found),
        offered=REQUEST.offered(found, actor), forms=forms, refused=refused[1] if refused else None, words=words,
        publics=PUBLICS, told=_told, standing=told, link=link, organisation=names.get(found.organisation_id or 0),
        same=queries.same_contact([found.id]).get(found.id, []),
    )  # fmt: skip


def _told(line: queries.Asked) -> str:
    """One line of a request: "4 laptops", or what is still to be asked."""
    kind = next((one for one in equipment.kinds() if one.code == line.kind), None)
    if kind is None:
        return (
            ngettext("%(num)s device, kind to be asked", "%(num)s devices, kind to be asked", line.units)
            if line.units
            else _("kind and number to be asked")
        )
    many = kind.plural_en if lang() == "en" else kind.plural_fr
    if not line.units:
        return _("%(devices)s, number to be asked", devices=many)
    few = kind.label_en if lang() == "en" else kind.label_fr
    return f"{number(line.units)} {few if line.units == 1 else many}"


def _status(form: Form, outcome: Outcome) -> int:
    """The refusal's, 422 for a form that came back, else 200."""
    return outcome.status if not outcome.ok else 422 if form.errors else 200


def _back(reference: str, said: str) -> Page:
    flash(said, "success")
    return redirect(url_for("requests.one", reference=reference))
