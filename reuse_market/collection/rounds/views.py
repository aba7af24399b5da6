"""Pages of rounds: the list, one round drawn and arranged, its sheet; the planner's answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.collection import papers
from reuse_market.collection.forms import ReasonForm
from reuse_market.collection.round_models import Round, RoundPlan
from reuse_market.collection.rounds import drawing, facts, reading, services, vehicles, wording
from reuse_market.collection.rounds.forms import NewRoundForm, RoundForm, fill_pickups, fill_terms
from reuse_market.collection.rounds.planning.problem import Answer
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.errors import NotFound
from reuse_market.places.map import route_svg
from reuse_market.web import again
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

ROUND = "/tournees/<string:reference>"


@blueprint.get("/tournees")
@access("reuse-actor")
def rounds() -> Page:
    """The actor's rounds: today's first, those to come, those over."""
    found = reading.views(current_actor(), limit=200)
    today = [one for one in found if one.today]
    to_come = sorted((one for one in found if one.open and not one.today), key=lambda one: one.round.day)
    over = [one for one in found if not one.open]
    free = facts.candidates(current_actor().organisation_id or 0)
    return render_template(
        "collection/rounds.html", today=today, to_come=to_come, over=over, free=free, wording=wording
    )


@blueprint.route("/tournees/nouvelle", methods=["GET", "POST"])
@access("reuse-actor")
def new_round() -> Page:
    """Tick pick-ups and vehicles: a draft, or, with several vehicles, a question to the planner."""
    actor = current_actor()
    free = facts.candidates(actor.organisation_id or 0)
    form: Any = NewRoundForm.from_request(**_usual(free))
    _fill(form)
    fill_pickups(form, free)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            target = _made(form)
        if outcome.ok:
            return redirect(target)
        status = outcome.status
    return render_template("collection/round_new.html", form=form, free=free), status


@blueprint.get(ROUND)
@access("party")
def round_page(reference: str) -> Page:
    """The round: its stops in order for the actor and overseers; a holder is shown its own stop."""
    actor = current_actor()
    found = reading.get(reference)
    if found is None or not reading.policy.may_see(actor, found):
        return redirect(url_for("collection.pickup", reference=reading.held_stops(reference, actor)[0]))
    return _page(found)


@blueprint.get(f"{ROUND}/feuille")
@access("party")
def round_sheet(reference: str) -> Page:
    """The round on paper: addresses, contacts, access, what to load at each stop, totals."""
    found = reading.seen(reference, current_actor())
    return render_template("collection/round_sheet.html", **_shown(found))


@blueprint.route(f"{ROUND}/modifier", methods=["GET", "POST"])
@access("reuse-actor")
def change_round(reference: str) -> Page:
    """Another day, other hours, vehicle, depot, driver."""
    found = reading.seen(reference, current_actor())
    form: Any = RoundForm.from_request(**{name: getattr(found, name) or "" for name in (
        "day", "from_time", "to_time", "depot_site_id", "driver_name", "note", "vehicle_id")})  # fmt: skip
    _fill(form)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.change_round(reference, actor=current_actor(), **form.terms())
        if outcome.ok:
            flash(_("The round is changed."), "success")
            return redirect(url_for("collection.round_page", reference=reference))
        status = outcome.status
    return render_template("collection/round_change.html", form=form, round=found), status


@blueprint.post(f"{ROUND}/arrets")
@access("reuse-actor")
def arrange(reference: str) -> Page:
    """One button beside a stop: earlier, later, off the round; or a pick-up put on it."""
    pickup, actor = request.form.get("pickup", ""), current_actor()
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "up": (
            lambda: services.move_stop(reference, pickup, True, actor=actor),
            _("The stop comes earlier."),
        ),
        "down": (
            lambda: services.move_stop(reference, pickup, False, actor=actor),
            _("The stop comes later."),
        ),
        "off": (
            lambda: services.remove_stop(reference, pickup, actor=actor),
            _("The stop is off the round."),
        ),
        "on": (lambda: services.add_stop(reference, pickup, actor=actor), _("The stop is on the round.")),
    }
    verb = acts.get(request.form.get("act", ""))
    if verb is None:
        raise NotFound(reading.N_("This round does not exist."))
    return _act(reference, *verb, anchor="arrets")


@blueprint.post(f"{ROUND}/ordre")
@access("reuse-actor")
def propose_order(reference: str) -> Page:
    """The planner's order: at once when it is short, else the page of the question."""
    made: list[Any] = []
    page = _act(reference, lambda: made.append(services.propose_order(reference, actor=current_actor())),
                _("The stops are in the order proposed."), anchor="arrets")  # fmt: skip
    if made and isinstance(made[0], RoundPlan):
        return redirect(url_for("collection.round_plan", plan_id=made[0].id))
    return page


