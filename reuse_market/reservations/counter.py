"""The sale at the counter: a ready device goes to whoever presents an orientation voucher, in one verb."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.founding import found_organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.documents import services as documents
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor, require_own_hand
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.refurbishing.group_models import OfferGroup
from reuse_market.refurbishing.models import Offer
from reuse_market.refurbishing.pricing import VAT, Price, net_of, price
from reuse_market.regimes.cases import Voucher
from reuse_market.regimes.decision import amount
from reuse_market.reservations import acting, law, policy, slip, tickets, vouchers
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.reservations.models import OrientationVoucher, Reservation, VoucherParty
from reuse_market.reservations.waiting import serving
from reuse_market.traceability import journal
from reuse_market.units import labels
from reuse_market.units import services as unit_services
from reuse_market.units.models import Unit
from reuse_market.units.services import Closing, Move, Opening

PEOPLE = "Personnes orientées par un bon"  # the party's name; pages word it in the reader's language
NO_DEVICE = N_("No ready device of yours has this code.")
WAITED = N_("Others waited for this device before: it is offered to them first.")
NO_UNIT = N_("This device does not exist.")


def ready_unit(code: str, *, actor: Actor) -> tuple[Unit, Offer]:
    """The ready unit of the seller that bears this label, and its offer. Invalid (field code) otherwise."""
    found = labels.unit_of_code(code)
    offer = session().get(Offer, found.id) if found is not None else None
    if found is None or offer is None or found.state != "ready" or not actor.is_org(found.custodian_id):
        raise Invalid(NO_DEVICE, field="code", code="counter.unit")
    return found, offer


def require_own(unit_id: int, *, actor: Actor) -> None:
    """NotFound unless the unit is in the actor's hands: whose it is, nobody else learns."""
    found = session().get(Unit, unit_id)
    if found is None or not actor.is_org(found.custodian_id):
        raise NotFound(NO_UNIT)


def sell_on_voucher(unit_id: int, voucher: str, price_cents: int, *, actor: Actor) -> Reservation:
    """Pass a ready unit on to the bearer of a voucher at this price TTC: held, provided, paid at the counter.

    The owner becomes the one party that stands for all bearers. Refused: what `vouchers.presented` refuses
    (counted); Conflict when the unit is no longer ready, or goes to who waited for it; Invalid with the article
    where the law says no, for a voucher of another kind, or above its cap.
    """
    require_own_hand(actor)
    code = vouchers.presented(voucher, actor=actor)
    return _sell(unit_id, code, price_cents, actor=actor)


@command
def _sell(unit_id: int, code: str, price_cents: int, *, actor: Actor) -> Reservation:
    _those_before(unit_id, actor)
    unit, offer = _locked_unit(unit_id, actor)
    shown: OrientationVoucher | None = lock(OrientationVoucher, OrientationVoucher.code == code)
    ticket = vouchers.require_good(shown)
    asked = _price(price_cents, offer)
    terms = Voucher(ticket.ends_on, ticket.kind, ticket.cap_cents)
    seller = actor.organisation_id or 0
    allowed = law.require_sale_to_person(unit.id, seller, asked, terms, field="price_cents")
    _require_terms(ticket, unit, asked)
    made = _reserve(unit, offer, asked, ticket, allowed.act, seller)
    _pass_on(made, unit, ticket, actor)
    session().refresh(made)
    handed_by = ", ".join(n for n in (actor.person_name, actor.organisation_name) if n)
    documents.issue(
        slip.KIND, slip.facts(made, "fr", handed_by=handed_by, voucher=ticket.reference), lang="fr",
        owner=slip.owner(made.reference), readers=[seller], number_prefix=slip.PREFIX,
    )  # fmt: skip
    return made


def _those_before(unit_id: int, actor: Actor) -> None:
    """The one order serves all: Conflict where somebody who waited for such devices has this one now."""
    mine = (
        sa.select(OfferGroup.key)
        .join(Offer, Offer.group_id == OfferGroup.id)
        .join(Unit, Unit.id == Offer.unit_id)
    )
    key = session().scalar(mine.where(Unit.id == unit_id, Unit.custodian_id == actor.organisation_id))
    group = catalogue.group(key, actor) if key is not None and policy.redeemer(actor) else None
    if group is None:
        return
    acting.queue_up(group.seller_id)
    serving.before([group], actor)
    if session().scalar(sa.select(Unit.state).where(Unit.id == unit_id)) != "ready":
        raise Conflict(WAITED, code="counter.waited")


