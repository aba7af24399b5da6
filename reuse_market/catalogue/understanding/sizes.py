"""Of what a number of gigabytes is: the memory or the storage. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reuse_market.catalogue import lexicon
from reuse_market.catalogue.measures import stem
from reuse_market.catalogue.understanding.known import (
    HELD_BY_HAND,
    LEAST_STORAGE_GB,
    MOST_MEMORY_GB,
    STORAGE,
    WIDE,
)

RUNNING = frozenset({*lexicon.COMPUTERS, "server"})


def memory_or_storage(size: int, near: Sequence[str], kinds: Sequence[str], *, memory_said: bool) -> str:
    """ "ram" | "storage", from the words beside the number, else from what the kinds asked for are sold with."""
    said = frozenset(kinds)
    for word in near:
        if word in STORAGE and said and said <= RUNNING and size < LEAST_STORAGE_GB // 2 and not memory_said:
            return "ram"  # « 8 go ssd » says two things: no computer has a disk of 8
        if word in lexicon.MEMORY_WORDS and not (said <= HELD_BY_HAND and said and size > 16):
            memory = [w for w in near if w in lexicon.MEMORY_WORDS]
            storage = [w for w in near if stem(w) in STORAGE]
            return "ram" if memory and (not storage or size < LEAST_STORAGE_GB) else "storage"
        if word in STORAGE:
            return "storage" if not (size < 32 and any(w in lexicon.MEMORY_WORDS for w in near)) else "ram"
    if said and said <= HELD_BY_HAND:
        return "storage" if size >= 16 else "ram"
    if said == {"storage_device"}:
        return "storage"
    wide = said and said <= WIDE and not memory_said
    return "ram" if size < LEAST_STORAGE_GB or (wide and size <= MOST_MEMORY_GB) else "storage"
