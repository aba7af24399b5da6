"""What a reader of a document may know: as much as `/events` and the timeline tell the same reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reuse_market.traceability import payload


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. `holders`: stream → the organisation whose lot or fleet it is."""

    organisation_id: int | None = None
    all_told: bool = False
    holders: Mapping[str, int] = field(default_factory=dict)

    def tells_all(self, stream: str) -> bool:
        """Whether the whole stream is the reader's to know: its holder, or one who oversees."""
        return self.all_told or (
            self.organisation_id is not None and self.holders.get(stream) == self.organisation_id
        )

    def knows(self, organisation_id: int | None, stream: str) -> bool:
        """Whether an organisation may be said: the holder, the reader itself; never a rival or its customers."""
        known = {self.holders.get(stream), self.organisation_id} - {None}
        return self.tells_all(stream) or organisation_id in known

    def told(self, body: Mapping[str, Any]) -> bool:
        """Whether the facts of an event may be said: its author may."""
        return self.knows(body["actor"]["organisation"], body["stream"])


@dataclass(slots=True)
class Held:
    """A unit as far as the events read so far tell: whose it is, where it stands, who ever had to do with it."""

    owner: int | None = None
    custodian: int | None = None
    lot: str | None = None
    line: int | None = None
    parties: set[int] = field(default_factory=set)


class Fold(dict[int, Held]):
    """Unit id → Held, moved on event by event."""

    def take(self, body: Mapping[str, Any]) -> None:
        """Take one event in, in journal order."""
        change = body["change"] or {}
        for unit_id in payload.members(body["units"]):
            held = self.setdefault(unit_id, Held())
            for opened in change.get("opens", ()):
                held.parties.add(opened["party"])
                if opened["kind"] == "lot":
                    held.lot, held.line = opened["ref"], opened["line"]
                    held.owner = held.owner or opened["party"]
                    held.custodian = held.custodian or opened["party"]
            held.owner = change.get("owner", held.owner)
            held.custodian = change.get("custodian", held.custodian)
            held.parties |= {change[name] for name in ("owner", "custodian") if change.get(name) is not None}

    def giver(self, body: Mapping[str, Any], name: str) -> int | None:
        """Before the event is taken in: who gives `name` (owner, custodian); None when nobody can tell.

        A unit found in addition is born in the taker's hands: its owner was its custodian.
        """
        change = body["change"] or {}
        if change.get("born"):
            return change.get("owner")
        known = {
            getattr(self[unit_id], name) for unit_id in payload.members(body["units"]) if unit_id in self
        }
        return known.pop() if len(known) == 1 else None


def parties(bodies: Iterable[Mapping[str, Any]]) -> dict[int, set[int]]:
    """Unit id → every organisation that ever owned, kept or was promised it, over all these events."""
    fold = Fold()
    for body in bodies:
        fold.take(body)
    return {unit_id: held.parties for unit_id, held in fold.items()}
