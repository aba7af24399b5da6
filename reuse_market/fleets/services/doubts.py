"""Whether a device new in a file may be one already here under another serial number or maker: a question.

Asked only of devices here that the file lacks, or that have no serial number; the rest is sure.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.fleets import comparing
from reuse_market.fleets.models import ImportRecord, InventoryImport
from reuse_market.fleets.reading.report import Record, Verdict
from reuse_market.kernel.db import command, session

BATCH = 500
_KEPT = ("serial", "serial_key", "asset_tag", "maker", "model")


class Doubts:
    """The signs of the devices judged new: a taker of verdicts, in a scratch table that spills to the disk.

    For an empty fleet there is nothing to doubt, and nothing is kept.
    """

    def __init__(self, holder_id: int) -> None:
        self.any_here = comparing.has_units(holder_id)
        self._table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._table.execute("CREATE TABLE new (sign TEXT PRIMARY KEY, row INTEGER, facts TEXT) WITHOUT ROWID")
        weakref.finalize(self, self._table.close)

    def add(self, verdict: Verdict) -> None:
        """Keep the signs of a device judged new."""
        if self.any_here and isinstance(verdict, Record):
            signs = signs_of(verdict.serial, verdict.asset_tag)
            told = json.dumps({n: v[:120] for n in _KEPT if (v := getattr(verdict, n))}) if signs else ""
            rows = [(sign, verdict.row, told) for sign in signs]
            self._table.executemany("INSERT OR IGNORE INTO new VALUES (?, ?, ?)", rows)

    def add_goods(self, goods: Any) -> None:
        """The same of many told together."""
        for record in goods.records() if self.any_here else ():
            self.add(record)

    def add_sames(self, sames: Any) -> None:
        """Nothing to keep: they are sure."""

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Nothing to keep: they are looked up afterwards."""

    def found(self, serial: str | None, asset_tag: str | None) -> tuple[int, dict[str, Any], str] | None:
        """The new device that may be this one: its row, what it is told as, and why; None when none is."""
        for sign in signs_of(serial, asset_tag):
            row = self._table.execute("SELECT row, facts FROM new WHERE sign = ?", (sign,)).fetchone()
            if row is not None:
                told = json.loads(row[1])
                return row[0], told, _why(sign, serial, told)
        return None


def signs_of(serial: str | None, asset_tag: str | None) -> list[str]:
    """What two records of one device may share: the bare serial first, then the inventory number."""
    signs = ["s" + "".join(serial.upper().split())] if serial else []
    return [*signs, "t" + asset_tag] if asset_tag else signs


@command
def keep_doubts(row: InventoryImport, doubts: Doubts) -> int:
    """Make questions of the gone devices that a new one resembles, and of those without serial; how many."""
    if not doubts.any_here:
        return 0
    taken: set[int] = set()
    count = 0
    for records in comparing.pages(row.id, "gone"):
        said = [(r.unit_id, r.facts.get("serial"), r.facts.get("asset_tag"), r.id) for r in records]
        count += _keep(row.id, doubts, said, taken)
    for units in comparing.nameless(row.organisation_id):
        count += _keep(row.id, doubts, [(u.id, None, u.asset_tag, None) for u in units], taken)
    return count


def _keep(import_id: int, doubts: Doubts, devices: Iterable[Any], taken: set[int]) -> int:
    asked: list[dict[str, Any]] = []
    instead: list[int] = []
    for unit_id, serial, asset_tag, record_id in devices:
        found = doubts.found(serial, asset_tag)
        if unit_id is None or found is None or found[0] in taken:
            continue
        at, told, why = found
        taken.add(at)
        facts = told | {"why": why}
        asked.append(
            {"import_id": import_id, "row": at, "verdict": "unsure", "unit_id": unit_id, "facts": facts}
        )
        instead += [record_id] if record_id else []
    _replace(instead, asked)
    return len(asked)


def _replace(gone: Sequence[int], asked: Sequence[dict[str, Any]]) -> None:
    if gone:
        session().execute(sa.delete(ImportRecord).where(ImportRecord.id.in_(gone)))
    if asked:
        session().execute(sa.insert(ImportRecord), asked)


def _why(sign: str, serial: str | None, told: Mapping[str, Any]) -> str:
    """`other_maker`: one serial, two makers. `other_serial`: one number, two serials. `no_serial`: one lacks it."""
    if sign.startswith("s"):
        return "other_maker"
    return "other_serial" if serial and told.get("serial") else "no_serial"
