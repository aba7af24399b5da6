"""The signed checkpoints of the journal, at stable public addresses, and the page that says what they prove."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs import proving
from reuse_market.proofs.auditing import queries as audits
from reuse_market.proofs.forms import RestoreForm
from reuse_market.proofs.growth import growth
from reuse_market.proofs.wording import CHECKPOINT_REASONS
from reuse_market.traceability import checkpoints, log, restoring
from reuse_market.web.access import access, current_actor
from reuse_market.web.fields import BIGGEST
from reuse_market.web.paging import SIZE
from reuse_market.web.problems import telling

blueprint = Blueprint("checkpoints", __name__)
NONE_YET = N_("No checkpoint has this size.")


@blueprint.get("/checkpoint")
@access("public")
def latest() -> Response:
    """The latest signed note."""
    found = checkpoints.latest()
    if found is None:
        raise NotFound(N_("No checkpoint has been signed yet."))
    return _text(found.note)


@blueprint.get("/checkpoint/<int:size>")
@access("public")
def of_size(size: int) -> Response:
    """The signed note of the log at one size."""
    found = checkpoints.at(size)
    if found is None:
        raise NotFound(NONE_YET)
    return _text(found.note)


@blueprint.get("/checkpoint/croissance.json")
@access("public")
def grown() -> Response:
    """The file that proves the log to begin with a checkpoint somebody kept, of `depuis` events."""
    size = _whole("depuis")
    if size is None:
        raise NotFound(NONE_YET)
    return Response(
        proving.written(growth(size)), mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="croissance-{size}.json"'},
    )  # fmt: skip


@blueprint.get("/checkpoint.pub")
@access("public")
def public_key() -> Response:
    """The public key of the latest checkpoint first, then those it replaced, one a line."""
    found = checkpoints.latest()
    if found is None:
        raise NotFound(N_("No checkpoint has been signed yet."))
    older = [key.vkey for key in reversed(checkpoints.public_keys()) if key.vkey != found.key]
    return _text("".join(f"{vkey}\n" for vkey in (found.key, *older)))


@blueprint.get("/journal")
@access("public")
def explained() -> str:
    """In plain words: what the journal proves, what it does not, and every checkpoint."""
    found = checkpoints.listed(before=_whole("before"), limit=SIZE + 1)
    declared = checkpoints.statements()
    return render_template(
        "proofs/journal.html", listed=found[:SIZE], following=found[SIZE - 1].size if len(found) > SIZE else None,
        latest=checkpoints.latest(), waiting=_waiting(), keys=checkpoints.public_keys(), declared=declared,
        reasons=restoring.reasons(declared), refusal=checkpoints.open_refusal(), words=CHECKPOINT_REASONS,
        administers=current_actor().has("administrator"), audit=audits.last(),
    )  # fmt: skip


@blueprint.route("/journal/restauration", methods=["GET", "POST"])
@access("administrator")
def declare_restore() -> BaseResponse | str | tuple[str, int]:
    """An administrator says that an older backup was restored, and why."""
    form = RestoreForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            restoring.declare_restore(form.reason.data, actor=current_actor())
        if outcome.ok:
            flash(_("The restore is declared and published. Checkpoints are signed again."), "success")
            return redirect(url_for("checkpoints.explained"))
        status = outcome.status
    return render_template("proofs/restore.html", form=form, refusal=checkpoints.open_refusal()), status


def _whole(name: str) -> int | None:
    """The number typed under this name, written with or without spaces; None when it is none."""
    typed = "".join(request.args.get(name, "").split())
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _waiting() -> int:
    """Events that no checkpoint covers yet."""
    last = checkpoints.latest()
    return min(log.size() - (last.size if last else 0) + log.pending(), BIGGEST)


def _text(note: str) -> Response:
    return Response(note, mimetype="text/plain")