@blueprint.post(f"{ROUND}/<any(planifier, rouvrir, partir, annuler):step>")
@access("reuse-actor")
def round_step(reference: str, step: str) -> Page:
    """A step of the round's life."""
    actor = current_actor()
    form: Any = ReasonForm.from_request()
    reason = (form.reason.data or "") if step == "annuler" else ""
    verbs: dict[str, tuple[Callable[[], object], str]] = {
        "planifier": (lambda: services.plan_round(reference, actor=actor),
                      _("The round is planned. Each holder is told its hour.")),
        "rouvrir": (lambda: services.reopen_round(reference, actor=actor),
                    _("The round can be changed. Plan it again to tell the holders.")),
        "partir": (lambda: services.start_round(reference, actor=actor), _("Have a good trip.")),
        "annuler": (lambda: services.cancel_round(reference, reason, actor=actor),
                    _("The round is called off. The holders are told.")),
    }  # fmt: skip
    return _act(reference, *verbs[step], form=form if step == "annuler" else None)


@blueprint.get("/tournees/plans/<int:plan_id>")
@access("reuse-actor")
def round_plan(plan_id: int) -> Page:
    """A question put to the planner: still thinking (the page looks again), then what it proposes."""
    plan = reading.plan(plan_id, current_actor())
    answer = Answer.from_json(plan.answer or {}) if plan.state == "answered" else None
    page = render_template(
        "collection/round_plan.html", plan=plan, answer=answer, still=again.stands_still(),
        **_proposed(plan, answer),
    )  # fmt: skip
    return again.looking_again(page) if plan.state in ("asked", "running") else page


@blueprint.post("/tournees/plans/<int:plan_id>/creer")
@access("reuse-actor")
def take_rounds(plan_id: int) -> Page:
    """Make the drafts the planner proposes."""
    made = services.take_rounds(plan_id, actor=current_actor())
    flash(_("The drafts are ready: look at each, then plan it."), "success")
    if len(made) == 1:
        return redirect(url_for("collection.round_page", reference=made[0].reference))
    return redirect(url_for("collection.rounds"))


def _act(
    reference: str, verb: Callable[[], object], done: str, *, form: Any = None, anchor: str | None = None
) -> Page:
    found = reading.seen(reference, current_actor())
    form = form if form is not None else ReasonForm()
    with telling(form) as outcome:
        verb()
    if outcome.ok:
        flash(done, "success")
        return redirect(url_for("collection.round_page", reference=reference, _anchor=anchor))
    return _page(found, form), outcome.status


def _page(found: Round, form: Any = None) -> str:
    offered = reading.offered(found, current_actor())
    free = facts.candidates(found.organisation_id) if "change" in offered else []
    same_day = [load for load in free if load.pickup.day == found.day]
    return render_template(
        "collection/round.html", offered=offered, free=same_day, form=form or ReasonForm(), refused=form,
        may_start=found.day == clock.today(), **_shown(found),
    )  # fmt: skip


def _shown(found: Round) -> dict[str, Any]:
    terms, plan = drawing.terms_of(found), drawing.drawn(found)
    points = [facts.point_of(terms.depot), *(leg.load.point for leg in plan.legs)]
    known = [point for point in points if point is not None]
    words = {kind.code: kind for kind in equipment.kinds()}
    title = _("The way from the depot through %(stops)s stops and back.", stops=len(plan.legs))
    return {
        "round": found, "terms": terms, "plan": plan, "wording": wording, "papers": papers, "lang": language(),
        "map": route_svg(known, title) if points[0] is not None else "", "kinds": words,
        "actor_name": accounts.names([found.organisation_id]).get(found.organisation_id, ""),
        "told": {stop.pickup_id: stop.told_at for stop in facts.stops_of(found.id)},
    }  # fmt: skip


def _proposed(plan: RoundPlan, answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"proposed": [], "dropped": []}
    names = plan.question["pickups"]
    ids = [vehicles.own(vehicle_id, current_actor()) for vehicle_id in plan.question.get("vehicles", [])]
    proposed = [(ids[r.van].name if ids else "", [names[s - 1] for s in r.stops]) for r in answer.routes]
    return {"proposed": proposed, "dropped": [names[stop - 1] for stop in answer.dropped]}


def _made(form: Any) -> str:
    """Make what the form asks for; where to go then."""
    actor, chosen = current_actor(), form.vehicles.data or []
    if len(chosen) > 1:
        plan = services.ask_rounds(form.pickups.data or [], chosen, actor=actor, **form.terms())
        return url_for("collection.round_plan", plan_id=plan.id)
    terms = form.terms() | {"vehicle_id": chosen[0] if chosen else None}
    made = services.draft_round(form.pickups.data or [], actor=actor, **terms)
    return url_for("collection.round_page", reference=made.reference)


def _fill(form: Any) -> None:
    organisation_id = current_actor().organisation_id or 0
    fill_terms(form, accounts.sites_of(organisation_id), vehicles.of(organisation_id))


def _usual(free: list[facts.Load]) -> dict[str, Any]:
    """What a new round starts with: the first day something waits for, office hours, the only vehicle."""
    asked = request.args.getlist("pickup")
    day = next(
        (load.pickup.day for load in free if not asked or load.pickup.reference in asked), clock.today()
    )
    own = [one.id for one in vehicles.of(current_actor().organisation_id or 0)]
    return {"day": day, "from_time": "08:00", "to_time": "17:00", "vehicles": own if len(own) == 1 else [],
            "pickups": asked or [load.pickup.reference for load in free if load.pickup.day == day]}  # fmt: skip
