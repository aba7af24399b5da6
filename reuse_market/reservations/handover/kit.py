"""What goes with a device of each kind, and why something may not: coded lists, ticked when packed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from reuse_market.equipment import systems
from reuse_market.kernel.db import kept as once
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.reservations.models import KitItem, Reservation
from reuse_market.reservations.queries import HeldUnit

IN, KITS = "in", "kits"
LABELS: dict[str, str] = {
    "charger": N_("charger"),
    "power_cable": N_("power cable"),
    "screen_cable": N_("screen cable"),
    "usb_cable": N_("USB cable"),
    "os": N_("operating system installed"),
    "keyboard": N_("keyboard"),
    "mouse": N_("mouse"),
    "bag": N_("bag or sleeve"),
}
MISSING: dict[str, str] = {
    "none_left": N_("none is left"),
    "has_one": N_("the beneficiary has one"),
    "later": N_("it comes later"),
    "not_supplied": N_("not part of the offer"),
}
TOLD = (IN, *MISSING)
BARE = N_(
    "These devices are offered without a system: no installation was recorded after their media were erased."
)
_COMPUTER = ("power_cable", "os", "keyboard", "mouse")
_OF: dict[str, tuple[str, ...]] = {
    "laptop": ("charger", "os", "mouse", "bag"),
    "desktop": (*_COMPUTER, "screen_cable"),
    "workstation": (*_COMPUTER, "screen_cable"),
    "all_in_one": _COMPUTER,
    "thin_client": ("charger", "keyboard", "mouse"),
    "server": ("power_cable", "os"),
    "monitor": ("power_cable", "screen_cable"),
    "tablet": ("charger", "usb_cable", "os"),
    "smartphone": ("charger", "usb_cable", "os"),
    "dock": ("charger", "usb_cable"),
    "projector": ("power_cable", "screen_cable"),
    "desk_phone": ("charger",),
    "storage_device": ("charger", "usb_cable"),
    "network_device": ("charger",),
    "printer": ("power_cable", "usb_cable"),
    "multifunction": ("power_cable", "usb_cable"),
}


def items_of(kind: str) -> tuple[str, ...]:
    """The codes of what goes with a device of this kind; empty where nothing does."""
    return _OF.get(kind, ())


def kept(found: Reservation) -> dict[str, str]:
    """What the seller told: item → "in" or why it is missing; empty: not told."""
    known: dict[int, dict[str, str]] = once().setdefault(KITS, {})
    if found.id not in known:
        rows = session().scalars(sa.select(KitItem).where(KitItem.reservation_id == found.id))
        told = {row.code: row.told for row in rows}
        known[found.id] = {code: told[code] for code in LABELS if code in told}
    return known[found.id]


def bare(held: Sequence[HeldUnit]) -> bool:
    """Whether these devices, or some, are offered without an operating system: their media were erased."""
    return any(systems.without(unit.kind, unit.os) for unit in held)


def keep(found: Reservation, held: Sequence[HeldUnit], told: Mapping[str, str]) -> None:
    """Write what was told of what is held, inside the verb that prepares.

    Invalid: an item of another kind, one left out, a system on devices offered without one.
    """
    wanted = items_of(held[0].kind)
    if told.get("os") == IN and bare(held):
        raise Invalid(BARE, field="kit_os")
    for code, answer in told.items():
        if code not in wanted or answer not in TOLD:
            raise Invalid(N_("Choose an answer in the list."), field=f"kit_{code}")
    for code in wanted:
        if code not in told:
            raise Invalid(N_("Say of each thing whether it is there, or why it is not."), field=f"kit_{code}")
    session().execute(sa.delete(KitItem).where(KitItem.reservation_id == found.id))
    session().add_all(KitItem(reservation_id=found.id, code=code, told=told[code]) for code in wanted)
    session().flush()
    once().pop(KITS, None)
