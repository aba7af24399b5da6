"""The lines of the list, in the reader's words: each word is looked up once a page, each value written once a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext

from reuse_market.catalogue.describing import configuration, title
from reuse_market.catalogue.groups import MANY_COMING, Group
from reuse_market.catalogue.pricing import Price
from reuse_market.equipment import queries as equipment
from reuse_market.equipment import systems
from reuse_market.kernel import formats
from reuse_market.web.filters import kilometres

ANY_KEY = "0" * 16


class Line(NamedTuple):
    """A group as the list writes it; an empty text is not shown. `paid` is strong, `beside` stands under it.

    The template takes it apart by these names, in this order.
    """

    url: str
    name: str
    nameless: bool
    configuration: str
    battery: str
    faults: str
    kept: str
    photos: str
    units: str
    coming: str
    grade: str
    paid: str
    beside: str
    seller: str
    place: str


def lines(
    found: Sequence[Group],
    labels: Mapping[str, str],
    steps: Mapping[str, equipment.Step],
    wanted: int | None,
    lang: str,
) -> list[Line]:
    """The lines of a page. `labels`: kinds, `steps`: grades, `wanted`: how many the reader asked for."""
    address = url_for("catalogue.group", key=ANY_KEY, units=wanted)
    battery, faults = gettext("battery %(n)s %% or more"), gettext("With faults, listed")
    coming, many = gettext("%(n)s in the workshop"), gettext("%(n)s or more in the workshop")
    near, away = gettext("your commune"), gettext("%(far)s away")
    photo, bare = gettext("Photo"), gettext("no system")
    kept = {"public": gettext("Kept for public bodies"), "recipients": gettext("Kept for associations")}
    prices = _Prices(lang)
    made = []
    for one in found:
        step = steps.get(one.grade)
        paid, beside = prices.told(one.price)
        far = away % {"far": kilometres(one.distance_m)} if one.distance_m else ""
        place = (one.commune, near if one.distance_m == 0 else far)
        expected = (many if one.coming == MANY_COMING else coming) % {"n": formats.whole(one.coming, lang)}
        made.append(
            Line(
                url=address.replace(ANY_KEY, one.key, 1), name=title(labels[one.kind], one.maker, one.model),
                nameless=not one.model, configuration=_configuration(one, lang, bare),
                battery="" if one.least_battery is None else battery % {"n": one.least_battery},
                faults=faults if one.faults else "", kept=kept.get(one.open_to, ""),
                photos=photo if one.photo_count else "",
                units=formats.whole(one.units, lang),
                coming=expected if one.coming else "",
                grade=f"{one.grade} – {step.label}" if step else one.grade, paid=paid, beside=beside, seller=one.seller,
                place=", ".join(part for part in place if part) if one.commune else "",
            )
        )  # fmt: skip
    return made


def _configuration(one: Group, lang: str, bare: str) -> str:
    """With what a computer is offered without: whoever compares two prices must read it here."""
    told = _told(one.cpu, one.ram_mb, one.storage_mb, one.screen_tenths, lang)
    return (f"{told}, {bare}" if told else bare) if systems.without(one.kind, one.os) else told


class _Parts(NamedTuple):
    cpu: str | None
    ram_mb: int | None
    storage_mb: int | None
    screen_tenths: int | None


@lru_cache(maxsize=8192)
def _told(
    cpu: str | None, ram_mb: int | None, storage_mb: int | None, screen_tenths: int | None, lang: str
) -> str:
    """`configuration`, remembered: a list writes the same ones again and again."""
    return configuration(_Parts(cpu, ram_mb, storage_mb, screen_tenths), lang)


class _Prices:
    """What is paid, in short."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.free, self.net = gettext("free of charge"), gettext("%(net)s excl. VAT")
        self.gross = gettext("%(gross)s incl. VAT")
        self.margin, self.exempt = gettext("VAT on the margin"), gettext("without VAT")

    def told(self, price: Price) -> tuple[str, str]:
        """(what is paid, what stands under it); the first is empty where only the second is known or to be said."""
        if price.free:
            return "", self.free
        net = formats.euros(price.net_cents, self.lang)
        if price.scheme != "standard":
            return net, self.margin if price.scheme == "margin" else self.exempt
        told = self.net % {"net": net}
        if price.gross_cents is None:
            return "", told
        return self.gross % {"gross": formats.euros(price.gross_cents, self.lang)}, told
