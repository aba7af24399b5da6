"""Words of the resource: its states, quarters, and what the map and the picture of the forecast say."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.kernel.words import N_
from reuse_market.observatory.dataset import ANNOUNCED, AVAILABLE, FORECAST, STOCK
from reuse_market.observatory.resource import ByCommune, CommuneRow, Forecast
from reuse_market.web.filters import date_long, number

STATE_CHOICES = {
    AVAILABLE: N_("Available now, in open lots"),
    STOCK: N_("In stock, not offered yet"),
    ANNOUNCED: N_("Announced by their holder"),
    FORECAST: N_("Expected, estimated"),
}
STATE_LEADS = {
    AVAILABLE: N_(
        "Devices of the open lots that nobody has claimed yet, by commune. Never an address: a store full of "
        "computers draws thieves."
    ),
    STOCK: N_("Devices out of use that their holder has not put in a lot yet, by commune."),
    ANNOUNCED: N_("Devices whose renewal their holder has announced, by commune and quarter."),
    FORECAST: N_(
        "Devices that will probably leave their fleet, from their age and the habits of their holder, by commune "
        "and quarter."
    ),
}


def quarter_short(first_day: str) -> str:
    """« T1 2027 », "Q1 2027"."""
    day = date.fromisoformat(first_day)
    return _("Q%(number)s %(year)s", number=(day.month + 2) // 3, year=day.year)


def quarter_long(first_day: str) -> str:
    """« De janvier à mars 2027 », "January to March 2027"."""
    day = date.fromisoformat(first_day)
    words = {
        1: _("January to March %(year)s", year=day.year),
        4: _("April to June %(year)s", year=day.year),
        7: _("July to September %(year)s", year=day.year),
        10: _("October to December %(year)s", year=day.year),
    }
    return words[day.month]


def map_title(state: str, found: ByCommune) -> str:
    """What to take away from the map, in a sentence."""
    total = number(found.total)
    if state == AVAILABLE:
        return _(
            "Map of the communes, number of devices to collect: %(total)s. The table gives the same numbers.",
            total=total,
        )
    return _(
        "Map of the communes, %(state)s: %(total)s devices. The table gives the same numbers.",
        state=_(STATE_CHOICES[state]),
        total=total,
    )


def commune_label(state: str, row: CommuneRow) -> str:
    """What a commune's shape says."""
    if row.units is None:
        return _("%(commune)s: fewer than 3 holders, number not published", commune=row.name)
    if state == AVAILABLE:
        return ngettext(
            "%(commune)s: %(count)s device to collect",
            "%(commune)s: %(count)s devices to collect",
            row.units,
            commune=row.name,
            count=number(row.units),
        )
    return ngettext(
        "%(commune)s: %(count)s device",
        "%(commune)s: %(count)s devices",
        row.units,
        commune=row.name,
        count=number(row.units),
    )


def forecast_sentence(found: Forecast) -> str:
    """What to take away from the picture."""
    told = {state: number(found.totals.get(state, (0, 0, 0))[0]) for state in (STOCK, ANNOUNCED, FORECAST)}
    last = date.fromisoformat(found.quarters[-1])
    end = date(last.year + (last.month == 10), (last.month + 2) % 12 + 1, 1)
    return _(
        "Before %(day)s: %(announced)s devices are announced and about %(forecast)s more are expected; "
        "%(stock)s wait in stock today.",
        day=date_long(end), **told,
    )  # fmt: skip
