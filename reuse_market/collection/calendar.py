"""A pick-up as an iCalendar event (RFC 5545), for the calendar of whoever will be there."""

from __future__ import annotations

from datetime import datetime

from reuse_market.accounts.models import Site
from reuse_market.collection import papers
from reuse_market.collection.queries import PickupView
from reuse_market.kernel import clock

CREATED = "%Y%m%dT%H%M%SZ"


def event(
    view: PickupView, site: Site | None, summary: str, description: str, url: str, *, version: int
) -> str:
    """The .ics text, lines folded and ended as the format demands.

    The UID stays for the life of the pick-up and `version` grows with each change of it (SEQUENCE): read again,
    the event moves, or goes once the pick-up is called off (METHOD:CANCEL).
    """
    over = view.state in ("cancelled", "expired", "failed")
    status = "CONFIRMED" if view.state in ("agreed", "done") else "TENTATIVE"
    place = papers.address(site).replace("\n", ", ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parc commun//FR",
        f"METHOD:{'CANCEL' if over else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{view.reference}@parc-commun",
        f"SEQUENCE:{version}",
        f"DTSTAMP:{_utc(clock.now())}",
        f"DTSTART:{_utc(view.from_at)}",
        f"DTEND:{_utc(view.to_at)}",
        f"SUMMARY:{_text(summary)}",
        f"LOCATION:{_text(place)}",
        f"DESCRIPTION:{_text(description)}",
        f"URL:{url}",
        f"STATUS:{'CANCELLED' if over else status}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(part for line in lines for part in _folded(line)) + "\r\n"


def _utc(instant: datetime) -> str:
    return instant.strftime(CREATED)


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """At most 75 octets a line, cut between characters; what follows begins with a space."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > 75:
            parts.append(current)
            current = " "
        current += character
    return [*parts, current]
