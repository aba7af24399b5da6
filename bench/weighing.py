"""Run apart by `import-growth`: import one file into an empty database, print wall, processor seconds and MB grown.

Usage: python -m bench.weighing BACKEND FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.databases import connected
from bench.importing import bring_in, inventory
from bench.measuring import once
from reuse_market.kernel import db
from tests.support.world import World


def peak_mb() -> int:
    """The most memory this process has held so far, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def main(backend: str, file: Path) -> None:
    """Everything warm first, so that what is told is the file's."""
    with connected(backend), db.scope():
        world = World.begin()
        bring_in(inventory(file.parent, 100), world.holder("Autre Exemple"))
        holder = world.holder()
        before = peak_mb()
        found = once(lambda: bring_in(file, holder))
        print(found.wall_s, found.cpu_s, peak_mb() - before)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
