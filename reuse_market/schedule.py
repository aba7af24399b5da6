"""Name → job → cadence. The only place that says how often something runs."""

from __future__ import annotations

from reuse_market.accounts import digests, evidence, links, locating, sightings
from reuse_market.claims import papers as deeds
from reuse_market.claims import services as claims
from reuse_market.claims import standby
from reuse_market.claims.sharing import proposing as sharing
from reuse_market.collection import countersigning
from reuse_market.collection import services as collection
from reuse_market.collection.arrivals import protocols, reminders
from reuse_market.collection.revising import services as revising
from reuse_market.collection.rounds import services as rounds
from reuse_market.collection.shipments import services as shipments
from reuse_market.desk import jobs as desk
from reuse_market.erasure import mails as checks
from reuse_market.fleets import services as fleets
from reuse_market.fleets.services import resource
from reuse_market.kernel import files, idempotency, jobs
from reuse_market.lots import certificates
from reuse_market.lots import services as lots
from reuse_market.notices import jobs as notices
from reuse_market.obligations.agec import importing as agec_files
from reuse_market.obligations.agec import reminding as agec
from reuse_market.observatory import publishing
from reuse_market.proofs.auditing import services as auditing
from reuse_market.proofs.corrections import services as corrections
from reuse_market.refurbishing.locks import services as locks
from reuse_market.refurbishing.shelf import keeping as shelf
from reuse_market.refurbishing.solidarity import choosing
from reuse_market.reservations import jobs as reservations
from reuse_market.reservations.needs import services as needs
from reuse_market.reservations.requests import services as requests
from reuse_market.reservations.waiting import serving as waiting
from reuse_market.traceability import checkpoints

CLOSING = ("lot.closed",)  # a lot that is over gets its checkpoint at once


def register() -> None:
    """Register every job; safe to repeat."""
    jobs.register("journal.sequence", lambda: checkpoints.keep_up(CLOSING), every=5)
    jobs.register("journal.alarm", auditing.tell_refusal, every=60)
    jobs.register("audits.run", auditing.run_due, every=5)
    jobs.register("deliver-messages", lambda: notices.deliver_due(50), every=15)
    jobs.register("messages.forget", notices.forget_old, every=86_400)
    jobs.register("links.forget", links.forget_old, every=86_400)
    jobs.register("sightings.forget", sightings.forget_old, every=86_400)
    jobs.register("files.clean", files.delete_unreferenced, every=86_400)
    jobs.register("searches.digest", digests.send_due, every=3600)
    jobs.register("evidence.warn", evidence.warn_of_expiry, every=86_400)
    jobs.register("lots.expire", lots.expire_due, every=3600)
    jobs.register("lots.plans-remind", lots.remind_due, every=86_400)
    jobs.register("lots.plans-end", lots.expire_due_plans, every=86_400)
    jobs.register("interest.tell", claims.tell_interested, every=60)
    jobs.register("inventories.work", fleets.run_due, every=1)
    jobs.register("inventories.forget", fleets.forget_old, every=86_400)
    jobs.register("resource.rebuild", resource.rebuild_changed, every=3600)
    jobs.register("stocks.keep", fleets.keep_due_stocks, every=86_400)
    jobs.register("erasure.certificates", certificates.reissue_due, every=300)
    jobs.register("claims.deeds", deeds.issue_due, every=300)
    jobs.register("claims.share", sharing.close_due, every=300)
    jobs.register("claims.share-remind", sharing.remind_due, every=3600)
    jobs.register("claims.share-expire", sharing.expire_due, every=3600)
    jobs.register("claims.expire", claims.expire_due, every=3600)
    jobs.register("standby.lapse", standby.lapse_due, every=3600)
    jobs.register("corrections.expire", corrections.expire_due, every=3600)
    jobs.register("revisions.escalate", revising.escalate_due, every=3600)
    jobs.register("pickups.remind", reminders.remind_due, every=600)
    jobs.register("protocols.void", protocols.void_changed, every=300)
    jobs.register("pickups.expire", collection.expire_due, every=3600)
    jobs.register("signatures.chase", countersigning.chase_due, every=3600)
    jobs.register("locks.ask", locks.ask_due, every=900)
    jobs.register("locks.remind", locks.remind_due, every=86_400)
    jobs.register("erasure-checks.remind", checks.remind_due, every=86_400)
    jobs.register("rounds.plan", rounds.run_due, every=2)
    jobs.register("shipments.remind", shipments.remind_due, every=3600)
    jobs.register("solidarity.open", choosing.open_due, every=3600)
    jobs.register("offers.open", shelf.open_due, every=600)
    jobs.register("waiting.serve", waiting.serve_due, every=60)
    jobs.register("reservations.expire", reservations.expire_due, every=3600)
    jobs.register("photos.forget", reservations.forget_photos, every=86_400)
    jobs.register("requests.forget", requests.forget_old, every=86_400)
    jobs.register("vouchers.expire", reservations.expire_vouchers, every=3600)
    jobs.register("needs.lapse", needs.lapse_due, every=3600)
    jobs.register("agec.remind", agec.remind_due, every=86_400)
    jobs.register("agec.forget", agec_files.forget_old, every=86_400)
    jobs.register("sites.locate", locating.locate_sites, every=600)
    jobs.register("on-behalf.tell", desk.tell_acts, every=300)
    jobs.register("resource.publish", publishing.publish_due, every=300)
    jobs.register("idempotency.forget", idempotency.forget_old, every=86_400)
