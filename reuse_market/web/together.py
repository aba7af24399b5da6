"""What the rows of a list need, read once for all of them: a list takes as many statements however long it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import g, has_app_context

V = TypeVar("V")
Read = Callable[[Sequence[Any]], Mapping[int, V]]


def listed(collection: str, subjects: Sequence[Any]) -> None:
    """Say which objects a request is about to show together."""
    g.setdefault("listed", {})[collection] = (list(subjects), {})


def of(collection: str, subject: Any, read: Read[V]) -> V | None:
    """What `read` (objects → facts by id) tells of an object: asked once for all those shown with it."""
    kept = g.get("listed", {}) if has_app_context() else {}
    subjects, known = kept.get(collection, ((), {}))
    if not any(one is subject for one in subjects):
        return read([subject]).get(subject.id)
    if read not in known:
        known[read] = read(subjects)
    found: V | None = known[read].get(subject.id)
    return found
