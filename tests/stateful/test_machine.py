"""The verbs in any order: the invariants hold after every step, and the product's own checks agree."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

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
    run_state_machine_as_test(machine_in(around), settings=QUICK)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_few_rounds_on_postgresql(around: Surroundings) -> None:
    run_state_machine_as_test(
        machine_in(around), settings=settings(QUICK, max_examples=3, stateful_step_count=15)
    )


@pytest.mark.long
def test_acts_in_any_order_for_long(around: Surroundings) -> None:
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


def test_every_rule_has_a_mutant() -> None:
    assert {rule for fault in MUTANTS for rule in fault.rules} == RULES
    assert len(MUTANTS) >= 13
