"""One event of the journal → its EPCIS events. Pure: a payload, the fold before it, names, a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reuse_market.proofs.epcis import saying
from reuse_market.proofs.epcis.naming import PREFIX, Names, event_id, offset
from reuse_market.proofs.epcis.reading import Fold, Reader
from reuse_market.proofs.epcis.table import ASSOCIATION, OBJECT, TRANSACTION, TRANSFORMATION, Row, row_of
from reuse_market.traceability import payload

Made = saying.Made


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
        papers = saying.papers(body, told, self._lots(body), self.names)
        own = saying.own(body, told, digest, self.names, self.reader)
        return [
            self._whole(one, papers, own, body, number, taking if "sourced" in one else {})
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
        lot = saying.lot_of(body)
        lines = facts.get("lines")
        if lot and isinstance(lines, list):
            counts = {self.names.line(lot, one["line"]): one["units"] for one in lines}
        else:
            name = self.names.kind(f"lot/{lot}" if lot else "device")
            counts = {name: facts["units"]} if isinstance(facts.get("units"), int) else {}
        found = saying.quantities(counts)
        if row.balance and lot:
            made[f"{PREFIX}:balance"] = {
                f"{PREFIX}:{saying.camel(name)}": count
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
            what: Made = {"epcList": one} if one else {"quantityList": saying.quantities(counts)}
            return made | what | ({f"{PREFIX}:unit": parents} if parents else {})
        if len(parents) != 1 or not (one or counts):
            return made | {"type": OBJECT, "action": "OBSERVE"} | self._what(ids, stream)
        children = {"childEPCs": one} if one else {"childQuantityList": saying.quantities(counts)}
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
        made |= {"parentID": parents[0], "childEPCs": [self.names.thing("part", facts["part"])]}
        source = self._uri(facts["source"], stream) if isinstance(facts.get("source"), int) else None
        return made | ({f"{PREFIX}:source": source} if source else {})

    def _dismantled(self, row: Row, ids: Sequence[int], stream: str, facts: Mapping[str, Any]) -> Made:
        what = self._what(ids, stream)
        made: Made = {"type": TRANSFORMATION, "bizStep": row.step, "disposition": row.disposition}
        if what.get("epcList"):
            made["inputEPCList"] = what["epcList"]
        if what.get("quantityList"):
            made["inputQuantityList"] = what["quantityList"]
        return made | saying.outputs(self.names, facts)

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
        return made | ({"quantityList": saying.quantities(counts)} if counts else {})

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

    def _whole(
        self, one: Made, papers: list[Made], own: Made, body: Mapping[str, Any], number: int, between: Made
    ) -> Made:
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
        return made | own

    def _lots(self, body: Mapping[str, Any]) -> set[str]:
        """The lots an event is about: its own, or those its units are in."""
        own = saying.lot_of(body)
        found = {own or self.fold[unit_id].lot for unit_id in payload.members(body["units"])} | {own}
        return {one for one in found if one}

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
