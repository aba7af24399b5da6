"""Needs and proposals in words, for pages and programs alike."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.accounts import words as account_words
from reuse_market.regimes.words import INSTEAD
from reuse_market.reservations.needs.matching import Match, Reason, Supply
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.needs.reading import MatchView, View
from reuse_market.reservations.needs.words import CLOSINGS, DECLINES, PUBLICS, WITHDRAWALS
from reuse_market.web.filters import date_long, euros, month_long, number

STEP = {"ram_mb": 1024, "storage_mb": 1000}


def badge(state: str) -> tuple[str, str]:
    """The state of a need in a word, and its tone."""
    return {
        "open": (_("Looked for"), "wait"),
        "matched": (_("Proposed"), "wait"),
        "met": (_("Met"), "ok"),
        "closed": (_("Closed"), "neutral"),
    }[state]


def match_badge(state: str) -> tuple[str, str]:
    """The state of a proposal in a word, and its tone."""
    return {
        "proposed": (_("To be answered"), "wait"),
        "promised": (_("Promised"), "wait"),
        "reserved": (_("Reserved"), "ok"),
        "served": (_("Handed over"), "ok"),
        "kept": (_("Promise kept"), "ok"),
        "declined": (_("Declined"), "neutral"),
        "withdrawn": (_("Taken back"), "neutral"),
        "lapsed": (_("Lapsed"), "neutral"),
        "over": (_("Reservation ended"), "neutral"),
    }[state]


def minimum(need: Need) -> str:
    """The least asked: "8 GB of memory, 256 GB of disk, 14 inches", or that nothing is."""
    said = []
    if need.ram_mb:
        said.append(_("%(size)s GB of memory", size=_size("ram_mb", need.ram_mb)))
    if need.storage_mb:
        said.append(_("%(size)s GB of disk", size=_size("storage_mb", need.storage_mb)))
    if need.screen_tenths:
        said.append(_("%(size)s inches", size=_size("screen_tenths", need.screen_tenths)))
    return ", ".join(said) or _("no minimum")


def price(cents: int | None) -> str:
    """The most one would pay for a device."""
    if cents is None:
        return _("not said")
    return _("free only") if cents == 0 else _("%(price)s, VAT included", price=euros(cents))


def who(seen: View) -> str:
    """Who asks: by name for those who may know, else the class of structure."""
    if seen.named and seen.organisation:
        return seen.organisation
    kind = account_words.LEGAL_KINDS.get(seen.legal_kind)
    return _(kind) if kind else _("not known yet")


def standing(seen: View) -> str:
    """What became of it so far: "5 proposed, 2 reserved"; "" when nothing did."""
    parts = (
        (seen.proposed, ngettext("%(num)s proposed", "%(num)s proposed", seen.proposed)),
        (seen.promised, ngettext("%(num)s promised", "%(num)s promised", seen.promised)),
        (seen.reserved, ngettext("%(num)s reserved", "%(num)s reserved", seen.reserved)),
        (seen.served, ngettext("%(num)s handed over", "%(num)s handed over", seen.served)),
    )
    return ", ".join(said for units, said in parts if units)


def publics(codes: list[str]) -> str:
    """For whom, in broad classes."""
    return ", ".join(_(PUBLICS[code]) for code in codes if code in PUBLICS) or _("not said")


def why(found: Need | NeedMatch) -> str:
    """The reason kept with a need or a proposal that ended, in words; "" when there is none."""
    word = (CLOSINGS | DECLINES | WITHDRAWALS).get(found.reason)
    return _(word) if word else ""


def headline(seen: View, lang: str) -> str:
    """How many of what: "24 laptops"."""
    kind = seen.kind
    few = (kind.label_en, kind.label_fr) if seen.need.units == 1 else (kind.plural_en, kind.plural_fr)
    return f"{number(seen.need.units)} {few[0] if lang == 'en' else few[1]}"


def proposal(row: MatchView) -> str:
    """What was proposed, in one sentence: how many, from where, when."""
    one = row.match
    count, day = number(one.units), date_long(one.expected_on) if one.expected_on else ""
    if one.source == "ready":
        return ngettext("%(count)s ready device, at %(seller)s.", "%(count)s ready devices, at %(seller)s.",
                        one.units, count=count, seller=row.seller)  # fmt: skip
    if one.source == "workshop":
        return ngettext(
            "%(count)s device in the workshop of %(seller)s, expected around %(day)s if it passes its tests.",
            "%(count)s devices in the workshop of %(seller)s, expected around %(day)s: those that pass their tests.",
            one.units, count=count, seller=row.seller, day=day,
        )  # fmt: skip
    return ngettext("%(count)s device to come, expected around %(day)s.",
                    "%(count)s devices to come, expected around %(day)s.", one.units, count=count, day=day)  # fmt: skip


def source(one: Supply) -> str:
    """Where devices are and when, in a few words."""
    count = one.units
    if one.source == "ready":
        return ngettext(
            "%(count)s ready at %(place)s (%(seller)s)", "%(count)s ready at %(place)s (%(seller)s)", count,
            count=number(count), place=one.place or _("an unknown place"), seller=one.seller,
        )  # fmt: skip
    day = date_long(one.expected_on) if one.expected_on else _("an unknown day")
    if one.source == "workshop":
        return ngettext(
            "%(count)s in the workshop of %(seller)s, expected around %(day)s if tested good",
            "%(count)s in the workshop of %(seller)s, expected around %(day)s if tested good", count,
            count=number(count), seller=one.seller, day=day,
        )  # fmt: skip
    if one.source == "planned":
        return ngettext(
            "%(count)s announced in the lot %(lot)s at %(place)s, usable around %(day)s",
            "%(count)s announced in the lot %(lot)s at %(place)s, usable around %(day)s", count,
            count=number(count), lot=one.key, place=one.place, day=day,
        )  # fmt: skip
    month = month_long(one.expected_on) if one.expected_on else ""
    if one.announced:
        return _(
            "%(count)s expected in %(month)s from the renewals announced", count=number(count), month=month
        )
    return _("%(count)s expected in %(month)s from the ages of the fleets", count=number(count), month=month)


def reasons(one: Match) -> list[str]:
    """Why it fits or does not, in the order they are read."""
    return [said for reason in one.reasons if (said := reason_in_words(reason))]


def reason_in_words(reason: Reason) -> str:
    """One reason in a few words."""
    code, values = reason.code, reason.values
    if code == "law":
        return _law(values)
    if code == "free":
        return _("free")
    if code == "late":
        return _("after the day asked (%(day)s)", day=date_long(values["wanted_by"]))
    if code == "price.unknown":
        return _("price not known")
    if code == "price":
        return _("%(price)s each, VAT included", price=euros(values["cents"]))
    if code == "price.over":
        return _("%(price)s each: over what is asked", price=euros(values["cents"]))
    name, verdict = code.split(".")
    return _size_reason(name, verdict, values)


def _size_reason(name: str, verdict: str, values: Any) -> str:
    what = {"ram_mb": _("memory"), "storage_mb": _("disk"), "screen_tenths": _("screen")}[name]
    unit = _("inches") if name == "screen_tenths" else _("GB")
    if verdict == "unknown":
        return _("%(what)s not known", what=what)
    size = f"{_size(name, values['has'])}\u00a0{unit}"
    if verdict == "less":
        least = f"{_size(name, values['least'])}\u00a0{unit}"
        return _("%(what)s of %(size)s: %(least)s asked", what=what, size=size, least=least)
    if verdict == "fits":
        return _("%(what)s of %(size)s as asked", what=what, size=size)
    return _("%(what)s of %(size)s, more than asked", what=what, size=size)


def _size(name: str, value: int) -> str:
    if name == "screen_tenths":
        whole, tenth = divmod(value, 10)
        return f"{whole},{tenth}" if tenth else str(whole)
    step = STEP[name]
    return str((value + step // 2) // step)


def _law(values: Any) -> str:
    message = values["words"]
    said = _(message, **values["params"])
    instead = [_(INSTEAD[code]) for code in values["instead"]]
    article = f" ({values['article']})" if values["article"] and values["article"] not in said else ""
    return " ".join([said + article, *instead])
