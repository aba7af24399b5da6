"""One event of the journal → its EPCIS events. Pure: a payload, the fold before it, names, a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reuse_market.proofs.epcis.naming import CONFIRMED, PREFIX, TRANSACTIONS, Names, event_id, offset
from reuse_market.proofs.epcis.reading import Fold, Reader
from reuse_market.proofs.epcis.table import ASSOCIATION, OBJECT, TRANSACTION, TRANSFORMATION, Row, row_of
from reuse_market.traceability import payload

Made = dict[str, Any]
# The facts an EPCIS document repeats, as `pc:…`: codes and counts. Prices, seeds and keys of rows stay behind.
SAID = (
    "line",
    "reason", "grade", "protocol", "diagnosis", "outcome", "capacity", "seen_how", "method", "technique", "verified",
    "errors", "hidden_areas", "ground", "outlet", "taken", "missing", "refused", "extra", "declared", "counted",
    "media", "regime", "erasure_policy", "erased_by", "battery", "faults", "weight_g", "estimated_g", "scheme",
    "open_to", "result", "report", "left_on", "decided_on", "month", "parts", "residue_g", "work",
)  # fmt: skip


@dataclass(slots=True)
class Mapper:
    """Maps the events of one document, in order. `parties`: of each unit, over the whole document."""

    names: Names
    reader: Reader
    parties: Mapping[int, set[int]]
    fold: Fold = field(default_factory=Fold)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)

    def tell(self, body: Mapping[str, Any], digest: str = "") -> list[Made]:
        """The EPCIS events of a payload (none when its type is left out). `digest`: its hash in the journal."""
        row = row_of(body["type"])
        before, ids = set(self.fold), payload.members(body["units"])
        taking = self._between(body) if row else {}
        self.fold.take(body)
        self._count(body)
        if row is None:
            return []
        told = self.reader.told(body)
        read = row.read(body["change"] or {}, body["facts"] if told else {})
        if row.by_fact is not None and not told:
            read = replace(read, disposition=None)  # what was found is its author's to say
        made = self._shaped(read, body, ids, before, told)
        base = self._base(body, told, digest)
        return [
            self._whole(one, base, body, number, taking if "sourced" in one else {})
            for number, one in enumerate(made)
        ]

    # The four kinds

    def _shaped(
        self, row: Row, body: Mapping[str, Any], ids: Sequence[int], before: set[int], told: bool
    ) -> list[Made]:
        facts = body["facts"] if told else {}
        if row.kind == TRANSFORMATION and ids:
            return [self._dismantled(row, ids, body["stream"], facts)]
        if row.subject == "media" and ids and facts:
            return [self._media(row, ids, body["stream"], facts)]
        if row.subject == "part" and ids and facts:
            return [self._part(row, ids, body["stream"], facts)]
        if row.kind == TRANSACTION or not ids:
            return [self._transaction(row, body, ids, facts)]
        if row.kind == ASSOCIATION:  # its parent or its children cannot be said: the units were looked at
            row = replace(row, kind=OBJECT, action="OBSERVE")
        return self._objects(row, body, ids, before)

    def _objects(self, row: Row, body: Mapping[str, Any], ids: Sequence[int], before: set[int]) -> list[Made]:
        """Units that do not share an action and a step (new here, without a label) are events of their own."""
        if (body["change"] or {}).get("born") and row.action != "ADD":
            born = self._object("ADD", "commissioning", "active", ids, body["stream"])
            return [born, self._object(row.action, row.step, row.disposition, ids, body["stream"], True)]
        groups: dict[tuple[str, str], list[int]] = {}
        for unit_id in ids:
            way = (row.action, row.step)
            if row.first and unit_id not in before:
                way = row.first
            elif row.of_class and self._uri(unit_id, body["stream"]) is None:
                way = row.of_class
            groups.setdefault(way, []).append(unit_id)
        return [
            self._object(action, step, row.disposition, chosen, body["stream"], True)
            for (action, step), chosen in groups.items()
        ]

    def _object(
        self, action: str, step: str, disposition: str | None, ids: Sequence[int], stream: str,
        sourced: bool = False,
    ) -> Made:  # fmt: skip
        made = {"type": OBJECT, "action": action, "bizStep": step, "disposition": disposition}
        return made | self._what(ids, stream) | ({"sourced": True} if sourced else {})

    def _transaction(
        self, row: Row, body: Mapping[str, Any], ids: Sequence[int], facts: Mapping[str, Any]
    ) -> Made:
        action = row.action or "OBSERVE"
        made: Made = {
            "type": TRANSACTION,
            "action": action,
            "bizStep": row.step,
            "disposition": row.disposition,
        }
        if ids:
            return made | self._what(ids, body["stream"])
        lot = _lot(body)
        lines = facts.get("lines")
        if lot and isinstance(lines, list):
            counts = {self.names.line(lot, one["line"]): one["units"] for one in lines}
        else:
            name = self.names.kind(f"lot/{lot}" if lot else "device")
            counts = {name: facts["units"]} if isinstance(facts.get("units"), int) else {}
        found = _quantities(counts)
        if row.balance and lot:
            made[f"{PREFIX}:balance"] = {
                f"{PREFIX}:{_camel(name)}": count
                for name, count in sorted(self.outcomes.get(lot, {}).items())
            }
        return made | ({"quantityList": found} if found else {"epcList": []})

    def _media(self, row: Row, ids: Sequence[int], stream: str, facts: Mapping[str, Any]) -> Made:
        """Media belong to their unit: counted by kind, or one by its number; an explicit 0 is said of the unit."""
        kind = facts.get("kind")
        name = self.names.kind(f"medium/{kind}" if kind else "medium")
        counts = Counter(self.names.kind(f"medium/{one}") for one in facts.get("kinds", ()))
        if not counts and (number := facts.get("certificates", facts.get("media", 0))):
            counts[name] = number
        one = [self.names.thing("medium", facts["medium"])] if "medium" in facts else []
        made: Made = {
            "type": row.kind,
            "action": row.action,
            "bizStep": row.step,
            "disposition": row.disposition,
        }
        parents = [uri for unit_id in ids if (uri := self._uri(unit_id, stream))]
        if row.kind == OBJECT:
            what: Made = {"epcList": one} if one else {"quantityList": _quantities(counts)}
            return made | what | ({f"{PREFIX}:unit": parents} if parents else {})
        if len(parents) != 1 or not (one or counts):
            return made | {"type": OBJECT, "action": "OBSERVE"} | self._what(ids, stream)
        children = {"childEPCs": one} if one else {"childQuantityList": _quantities(counts)}
        return made | {"parentID": parents[0]} | children

    def _part(self, row: Row, ids: Sequence[int], stream: str, facts: Mapping[str, Any]) -> Made:
        """A part and the unit it is taken from or put in."""
        made: Made = {
            "type": row.kind,
            "action": row.action,
            "bizStep": row.step,
            "disposition": row.disposition,
        }
        parents = [uri for unit_id in ids if (uri := self._uri(unit_id, stream))]
        if len(parents) != 1 or "part" not in facts:
            return made | {"type": OBJECT, "action": "OBSERVE"} | self._what(ids, stream)
        return made | {"parentID": parents[0], "childEPCs": [self.names.thing("part", facts["part"])]}

    def _dismantled(self, row: Row, ids: Sequence[int], stream: str, facts: Mapping[str, Any]) -> Made:
        what = self._what(ids, stream)
        made: Made = {"type": TRANSFORMATION, "bizStep": row.step, "disposition": row.disposition}
        if what.get("epcList"):
            made["inputEPCList"] = what["epcList"]
        if what.get("quantityList"):
            made["inputQuantityList"] = what["quantityList"]
        return made | outputs(self.names, facts)

    # What, with whom, on which paper

    def _uri(self, unit_id: int, stream: str) -> str | None:
        """A unit's URI, for those who have had to do with it."""
        mine = self.reader.organisation_id in self.parties.get(unit_id, ())
        return self.names.unit(unit_id) if mine or self.reader.tells_all(stream) else None

    def _what(self, ids: Sequence[int], stream: str) -> Made:
        """Labelled units one by one, the others counted by line."""
        epcs, counts = [], Counter[str]()
        for unit_id in ids:
            if uri := self._uri(unit_id, stream):
                epcs.append(uri)
            else:
                held = self.fold[unit_id]
                counts[self.names.line(held.lot, held.line)] += 1
        made: Made = {"epcList": epcs} if epcs or not counts else {}
        return made | ({"quantityList": _quantities(counts)} if counts else {})

    def _between(self, body: Mapping[str, Any]) -> Made:
        """From whom to whom, where custody or ownership passes (asked before the event is folded in)."""
        change, stream = body["change"] or {}, body["stream"]
        given: list[Made] = []
        taken: list[Made] = []
        for name, kind in (("owner", "owning_party"), ("custodian", "possessing_party")):
            giver, taker = self.fold.giver(body, name), change.get(name)
            if taker is None or giver is None or giver == taker:
                continue
            if self.reader.knows(giver, stream):
                given.append({"type": kind, "source": self.names.organisation(giver)})
            if self.reader.knows(taker, stream):
                taken.append({"type": kind, "destination": self.names.organisation(taker)})
        made = {"sourceList": given, "destinationList": taken}
        return {name: found for name, found in made.items() if found}

    def _base(self, body: Mapping[str, Any], told: bool, digest: str) -> Made:
        """What every event of one act carries."""
        facts = body["facts"] if told else {}
        lots = {_lot(body) or held.lot for held in self._of(body)} or {_lot(body)}
        papers = [
            {"type": self.names.term("btt-lot"), "bizTransaction": self.names.lot(lot)}
            for lot in sorted(one for one in lots if one)
        ]
        for fact, (path, kind) in TRANSACTIONS.items():
            if facts.get(fact) is not None:
                kind = CONFIRMED.get(body["type"], kind) if fact in ("claim", "shipment") else kind
                said = self.names.term(kind) if "-" in kind else kind
                papers.append({"type": said, "bizTransaction": self.names.thing(path, facts[fact])})
        own: Made = {"type": body["type"], "via": body["actor"]["via"], "stream": body["stream"], "seq": body["seq"],
                     "prev": body["prev"], "hash": digest}  # fmt: skip
        actor = body["actor"]["organisation"]
        if actor is not None and self.reader.knows(actor, body["stream"]):
            own["actor"] = self.names.organisation(actor)
        own |= {_camel(name): facts[name] for name in SAID if facts.get(name) not in (None, [], "")}
        return {"papers": papers} | {f"{PREFIX}:{name}": value for name, value in own.items() if value != ""}

    def _whole(self, one: Made, base: Made, body: Mapping[str, Any], number: int, between: Made) -> Made:
        papers = base["papers"]
        if one["type"] == TRANSACTION and not papers:
            stream = self.names.thing("journal", body["stream"])
            papers = [{"type": self.names.term("btt-journal"), "bizTransaction": stream}]
        made: Made = {
            "type": one["type"],
            "eventID": event_id(body["id"], number),
            "eventTime": body["occurred_at"],
            "recordTime": body["recorded_at"],
            "eventTimeZoneOffset": offset(body["occurred_at"]),
        }
        made |= {
            key: value for key, value in one.items() if key not in ("type", "sourced") and value is not None
        }
        made["bizStep"] = self.names.step(one["bizStep"])
        made |= ({"bizTransactionList": papers} if papers else {}) | between
        return made | {name: value for name, value in base.items() if name != "papers"}

    def _of(self, body: Mapping[str, Any]) -> list[Any]:
        return [self.fold[unit_id] for unit_id in payload.members(body["units"])]

    def _count(self, body: Mapping[str, Any]) -> None:
        """How the units of each lot left it so far: what its closing reconciles."""
        change, units = body["change"] or {}, len(payload.members(body["units"]))
        for opened in change.get("opens", ()):
            if opened["kind"] == "lot":
                name = "extra" if change.get("extra") else "declared"
                self.outcomes.setdefault(opened["ref"], Counter())[name] += units
        for closed in (*change.get("closes", ()), *change.get("revises", ())):
            if closed["kind"] == "lot":
                counts = self.outcomes.setdefault(closed["ref"], Counter())
                counts[closed["outcome"]] += units
                if "before" in closed:
                    counts[closed["before"]] -= units


def outputs(names: Names, facts: Mapping[str, Any]) -> Made:
    """What came out of a unit taken apart: its parts, and what is left in grams; unknown quantities unsaid."""
    made: Made = {}
    if parts := [one for one in facts.get("parts", ()) if isinstance(one, int | str)]:
        made["outputEPCList"] = [names.thing("part", one) for one in parts]
    residue = facts.get("residue_g")
    name = names.kind("dismantled")
    known: Made = (
        {"epcClass": name} if residue is None else {"epcClass": name, "quantity": residue, "uom": "GRM"}
    )
    return made | {"outputQuantityList": [known]}


def _quantities(counts: Mapping[str, int]) -> list[Made]:
    """Counts of things: no unit of measure, for a count has none."""
    return [{"epcClass": name, "quantity": count} for name, count in sorted(counts.items())]


def _lot(body: Mapping[str, Any]) -> str | None:
    """The lot an event is about: its stream's, or the one its facts name."""
    kind, _, reference = body["stream"].partition("/")
    found = reference if kind == "lot" else body["facts"].get("lot")
    return str(found) if found else None


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(word.capitalize() for word in more)
