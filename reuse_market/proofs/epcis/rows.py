"""The CSV twin: what the document says, one row per event and unit or class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reuse_market.proofs.epcis.naming import PREFIX

HEADER = (
    "eventID", "type", "event", "action", "bizStep", "disposition", "eventTime", "eventTimeZoneOffset", "recordTime",
    "what", "identifier", "quantity", "uom", "bizTransactions", "sources", "destinations", "errorReason", "actor",
    "hash",
)  # fmt: skip
ONE_BY_ONE = {"parentID": "parent", "epcList": "unit", "childEPCs": "child", "inputEPCList": "input",
              "outputEPCList": "output"}  # fmt: skip
COUNTED = {"quantityList": "class", "childQuantityList": "child", "inputQuantityList": "input",
           "outputQuantityList": "output"}  # fmt: skip


def rows(document: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Rows under HEADER; an event that speaks of no unit and no class has one row, without any."""
    for event in document["epcisBody"]["eventList"]:
        error = event.get("errorDeclaration", {})
        first = [event.get(name, "") for name in ("eventID", "type", f"{PREFIX}:type", *HEADER[3:9])]
        last = [
            _typed(event, "bizTransactionList", "bizTransaction"), _typed(event, "sourceList", "source"),
            _typed(event, "destinationList", "destination"), error.get("reason", ""),
            event.get(f"{PREFIX}:actor", ""), event.get(f"{PREFIX}:hash", ""),
        ]  # fmt: skip
        for what in list(_whats(event)) or [["", "", "", ""]]:
            yield [*first, *what, *last]


def _whats(event: Mapping[str, Any]) -> Iterator[list[Any]]:
    for name, what in ONE_BY_ONE.items():
        found = event.get(name, ())
        for uri in [found] if isinstance(found, str) else found:
            yield [what, uri, 1, ""]
    for name, what in COUNTED.items():
        for one in event.get(name, ()):
            yield [what, one["epcClass"], one.get("quantity", ""), one.get("uom", "")]


def _typed(event: Mapping[str, Any], listed: str, name: str) -> str:
    return " ".join(f"{one['type']}={one[name]}" for one in event.get(listed, ()))