def _locked_unit(unit_id: int, actor: Actor) -> tuple[Unit, Offer]:
    unit: Unit | None = lock(Unit, Unit.id == unit_id)
    if unit is None or not actor.is_org(unit.custodian_id):
        raise NotFound(NO_UNIT)
    if not policy.redeemer(actor):
        raise refusal(policy.redeemer, actor, "voucher.redeem")
    offer = session().get(Offer, unit_id)
    if unit.state != "ready" or offer is None:
        raise Conflict(N_("This device is no longer for sale: look at its page."), code="counter.state")
    return unit, offer


def _price(gross_cents: int, offer: Offer) -> Price:
    """What is paid, TTC, as the offer's VAT scheme cuts it."""
    if not 0 <= gross_cents <= vouchers.MOST_CENTS:
        raise Invalid(N_("Enter a price, 0 if it is free."), field="price_cents")
    rate = rate_per_mille(VAT)
    return price(net_of(gross_cents, offer.vat_scheme, rate), offer.vat_scheme, rate)


def _require_terms(ticket: OrientationVoucher, unit: Unit, asked: Price) -> None:
    """The voucher's own terms, which hold even where the law asks for none."""
    if ticket.kind not in (None, unit.kind):
        raise Invalid(
            N_("This orientation voucher is for another kind of device."),
            field="voucher",
            code="voucher.kind",
        )
    if ticket.cap_cents is not None and (asked.gross_cents or 0) > ticket.cap_cents:
        raise Invalid(
            N_("The voucher allows %(cap)s at most."), field="price_cents", code="voucher.cap",
            cap=amount(ticket.cap_cents),
        )  # fmt: skip


def _reserve(
    unit: Unit, offer: Offer, asked: Price, ticket: OrientationVoucher, act: str, seller: int
) -> Reservation:
    today = clock.today()
    made = Reservation(
        reference=next_reference("RES"), state="placed", beneficiary_id=_people(), seller_id=seller,
        group_key="", units=1, price_cents=asked.net_cents, vat_scheme=offer.vat_scheme, until=today,
        placed_at=clock.now(), act=act, voucher_id=ticket.id, warranty_months=offer.warranty_months,
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made


def _pass_on(made: Reservation, unit: Unit, ticket: OrientationVoucher, actor: Actor) -> None:
    """ready → held → provided, and the voucher used: two acts of one transaction."""
    doing, stream, seller = journal.Act(actor), unit.stream, made.seller_id
    facts = {"reservation": made.reference, "voucher": ticket.reference}
    # The counter holds for the bearer: nobody else has an account to hold it with.
    hold = Move("hold", party_id=seller, opens=(Opening("hold", made.reference, seller),))
    unit_services.act(hold, [unit.id], doing=doing, stream=stream, facts=facts)
    vouchers.use(ticket, made.reference, doing)
    BOOKING.fire("sell_on_voucher", made, actor, provided_at=clock.now())
    given = Move(
        "provide", party_id=seller, owner_id=made.beneficiary_id, custodian_id=made.beneficiary_id,
        closes=(Closing("hold", made.reference, "provided"),), values={"site_id": None},
    )  # fmt: skip
    facts |= {"act": made.act or ""}
    told = facts | {"price_cents": made.price_cents}
    unit_services.act(given, [unit.id], doing=doing, stream=stream, facts=told)


def _people() -> int:
    """The party that stands for every bearer of a voucher, made for the first of them."""
    if (known := tickets.party_id()) is not None:
        return known
    session().execute(sa.text("INSERT INTO voucher_party (id) VALUES (1) ON CONFLICT (id) DO NOTHING"))
    row: VoucherParty = lock(VoucherParty, VoucherParty.id == 1)
    if row.organisation_id is None:
        row.organisation_id = found_organisation(PEOPLE, "other", ("recipient",), actor=SYSTEM).id
        session().flush()
    return row.organisation_id
