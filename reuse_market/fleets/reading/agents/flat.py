"""Objects of no known agent (an answer of a program's API, a list of XML elements): a column per value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reuse_market.fleets.reading.fields import IGNORE, PERSONAL, exact_target, recognise
from reuse_market.fleets.reading.labels import clean

MAX_LABELS = 1_000
_MAX_TEXT = 2_000
_MAX_DEPTH = 6
# Of an object that stands for one thing, the value a person reads: `{"id": 4, "name": "Latitude 5400"}`.
_NAMING = (
    "name",
    "date",
    "datetime",
    "display_value",
    "displayvalue",
    "completename",
    "title",
    "label",
    "value",
)


class Labels:
    """Gives each place in the objects one label for the whole file: its last key, unless taken."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, ...], str] = {}
        self._taken: set[str] = set()

    def cells(self, device: dict[str, Any]) -> dict[str, str]:
        """Label → text of one object. More than MAX_LABELS different places are left out."""
        found = {}
        for path, value in _leaves(device, ()):
            label = self._label(path)
            if label:
                found[label] = value
        return found

    def _label(self, path: tuple[str, ...]) -> str:
        if path not in self._of:
            if len(self._of) >= MAX_LABELS:
                return ""
            label = path[-1]
            for start in range(len(path) - 1, -1, -1):
                label = " ".join(path[start:])
                if label.lower() not in self._taken:
                    break
            self._of[path] = label
            self._taken.add(label.lower())
        return self._of[path]


def _leaves(value: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, inner in value.items():
        place = (*path, clean(str(key))[:100].lstrip("#") or "value")
        if isinstance(inner, list | dict) and recognise(place[-1])[0] == PERSONAL:
            yield place, ""  # a person: the column is named, what it holds is not looked at
        elif isinstance(inner, dict):
            named = _named(inner) if "id" in inner or exact_target(place[-1]) else None
            if named is not None:
                yield place, named
            elif len(place) < _MAX_DEPTH:
                yield from _leaves(inner, place)
        elif isinstance(inner, list):
            scalars = [_told(one) for one in inner[:20] if not isinstance(one, list | dict)]
            named_ones = [name for one in inner[:20] if isinstance(one, dict) and (name := _named(one))]
            yield place, "; ".join((*scalars, *named_ones))[:_MAX_TEXT]
        else:
            yield place, _told(inner)


def _named(value: dict[str, Any]) -> str | None:
    keys = {str(key).lower(): key for key in value}
    if len(value) > 6 or any(isinstance(inner, dict | list) for inner in value.values()):
        return None
    if any(exact_target(key) not in (None, IGNORE) for key in keys.keys() - {"id", *_NAMING}):
        return None  # it tells more than its name
    return next((_told(value[keys[name]]) for name in _NAMING if name in keys), None)


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean(str(value))[:_MAX_TEXT]
