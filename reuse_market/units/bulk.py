"""Very many units born in one act, as an import makes them: written in a stream, one event with ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reuse_market.kernel.db import command, session
from reuse_market.kernel.loading import Loader, fresh_ids, members
from reuse_market.traceability import journal, payload

OWN = ("serial", "serial_key", "asset_tag", "holder_key")
SHARED = (
    "kind", "model_id", "site_id", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os", "bought_on",
)  # fmt: skip
Own = tuple[Any, ...]
Batch = tuple[Sequence[Own], Sequence[tuple[Any, ...]]]
"""Rows `(*OWN, place)`, and the values of SHARED that places stand for; a day is written in ISO."""


@command
def bear(
    batches: Iterable[Batch], *, doing: journal.Act, stream: str, event_type: str, state: str,
    owner_id: int, origin: str, facts: Callable[[int], Mapping[str, Any]],
) -> list[list[int]]:  # fmt: skip
    """Give birth to the units of `batches`, held by their owner, in one event; their ids as ranges, in order.

    `facts` is asked once all is written, with how many were born. Nothing born: no event.
    """
    if state != "in_use":  # the only one that asks neither gate nor engagement of a unit just born
        raise ValueError("units are born in bulk only in use")
    same = {
        "state": state, "version": 1, "owner_id": owner_id, "custodian_id": owner_id, "stream": stream,
        "origin": origin, "count": 1,
    }  # fmt: skip
    constant = tuple(same.values())
    loader = Loader("unit", OWN, (*SHARED, *same))
    born: list[list[int]] = []
    for rows, shared in batches:
        if rows:
            ids = fresh_ids("unit", len(rows))
            numbered = zip(members(ids), rows, strict=True)
            loader.write(
                ((number, *row) for number, row in numbered), [values + constant for values in shared]
            )
            born += ids
    if not born:
        return []
    born = payload.merged(born)
    change = {
        "state": state, "owner": owner_id, "custodian": owner_id, "regime": None, "stream": stream,
        "opens": [], "closes": [], "born": True, "extra": False,
    }  # fmt: skip
    count = sum(last - first + 1 for first, last in born)
    journal.append(doing, stream, event_type, ranges=born, change=change, facts=facts(count))
    session().expire_all()
    return born
