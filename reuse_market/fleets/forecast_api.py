"""`/fleet-units/forecast`, `/fleet-units/renewals` and `/fleet-units/age-rules`: what a fleet will release."""

from __future__ import annotations

from typing import Any

from reuse_market.fleets import forecast_schemas as schemas
from reuse_market.fleets.forecast_models import RenewalPlan
from reuse_market.fleets.forecasting import overview as shown
from reuse_market.fleets.forecasting import reading
from reuse_market.fleets.forecasting.quarters import period
from reuse_market.fleets.lifecycle import RENEWING
from reuse_market.fleets.services import plans
from reuse_market.fleets.services.plans import Renewal
from reuse_market.web import rest
from reuse_market.web.access import current_actor

PLAN = "/fleet-units/renewals/<int(min=1, max=2147483647):plan_id>"
GROUND = ("kind", "in_use", "undated", "discards", "since", "rule_months", "own_rule", "age_months")
forecasts = rest.Collection("forecasts", "What a fleet will release: announced and expected, by quarter.")


@forecasts.read("/fleet-units/forecast", rule="holder", shape=schemas.ForecastSchema, name="forecast")
def get_forecast() -> dict[str, Any]:
    """The forecast as it was last made: by kind and quarter, with what it rests on."""
    found = shown.overview(_holder())
    return {
        "made_at": found.made.made_at if found.made else None, "behind": found.behind,
        "kinds": [
            {name: getattr(line.ground, name) for name in GROUND} | {
                "quarters": [
                    {"quarter": quarter, "announced": told.announced, "expected": told.expected,
                     "low": told.low, "high": told.high}
                    for quarter, told in zip(found.quarters, line.told, strict=True)
                ]
            }
            for line in found.lines
        ],
    }  # fmt: skip


@forecasts.read(
    "/fleet-units/renewals", rule="holder", shape=schemas.RenewalSchema, listed=True, query=schemas.RenewalQuery,
    name="list-renewals",
)  # fmt: skip
def list_renewals(query: dict[str, Any]) -> dict[str, Any]:
    """Renewals announced, done and taken back, the oldest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = reading.plans(_holder(), after=cursor, limit=limit + 1, **query)
    return rest.page(rows, limit, lambda row: row.id, _shown)


@forecasts.read(PLAN, rule="holder", shape=schemas.RenewalSchema, name="get-renewal")
def get_renewal(plan_id: int) -> dict[str, Any]:
    """One of them."""
    return _shown(reading.plan(plan_id, current_actor()))


@forecasts.verb(
    "/fleet-units/renewals", rule="holder", body=schemas.RenewalInput, shape=schemas.RenewalSchema, status=201,
    name="announce-renewal",
)  # fmt: skip
def announce_renewal(values: dict[str, Any]) -> dict[str, Any]:
    """Announce that devices will be released."""
    return get_renewal(plans.announce_renewal(Renewal(**values), actor=current_actor()))


@forecasts.verb(
    f"{PLAN}:change", rule="holder", body=schemas.RenewalInput, shape=schemas.RenewalSchema,
    name="change-renewal",
)  # fmt: skip
def change_renewal(values: dict[str, Any], plan_id: int) -> dict[str, Any]:
    """Say it otherwise: what is not sent is emptied."""
    return get_renewal(plans.change_renewal(plan_id, Renewal(**values), actor=current_actor()))


@forecasts.verb(f"{PLAN}:cancel", rule="holder", shape=schemas.RenewalSchema, name="cancel-renewal")
def cancel_renewal(plan_id: int) -> dict[str, Any]:
    """Take it back."""
    return get_renewal(plans.cancel_renewal(plan_id, actor=current_actor()))


@forecasts.verb(f"{PLAN}:finish", rule="holder", shape=schemas.RenewalSchema, name="finish-renewal")
def finish_renewal(plan_id: int) -> dict[str, Any]:
    """Say that it has happened."""
    return get_renewal(plans.finish_renewal(plan_id, actor=current_actor()))


@forecasts.read(
    "/fleet-units/age-rules", rule="holder", shape=schemas.AgeRuleSchema, listed=True, name="age-rules"
)
def list_age_rules(query: dict[str, Any]) -> dict[str, Any]:
    """The age rule of every kind that has one, on one page."""
    return {"items": [_age(kind) for kind in sorted(reading.ages(_holder()))], "next": None}


@forecasts.verb(
    "/fleet-units/age-rules:set", rule="holder", body=schemas.AgeRuleInput, shape=schemas.AgeRuleSchema,
    name="set-age-rule",
)  # fmt: skip
def set_age_rule(values: dict[str, Any]) -> dict[str, Any]:
    """Say at what age a kind is renewed."""
    plans.set_age_rule(values["kind"], values["months"], actor=current_actor())
    return _age(values["kind"])


def _holder() -> int:
    return current_actor().organisation_id or 0


def _age(kind: str) -> dict[str, Any]:
    age = reading.ages(_holder()).get(kind, reading.Age(None, own=False))
    return {"kind": kind, "months": age.months, "own": age.own, "source": age.source}


def _shown(row: RenewalPlan) -> dict[str, Any]:
    names = ("id", "state", "kind", "quantity", "quarter", "month", "model", "site_id", "note")
    tied = row.lot_reference is not None
    offered = [one for one in RENEWING.offered(row, current_actor()) if one == "change" or not tied]
    return {name: getattr(row, name) for name in names} | {
        "period": period(row.quarter, row.month), "lot": row.lot_reference,
        "actions": offered,
        "links": {"self": f"{rest.ROOT}/fleet-units/renewals/{row.id}"},
    }  # fmt: skip
