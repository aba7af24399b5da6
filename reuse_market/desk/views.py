"""The operator's console: one list of what waits, every lot, every organisation, undelivered messages."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import admission
from reuse_market.accounts import queries as accounts
from reuse_market.accounts import words as account_words
from reuse_market.accounts.lifecycle import ADMISSION
from reuse_market.accounts.models import Organisation
from reuse_market.desk import on_behalf, qualification, queries, words
from reuse_market.desk.forms import LotSearch, OrganisationSearch, asked
from reuse_market.desk.tasks import tasks
from reuse_market.kernel import clock
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.notices import queries as notices
from reuse_market.notices.services import retry
from reuse_market.notices.wording import meaning
from reuse_market.proofs.auditing import queries as auditing
from reuse_market.reservations.counter import PEOPLE
from reuse_market.units.words import STATES
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager

blueprint = Blueprint("desk", __name__)

LINK = re.compile(r"https?://[^\s<>\"]+")


@blueprint.get("/console")
@access("overseer")
def console() -> str:
    """What waits, soonest first; each line one action."""
    return render_template(
        "desk/console.html",
        tasks=tasks(),
        words=words.TASKS,
        today=clock.today(),
        waste=queries.waste_waiting(),
        undelivered=queries.undelivered(),
        alarm=auditing.alarm(),
    )


@blueprint.get("/console/lots")
@access("overseer")
def lots() -> str:
    """Every lot, whoever holds it, with where its units are."""
    form = LotSearch.from_query().offer()
    state, text = asked(form.state), form.text.data or ""
    pager = Pager.asked(queries.count_lots(state, text))
    return render_template(
        "desk/lots.html",
        form=form,
        active=bool(state) + bool(text),
        pager=pager,
        rows=queries.lots(state, text, offset=pager.offset, limit=pager.limit),
        states=words.LOT_STATES,
    )


@blueprint.get("/console/organismes")
@access("overseer")
def organisations() -> str:
    """Every organisation, those to verify first."""
    form = OrganisationSearch.from_query().offer()
    chosen = asked(form.role), asked(form.state), form.text.data or ""
    pager = Pager.asked(queries.count_organisations(*chosen))
    found = queries.organisations(*chosen, offset=pager.offset, limit=pager.limit)
    return render_template(
        "desk/organisations.html",
        form=form,
        active=sum(map(bool, chosen)),
        pager=pager,
        found=found,
        roles_of=queries.roles_of([one.id for one in found]),
        words=account_words,
    )


@blueprint.get("/console/organismes/<int:organisation_id>")
@access("overseer")
def organisation(organisation_id: int) -> str:
    """One organisation: who, where, what it holds, what may be decided."""
    found = _organisation(organisation_id)
    return render_template(
        "desk/organisation.html",
        organisation=found,
        name=_("People sent with a voucher") if found.name == PEOPLE else found.name,
        roles=sorted(accounts.roles_of(organisation_id)),
        people=queries.people_of(organisation_id),
        sites=accounts.sites_of(organisation_id),
        stock=queries.stock_of(organisation_id),
        ongoing=queries.ongoing(organisation_id),
        file=admission.file_of(found),
        standing=qualification.standing_of(found),
        offered=ADMISSION.offered(found, current_actor()),
        may_act_for=on_behalf.obstacle(found, current_actor()) is None,
        words=account_words,
        desk_words=words,
        unit_states=STATES,
        today=clock.today(),
        capacity=panels.drawn("organisation.capacity", found, current_actor()),
    )


@blueprint.get("/console/messages")
@access("operator")
def messages() -> str:
    """Messages that could not be delivered, each with its link to hand on by another way."""
    # A one-time link is never shown as mailed: a fresh one is made for whoever asks, and the journal knows.
    found = [
        (one, None if one.facts.get("secret") else LINK.search(one.text)) for one in notices.undelivered()
    ]
    rows = [(one, link.group().rstrip(".,;") if link else "") for one, link in found]
    return render_template("desk/messages.html", rows=rows, meaning=meaning)


@blueprint.post("/console/messages/<int:message_id>/renvoi")
@access("operator")
def send_again(message_id: int) -> Response:
    """Put a message given up back in the queue."""
    kept = retry(message_id, actor=current_actor())
    flash(_("The message to %(address)s will be sent again.", address=kept.to_address), "success")
    return redirect(url_for("desk.messages"))


def _organisation(organisation_id: int) -> Organisation:
    found = accounts.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    return found
