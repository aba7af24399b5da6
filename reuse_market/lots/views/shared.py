"""What the pages of making a lot share: the holder's own lot, the steps, the form of a counted line."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.lots import policy, queries, services, words
from reuse_market.lots.forms import CountedLineForm
from reuse_market.lots.models import Lot
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.web.access import current_actor

ADD = "add-"  # this form may stand beside another one: its names and ids are its own


def steps(lot: Lot, number_: int) -> dict[str, object]:
    """The steps of making a lot; the one we are at."""
    labels = [
        {"label": _("Devices"), "url": url_for("lots.compose", reference=lot.reference)},
        {"label": _("Terms"), "url": url_for("lots.terms", reference=lot.reference)},
        {"label": _("Read again and publish")},
    ]
    return {"number": number_, "steps": labels}


def own(reference: str, actor: Actor) -> Lot:
    """A lot of the actor's organisation; NotFound for any other."""
    lot = queries.seen(reference, actor)
    if not policy.holder(actor, lot):
        raise NotFound(NO_LOT)
    return lot


def draft(reference: str) -> Lot:
    """A draft of the reader's organisation, or its announced lot; Conflict once it is published."""
    lot = own(reference, current_actor())
    if lot.state not in ("draft", "planned"):
        raise Conflict(services.NOT_DRAFT)
    return lot


def counted_form() -> CountedLineForm:
    """The form of a counted line, posted values first."""
    form = CountedLineForm.from_request(prefix=ADD)
    form.offer_kinds([(code, several) for code, (_one, several) in words.kind_labels().items()])
    return form


def counted_values(form: CountedLineForm) -> dict[str, Any]:
    """Its values as services.add_counted_line takes them."""
    return {"kind": form.kind.data, "units": form.units.data, "label": form.label.data or "", **form.chosen()}
