"""Verbs on shipments between reuse actors."""

from reuse_market.collection.shipments.answering import answer_codes, answer_rest, answer_units
from reuse_market.collection.shipments.reminding import remind_due
from reuse_market.collection.shipments.sending import send_shipment, void_shipment

__all__ = ["answer_codes", "answer_rest", "answer_units", "remind_due", "send_shipment", "void_shipment"]
