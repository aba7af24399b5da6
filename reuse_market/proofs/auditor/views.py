"""The auditor's pages: a sample, every figure at entry N, who changed and who saw what. Nothing here writes."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts import sightings
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.errors import Invalid
from reuse_market.proofs import proving
from reuse_market.proofs.auditor import changes, figures, sampling, words
from reuse_market.proofs.fates import FATES
from reuse_market.proofs.seeing import serials_shown
from reuse_market.proofs.sentence import sentence
from reuse_market.proofs.wording import title
from reuse_market.traceability import checkpoints, log
from reuse_market.units.words import STATES
from reuse_market.web.access import access
from reuse_market.web.paging import SIZE, Slice
from reuse_market.web.sheets import sheet

blueprint = Blueprint("auditor", __name__)
BIGGEST = 9  # digits of a number in the address


@blueprint.get("/audit")
@access("overseer")
def home() -> str | tuple[str, int]:
    """What an auditor can do, and a sample once asked for."""
    problem = ""
    asked, drawn = _asked(), None
    if asked["seed"]:
        try:
            drawn = _drawn(asked)
        except Invalid as refused:
            problem = _(refused.message) % refused.params
    page = render_template(
        "proofs/audit.html", asked=asked, drawn=drawn, problem=problem, proposed=secrets.token_hex(8),
        latest=checkpoints.latest(), size=log.size(), title_of=title, kinds=_kinds(), words=words,
        states=STATES, most=sampling.MOST,
    )  # fmt: skip
    return (page, 422) if problem else page


@blueprint.get("/audit/echantillon.csv")
@access("overseer")
def sample_csv() -> Response:
    """The same sample as a table with a column to fill in for each check."""
    asked = _asked()
    rows = _drawn(asked)
    heads = [_("Seed"), _("Size of the log"), _("Rank")]
    checks = [_(text) for text in words.CHECKS[asked["what"]]]
    if asked["what"] == "events":
        heads += [_("Entry"), _("Event"), _("What"), _("Stream"), _("Fingerprint")]
        told = [[e.position, e.uid, _(title(e.type)), e.stream, e.hash] for e in rows]
    else:
        heads += [_("Device"), _("Serial number"), _("Label"), _("State"), _("Held by"), _("Lot")]
        told = [[u.unit_id, u.serial, u.code, _(STATES[u.state]), u.custodian, u.lot] for u in rows]
    lines = ([asked["seed"], asked["n"], rank, *row, *[""] * len(checks)] for rank, row in enumerate(told, 1))
    return sheet("csv", _("sample"), [*heads, *checks], lines)


@blueprint.get("/audit/evenements/<string:uid>/preuve.json")
@access("overseer")
def event_proof(uid: str) -> Response:
    """The proof of any event of the journal."""
    found = changes.event(uid)
    made = proving.written(proving.proof(f"event/{found.uid}", [found]))
    return Response(
        made, mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="preuve-{found.uid}.json"'},
    )  # fmt: skip


@blueprint.get("/audit/chiffres")
@access("overseer")
def at_entry() -> str | tuple[str, int]:
    """Every figure at entry N, from the events alone; of one lot when asked."""
    reference, problem, told, balance = request.args.get("lot", "").strip()[:20], "", None, None
    organisation = _number("organisme")
    try:
        size = figures.checked(_number("n"))
        if reference:
            balance = figures.lot(reference, size)
        elif "n" in request.args:
            told = figures.at(size, organisation)
    except Invalid as refused:
        size, problem = log.size(), _(refused.message) % refused.params
    page = render_template(
        "proofs/audit_figures.html", size=size, now=log.size(), told=told, lot=reference, problem=problem,
        balance=balance, sentence=sentence, words=words, checkpoint=checkpoints.at(size), organisation=organisation,
        fates=FATES,
    )  # fmt: skip
    return (page, 422) if problem else page


@blueprint.get("/audit/modifications")
@access("overseer")
def who_changed() -> str:
    """Who changed what, the latest first."""
    stream, organisation = request.args.get("flux", "").strip()[:80], _number("organisme")
    found = changes.listed(
        stream=stream, organisation_id=organisation, before=_number("cursor"), limit=SIZE + 1
    )
    rows = Slice(found[:SIZE], str(found[SIZE - 1].id) if len(found) > SIZE else None)
    return render_template("proofs/audit_changes.html", rows=rows, stream=stream, organisation=organisation)


@blueprint.get("/audit/consultations")
@access("overseer")
def who_saw() -> str:
    """Who saw addresses, contacts, serial numbers and papers, the latest first."""
    subject, organisation = request.args.get("objet", "").strip()[:80], _number("organisme")
    found = sightings.listed(
        subject=subject, organisation_id=organisation, before=_number("cursor"), limit=SIZE + 1
    )
    rows = Slice(found[:SIZE], str(found[SIZE - 1].id) if len(found) > SIZE else None)
    return render_template(
        "proofs/audit_seen.html", rows=rows, subject=subject, organisation=organisation, words=words
    )


def _asked() -> dict[str, Any]:
    """What the address asks to draw; nonsense counts as what is proposed."""
    what = request.args.get("quoi", "units")
    return {
        "seed": request.args.get("graine", "").strip()[:64],
        "what": what if what in sampling.WHAT else "units",
        "count": _number("combien", 10),
        "n": _number("n") if _number("n") is not None else log.size(),
    }


def _drawn(asked: dict[str, Any]) -> list[Any]:
    size = figures.checked(asked["n"])
    if asked["what"] == "events":
        return list(sampling.events(asked["seed"], asked["count"], size))
    return serials_shown(sampling.units(asked["seed"], asked["count"], size))


def _number(name: str, default: int | None = None) -> int | None:
    text = request.args.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= BIGGEST else default


def _kinds() -> dict[str, str]:
    english = str(get_locale())[:2] == "en"
    return {kind.code: (kind.label_en if english else kind.label_fr) for kind in equipment.kinds()}
