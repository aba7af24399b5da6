"""Verbs on needs and on what is proposed for them."""

from reuse_market.reservations import freeing
from reuse_market.reservations.needs.posting import attach_need, change_need, close_need, post_need
from reuse_market.reservations.needs.proposing import (
    accept_match,
    decline_match,
    lapse_due,
    propose_match,
    withdraw_match,
)
from reuse_market.reservations.needs.sharing import propose_shares

__all__ = [
    "accept_match", "attach_need", "change_need", "close_need", "decline_match", "lapse_due",
    "post_need", "propose_match", "propose_shares", "withdraw_match",
]  # fmt: skip

freeing.keep()  # what a proposal holds comes free with it
