"""The planner's own process: a problem on standard input, an answer on standard output, limits set first.

`python -m reuse_market.collection.rounds.planning MEGABYTES CPU_SECONDS`
"""

from __future__ import annotations

import json
import resource
import sys

from reuse_market.collection.rounds.planning import library, savings
from reuse_market.collection.rounds.planning.problem import Answer, Problem


def _better(problem: Problem, found: Answer) -> Answer | None:
    """The library's answer; None without the library, or where it stumbles: there is a plan already."""
    if not library.present() or problem.size < 2:
        return None
    try:
        return library.plan(problem, found)
    except (ImportError, MemoryError, RuntimeError, ValueError) as error:
        print(f"planner library: {error!r}", file=sys.stderr)
        return None


def main(arguments: list[str]) -> int:
    """Plan what is asked and print it; the savings method answers alone where the library is not installed."""
    megabytes, seconds = (int(value) for value in arguments)
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    problem = Problem.from_json(json.load(sys.stdin))
    found = savings.plan(problem)
    better = _better(problem, found)
    if better is not None and better.merit < found.merit:
        found = better
    json.dump(found.to_json(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
