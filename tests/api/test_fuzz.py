"""A minute of hostile and odd requests on every operation: never a 500, always the shapes the document tells.

Answers that depend on what is stored (409, 404, 422 by a verb) are no faults; neither is a strict refusal of a
value that only a verb can judge, so `positive_data_acceptance` is left out.
"""

from __future__ import annotations

import time
from copy import deepcopy

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks

from reuse_market.api.application import document
from reuse_market.kernel import clock
from tests.support import world as chain

SECONDS = 45  # for both databases together under two minutes
EACH = 6  # requests on an operation before the next one
LEFT_OUT = ("positive_data_acceptance", "ignored_auth", "object_level_authorization", "use_after_free")


@pytest.fixture
def everything(world, caller):
    """Parties of each kind with something of theirs in each collection; references for each path parameter."""
    holder, actor = world.holder(), world.reuse_actor()
    claim = chain.awarded_claim(chain.published_lot(holder), holder, actor)
    pickup = chain.agreed_pickup(claim, holder, actor)
    units = chain.ready_units(actor, 3)
    known = {"claims": claim.reference, "pickups": pickup.reference, "units": units[0]}
    known["lots"] = caller(holder).post("/lots", 201, title="Un lot")["reference"]
    known["offers"] = caller(world.buyer()).get("/offers")["items"][0]["key"]
    at = f"/offers/{known['offers']}:reserve"
    known["reservations"] = caller(world.buyer()).post(at, 201, units=1)["reference"]
    known["removals"] = caller(actor).post("/removals", 201)["reference"]
    known["organisations"] = holder.organisation_id
    known["vouchers"] = caller(world.recipient()).post(
        "/vouchers", 201, ends_on=clock.in_days(30).isoformat()
    )["reference"]
    callers = [caller(party) for party in (holder, actor, world.buyer(), world.recipient(), world.operator())]
    return callers, known


@pytest.mark.long
def test_nothing_breaks_and_answers_keep_their_shape(app, everything):
    callers, known = everything
    schemathesis.checks.load_all_checks()
    schema = schemathesis.openapi.from_dict(_open(document(app)))
    schema.app = app
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) == sum(len(ops.keys() - {"parameters"}) for ops in document(app)["paths"].values())
    until = time.monotonic() + SECONDS
    excluded = [checks.CHECKS.get_one(name) for name in LEFT_OUT]
    rounds = 0
    while not rounds or time.monotonic() < until:
        for operation in operations:
            _fuzz(operation, callers, known, excluded)
            if rounds and time.monotonic() > until:
                break
        rounds += 1


def _open(told):
    """The document without its tokens: the callers bring theirs, so that only the rest is ever wrong."""
    told = deepcopy(told)  # the application keeps its own
    for path in told["paths"].values():
        for method in path.keys() - {"parameters"}:
            path[method].pop("security")
    return told


def _fuzz(operation, callers, known, excluded):
    """A few requests on one operation, on objects that are there and on others, well formed and not."""
    collection = operation.path.split("/")[3].split(":")[0]
    modes = st.sampled_from(list(schemathesis.GenerationMode))

    @given(case=modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode)),
           who=st.sampled_from(callers), there=st.booleans())  # fmt: skip
    @settings(
        max_examples=EACH, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    def ask(case, who, there):
        left_out = excluded
        for name in (case.path_parameters or {}).keys() & {"reference", "key", "unit_id", "organisation_id"}:
            if collection in known and there:
                case.path_parameters[name] = known[collection]
                left_out = [*excluded, checks.CHECKS.get_one("negative_data_rejection")]
        case.call_and_validate(headers=who.headers, excluded_checks=left_out)

    ask()
