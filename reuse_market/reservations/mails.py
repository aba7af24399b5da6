"""The mails of a reservation's life, queued in the command that causes them."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.catalogue.describing import title
from reuse_market.catalogue.queries import Group
from reuse_market.equipment import queries as equipment
from reuse_market.notices.services import queue
from reuse_market.reservations import queries
from reuse_market.reservations.handover import agreed as planning
from reuse_market.reservations.handover import breaking
from reuse_market.reservations.models import Reservation


def placed(found: Reservation, group: Group | None = None) -> None:
    """Tell the seller: confirm before the end date. `group`: what it was placed on, when at hand."""
    details = {"order_number": found.order_number, "note": found.note}
    kind = equipment.kind_name(group.kind) if group else None
    what = queries.Contents(kind, group.maker, group.model) if group and kind else None
    _send("reservation_placed", (found.seller_id,), found, details, what)


def extended(found: Reservation) -> None:
    """Tell the seller that the beneficiary asked for more time: the units are kept until the new date."""
    _send("reservation_extended", (found.seller_id,), found, {})


def planned(found: Reservation, by_id: int | None) -> None:
    """Tell the other side who carries, when and where."""
    to = tuple(party for party in _both(found) if party != by_id)
    _send("handover_planned", to, found, _where(found))


def confirmed(found: Reservation, code: str) -> None:
    """Tell the beneficiary what happens next, and give the code that signs the handover."""
    _send("reservation_confirmed", (found.beneficiary_id,), found, _where(found) | {"signature_code": code})


def prepared(found: Reservation) -> None:
    """Tell the beneficiary that the devices are waiting."""
    _send("reservation_prepared", (found.beneficiary_id,), found, _where(found))


def released(found: Reservation, by_id: int | None) -> None:
    """Tell both sides who let go, and why."""
    by = accounts.names([by_id]).get(by_id or 0, "")
    _send("reservation_released", _both(found), found, {"by_name": by, "reason": found.reason})


def expired(found: Reservation) -> None:
    """Tell both sides that the end date has passed."""
    _send("reservation_expired", _both(found), found, {})


def provided(found: Reservation) -> None:
    """Tell both sides that the handover is signed, and where its slip is."""
    help_ = breaking.help_of(found)
    until = help_.covered_until.isoformat() if help_.covered_until else None
    told = {"signer": found.signer_name, "phone": help_.phone, "covered_until": until, "falc": help_.falc}
    _send("reservation_provided", _both(found), found, told)


def _both(found: Reservation) -> tuple[int, int]:
    return found.seller_id, found.beneficiary_id


def _where(found: Reservation) -> dict[str, Any]:
    site: Site | None = queries.place(found)
    plan = planning.plan_of(found)
    return {
        "day": plan.day.isoformat() if plan and plan.day else None,
        "agreed_place": plan.place if plan else "",
        "carrier": plan.carrier if plan else "",
        "place_name": site.name if site else "",
        "street": site.street if site else "",
        "town": f"{site.postcode} {site.commune_name}" if site else "",
        "hours": site.hours if site else "",
        "contact": " ".join(p for p in (site.contact_name, site.contact_phone) if p) if site else "",
    }


def _send(
    template: str,
    to: tuple[int, ...],
    found: Reservation,
    details: dict[str, Any],
    what: queries.Contents | None = None,
) -> None:
    parties = accounts.correspondents([found.beneficiary_id, found.seller_id])
    what = what or queries.contents([found.reference])[found.reference]
    shared = details | {
        "reservation_ref": found.reference,
        "units": found.units,
        "until": found.until.isoformat(),
        "delivery": found.delivery,
        "beneficiary_name": parties[found.beneficiary_id].name,
        "seller_name": parties[found.seller_id].name,
        "url": f"/reservations/{found.reference}",
    }
    for organisation_id in to:
        for address, language in parties[organisation_id].addresses:
            kind = what.kind.label_en if language == "en" else what.kind.label_fr
            facts = shared | {"device": title(kind, what.maker, what.model)}
            queue(template, address, language, facts, f"reservation/{found.reference}")
