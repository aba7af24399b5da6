"""What was understood of a need."""

from __future__ import annotations

from typing import NamedTuple

from reuse_market.catalogue.measures import Range


class Asked(NamedTuple):
    """What was understood; None, False or empty for what was not said. Sizes as sold, prices in cents.

    `kinds`: codes, the likeliest first. `words`: to be found in the text of a group; `hoped`: first
    where they are found. `ignored`: not understood.
    """

    units: int | None = None
    kinds: tuple[str, ...] = ()
    ram: Range | None = None
    storage: Range | None = None
    screen: Range | None = None  # tenths of an inch
    price: Range | None = None
    net: bool = False  # the price was said without VAT
    battery: Range | None = None
    warranty: int | None = None  # months
    cpu: tuple[str, ...] = ()  # classes, folded
    generation: Range | None = None
    grade: str | None = None
    os: str | None = None
    windows_11: bool = False
    charger: bool = False
    free: bool = False
    cheap: bool = False
    near: bool = False
    agec: bool = False
    words: tuple[str, ...] = ()
    hoped: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()

    @property
    def anything(self) -> bool:
        """Whether something that narrows the list was understood."""
        return self._replace(ignored=(), corrected=(), cheap=False, near=False) != NOTHING

    @property
    def ram_gb(self) -> int | None:
        """The least memory, in gigabytes."""
        return _least(self.ram)

    @property
    def storage_gb(self) -> int | None:
        """The least storage, in gigabytes."""
        return _least(self.storage)

    @property
    def screen_tenths(self) -> int | None:
        """The screen asked for."""
        return _least(self.screen)


NOTHING = Asked()


def _least(said: Range | None) -> int | None:
    return None if said is None else said.nominal or said.low
