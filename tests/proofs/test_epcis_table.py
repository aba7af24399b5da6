"""Every event type the product can write has its place in EPCIS; what is ours is written down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from reuse_market.proofs.epcis.naming import PAPERS, TRANSACTIONS
from reuse_market.proofs.epcis.table import FAMILIES, LEFT_OUT, OTHER, OWN, ROWS, row_of
from reuse_market.proofs.epcis.vocabulary import words
from reuse_market.proofs.wording import TITLES
from tests.support.epcis import DISPOSITIONS, STEPS, TRAPS

ROOT = Path(__file__).parents[2]
TYPE = re.compile(r"[a-z]+\.[a-z]+(?:[-_][a-z]+)*\Z")
WRITERS = {
    "append",
    "append_all",
    "append_many",
    "act",
    "create",
    "T",
    "tell",
    "_tell",
    "_told",
    "_record",
    "Part",
}
ELSEWHERE = frozenset(
    {"web", "demo", "desk"}
)  # the desk writes on the streams of accounts and of reference rows only


def written(elsewhere: frozenset[str] = ELSEWHERE) -> set[str]:
    """Event types in the code: events of transitions, and what is given to whatever writes the journal."""
    found = set(TITLES)
    for file in sorted((ROOT / "reuse_market").glob("*/**/*.py")):
        if file.relative_to(ROOT / "reuse_market").parts[0] not in elsewhere:
            found |= set(_told(ast.parse(file.read_text(encoding="utf-8"))))
    return found


def _told(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            given = call.args if name in WRITERS else []
            given = given + [
                word.value for word in call.keywords if word.arg in ("event", "event_type", "kind_of_event")
            ]
            for value in given:
                for leaf in ast.walk(value) if not isinstance(value, ast.Call) else []:
                    if (
                        isinstance(leaf, ast.Constant)
                        and isinstance(leaf.value, str)
                        and TYPE.match(leaf.value)
                    ):
                        yield leaf.value


def test_every_event_type_has_its_place() -> None:
    known = ROWS.keys() | LEFT_OUT.keys()
    found = written()
    lost = {kind for kind in found if kind not in known and kind.partition(".")[0] not in FAMILIES}
    assert lost == set(), "give it a row in proofs/epcis/table.py, or say why it has none"
    # The collector sees what is written in each way there is.
    assert {"claim.submitted", "media.erased", "unit.departed", "lot.withdrawn", "waste.removed"} <= found
    assert not [kind for kind in known if kind.partition(".")[0] in FAMILIES]
    assert row_of("unit.teleported") is OTHER


def test_every_event_type_has_words() -> None:
    """An auditor's list names each act, never its code. Left out: what a transition is called but nobody writes."""
    unwritten = {
        "pickup.checked-off", "shipment.answering", "triage.cancelled", "triage.sorted",
        *(f"fleet.import-{word}" for word in ("applying", "cancelled", "judged", "judging", "stopped")),
        *(f"message.{word}" for word in ("failed", "kept", "retried", "sent")),
        *(f"round.plan-{word}" for word in ("answered", "begun", "failed")),
    }  # fmt: skip
    assert written(frozenset({"web", "demo"})) - TITLES.keys() == unwritten


def test_steps_and_dispositions_are_of_the_standard_or_ours() -> None:
    pairs = [(row.step, row.disposition) for row in ROWS.values()]
    for row in ROWS.values():
        pairs += [*row.by_state.values(), *(row.by_fact[1].values() if row.by_fact else ())]
        pairs += [(way[1], None) for way in (row.of_class, row.first) if way]
    assert not OWN & STEPS
    assert {step for step, _ in pairs} <= (STEPS - TRAPS) | OWN
    assert {one for _, one in pairs if one} <= DISPOSITIONS - {"reserved"}
    assert {step for step, _ in pairs if step in OWN} == OWN, "a word of ours that nothing says"


def test_the_documentation_says_each_word_of_ours_and_each_row() -> None:
    told = (ROOT / "docs" / "epcis.md").read_text(encoding="utf-8")
    ours = OWN | PAPERS.keys()
    assert {kind for _, kind in TRANSACTIONS.values() if "-" in kind} <= PAPERS.keys()
    assert words().keys() == ours
    assert {name for name in ours if f"`{name}`" not in told} == set()
    assert {kind for kind in ROWS if f"`{kind}`" not in told} == set()
