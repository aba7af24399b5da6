"""Acts done at the same moment by several threads, each with a database scope of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reuse_market.kernel import db


@dataclass
class Outcome:
    """What one rival got: a value, or an error."""

    value: Any = None
    error: BaseException | None = None


def together(rivals: int, act: Callable[[int], Any], timeout: float = 60) -> list[Outcome]:
    """Run `act(0)` … `act(rivals - 1)` in threads that start together; their outcomes, in order."""
    outcomes = [Outcome() for _ in range(rivals)]
    start = threading.Barrier(rivals)

    def run(number: int) -> None:
        try:
            with db.scope():
                start.wait(timeout)
                outcomes[number].value = act(number)
        except BaseException as error:
            outcomes[number].error = error

    threads = [threading.Thread(target=run, args=(n,), daemon=True) for n in range(rivals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout)
        if thread.is_alive():
            raise TimeoutError("a rival never ended")
    return outcomes
