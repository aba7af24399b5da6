"""Chapter: two holders announce renewals and say at what age they renew, so that the forecast has its reasons."""

from __future__ import annotations

from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.fleets.forecasting.quarters import first_day, period, quarter_of
from reuse_market.fleets.services import plans, resource
from reuse_market.fleets.services.plans import Renewal
from reuse_market.kernel import clock
from reuse_market.observatory import publishing


def acts(actors: Actors, told: Told) -> list[Act]:
    """Acts of the last days."""
    return [
        Act(-5, lambda: _announce(actors)),
        Act(-4, lambda: plans.set_age_rule("laptop", 48, actor=actors["holder"])),
    ]


def count() -> None:
    """Forecast and resource of every holder, and what may be published of them, as the jobs make them."""
    resource.rebuild_changed()
    publishing.publish_due()


def _announce(actors: Actors) -> None:
    now = quarter_of(clock.today())
    for login, quantity, kind, ahead, note in (
        ("holder", 60, "laptop", 1, "Fin de garantie"),
        ("holder", 40, "monitor", 3, ""),
        ("public-holder", 120, "desktop", 2, "Renouvellement des écoles"),
    ):
        renewal = Renewal(kind, quantity, period(first_day(now + ahead)), note=note)
        plans.announce_renewal(renewal, actor=actors[login])
