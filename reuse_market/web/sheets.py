"""Tables of any length to take away, as CSV or XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Any

from flask import Response

from reuse_market.kernel.spreadsheets import csv_file, xlsx_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(
    ending: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ";"
) -> Response:
    """A download named `name`; `ending` is csv or xlsx. Rows are read as they are written."""
    whole = chain([header], rows)
    made = csv_file(whole, delimiter=delimiter) if ending == "csv" else xlsx_file(whole)
    response = Response(_pieces(made), content_type="text/csv; charset=utf-8" if ending == "csv" else XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    response.call_on_close(made.close)
    return response


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(1 << 16):
            yield piece
