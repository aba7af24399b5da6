"""What fits a need among what there is, in which order, and why. Pure: numbers and codes, no database.

Order: ready before the workshop before planned lots before the forecast; then what is free, cheaper, sooner,
the biggest; ties by key. A supply the law refuses is told with its article and counted in nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

ORDER = ("ready", "workshop", "planned", "forecast")
SIZES = ("ram_mb", "storage_mb", "screen_tenths")
SLACK = {"ram_mb": 512, "storage_mb": 16_000, "screen_tenths": 3}  # as shown: 8 GB may read 7.8, 256 read 240
_LATEST, _DEAREST = date.max, 10**12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is still looked for. `max_price_cents`: one device, VAT included; 0 free only; None not said."""

    kind: str
    units: int
    ram_mb: int | None = None
    storage_mb: int | None = None
    screen_tenths: int | None = None
    wanted_by: date | None = None
    max_price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """Units alike of one source. Sizes and price None: not known. `refused`: (article, msgid, params, instead)."""

    source: str
    key: str  # group key, workshop:<seller>:…, lot reference, quarter
    kind: str
    units: int
    seller_id: int | None = None
    seller: str = ""
    place: str = ""
    ram_mb: int | None = None
    storage_mb: int | None = None
    screen_tenths: int | None = None
    price_cents: int | None = None
    expected_on: date | None = None
    announced: bool = False  # forecast: by renewals announced
    name: str = ""  # ready: maker and model
    refused: tuple[str, str, Mapping[str, Any], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code of wording.REASONS with its values; `blocks`: this supply is not proposed for it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A supply looked at for a need: how many of it (0 when something blocks), and why."""

    supply: Supply
    units: int
    reasons: tuple[Reason, ...]

    @property
    def blocked(self) -> bool:
        """Whether a reason keeps it from being proposed."""
        return any(reason.blocks for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is proposed, in order; what is refused and why; how many nothing covers."""

    matches: tuple[Match, ...]
    refused: tuple[Match, ...]
    missing: int


def fits(wanted: Wanted, supply: Supply) -> tuple[Reason, ...]:
    """Each reason for or against, in the order they are read: size, price, day, law. Kinds must agree."""
    found = [reason for name in SIZES if (reason := _size(wanted, supply, name)) is not None]
    found += [_price(wanted, supply)] if supply.source == "ready" else []
    if wanted.wanted_by and supply.expected_on and supply.expected_on > wanted.wanted_by:
        found.append(Reason("late", {"wanted_by": wanted.wanted_by}, blocks=True))
    if supply.refused is not None:
        article, words, params, instead = supply.refused
        found.append(
            Reason("law", {"article": article, "words": words, "params": params, "instead": instead}, True)
        )
    return tuple(found)


def match(wanted: Wanted, supplies: Iterable[Supply]) -> Outcome:
    """Cover the need in order, each supply as far as it goes; the last tells what stays missing."""
    alike = [one for one in supplies if one.kind == wanted.kind and one.units > 0]
    judged = [Match(one, 0, fits(wanted, one)) for one in sorted(alike, key=rank)]
    left, taken = wanted.units, []
    for one in judged:
        count = min(left, one.supply.units)
        if not one.blocked and count > 0:
            taken.append(replace(one, units=count))
            left -= count
    return Outcome(tuple(taken), tuple(one for one in judged if one.blocked), left)


def rank(supply: Supply) -> tuple[Any, ...]:
    """The place of a supply: by source, price, day, size, key."""
    price = _DEAREST if supply.price_cents is None else supply.price_cents
    return ORDER.index(supply.source), price, supply.expected_on or _LATEST, -supply.units, supply.key


def _size(wanted: Wanted, supply: Supply, name: str) -> Reason | None:
    least, has = getattr(wanted, name), getattr(supply, name)
    if least is None:
        return None
    if has is None:
        return Reason(f"{name}.unknown", {"least": least})
    if has < least - SLACK[name]:
        return Reason(f"{name}.less", {"least": least, "has": has}, blocks=True)
    return Reason(
        f"{name}.fits" if has <= least + SLACK[name] else f"{name}.more", {"least": least, "has": has}
    )


def _price(wanted: Wanted, supply: Supply) -> Reason:
    if supply.price_cents is None:
        return Reason("price.unknown", blocks=wanted.max_price_cents is not None)
    if supply.price_cents == 0:
        return Reason("free")
    over = wanted.max_price_cents is not None and supply.price_cents > wanted.max_price_cents
    return Reason("price.over" if over else "price", {"cents": supply.price_cents}, blocks=over)
