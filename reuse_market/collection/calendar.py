"""A pick-up as an iCalendar event (RFC 5545), for the calendar of whoever will be there."""

from __future__ import annotations

from datetime import datetime

from reuse_market.accounts.models import Site
from reuse_market.collection import papers
from reuse_market.collection.queries import PickupView
from reuse_market.kernel import clock

CREATED = "%Y%m%dT%H%M%SZ"


def event(view: PickupView, site: Site | None, summary: str, description: str, url: str) -> str:
    """The .ics text, lines folded and ended as the format demands."""
    place = papers.address(site).replace("\n", ", ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parc commun//FR",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{view.reference}@parc-commun",
        f"DTSTAMP:{_utc(clock.now())}",
        f"DTSTART:{_utc(view.from_at)}",
        f"DTEND:{_utc(view.to_at)}",
        f"SUMMARY:{_text(summary)}",
        f"LOCATION:{_text(place)}",
        f"DESCRIPTION:{_text(description)}",
        f"URL:{url}",
        f"STATUS:{'CONFIRMED' if view.state in ('agreed', 'done') else 'TENTATIVE'}",
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
