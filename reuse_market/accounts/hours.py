"""When somebody is there at a site: up to two ranges a weekday, and days on which nobody is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from reuse_market.accounts import policy
from reuse_market.accounts.models import Site
from reuse_market.accounts.services import stream
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

Range = tuple[str, str]
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
WEEK, RANGES, MOST_CLOSED = 7, 2, 60
DAY_NAMES = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
CLOSED = {"fr": "fermé", "en": "closed"}
AND = {"fr": "et", "en": "and"}
TO = {"fr": "{first} à {last}", "en": "{first} to {last}"}
SPAN = {"fr": "{start} à {end}", "en": "{start} to {end}"}


@command
def set_hours(
    site_id: int, week: Sequence[Sequence[Sequence[str]]], *, actor: Actor, closed_days: Sequence[date] = (),
    protocol_wanted: bool = False,
) -> Site:  # fmt: skip
    """Say when somebody is at a site, and whether a signed loading protocol is wanted before a pick-up.

    `week`: seven lists, Monday first, of at most two ("09:00", "12:00"); all empty: not said. Refused: another
    organisation's site (NotFound); a range upside down, or one that overlaps the other (Invalid).
    """
    kept = lock(Site, Site.id == site_id)
    if kept is None or not (policy.is_member(actor, kept.organisation_id) or policy.is_operator(actor)):
        raise NotFound(N_("This site does not exist."))
    if len(week) != WEEK:
        raise Invalid(N_("Give the seven days of the week."), field="week", code="hours.week")
    checked = [_checked(number, list(day)) for number, day in enumerate(week)]
    kept.week = checked if any(checked) else None
    days = sorted({one.isoformat() for one in closed_days})[:MOST_CLOSED]
    kept.closed_days = days or None
    kept.protocol_wanted = protocol_wanted
    facts = {"site": kept.id}
    journal.append(journal.Act(actor), stream(kept.organisation_id), "site.hours", facts=facts)
    return kept


def ranges(site: Site | None, day: date) -> list[Range] | None:
    """The hours of a civil day; [] when nobody is there, None when the site has not said."""
    if site is None or not site.week:
        return None
    if day.isoformat() in (site.closed_days or ()):
        return []
    return [(one[0], one[1]) for one in site.week[day.weekday()]]


def said(site: Site | None, lang: str) -> str:
    """ "Monday to Thursday 09:00 to 12:00 and 14:00 to 17:00; Friday closed": days alike are told together."""
    if site is None or not site.week:
        return ""
    parts: list[str] = []
    for first, last, day in _runs(site.week):
        names = DAY_NAMES[lang]
        whole = names[first] if first == last else TO[lang].format(first=names[first], last=names[last])
        hours = f" {AND[lang]} ".join(SPAN[lang].format(start=a, end=b) for a, b in day)
        parts.append(f"{whole} {hours or CLOSED[lang]}")
    text = " ; ".join(parts) if lang == "fr" else "; ".join(parts)
    return text[:1].upper() + text[1:]


def _runs(week: list[Any]) -> list[tuple[int, int, list[Any]]]:
    runs: list[tuple[int, int, list[Any]]] = []
    for number, day in enumerate(week):
        if runs and runs[-1][2] == day:
            runs[-1] = (runs[-1][0], number, day)
        else:
            runs.append((number, number, day))
    return runs


def _checked(number: int, day: list[Sequence[str]]) -> list[list[str]]:
    field = f"day_{number}"
    if len(day) > RANGES:
        raise Invalid(N_("Two ranges a day at most."), field=field, code="hours.ranges")
    for one in day:
        if len(one) != 2 or not all(isinstance(time, str) and TIME.match(time) for time in one):
            raise Invalid(N_("Enter a time, for example 09:30."), field=field, code="hours.time")
        if one[0] >= one[1]:
            raise Invalid(N_("The end must come after the beginning."), field=field, code="hours.order")
    made = sorted([str(start), str(end)] for start, end in day)
    if len(made) == RANGES and made[0][1] > made[1][0]:
        raise Invalid(N_("The two ranges of a day overlap."), field=field, code="hours.overlap")
    return made
