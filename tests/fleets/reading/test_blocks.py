"""A CSV is cut in the same rows wherever the pieces it is read in end."""

from __future__ import annotations

import pytest

from reuse_market.fleets.reading import dialect
from reuse_market.fleets.reading.dialect import Broken, Dialect, csv_rows
from reuse_market.fleets.reading.source import Source

TEXT = 'sep=;\r\nNom;Série\r\n"a;b";1\r\n\r\n"two\nlines";2\nx"y;"three\nlines";3\r\nodd "inch;4\n"open;5\nlast;6'
ROWS = [
    (1, ["Nom", "Série"]), (2, ["a;b", "1"]), (3, []), (4, ["two\nlines", "2"]),
    (5, ['x"y', "three\nlines", "3"]), (6, ['odd "inch', "4"]), (7, ['"open;5']), (8, ["last", "6"]),
]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 34, 1 << 16])
def test_rows_are_the_same_whatever_the_pieces(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a piece ends in a cell of two lines, with as many marks as a whole row has."""
    monkeypatch.setattr(dialect, "_BLOCK", size)
    found = list(csv_rows(Source(TEXT.encode()), Dialect("csv")))
    assert [(number, list(cells)) for number, cells in found] == ROWS
    assert [number for number, cells in found if isinstance(cells, Broken)] == [7]
