"""`python -m bench [NAME…] [--size N]`: runs measures and prints one JSON line per figure."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import bench
from bench.measuring import registered


def main(arguments: list[str] | None = None) -> int:
    """Run the named measures (all by default); 2 when a name is unknown."""
    for module in pkgutil.iter_modules(bench.__path__, "bench."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    known = registered()
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(known)}")
    parser.add_argument("--size", type=int, help="how much to measure on (each measure has its own default)")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - known.keys())
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in chosen.names or known:
        for figure in known[name].run(chosen.size or known[name].size):
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
