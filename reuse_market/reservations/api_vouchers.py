"""`/vouchers`: orientation vouchers, for those who issue them and those who oversee."""

from __future__ import annotations

from typing import Any

from reuse_market.reservations import policy, schemas, tickets
from reuse_market.reservations import vouchers as verbs
from reuse_market.reservations.lifecycle import VOUCHER
from reuse_market.reservations.tickets import Ticket
from reuse_market.web import rest
from reuse_market.web.access import current_actor

VOUCHER_AT = "/vouchers/<ref:reference>"
COLUMNS = (
    "reference", "state", "prescriber_id", "kind", "cap_cents", "ends_on", "issued_at", "ended_at",
)  # fmt: skip
vouchers = rest.Collection("vouchers", "What stands for a person who is never identified, at a counter.")


@vouchers.read(
    "/vouchers", rule="prescriber", shape=schemas.VoucherSchema, listed=True, query=schemas.VoucherQuery
)
def list_vouchers(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's own vouchers, the newest first (all for overseers)."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = tickets.listed(current_actor(), after=cursor, limit=limit + 1, **query)
    return rest.page(rows, limit, lambda ticket: ticket.voucher.id, _shown)


@vouchers.read(VOUCHER_AT, rule="party", shape=schemas.VoucherSchema)
def get_voucher(reference: str) -> dict[str, Any]:
    """One voucher."""
    return _shown(tickets.get(reference, current_actor()))


@vouchers.verb(
    "/vouchers", rule="prescriber", body=schemas.VoucherInput, shape=schemas.VoucherSchema, status=201
)
def create_voucher(values: dict[str, Any]) -> dict[str, Any]:
    """Issue a voucher for one device."""
    made = verbs.issue_voucher(values.pop("ends_on"), actor=current_actor(), **values)
    return get_voucher(made.reference)


@vouchers.verb(f"{VOUCHER_AT}:cancel", rule="prescriber", shape=schemas.VoucherSchema)
def cancel_voucher(reference: str) -> dict[str, Any]:
    """Take a voucher back."""
    tickets.get(reference, current_actor())
    verbs.cancel_voucher(reference, actor=current_actor())
    return get_voucher(reference)


def _shown(ticket: Ticket) -> dict[str, Any]:
    actor, found = current_actor(), ticket.voucher
    sees_sale = actor.is_org(found.seller_id) or actor.has("operator", "administrator", "auditor")
    own = ["cancel"] if "cancel" in VOUCHER.offered(found, actor) else []
    links = {"self": rest.address("vouchers", found.reference), "page": f"/bons/{found.reference}"}
    return {name: getattr(found, name) for name in COLUMNS} | {
        "code": found.code if policy.may_read_code(actor, found) else None, "prescriber": ticket.prescriber,
        "reservation": ticket.reservation if sees_sale else None, "links": links,
        "actions": rest.actions("vouchers", found, actor, own),
    }  # fmt: skip
