"""Self-audits: the public history, the button that asks for one, and what was found, for those who oversee."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.proofs.auditing import checking, queries, services
from reuse_market.proofs.auditing.wording import rule_said
from reuse_market.proofs.wording import AUDIT_REASONS, AUDITED
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import SIZE, Pager

blueprint = Blueprint("audits", __name__)


@blueprint.get("/journal/controles")
@access("public")
def history() -> str:
    """Every self-audit: when, over how many events, and whether something was found."""
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    found = queries.listed(before=before, limit=SIZE + 1)
    actor = current_actor()
    return render_template(
        "proofs/self_audits.html", listed=found[:SIZE], following=found[SIZE - 1].id if len(found) > SIZE else None,
        under_way=queries.under_way(), steps=len(checking.STEPS), words=AUDIT_REASONS,
        asks=actor.has("operator", "administrator"), oversees=actor.has("operator", "administrator", "auditor"),
    )  # fmt: skip


@blueprint.post("/journal/controles")
@access("operator")
def ask() -> Response:
    """Have everything checked now."""
    services.ask_audit(actor=current_actor())
    flash(_("The self-audit begins: its result will stand here."), "success")
    return redirect(url_for("audits.history"))


@blueprint.get("/journal/controles/<int:audit_id>")
@access("overseer")
def one(audit_id: int) -> str:
    """One self-audit in full: what was counted, and every fault."""
    found = queries.get(audit_id)
    pager = Pager.asked(queries.kept_faults(audit_id))
    return render_template(
        "proofs/self_audit.html", audit=found, pager=pager, rules=queries.rules(audit_id), words=AUDIT_REASONS,
        faults=queries.faults(audit_id, after=pager.offset, limit=pager.limit), counted=AUDITED,
        rule_said=rule_said,
    )  # fmt: skip
