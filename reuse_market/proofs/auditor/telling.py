"""What figures need of the journal besides the life of devices: lots, organisations, departures, waste that left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reuse_market.proofs.fates import AT_HOME, FATES, OUT_OF_TOOL
from reuse_market.proofs.hearing import Told, hear
from reuse_market.proofs.lot_replay import STATES as LOT_STATES
from reuse_market.proofs.replay import Replayed
from reuse_market.traceability import payload

DEPARTED = {"unit.departed": True, "unit.departure-annulled": False}
SHOWN = ("to_collect", "ready", "provided", "recycled")  # as the home page calls them
_STATE = {"to_collect": "listed"}


@dataclass(slots=True)
class Heard:
    """Everything counted that is no device: `lots`: reference → state; `exits`: organisation → act → devices."""

    told: Told = field(default_factory=Told)
    lots: dict[str, str] = field(default_factory=dict)
    departed: set[int] = field(default_factory=set)
    exits: dict[int | None, Counter[str]] = field(default_factory=dict)

    def hear(self, body: dict[str, Any]) -> None:
        """Take one event in (in the order of their ids)."""
        kind, stream = body["type"], body["stream"]
        if stream.startswith("organisation/"):
            hear(self.told, body)
        elif kind in LOT_STATES and not (kind == "lot.expired" and body["units"]):
            self.lots[body["facts"]["lot"]] = LOT_STATES[kind]
        elif kind in DEPARTED:
            units = payload.members(body["units"])
            (self.departed.update if DEPARTED[kind] else self.departed.difference_update)(units)
        elif kind == "waste.removed":
            devices = sum(last - first + 1 for first, last in body["units"])
            self.exits.setdefault(body["actor"]["organisation"], Counter())[body["act_id"]] += devices

    def removed(self, organisation_id: int | None = None) -> tuple[int, int]:
        """Batches of waste that left, and the devices in them: of all, or of one organisation's register."""
        found = [acts for by, acts in self.exits.items() if organisation_id in (None, by)]
        return sum(len(acts) for acts in found), sum(acts.total() for acts in found)


def public(heard: Heard, units: Mapping[int, Replayed]) -> dict[str, int]:
    """The figures of the home page, under the names it gives them."""
    states = Counter(unit.state for unit in units.values())
    roles = heard.told.roles
    admitted = {key for key, state in heard.told.state.items() if state == "verified"}
    return {
        "lots": sum(state == "published" for state in heard.lots.values()),
        **{name: states[_STATE.get(name, name)] for name in SHOWN},
        "collectors": sum("reuse_actor" in roles.get(key, ()) for key in admitted),
        "to_recipients": sum(
            unit.state == "provided" and "recipient" in roles.get(unit.owner or 0, ())
            for unit in units.values()
        ),
    }


def fates(heard: Heard, units: Mapping[int, Replayed], holder_id: int) -> dict[str, int]:
    """What became of the devices a holder let go: how many by fate, those with none left out."""
    found: Counter[str] = Counter()
    for unit_id, unit in units.items():
        if unit.state in FATES and _let_go(unit, holder_id):
            left = unit.state == "discarded" and unit_id in heard.departed
            found[OUT_OF_TOOL if left else unit.state] += 1
    return {code: found[code] for code in FATES if found[code]}


def _let_go(unit: Replayed, holder_id: int) -> bool:
    held = unit.open.get("lot")
    given = (held is not None and held[2] == holder_id) or any(
        key[0] == "lot" and key[3] == holder_id for key in +unit.closed
    )
    return given or (unit.owner == holder_id and unit.state in AT_HOME)
