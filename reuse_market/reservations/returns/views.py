"""Pages of returns: ask, follow, answer, take in, settle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts.policy import oversees
from reuse_market.catalogue.describing import configuration, title
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict
from reuse_market.reservations import queries as bookings
from reuse_market.reservations.handover import breaking
from reuse_market.reservations.models import UnitReturn
from reuse_market.reservations.pages import name_of
from reuse_market.reservations.queries import HeldUnit
from reuse_market.reservations.returns import forms, giving_back, policy, queries, services, wording
from reuse_market.reservations.views.base import Page, blueprint, lang
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import code
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling


@blueprint.get("/retours")
@access("party")
def returns() -> Page:
    """The organisation's returns, both sides, running or ended."""
    actor, ended = current_actor(), request.args.get("onglet") == "termines"
    counts = {tab: queries.count(actor, ended=tab) for tab in (False, True)}
    pager = Pager.asked(counts[ended])
    rows = [
        {"row": row, "badge": wording.badge(row.made.state), "name": name_of(row.contents)}
        for row in queries.listed(actor, ended=ended, limit=pager.limit, offset=pager.offset)
    ]
    context = {"ended": ended, "counts": counts, "pager": pager, "all_of_them": oversees(actor)}
    return render_template("reservations/returns/list.html", rows=rows, **context)


@blueprint.route("/reservations/<string:reference>/retour", methods=["GET", "POST"])
@access("party")
def new_return(reference: str) -> Page:
    """Which devices go back, why, and what is wished."""
    actor, found = current_actor(), bookings.get(reference, current_actor())
    if not policy.asking(actor, found):  # said before anything is typed
        abort(403)
    held = queries.returnable(found)
    if not held:
        raise Conflict(_("No device of this reservation can come back now."))
    form = forms.ask_form(_labels(held))
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        ids = [int(one) for one in form.units.data]
        values = {name: form[name].data or "" for name in ("reason", "wish", "words")}
        with telling(form) as outcome:
            made = services.ask_return(reference, ids, actor=actor, **values)
        if outcome.ok:
            flash(_("The return is asked for. The seller gets an e-mail and answers."), "success")
            return redirect(url_for("reservations.one_return", reference=made.reference))
        status = outcome.status
    [row] = bookings.with_names([found])
    context = {"row": row, "form": form, "help": breaking.help_of(found)}
    return render_template("reservations/returns/new.html", **context), status


@blueprint.get("/retours/<string:reference>")
@access("party")
def one_return(reference: str) -> Page:
    """The return: where it stands, what to do, the devices."""
    return _page(queries.get(reference, current_actor()))


@blueprint.post("/retours/<string:reference>/accepter")
@access("reuse-actor")
def accept_return(reference: str) -> Page:
    """The seller takes them back."""
    form = forms.AcceptForm.from_request()
    values = {"remedy": form.remedy.data, "answer": form.answer.data or ""}
    done = _("Accepted. The beneficiary gets an e-mail.")
    return _act(
        reference, form, "accept", lambda who: services.accept_return(reference, actor=who, **values), done
    )


@blueprint.post("/retours/<string:reference>/refuser")
@access("reuse-actor")
def refuse_return(reference: str) -> Page:
    """The seller does not."""
    form = forms.RefuseForm.from_request(prefix="refuse-")
    why = form.answer.data or ""
    done = _("Refused. The beneficiary gets an e-mail with your reason.")
    return _act(
        reference, form, "refuse", lambda who: services.refuse_return(reference, actor=who, answer=why), done
    )


@blueprint.post("/retours/<string:reference>/recevoir")
@access("reuse-actor")
def receive_return(reference: str) -> Page:
    """The devices are there again."""
    done = _("The devices are in your workshop again: test them, and erase those that are yours.")
    return _act(reference, Form(), "", lambda who: services.receive_return(reference, actor=who), done)


@blueprint.post("/retours/<string:reference>/regler")
@access("reuse-actor")
def settle_return(reference: str) -> Page:
    """Handed back, exchanged or refunded."""
    form = _settling(queries.get(reference, current_actor()))
    names = ("remedy", "credit_number", "credit_cents", "credited_on")
    values: dict[str, Any] = {
        name: form[name].data for name in names if name in form and form[name].data is not None
    }
    done = _("The return is settled. The beneficiary gets an e-mail.")
    return _act(
        reference, form, "settle", lambda who: services.settle_return(reference, actor=who, **values), done
    )


@blueprint.post("/retours/<string:reference>/annuler")
@access("party")
def cancel_return(reference: str) -> Page:
    """Nothing comes back."""
    done = _("The return is cancelled. The other side gets an e-mail.")
    return _act(reference, Form(), "", lambda who: services.cancel_return(reference, actor=who), done)


@blueprint.post("/retours/<string:reference>/remplacer")
@access("beneficiary")
def replace_units(reference: str) -> Page:
    """Reserve the replacement."""
    done = _("The replacement is reserved: the seller confirms it.")
    return _act(reference, Form(), "", lambda who: services.replace_units(reference, actor=who), done)


def _act(reference: str, form: Form, name: str, verb: Callable[[Any], object], done: str) -> Page:
    """Run a verb; a refusal is shown on the page it came from, beside its form."""
    made, status = queries.get(reference, current_actor()), 422
    if form.accepted():
        with telling(form) as outcome:
            verb(current_actor())
        if outcome.ok:
            flash(done, "success")
            return redirect(url_for("reservations.one_return", reference=reference))
        status = outcome.status
    return _page(made, form, name), status


def _page(made: UnitReturn, refused: Form | None = None, name: str = "") -> str:
    found, seller_side = queries.reservation_of(made), current_actor().is_org(made.seller_id)
    [row] = queries.rows_of([made])
    offered = queries.offered(made, current_actor())
    shapes: dict[str, Callable[[], Form]] = {
        "accept": lambda: forms.AcceptForm(remedy=made.wish), "refuse": lambda: forms.RefuseForm(prefix="refuse-"),
        "settle": lambda: _settling(made),
    }  # fmt: skip
    made_forms = {key: shape() for key, shape in shapes.items() if key in offered}
    if refused is not None and name in made_forms:
        made_forms[name] = refused
    context = {
        "row": row, "made": made, "found": found, "badge": wording.badge(made.state), "offered": offered,
        "sentence": wording.sentence(made, row.beneficiary, row.seller, seller_side),
        "cover": wording.cover(made),
        "reason": wording.REASONS[made.reason], "wish": wording.WISHES[made.wish], "forms": made_forms,
        "remedy": wording.REMEDIES[made.remedy] if made.remedy else "", "name": name_of(row.contents),
        "devices": _labels(queries.devices(made)), "help": breaking.help_of(found), "refused": refused,
        "seller_side": seller_side,
    }  # fmt: skip
    return render_template("reservations/returns/return.html", **context)


def _settling(made: UnitReturn) -> forms.SettleForm:
    owed = giving_back.owed(queries.reservation_of(made), len(queries.unit_ids(made)))
    return forms.settle_form(made.remedy or made.wish, owed, credited_on=clock.today())


def _labels(held: Sequence[HeldUnit]) -> list[tuple[int, str]]:
    """Unit id → « 7KX 2M4P, Ordinateur portable HP …, 16 Go »."""
    made = []
    for unit in held:
        name = title(equipment.kind_label(unit.kind, lang()), unit.maker, unit.model)
        parts = [code(unit.code) if unit.code else "", name, configuration(unit, lang())]
        made.append((unit.unit_id, ", ".join(part for part in parts if part)))
    return made
