"""Pages of corrections: one's own acts of a lot, one act and its correction, the answer of the other side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.kernel.errors import NotFound
from reuse_market.proofs import reading, wording
from reuse_market.proofs.corrections import queries, services
from reuse_market.proofs.corrections import wording as words
from reuse_market.proofs.corrections.forms import DeclineForm, correction_form, told
from reuse_market.proofs.corrections.lifecycle import FLOW
from reuse_market.proofs.corrections.table import CORRECTABLE, next_step
from reuse_market.refurbishing import queries as bench
from reuse_market.refurbishing.parts.words import WORK
from reuse_market.refurbishing.policy import own_batch
from reuse_market.refurbishing.services.waste import NO_BATCH
from reuse_market.units.labels import codes_of
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import date_long
from reuse_market.web.paging import SIZE, Slice
from reuse_market.web.problems import telling

blueprint = Blueprint("corrections", __name__)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Page = Response | str | tuple[str, int]


@blueprint.get("/lots/<string:reference>/actes")
@access("taker")
def of_lot(reference: str) -> Page:
    """The organisation's own acts of a lot that can be corrected."""
    lot = reading.lot_of(reference, current_actor())
    start = _start()
    found = queries.correctable(f"lot/{lot.reference}", current_actor(), offset=start, limit=SIZE + 1)
    crumb = (lot.reference, url_for("lots.lot", reference=lot.reference))
    return _acts(found, start, crumb, _("Our acts on the lot %(reference)s", reference=lot.reference))


@blueprint.get("/atelier/reforme/<string:reference>/actes")
@access("waste-keeper")
def of_removal(reference: str) -> Page:
    """What a removal and the declarations of its devices say, to be corrected: weights, the day."""
    batch = bench.batch(reference)
    if batch is None or not own_batch(current_actor(), batch):
        raise NotFound(NO_BATCH)
    start = _start()
    found = queries.of_removal(batch, offset=start, limit=SIZE + 1)
    crumb = (batch.reference, url_for("refurbishing.batch", reference=batch.reference))
    return _acts(found, start, crumb, _("Our acts on the removal %(reference)s", reference=batch.reference))


def _start() -> int:
    asked = request.args.get("cursor", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def _acts(found: Sequence[Any], start: int, crumb: tuple[str, str], title: str) -> str:
    rows = [(event, one, *queries.facts(event)) for event, one in found[:SIZE]]
    more = Slice(rows, str(start + SIZE) if len(found) > SIZE else None)
    labels = codes_of(sorted({unit for *_row, units in rows for unit in units}))
    return render_template(
        "proofs/acts.html", rows=rows, labels=labels, titles=wording.TITLES, states=words.STATE_WORDS,
        crumb=crumb, heading=title, more=more,
    )  # fmt: skip


@blueprint.route("/actes/<string:uid>/corriger", methods=["GET", "POST"])
@access("taker")
def correct(uid: str) -> Page:
    """Correct an act, or say that it did not take place."""
    actor, of = current_actor(), queries.event(uid)
    if not actor.is_org(of.organisation_id):
        raise NotFound(queries.NO_EVENT)
    row, (known, _units) = CORRECTABLE.get(of.type), queries.facts(of)
    if row is None:
        return render_template("proofs/act.html", **_shown(of), otherwise=_(next_step(of.type)))
    form: Any = correction_form(row, known)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        more = {"actor": actor, "reason": form.reason.data, "note": form.note.data or ""}
        with telling(form) as outcome:
            if form.kind.data == "void":
                services.void_event(of.uid, **more)
            else:
                services.correct_event(of.uid, told(form, row), **more)
        if outcome.ok:
            flash(_("The correction is written down."), "success")
            return redirect(url_for("corrections.act", uid=of.uid))
        status = outcome.status
    return render_template("proofs/correct.html", form=form, **_shown(of)), status


@blueprint.get("/actes/<string:uid>")
@access("party")
def act(uid: str) -> Page:
    """An act and its correction, for its two sides and those who oversee."""
    return _act_page(uid, None)


@blueprint.post("/actes/<string:uid>/accepter")
@access("taker")
def approve(uid: str) -> Page:
    """Agree: the act is corrected."""
    return _do(uid, DeclineForm(), lambda _form: services.approve_correction(uid, actor=current_actor()))


@blueprint.post("/actes/<string:uid>/refuser")
@access("taker")
def decline(uid: str) -> Page:
    """Do not agree, and say why."""
    form = DeclineForm.from_request()
    return _do(
        uid, form, lambda one: services.decline_correction(uid, one.answer.data or "", actor=current_actor())
    )


@blueprint.post("/actes/<string:uid>/retirer")
@access("taker")
def withdraw(uid: str) -> Page:
    """Take the question back."""
    return _do(uid, DeclineForm(), lambda _form: services.withdraw_correction(uid, actor=current_actor()))


def _do(uid: str, form: Any, verb: Callable[[Any], object]) -> Page:
    queries.seen(uid, current_actor())
    with telling(form) as outcome:
        verb(form)
    if not outcome.ok:
        page = _act_page(uid, form)
        return page if isinstance(page, tuple) else (str(page), outcome.status)
    flash(_("It is written down. Both sides are told."), "success")
    return redirect(url_for("corrections.act", uid=uid))


def _act_page(uid: str, refused: Any) -> Page:
    of, found = queries.seen(uid, current_actor())
    names = accounts.names([found.asked_by_id, found.other_id or 0])
    return render_template(
        "proofs/act.html", **_shown(of), found=found, names=names, states=words.STATE_WORDS,
        reasons=words.REASON_WORDS, offered=FLOW.offered(found, current_actor()), form=refused or DeclineForm(),
        refused=refused, now={name: said(value) for name, value in found.values.items()},
    )  # fmt: skip


def _shown(of: Any) -> dict[str, Any]:
    facts, units = queries.facts(of)
    row = CORRECTABLE.get(of.type)
    before = {name: said(facts.get(name)) for name in row.fields} if row else {}
    return {
        "of": of, "title_of": wording.title(of.type), "before": before, "fields": words.FIELD_WORDS,
        "labels": codes_of(units), "around": _around(of, facts, units),
    }  # fmt: skip


def _around(of: Any, facts: dict[str, Any], units: list[int]) -> list[tuple[str, str]]:
    """(label, address) of the thing an act is about, then of the list of one's own acts on it."""
    kind, _sep, reference = of.stream.partition("/")
    if kind == "lot":
        lists = [(reference, url_for("lots.lot", reference=reference))]
        return [*lists, (_("Our acts"), url_for("corrections.of_lot", reference=reference))]
    batch = facts.get("batch") or bench.removal_of(units)
    if batch is None:
        return [(_("Removals"), url_for("refurbishing.waste"))]
    lists = [(batch, url_for("refurbishing.batch", reference=batch))]
    return [*lists, (_("Our acts"), url_for("corrections.of_removal", reference=batch))]


def said(value: Any) -> str:
    """A fact in words."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return date_long(date.fromisoformat(value))
    if isinstance(value, list):
        return ", ".join(str(_(WORK[one])) if one in WORK else str(one) for one in value)
    return "–" if value is None else str(value)
