"""What does not fit in memory while a large file is judged: in scratch files that vanish by themselves."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from reuse_market.fleets.reading.report import (
    LISTS,
    Report,
    Say,
    Verdict,
    gone_json,
    head_json,
    list_of,
    tail_json,
    verdict_json,
)

_IN_MEMORY = 2_000_000
_LONG = 120  # a key is stored cut to that length


class Seen:
    """The serial keys met and the row of each: in memory, then in a table of SQLite that spills to the disk."""

    def __init__(self, in_memory: int = 300_000) -> None:
        self.long_keys: list[str] = []
        self._few: dict[str, int] = {}
        self._most = in_memory
        self._table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self._table.execute("BEGIN")
        weakref.finalize(self, self._table.close)

    def row_of(self, key: str, row: int) -> int | None:
        """The row that bore the key before, or None: then `row` is kept as its first."""
        if len(self._few) < self._most:
            first = self._few.setdefault(key, row)
            if first == row and len(key) > _LONG:
                self.long_keys.append(key)
            return None if first == row else first
        return self._few.get(key) or self._row_spilt(key, row)

    def rows_of(self, keys: Sequence[str], rows: Sequence[int]) -> dict[int, int]:
        """Place in `keys` → the row that bore the key before; the others are kept, all at once where they can."""
        fits = len(self._few) + len(keys) < self._most
        if fits and len(set(keys)) == len(keys) and self._few.keys().isdisjoint(keys):
            self._few.update(zip(keys, rows, strict=True))
            if len(max(keys, key=len, default="")) > _LONG:
                self.long_keys += [key for key in keys if len(key) > _LONG]
            return {}
        told = ((at, self.row_of(key, row)) for at, (key, row) in enumerate(zip(keys, rows, strict=True)))
        return {at: row for at, row in told if row is not None}

    def _row_spilt(self, key: str, row: int) -> int | None:
        added = self._table.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row)).rowcount
        if added:
            if len(key) > _LONG:
                self.long_keys.append(key)
            return None
        (first,) = self._table.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
        return int(first)

    def __contains__(self, key: str) -> bool:
        if key in self._few:
            return True
        if len(self._few) < self._most:
            return False
        return self._table.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone() is not None


class Lines:
    """Objects kept one a line, given back in order."""

    def __init__(self) -> None:
        self._file: Any = tempfile.SpooledTemporaryFile(  # noqa: SIM115 – it lives as long as its object
            _IN_MEMORY, mode="w+", encoding="utf-8", newline="\n"
        )
        weakref.finalize(self, self._file.close)

    def add(self, item: Mapping[str, Any]) -> None:
        """Keep one more."""
        self._file.write(json.dumps(item, ensure_ascii=False) + "\n")

    def texts(self) -> Iterator[str]:
        """Each as JSON."""
        self._file.seek(0)
        return (line.rstrip("\n") for line in self._file)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (json.loads(line) for line in self.texts())


class ReportFile:
    """A report of any length: takes verdicts as they come, writes them out as one JSON object."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self._lists = {name: Lines() for name in (*LISTS, "gone")}

    def add(self, verdict: Verdict) -> None:
        """Take one verdict."""
        self._lists[list_of(verdict)].add(verdict_json(verdict, self.say))

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Take one device of the fleet that the file lacks."""
        self._lists["gone"].add(gone_json(device))

    def write(self, report: Report, out: TextIO) -> None:
        """The object of `report_json`, written piece by piece; `report` gives all but the lists."""
        out.write(_inside(head_json(report)))
        for name, lines in self._lists.items():
            out.write(f', "{name}": [')
            _join(lines, out.write)
            out.write("]")
        out.write(", " + _inside(tail_json(report, self.say))[1:] + "}\n")


def _inside(told: Mapping[str, Any]) -> str:
    """An object without its closing brace."""
    return json.dumps(told, ensure_ascii=False)[:-1]


def _join(lines: Lines, write: Callable[[str], Any]) -> None:
    for at, text in enumerate(lines.texts()):
        write(f", {text}" if at else text)
