"""The waiting list as the API takes and shows it."""

from __future__ import annotations

from reuse_market.reservations.placing import MOST
from reuse_market.reservations.vouchers import MOST_CENTS
from reuse_market.reservations.waiting.waiting_models import WAITING_STATES
from reuse_market.web.fields import Asked, Cents, Choice, Flag, Shown, Text, Whole, fields, maybe
from reuse_market.web.rest import Paging


class WaitQuery(Paging):
    """What the list is narrowed by; open places without a state."""

    state = Choice(WAITING_STATES)


class WaitInput(Asked):
    """A kind with its minimums. `fewer`: be offered what there is, and wait for the rest."""

    kind = Text(40, 1, required=True)
    units = Whole(1, MOST, required=True)
    ram_gb = Whole(1, 4096, allow_none=True, load_default=None)
    storage_gb = Whole(1, 100_000, allow_none=True, load_default=None)
    screen_tenths = Whole(50, 1000, allow_none=True, load_default=None)
    worst_grade = Choice(("A", "B", "C", "D"), allow_none=True, load_default=None)
    most_cents = Cents(MOST_CENTS, allow_none=True, load_default=None)
    fewer = Flag(load_default=False)


class GroupWaitInput(Asked):
    """How many of one offer, more than are ready."""

    units = Whole(1, MOST, required=True)
    fewer = Flag(load_default=False)


class WaitSchema(Shown):
    """A place in the list. `rank` 1: first; null: over. `reservation`: what is offered, to accept or release."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    organisation_id = fields.Integer()
    organisation = fields.String()
    kind = fields.String(required=True)
    offer = maybe()
    units = fields.Integer(required=True)
    least_ram_mb = maybe(fields.Integer)
    least_storage_mb = maybe(fields.Integer)
    least_screen_tenths = maybe(fields.Integer)
    worst_grade = maybe()
    most_cents = maybe(fields.Integer)
    fewer = fields.Boolean()
    rank = maybe(fields.Integer)
    reservation = maybe()
    joined_at = fields.AwareDateTime()
