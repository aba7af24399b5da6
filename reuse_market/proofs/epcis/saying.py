"""What an EPCIS event says beside its units: the papers of its act, its facts, what came out of a unit taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reuse_market.proofs.epcis.naming import CONFIRMED, PREFIX, TRANSACTIONS, Names
from reuse_market.proofs.epcis.reading import Reader

Made = dict[str, Any]
# The facts an EPCIS document repeats, as `pc:…`: codes and counts. Prices, seeds and keys of rows stay behind.
SAID = (
    "line",
    "reason", "grade", "protocol", "diagnosis", "outcome", "capacity", "seen_how", "method", "technique", "verified",
    "errors", "hidden_areas", "ground", "outlet", "taken", "missing", "refused", "extra", "declared", "counted",
    "media", "regime", "erasure_policy", "erased_by", "battery", "faults", "weight_g", "estimated_g", "scheme",
    "open_to", "result", "report", "left_on", "decided_on", "month", "parts", "residue_g", "work",
    "kind", "grams", "unit_g", "parts_g", "loss_g", "transfer", "sent", "sent_g", "received_g", "within",
    "how", "percent",
)  # fmt: skip


def papers(body: Mapping[str, Any], told: bool, lots: set[str], names: Names) -> list[Made]:
    """The business transactions of an act: its lots always, the rest as far as its facts may be told."""
    found = [{"type": names.term("btt-lot"), "bizTransaction": names.lot(lot)} for lot in sorted(lots)]
    facts = body["facts"] if told else {}
    for fact, (path, usual) in TRANSACTIONS.items():
        if facts.get(fact) is not None:
            kind = CONFIRMED.get(body["type"], usual) if fact in ("claim", "shipment") else usual
            said = names.term(kind) if "-" in kind else kind
            found.append({"type": said, "bizTransaction": names.thing(path, facts[fact])})
    return found


def own(body: Mapping[str, Any], told: bool, digest: str, names: Names, reader: Reader) -> Made:
    """Our extension: where the event stands in the journal, who acted, the facts that may be told."""
    facts, stream = body["facts"] if told else {}, body["stream"]
    found: Made = {"type": body["type"], "via": body["actor"]["via"], "stream": stream, "seq": body["seq"],
                   "prev": body["prev"], "hash": digest}  # fmt: skip
    # Sender and receiver of a shipment: custody itself passes when it is received.
    parties = {"actor": body["actor"]["organisation"]}
    parties |= {name: facts.get(name) for name in ("sender", "receiver", "from", "to")}
    for name, organisation_id in parties.items():
        if organisation_id is not None and reader.knows(organisation_id, stream):
            found[name] = names.organisation(organisation_id)
    found |= {camel(name): facts[name] for name in SAID if _sayable(facts.get(name))}
    return {f"{PREFIX}:{name}": value for name, value in found.items() if value != ""}


def _sayable(value: object) -> bool:
    """A code, a count, a truth, or some codes; lists of keys of rows are nobody's business."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, str | int) and value != ""


def outputs(names: Names, facts: Mapping[str, Any]) -> Made:
    """What came out of a unit taken apart: its parts, and what is left in grams; unknown quantities unsaid."""
    made: Made = {}
    if parts := [one for one in facts.get("parts", ()) if isinstance(one, int | str)]:
        made["outputEPCList"] = [names.thing("part", one) for one in parts]
    residue, name = facts.get("residue_g"), names.kind("dismantled")
    if residue == 0 and made:
        return made
    left: Made = {"epcClass": name, "quantity": residue, "uom": "GRM"} if residue else {"epcClass": name}
    return made | {"outputQuantityList": [left]}


def quantities(counts: Mapping[str, int]) -> list[Made]:
    """Counts of things: no unit of measure, for a count has none."""
    return [{"epcClass": name, "quantity": count} for name, count in sorted(counts.items())]


def lot_of(body: Mapping[str, Any]) -> str | None:
    """The lot an event is about: its stream's, or the one its facts name."""
    kind, _, reference = body["stream"].partition("/")
    found = reference if kind == "lot" else body["facts"].get("lot")
    return str(found) if found else None


def camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(word.capitalize() for word in more)
