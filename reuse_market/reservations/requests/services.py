"""Verbs on the requests of associations: their own, and the operator's."""

from reuse_market.reservations.requests.asking import ask_call, cancel_request, change_request, send_request
from reuse_market.reservations.requests.operating import (
    announce,
    attach_request,
    close_request,
    complete_request,
    forget_old,
    forget_request,
    give_up,
    new_link,
    record_call,
    take_request,
)

__all__ = [
    "announce", "ask_call", "attach_request", "cancel_request", "change_request", "close_request", "complete_request",
    "forget_old", "forget_request", "give_up", "new_link", "record_call", "send_request", "take_request",
]  # fmt: skip
