"""A place in the waiting list, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from reuse_market.catalogue.describing import gigabytes_of_memory, size, title
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import formats
from reuse_market.reservations.waiting.queries import Place
from reuse_market.reservations.waiting.waiting_models import WaitingEntry


def described(entry: WaitingEntry, lang: str) -> str:
    """« Ordinateurs portables, 16 Go ou plus, apparence B ou mieux »."""
    if entry.group_key:
        return title(equipment.kind_label(entry.kind, lang), entry.title, "")
    parts = [equipment.kind_label(entry.kind, lang, 2)]
    parts[0] = parts[0][:1].upper() + parts[0][1:]
    if entry.least_ram_mb:
        parts.append(_("%(size)s or more", size=size(gigabytes_of_memory(entry.least_ram_mb + 512), lang)))
    if entry.least_storage_mb:
        parts.append(_("storage %(size)s or more", size=size((entry.least_storage_mb + 500) // 1000, lang)))
    if entry.worst_grade:
        parts.append(_("appearance %(grade)s or better", grade=entry.worst_grade))
    if entry.most_cents is not None:
        paid = formats.euros(entry.most_cents, lang=lang)
        parts.append(_("free of charge") if entry.most_cents == 0 else _("at most %(price)s", price=paid))
    return ", ".join(parts)


def rank_words(place: Place) -> str:
    """« Vous êtes 2e »."""
    if place.entry.state == "offered":
        return _("It is your turn.")
    if place.rank <= 1:
        return _("You are first.")
    return _("You are number %(number)s.", number=place.rank)


def state_badge(state: str) -> tuple[str, str]:
    """The state in a word, and its tone."""
    return {
        "waiting": (_("Waiting"), "wait"),
        "offered": (_("To accept"), "ok"),
        "served": (_("Served"), "ok"),
        "passed": (_("Let pass"), "neutral"),
        "lapsed": (_("Not answered in time"), "neutral"),
        "left": (_("Has left the list"), "neutral"),
    }[state]
