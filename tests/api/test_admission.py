"""The operator's program admits, refuses, suspends, reinstates and qualifies; others do not."""

from __future__ import annotations

import pytest

from reuse_market.accounts import services
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor


@pytest.fixture
def made(world):
    return services.register_organisation(
        "Nouvelle Exemple", "association", ["recipient"], actor=Actor(), rna="W381234567"
    ).id


def test_the_life_of_an_organisation(world, caller, made):
    operator = caller(world.operator())
    one = f"/organisations/{made}"
    seen = operator.get(one)
    assert (seen["state"], seen["actions"][3:]) == ("to_verify", ["admit", "refuse", "qualify"])
    operator.post(f"{one}:refuse", 422)
    refused = operator.post(f"{one}:refuse", reason="Statuts manquants")
    assert (refused["state"], refused["decision_reason"]) == ("refused", "Statuts manquants")
    assert operator.post(f"{one}:admit", 409)["code"] == "organisation.admit.charter"
    admitted = operator.post(f"{one}:admit", roles=["recipient", "buyer"], paper_charter=True)
    assert (admitted["state"], admitted["roles"]) == ("verified", ["buyer", "recipient"])
    assert operator.get(one)["actions"][3:] == ["suspend", "qualify", "grant-exception"]
    assert operator.post(f"{one}:suspend", reason="Exemple")["actions"][3:] == ["reinstate", "qualify"]
    assert operator.post(f"{one}:reinstate")["state"] == "verified"


def test_what_it_is_before_the_law(world, caller, made):
    operator, one = caller(world.operator()), f"/organisations/{made}"
    before = operator.get(f"{one}/qualification")
    assert (before["party_kind"], before["proven"], before["history"]) == ("association_precarity", False, [])
    proof = {"party_kind": "association_rup", "evidence": "Décret du 4 mars 2019"}
    after = operator.post(f"{one}:qualify", **proof)
    assert (after["party_kind"], after["proven"], len(after["history"])) == ("association_rup", True, 1)
    assert operator.post(f"{one}:qualify", 422, **proof | {"party_kind": "school_eple"})
    assert operator.post(f"{one}:qualify", 409, **proof)
    later = {"valid_from": "2030-01-01", "evidence_id": 404}
    assert operator.post(f"{one}:qualify", 404, **proof | later)


def test_nobody_else_decides(world, caller, made):
    world.operator()
    for party in (world.holder(), world.party("Auditeur Exemple", "auditor")):
        program = caller(party)
        for verb, body in (
            ("admit", {}), ("refuse", {"reason": "x"}), ("suspend", {"reason": "x"}), ("reinstate", {}),
            ("qualify", {"party_kind": "association_rup", "evidence": "Décret du 4 mars 2019"}),
            ("grant-exception", {"kind": "laptop", "units": 1, "until": clock.in_days(30).isoformat(),
                                 "reason": "x"}),
        ):  # fmt: skip
            program.post(f"/organisations/{made}:{verb}", 403, **body)
    caller(world.holder()).get(f"/organisations/{made}/qualification", 404)
    mine = world.holder().organisation_id
    assert caller(world.holder()).get(f"/organisations/{mine}")["actions"] == [
        "change",
        "invite",
        "add-evidence",
    ]
