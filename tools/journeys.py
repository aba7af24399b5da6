"""Prints docs/journeys.md from the journeys that the tests play (tests/journeys/scenarios).

python -m tools.journeys     writes the page
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from tests.journeys.script import in_french, scenarios

PAGE = Path(__file__).resolve().parents[1] / "docs" / "journeys.md"
WIDTH = 120
PICTURES = {
    "03-reuse-actor": "![The phone page of a pick-up](screenshots/stop.png)",
    "04-workshop": "![A device on the bench, with what is missing](screenshots/unit.png)",
    "02-public-holder": "![Where devices may go, by the law of the day](screenshots/destination.png)",
    "06-recipient": "![What the erasure of each device lacks](screenshots/erasure.png)",
    "05-buyer": "![The passport of a device](screenshots/passport.png)",
}
OPENING = """# The journeys, role by role

Printed by `make journeys` from `tests/journeys/scenarios/`, which `make test` plays step by step at the pages, without
JavaScript; do not edit it here. **Bold** names who is at the screen, « quoted » words are what the French interface
says, `typed` ones are given as they are. Each journey ends with its budget: the pages it showed and the fields it
filled in, sign-in set aside. `tests/journeys/test_chain.py` walks the whole chain in a browser, at 390 and 1280 px."""


def page() -> str:
    """The whole page: its opening, then every journey one level deeper, with its picture."""
    parts = [OPENING]
    for scenario in scenarios():
        parts.append(re.sub(r"^#", "##", _wrapped(in_french(scenario.text)), flags=re.MULTILINE))
        if scenario.name in PICTURES:
            parts.append(PICTURES[scenario.name])
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str) -> str:
    """Paragraphs and bullets in lines of at most WIDTH letters: French is longer than what it replaces."""
    whole = re.sub(r"(?<!\n)\n(?=[^-\n])\s*", " ", text.strip())
    lines = (
        textwrap.wrap(
            line, WIDTH, subsequent_indent="  " if line.startswith("- ") else "", break_long_words=False,
            break_on_hyphens=False,
        )
        for line in whole.split("\n")
    )  # fmt: skip
    return "\n".join("\n".join(line) for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
