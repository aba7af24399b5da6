"""What the pages of the ledger show, put together for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue.describing import configuration
from reuse_market.catalogue.views import name_of as group_name
from reuse_market.kernel.actor import Actor
from reuse_market.obligations.agec import available, declaration, policy, queries, wording
from reuse_market.obligations.agec.agec_models import AgecEntry
from reuse_market.obligations.agec.categories import LABELS, SHOWN
from reuse_market.obligations.agec.forms import TotalsForm
from reuse_market.obligations.agec.here import Line
from reuse_market.obligations.agec.queries import Ledger, Standing
from reuse_market.regimes import parties
from reuse_market.reservations.pages import name_of
from reuse_market.web.access import current_actor
from reuse_market.web.charts import proportion_bar
from reuse_market.web.paging import Pager

ROWS = 12


def year(found: Ledger, category: str, form: TotalsForm) -> str:
    """The page of a year; the sentence, the bar and the gap are about one category."""
    actor = current_actor()
    own = actor.is_org(found.organisation_id)
    one = found.of(category)
    if request.method != "POST" and one.figures is not None:
        form.total_cents.data, form.reused_cents.data = one.figures.total_cents, one.figures.reused_cents
    form.year.data, form.category.data = str(found.year), category
    entries = queries.count(found.organisation_id, found.year)
    pager = Pager.asked(len(found.lines) + entries, ROWS)
    lines = found.lines[pager.offset : pager.offset + pager.limit]
    room = pager.limit - len(lines)
    at = max(0, pager.offset - len(found.lines))
    rows = queries.entries(found.organisation_id, found.year, limit=room, offset=at) if room else []
    declared, faults = queries.declared(found)
    return render_template(
        "obligations/agec/ledger.html", found=found, one=one, own=own, form=form, labels=SHOWN,
        counts=wording.counts_elsewhere, why=wording.because_elsewhere,
        sentence=wording.sentence(one), bar=_bar(one), lines=[_line(line) for line in lines], rows=rows,
        pager=pager, years=queries.years(found.organisation_id), due=declaration.due(found.year),
        declared=declared, faults=wording.faults(faults), excessive=queries.excessive(found),
        closing=_closing(one, found.organisation_id, actor), undo=_undo(found) if own else None,
        whose="" if own else accounts.names([found.organisation_id])[found.organisation_id],
        about={} if own else {"organisme": found.organisation_id},
        waiting=queries.imports(found.organisation_id) if own else [],
    )  # fmt: skip


def printed(found: Ledger) -> str:
    """The year on paper: categories, lines, reasons."""
    entries = queries.entries(found.organisation_id, found.year, limit=200)
    return render_template(
        "obligations/agec/print.html", found=found, labels=SHOWN, entries=entries, counts=wording.counts_elsewhere,
        why=wording.because_elsewhere,
        sentences=[(SHOWN[one.category], wording.sentence(one)) for one in found.standings],
        lines=[_line(line) for line in found.lines], due=declaration.due(found.year),
        left=queries.count(found.organisation_id, found.year) - len(entries),
        name=accounts.names([found.organisation_id])[found.organisation_id],
    )  # fmt: skip


def not_bound(organisation_id: int) -> str:
    """Why this organisation has no ledger, and what it can do all the same."""
    kind = policy.standing(organisation_id)
    return render_template(
        "obligations/agec/not_bound.html", kind=_(parties.NAMES.get(kind, parties.NAMES["unknown"])),
        unknown=kind == parties.UNKNOWN, oversees=current_actor().has("operator", "administrator", "auditor"),
    )  # fmt: skip


def overview(asked: int) -> str:
    """The organisations bound by law, by name."""
    pager = Pager.asked(queries.keepers_count())
    rows = queries.keepers(asked, limit=pager.limit, offset=pager.offset)
    return render_template("obligations/agec/overview.html", rows=rows, year=asked, pager=pager)


def posted_year(form: TotalsForm, year: int) -> int:
    """The year the form was about."""
    text = form.year.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else year


def sheet_header() -> list[str]:
    """The columns of the export."""
    return [
        _("Date"), _("Year"), _("Category"), _("From"), _("Reference"), _("What"), _("Amount before tax"),
        _("Of which reused"), _("Of which with recycled content"), _("Gift, flat value"), _("Counts"),
        _("Because"),
    ]  # fmt: skip


def sheet_rows(found: Ledger, entries: Iterable[AgecEntry]) -> Iterator[list[Any]]:
    """Every line of the year: bought here, then elsewhere. Amounts in euros with a point."""
    for line in found.lines:
        counted = line.net_cents if line.counted else 0
        yield [
            line.day.isoformat(), found.year, LABELS.get(line.category or "", ""), line.seller,
            line.reference, name_of(line.what), _euros(line.net_cents), _euros(counted), "", "",
            wording.verdict(line), wording.because(line),
        ]  # fmt: skip
    for row in entries:
        yield [
            row.day.isoformat() if row.day else "", row.year, LABELS[row.category], row.supplier,
            row.reference, row.comment, _euros(row.amount_cents), _euros(row.reused_cents),
            _euros(row.recycled_cents), _euros(row.gift_cents),
            wording.counts_elsewhere(row), wording.because_elsewhere(row),
        ]  # fmt: skip


def _euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _line(line: Line) -> dict[str, Any]:
    return {"line": line, "name": name_of(line.what), "verdict": wording.verdict(line),
            "because": wording.because(line)}  # fmt: skip


def _bar(one: Standing) -> Any:
    """The share in the total with a mark at what is asked; nothing to draw while the total is not known."""
    if one.rate is None or one.total_cents is None:
        return None
    asked = one.target * one.total_cents // 1000 if one.target is not None else None
    return proportion_bar(
        min(one.counted_cents, one.total_cents), one.total_cents, wording.sentence(one), asked
    )


def _closing(one: Standing, buyer_id: int, actor: Actor) -> Any:
    """What is available here to close the gap; only while there is one."""
    if not one.missing_cents:
        return None
    found = available.closing_of(buyer_id, one.category, one.missing_cents, actor)
    lang = "en" if str(get_locale())[:2] == "en" else "fr"
    told = [(offer, group_name(offer.group), configuration(offer.group, lang)) for offer in found.offered]
    return {"offered": told, "cents": found.cents, "stock_cents": found.stock_cents}


def _undo(found: Ledger) -> AgecEntry | None:
    """The line that has just been changed or removed, while its change can be undone."""
    text = request.args.get("ligne", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    row = queries.entry(int(text), found.organisation_id)
    return row if row is not None and (row.removed_at is not None or row.before is not None) else None
