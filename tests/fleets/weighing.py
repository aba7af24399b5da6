"""Run apart by test_weight.py: judge or import a file, and say what it took.

Usage: weighing.py DATABASE_URL FILES_FOLDER FILE HOLDER_ID judge|import
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from reuse_market.fleets import services
from reuse_market.fleets.reading import Reason
from reuse_market.fleets.reading.scratch import ReportFile
from reuse_market.kernel import db, files
from reuse_market.kernel.actor import Actor


def peak_mb() -> int:
    """The most memory this process has held so far, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def main(url: str, folder: str, file: str, holder: str, what: str) -> None:
    """Print {"records", "seconds", "grown_mb"}."""
    db.connect(url)
    files.configure(f"file://{folder}")
    services.understood(b"Serial number;Model\nA1B2C3;Latitude 5400\n", "small.csv", holder_id=int(holder))
    before, begun = peak_mb(), time.monotonic()
    if what == "judge":
        told = ReportFile(Reason.in_english)
        table, columns = services.understood(Path(file), file, holder_id=int(holder))
        report = services.judge_file(table, columns, holder_id=int(holder), takers=[told])
        with Path("/dev/null").open("w") as out:
            told.write(report, out)
    else:
        actor = Actor(organisation_id=int(holder), roles=frozenset({"holder"}), via="system")
        row = services.upload_inventory(Path(file), file, actor=actor, site_id=None)
        report = services.confirm_and_report(row.id, actor=actor)
        services.apply_import(row.id, actor=actor)
    took = time.monotonic() - begun
    print(json.dumps({"records": report.records, "seconds": round(took, 1), "grown_mb": peak_mb() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
