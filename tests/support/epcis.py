"""What an EPCIS document of ours must be, said apart from the product: lists typed from CBV 2.0, no code shared."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

SAMPLES = Path(os.environ.get("REUSE_MARKET_SAMPLES") or Path(__file__).parents[3] / "shared" / "data")
FOLDER = SAMPLES / "epcis"
SCHEMA = FOLDER / "gs1" / "EPCIS-JSON-Schema.json"
INVALID = FOLDER / "openepcis/core/src/main/resources/2.0/EPCIS/JSON/Capture/Invalid"
LOUD = "NO SAMPLES: set REUSE_MARKET_SAMPLES to the folder that holds epcis/gs1/EPCIS-JSON-Schema.json"

STEPS = {
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning",
    "creating_class_instance", "cycle_counting", "decommissioning", "departing", "destroying",
    "disassembling", "dispensing", "encoding", "entering_exiting", "holding", "inspecting", "installing",
    "killing", "loading", "other", "packing", "picking", "receiving", "removing", "repackaging",
    "repairing", "replacing", "reserving", "retail_selling", "sampling", "sensor_reporting", "shipping",
    "staging_outbound", "stock_taking", "stocking", "storing", "transporting", "unloading", "unpacking",
    "void_shipping",
}  # fmt: skip
TRAPS = {"reserving", "killing", "encoding", "sampling"}  # CBV means something else by them
DISPOSITIONS = {
    "active", "available", "completeness_inferred", "completeness_verified", "conformant",
    "container_closed", "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded",
    "expired", "in_progress", "in_transit", "inactive", "mismatch_class", "mismatch_instance",
    "mismatch_quantity", "needs_replacement", "no_pedigree_match", "non_conformant", "non_sellable_other",
    "partially_dispensed", "recalled", "reserved", "retail_sold", "returned", "sellable_accessible",
    "sellable_not_accessible", "stolen", "unavailable", "unknown",
}  # fmt: skip
PAPERS = {
    "bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd",
    "testres", "upevt",
}  # fmt: skip
PARTIES = {"owning_party", "possessing_party", "location"}
REQUIRED = {
    "ObjectEvent": {"action"},
    "TransactionEvent": {"action", "bizTransactionList"},
    "AssociationEvent": {"action", "parentID"},
    "TransformationEvent": set(),
}
ONE_BY_ONE = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
COUNTED = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
NEVER = {
    "pc:priceCents",
    "pc:valueCents",
    "pc:amountCents",
    "pc:seed",
    "pc:serial",
    "pc:person",
    "pc:organisation",
}


def faults(document: Mapping[str, Any], base: str, *, lot: str = "") -> list[str]:
    """Everything wrong with a document whose URIs stand under `base`; `lot`: it must be in every event."""
    found = [
        f"{name} missing"
        for name in ("@context", "id", "schemaVersion", "creationDate")
        if name not in document
    ]
    found += (
        []
        if document["type"] == "EPCISDocument" and document["schemaVersion"] == "2.0"
        else ["not EPCIS 2.0"]
    )
    events = document["epcisBody"]["eventList"]
    twice = [uid for uid, count in Counter(event["eventID"] for event in events).items() if count > 1]
    found += [f"{uid} twice" for uid in twice]
    for event in events:
        where = f"{event.get('pc:type')} {event['eventID']}"
        found += [f"{where}: {what}" for what in _event(event, document, base)]
        papers = [one["bizTransaction"] for one in event.get("bizTransactionList", ())]
        if lot and f"{base}/lots/{lot}" not in papers:
            found.append(f"{where}: its lot is not named")
    return [*found, *_custody(events), *_lives(events)]


def _event(event: Mapping[str, Any], document: Mapping[str, Any], base: str) -> Iterator[str]:
    kind = event["type"]
    needed = REQUIRED[kind] | {"eventTime", "eventTimeZoneOffset", "eventID", "bizStep", "pc:type"}
    yield from (f"without {name}" for name in sorted(needed - event.keys()))
    if event.get("action", "OBSERVE") not in ("ADD", "OBSERVE", "DELETE") or (
        kind == "TransformationEvent" and "action" in event
    ):
        yield f"action {event.get('action')}"
    own = f"{base}/epcis/voc/"
    if event["bizStep"] not in STEPS - TRAPS and not event["bizStep"].startswith(own):
        yield f"bizStep {event['bizStep']}"
    if event.get("disposition", "active") not in DISPOSITIONS - {"reserved"}:
        yield f"disposition {event['disposition']}"
    for one in event.get("bizTransactionList", ()):
        if one["type"] not in PAPERS and not one["type"].startswith(own):
            yield f"paper {one}"
    for one in (*event.get("sourceList", ()), *event.get("destinationList", ())):
        if one["type"] not in PARTIES:
            yield f"party {one}"
    if kind == "ObjectEvent" and not (event.get("epcList") or event.get("quantityList")):
        yield "speaks of nothing"
    happened, known, made = (
        datetime.fromisoformat(stamp)
        for stamp in (
            event["eventTime"],
            event.get("recordTime", event["eventTime"]),
            document["creationDate"],
        )
    )
    if not happened <= known <= made:
        yield f"{happened}, recorded {known}, told {made}"
    yield from _values(event, base)


def _values(event: Mapping[str, Any], base: str) -> Iterator[str]:
    for name in COUNTED:
        for one in event.get(name, ()):
            quantity = one.get("quantity")
            if "quantity" in one and (type(quantity) is not int or quantity < 1):
                yield f"quantity {one}"
    for uri in identifiers(event):
        if not uri.startswith(f"{base}/"):
            yield f"identifier {uri}"
    yield from (f"{value!r} is a float" for value in _leaves(event) if isinstance(value, float))
    yield from (f"says {name}" for name in sorted(NEVER & event.keys()))


def identifiers(event: Mapping[str, Any]) -> list[str]:
    """Every unit, part, medium and class an event speaks of."""
    single = [uri for name in ONE_BY_ONE for uri in event.get(name, ())]
    classes = [one["epcClass"] for name in COUNTED for one in event.get(name, ())]
    return single + classes + ([event["parentID"]] if "parentID" in event else [])


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _custody(events: list[dict[str, Any]]) -> Iterator[str] | list[str]:
    """The receiver of one event is the giver of the next, unit by unit, for possession and for ownership."""
    found: list[str] = []
    has: dict[tuple[Any, Any], Any] = {}
    for event in events:
        given = {one["type"]: one["source"] for one in event.get("sourceList", ())}
        taken = {one["type"]: one["destination"] for one in event.get("destinationList", ())}
        for uri in event.get("epcList", ()):
            for kind, giver in given.items():
                if has.get((uri, kind), giver) != giver:
                    found.append(f"{uri}: {giver} gives what {has[uri, kind]} has ({event['pc:type']})")
            for kind, taker in taken.items():
                has[uri, kind] = taker
    return found


def _lives(events: list[dict[str, Any]]) -> list[str]:
    """Commissioned once and first, nothing after the end; recorded times never run backwards."""
    found: list[str] = []
    seen: set[str] = set()
    over: set[str] = set()
    for event in events:
        for uri in (*event.get("epcList", ()), *event.get("inputEPCList", ())):
            if uri in over:
                found.append(f"{uri}: {event['pc:type']} after its end")
            if event["bizStep"] == "commissioning" and uri in seen:
                found.append(f"{uri}: commissioned again ({event['pc:type']})")
            seen.add(uri)
            if event["type"] == "TransformationEvent" or event["bizStep"] == "destroying":
                over.add(uri)
    times = [event["recordTime"] for event in events if "recordTime" in event]
    return found + (["recorded times run backwards"] if times != sorted(times) else [])
