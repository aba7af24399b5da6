"""What stands in a list beside its devices: titles of sections, totals, screens on the rows of computers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from reuse_market.fleets.reading.kinds import kind_of_model, kind_of_type
from reuse_market.fleets.reading.labels import fold, one_line
from reuse_market.fleets.reading.reasons import Reason, because

_TOTAL = re.compile(r"^((sous|sub|grand) ?)?tota(l|ux)\b|^subtotal|^(nombre|nb) (total )?(de|des|d)\b")
_FIGURE = re.compile(r"^[\d.,\s\u00a0\u202f€%/-]+$")
_SCREEN = re.compile(r"\b(ecrans?|moniteurs?|monitors?|screens?)\b")
_NUMBERED = re.compile(r"\b(serie|serial|sn|s n|inventaire|asset tag)\b")
_FULL = 3  # a list most rows of which fill fewer cells may well hold devices told by one


class Titles:
    """Tells titles and totals of one table. `rows`: the cells of its first rows, asked for once if at all."""

    def __init__(self, rows: Callable[[], Sequence[Sequence[str]]], own: Sequence[int | None]) -> None:
        self._rows = rows
        self._own = frozenset(place for place in own if place is not None)
        self._full: bool | None = None

    def title(self, cells: Sequence[str], model_at: int | None) -> Reason | None:
        """Why a row without a serial number is no device; None when it may be one."""
        filled = [place for place, cell in enumerate(cells) if cell.strip()]
        if not filled or not self._rows_are_full():
            return None
        text = one_line(cells[filled[0]])[:300]
        others = [one_line(cells[place]) for place in filled[1:]]
        if _TOTAL.match(fold(text)) and all(_FIGURE.match(other) for other in others):
            return because("total_row", value=text)
        if others or filled[0] in self._own or (filled[0] == model_at and _is_model(text)):
            return None
        return because("title_row", value=text)

    def _rows_are_full(self) -> bool:
        if self._full is None:
            counts = [sum(1 for cell in cells if cell.strip()) for cells in self._rows()]
            self._full = bool(counts) and median(counts) >= _FULL
        return self._full


def _is_model(text: str) -> bool:
    """`Latitude 5400` alone may be a device; « Écrans » is the title of those below."""
    named: Any = kind_of_model(text) or kind_of_type(text)
    return bool(named) and any(character.isdigit() for character in text)


def names_screen(label: str) -> bool:
    """Whether a label says that it tells of a screen."""
    return bool(_SCREEN.search(fold(label)))


def screens_beside(ignored: Sequence[str]) -> list[str]:
    """Labels of columns left out that number a screen: it stands on the row of its computer and is not read."""
    return [label for label in ignored if names_screen(label) and _NUMBERED.search(fold(label))]
