"""`/agec-ledger`: the year of a bound buyer, its lines, its two figures, its declaration."""

from __future__ import annotations

from typing import Any

from flask import Response

from reuse_market.kernel import clock
from reuse_market.kernel.errors import Invalid
from reuse_market.obligations.agec import declaration, policy, queries, schemas, services, wording
from reuse_market.obligations.agec.agec_models import AgecEntry
from reuse_market.obligations.agec.categories import LABELS
from reuse_market.web import rest
from reuse_market.web.access import current_actor

ENTRY = "/agec-ledger/entries/<int(min=1, max=2147483647):entry_id>"
SHOWN = (*services.VALUES, "id", "source")
SUMS = ("category", "total_cents", "reused_cents", "gift_cents", "recycled_cents", "here_cents",
        "missing_cents")  # fmt: skip
ledgers = rest.Collection("agec-ledger", "What a public buyer bought, reused or not (loi AGEC, art. 58).")
collections = (ledgers,)


@ledgers.read(
    "/agec-ledger", rule="organisation-member", shape=schemas.AgecLedgerSchema, query=schemas.LedgerQuery
)
def get_ledger(query: dict[str, Any]) -> dict[str, Any]:
    """A year by category, and what was bought here with the reason why it counts or not."""
    return _shown(_asked(query))


@ledgers.read(
    "/agec-ledger/entries", rule="organisation-member", shape=schemas.AgecEntrySchema, listed=True,
    query=schemas.EntriesQuery, name="entries",
)  # fmt: skip
def list_entries(query: dict[str, Any]) -> dict[str, Any]:
    """Lines of spend made elsewhere, the newest first."""
    found, limit = _place(query), query["limit"]
    rows = queries.entries(*found, limit=limit + 1, after=rest.after(query["cursor"]))
    return rest.page(rows, limit, lambda row: row.id, _entry)


@ledgers.read(
    "/agec-ledger/declaration", rule="organisation-member", shape=schemas.AgecLedgerSchema, query=schemas.LedgerQuery,
    name="declaration", media="text/csv",
)  # fmt: skip
def get_declaration(query: dict[str, Any]) -> Response:
    """The yearly declaration as the official schema wants it: UTF-8, commas, nine columns."""
    found = _asked(query)
    return declaration_file(found)


@ledgers.verb(
    "/agec-ledger:set-totals",
    rule="organisation-member",
    body=schemas.AgecTotalsInput,
    shape=schemas.AgecLedgerSchema,
)
def set_totals(values: dict[str, Any]) -> dict[str, Any]:
    """Say in two figures what was spent in all and reused elsewhere."""
    actor = current_actor()
    services.set_totals(actor=actor, **values)
    return _shown(queries.ledger(policy.whose(actor), values["year"]))


@ledgers.verb(
    "/agec-ledger:add-entry", rule="organisation-member", body=schemas.AgecEntryInput,
    shape=schemas.AgecEntrySchema, status=201,
)  # fmt: skip
def add_entry(values: dict[str, Any]) -> dict[str, Any]:
    """Add a line of spend made elsewhere."""
    return _entry(services.add_entry(actor=current_actor(), **values))


@ledgers.verb(
    f"{ENTRY}:change", rule="organisation-member", body=schemas.AgecEntryChange, shape=schemas.AgecEntrySchema
)
def change_entry(values: dict[str, Any], entry_id: int) -> dict[str, Any]:
    """Change a line; `restore` undoes it."""
    return _entry(services.change_entry(entry_id, actor=current_actor(), **values))


@ledgers.verb(f"{ENTRY}:remove", rule="organisation-member", shape=schemas.AgecEntrySchema)
def remove_entry(entry_id: int) -> dict[str, Any]:
    """Take a line out; `restore` brings it back."""
    return _entry(services.remove_entry(entry_id, actor=current_actor()))


@ledgers.verb(f"{ENTRY}:restore", rule="organisation-member", shape=schemas.AgecEntrySchema)
def restore_entry(entry_id: int) -> dict[str, Any]:
    """Undo the last change of a line."""
    return _entry(services.restore_entry(entry_id, actor=current_actor()))


def declaration_file(found: queries.Ledger) -> Response:
    """The CSV as a download, or Invalid with the first thing that keeps it from being made."""
    rows, faults = queries.declared(found)
    if faults:
        raise wording.refusal(*faults[0])
    name = f"declaration-agec-{found.year}-{rows[0].siret}.csv"
    made = Response(declaration.written(rows), content_type="text/csv; charset=utf-8")
    made.headers.set("Content-Disposition", "attachment", filename=name)
    return made


def _place(query: dict[str, Any]) -> tuple[int, int]:
    return policy.whose(current_actor(), query.get("organisation_id")), query.get(
        "year"
    ) or clock.today().year


def _asked(query: dict[str, Any]) -> queries.Ledger:
    organisation_id, year = _place(query)
    if not policy.bound(organisation_id):
        raise Invalid(policy.NOT_BOUND, code="agec.not-bound")
    return queries.ledger(organisation_id, year)


def _shown(found: queries.Ledger) -> dict[str, Any]:
    own = current_actor().is_org(found.organisation_id)
    _rows, faults = queries.declared(found)
    return {
        "organisation_id": found.organisation_id,
        "year": found.year,
        "due": declaration.due(found.year),
        "categories": [_standing(one) for one in found.standings],
        "here": [
            {"reservation": line.reference, "day": line.day, "seller": line.seller, "units": line.units,
             "category": line.category, "net_cents": line.net_cents, "counts": line.counted,
             "because": wording.because(line)}
            for line in found.lines
        ],
        "faults": wording.faults(faults),
        "actions": ["set-totals", "add-entry", "import"] if own else [],
        "links": {"self": f"{rest.ROOT}/agec-ledger", "page": f"/suivi-agec?annee={found.year}"},
    }  # fmt: skip


def _standing(one: queries.Standing) -> dict[str, Any]:
    return {name: getattr(one, name) for name in SUMS} | {
        "label": LABELS[one.category], "target_per_mille": one.target, "rate_per_mille": one.rate,
        "missing_on_top_cents": one.on_top_cents, "typed": one.figures is not None,
    }  # fmt: skip


def _entry(row: AgecEntry) -> dict[str, Any]:
    removed = row.removed_at is not None
    own = current_actor().is_org(row.organisation_id)
    may = (["restore"] if removed or row.before is not None else []) + (
        [] if removed else ["change", "remove"]
    )
    return {name: getattr(row, name) for name in SHOWN} | {
        "removed": removed, "actions": may if own else [],
        "links": {
            "self": rest.address("agec-ledger", "entries", str(row.id)), "page": f"/suivi-agec/lignes/{row.id}",
        },
    }  # fmt: skip


from reuse_market.obligations.agec import import_api as _import  # noqa: E402, F401 – one more verb of the ledger
