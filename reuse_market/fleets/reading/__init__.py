"""Reads the inventories holders already have, and says what each row is worth.

Pure: bytes in, a `Report` out. `read_table` → `propose` → `judge` → `report_json` or `bad_rows_file`.
Never: a database, a network, a web request, personal data kept from a file.
"""

from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.mapping import Mapping, header_signature, propose
from reuse_market.fleets.reading.reasons import Reason
from reuse_market.fleets.reading.report import Report, report_json
from reuse_market.fleets.reading.table import Table, read_table
from reuse_market.fleets.reading.verdict import judge
from reuse_market.fleets.reading.writeback import bad_rows_file

__all__ = [
    "Mapping",
    "Reason",
    "Report",
    "Table",
    "Unreadable",
    "bad_rows_file",
    "header_signature",
    "judge",
    "propose",
    "read_table",
    "report_json",
]
