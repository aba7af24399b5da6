"""The verbs in any order: the invariants hold after every step, and the product's own checks agree."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful import ledger
from tests.stateful.ledger import RULES, Violated
from tests.stateful.machine import Chain, Surroundings
from tests.stateful.mutants import MUTANTS, Mutant

QUICK = settings(max_examples=6, stateful_step_count=20, deadline=None, database=None, print_blob=True,
                 suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))  # fmt: skip
LONG = settings(QUICK, max_examples=250, stateful_step_count=60)


def machine_in(around: Surroundings) -> type[Chain]:
    """The machine bound to this test's databases."""
    return type("Chain", (Chain,), {"around": around})


@pytest.mark.parametrize("backend", ["sqlite"])
def test_acts_in_any_order(around: Surroundings) -> None:
    """The machine raises Violated at the first rule that does not hold."""
    run_state_machine_as_test(machine_in(around), settings=QUICK)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_few_rounds_on_postgresql(around: Surroundings) -> None:
    """The machine raises Violated at the first rule that does not hold."""
    run_state_machine_as_test(
        machine_in(around), settings=settings(QUICK, max_examples=3, stateful_step_count=15)
    )


@pytest.mark.long
def test_acts_in_any_order_for_long(around: Surroundings) -> None:
    """The machine raises Violated at the first rule that does not hold."""
    run_state_machine_as_test(machine_in(around), settings=LONG)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("fault", MUTANTS, ids=lambda fault: fault.name)
def test_a_mutant_is_caught_where_it_shows(
    fault: Mutant, around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = machine_in(around)()
    chain.start(fault.stage)
    fault.put_in(monkeypatch)
    try:
        with pytest.raises(Violated) as caught:
            fault.show(chain)
        assert caught.value.rule in fault.rules
    finally:
        chain.opened.__exit__(None, None, None)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("stage", ["bare", "published", "awarded", "collected", "ready", "as-is"])
def test_what_shows_a_mutant_is_harmless_without_it(stage: str, around: Surroundings) -> None:
    for fault in MUTANTS:
        if fault.stage == stage:
            chain = machine_in(around)()
            chain.start(stage)
            fault.show(chain)
            assert chain.done + chain.refused, fault.name
            chain.opened.__exit__(None, None, None)


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("fault", MUTANTS, ids=lambda fault: fault.name)
def test_the_machine_finds_the_mutant(
    fault: Mutant, around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = machine_in(around)
    kind.stages = (fault.stage,)
    fault.put_in(monkeypatch)
    searching = settings(LONG, max_examples=400, phases=(Phase.generate,))
    with pytest.raises((Violated, AssertionError, BaseExceptionGroup)):
        run_state_machine_as_test(kind, settings=searching)


# Invariant → the mutants that break it. A rule without one is a rule nobody has seen fail.
BROKEN_BY: dict[str, set[str]] = {
    "chain": {"edited history"},
    "sequence": {"a number skipped"},
    "time": {"clock back"},
    "born-once": {"born twice"},
    "transition": {"over claim", "release twice", "receive twice", "double hold"},
    "terminal": {"zombie after waste"},
    "engagement": {"over claim", "release twice", "double hold"},
    "engaged-as-state": {"refused in limbo"},
    "right-party": {"collect what is not mine", "custody not told", "signed by a stranger"},
    "owner-and-custodian": {"custody not told", "ready before the signature"},
    "lot-balance": {"silent extra"},
    "awarded-within-declared": {"over claim", "more awarded than said"},
    "pickup-balance": {"missing vanishes"},
    "gate-test": {"failed test accepted"},
    "gate-erasure": {"failed wipe accepted", "unknown media accepted", "handed over without proof"},
    "reservation-balance": {"held and forgotten"},
    "public-first": {"claimed before its day"},
    "voucher-once": {"voucher used twice"},
    "own-hand": {"signed for somebody else"},
    "suspended": {"suspended goes on"},
}
# No shipment exists yet: the nearest to shipping what is not one's own is collecting it.
WANTED = {
    "over claim", "release twice", "missing vanishes", "silent extra", "collect what is not mine", "receive twice",
    "refused in limbo", "failed wipe accepted", "unknown media accepted", "double hold", "zombie after waste",
    "clock back", "edited history", "handed over without proof", "voucher used twice", "claimed before its day",
}  # fmt: skip


def test_every_rule_has_a_mutant() -> None:
    found: dict[str, set[str]] = {}
    for fault in MUTANTS:
        for broken in fault.rules:
            found.setdefault(broken, set()).add(fault.name)
    assert found == BROKEN_BY
    assert set(BROKEN_BY) == RULES
    assert {fault.name for fault in MUTANTS} >= WANTED


def test_every_rule_listed_is_one_the_ledger_checks() -> None:
    """And the other way round: no check without its name in the list, hence without a mutant."""
    source = ast.parse(Path(ledger.__file__).read_text(encoding="utf-8"))
    raised = {
        call.args[0].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Violated"
    }
    assert raised == RULES
