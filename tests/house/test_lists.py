"""What must be written down for each thing that exists: commands, settings, life-cycles."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import click
import pytest
from flask import Flask

import reuse_market
from reuse_market.kernel.workflow import Workflow
from tests.house.rules import ROOT
from tools import docs

FLASK_OWN = {"run", "shell", "routes"}
# Life-cycle → the literal grid of its transitions, state × actor.
GRIDS = {
    "accounts.lifecycle.ADMISSION": "tests/accounts/test_admission.py",
    "claims.lifecycle.FLOW": "tests/claims/test_grid.py",
    "claims.lifecycle.INTEREST": "tests/claims/test_interest.py",
    "claims.sharing.lifecycle.FLOW": "tests/claims/test_sharing.py",
    "collection.lifecycle.FLOW": "tests/collection/test_grid.py",
    "collection.revising.lifecycle.FLOW": "tests/collection/test_revising.py",
    "reservations.needs.lifecycle.NEED": "tests/reservations/needs/test_grid.py",
    "reservations.needs.lifecycle.MATCH": "tests/reservations/needs/test_grid.py",
    "collection.rounds.lifecycle.FLOW": "tests/collection/test_rounds_grid.py",
    "collection.rounds.lifecycle.PLANNING": "tests/collection/test_rounds_grid.py",
    "collection.shipments.lifecycle.FLOW": "tests/collection/test_shipments.py",
    "fleets.lifecycle.RENEWING": "tests/fleets/test_forecast.py",
    "lots.lifecycle.LIFE": "tests/lots/test_grid.py",
    "lots.lifecycle.TRIAGE": "tests/lots/test_triage.py",
    "proofs.corrections.lifecycle.FLOW": "tests/proofs/test_corrections.py",
    "reservations.invoices.lifecycle.FLOW": "tests/reservations/test_invoices.py",
    "reservations.lifecycle.BOOKING": "tests/reservations/test_grid.py",
    "reservations.requests.lifecycle.REQUEST": "tests/reservations/requests/test_verbs.py",
    "reservations.returns.lifecycle.FLOW": "tests/reservations/test_returns.py",
    "reservations.waiting.lifecycle.WAITING": "tests/reservations/test_waiting.py",
    "reservations.lifecycle.VOUCHER": "tests/reservations/test_vouchers.py",
    "units.lifecycle.LIFE": "tests/units/test_grid.py",
}
# Life-cycle → why it has none.
NO_GRID = {
    "fleets.lifecycle.IMPORTING": "one owner, straight on: upload, match, take in (tests/fleets/test_importing.py)",
    "notices.lifecycle.workflow": "the post alone moves it (tests/notices/test_delivery.py)",
    "refurbishing.lifecycle.PARTS": "in a device or in stock, by one party (tests/refurbishing/test_parts.py)",
    "refurbishing.lifecycle.BATCHES": "one transition by one party (tests/refurbishing/test_grid.py)",
}


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command by its full name: `journal verify`."""
    for name, found in sorted(group.commands.items()):
        if isinstance(found, click.Group):
            yield from commands(found, f"{before}{name} ")
        else:
            yield before + name


def unsaid(names: Iterator[str] | list[str], pages: str) -> list[str]:
    """Those that no page names as code: `name …` or a line of a block that runs it."""
    return [name for name in names if not re.search(rf"(?:`|--app app ){re.escape(name)}(?![-\w])", pages)]


def workflows() -> dict[str, Workflow]:
    """Every life-cycle of the product, by its dotted name."""
    found = {}
    for module in pkgutil.walk_packages(reuse_market.__path__, "reuse_market."):
        if module.name.endswith(".lifecycle"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Workflow):
                    found[f"{module.name.removeprefix('reuse_market.')}.{name}"] = value
    return found


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_command_is_documented(app: Flask) -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in docs.pages(ROOT))
    names = [name for name in commands(app.cli) if name not in FLASK_OWN]
    assert len(names) > 8
    assert unsaid(names, pages) == []


def test_a_command_nobody_wrote_about_is_seen() -> None:
    pages = "Run `journal verify --json`, then\nflask --app app db upgrade\n"
    assert unsaid(["journal verify", "db upgrade", "db", "journal"], pages) == []
    assert unsaid(["journal ver", "upgrade", "verify"], pages) == ["journal ver", "upgrade", "verify"]


def test_every_setting_is_documented() -> None:
    assert docs.settings_faults(ROOT) == []


def test_every_life_cycle_has_its_literal_grid() -> None:
    found = workflows()
    assert set(GRIDS) | set(NO_GRID) == set(found)
    for name, path in GRIDS.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert missing(found[name], text) == [], name


def missing(flow: Workflow, text: str) -> list[str]:
    """Transitions that a grid's text does not name."""
    return [action for action in flow.transitions if not re.search(rf"\b{action}\b", text)]


def test_a_transition_without_its_grid_is_seen() -> None:
    flow = workflows()["claims.lifecycle.FLOW"]
    text = (ROOT / GRIDS["claims.lifecycle.FLOW"]).read_text(encoding="utf-8")
    assert missing(flow, re.sub(r"\brelease\b", "", text)) == ["release"]
