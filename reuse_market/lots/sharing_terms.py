"""The holder's options on who gets how much: a cap per organisation, a share kept for some."""

from __future__ import annotations

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots import conditions, law, queries
from reuse_market.lots.models import Lot
from reuse_market.regimes import parties

NUMBER = N_("Enter a number between 1 and %(most)s.")


def check(lot: Lot) -> None:
    """Keep the options that go with the lot's way of award, forget the others; Invalid with the field.

    A cap goes with the first who asks and with a share at closing; a kept share with the latter alone. It is kept
    for those whom the law lets take the lot: recipients and public bodies for their own use need a lot that its
    holder erases; public bodies, a regime that goes to them.
    """
    if lot.award_mode == "holder_choice":
        lot.cap_per_actor = None
    if lot.award_mode != "at_closing" or not lot.reserved_percent:
        lot.reserved_percent = lot.reserved_for = None
    if lot.cap_per_actor is not None and not 1 <= lot.cap_per_actor <= conditions.MOST_UNITS:
        raise Invalid(NUMBER, field="cap_per_actor", most=conditions.MOST_UNITS)
    if lot.reserved_percent is None:
        return
    if not 1 <= lot.reserved_percent <= 100:
        raise Invalid(NUMBER, field="reserved_percent", most=100)
    if lot.reserved_for not in conditions.RESERVED_FOR:
        raise Invalid(N_("Say for whom this share is kept."), field="reserved_for")
    _check_takers(lot)


def _check_takers(lot: Lot) -> None:
    if lot.reserved_for == "recipients" and lot.erased_by == "reuse_actor":
        raise Invalid(
            N_("Those who use the devices themselves take them only from a holder who erases the data itself."),
            field="reserved_for", code="lot.reserved-not-erased",
        )  # fmt: skip
    if lot.reserved_for == "public_bodies" and lot.regime is not None:
        allowed = law.takers(lot, queries.lines(lot.id), valued=False).allowed
        if not any(kind in parties.PUBLIC for kind in allowed):
            raise Invalid(
                N_("No public body may take a lot under this regime: no share can be kept for them."),
                field="reserved_for", code="lot.reserved-nobody",
            )  # fmt: skip
