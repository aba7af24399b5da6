"""What an import brings in, written: its good records become units in one act, straight from the scratch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from reuse_market.equipment.names import model_key
from reuse_market.equipment.services import get_or_create_model
from reuse_market.fleets import holdings, queries
from reuse_market.fleets.lifecycle import IMPORTING
from reuse_market.fleets.models import InventoryImport
from reuse_market.fleets.services.harvest import Harvest
from reuse_market.kernel.db import command
from reuse_market.traceability import journal
from reuse_market.units import bulk

Between = Callable[[int], None]


@command
def bring_in(
    row: InventoryImport, harvest: Harvest, *, doing: journal.Act, between: Between = lambda written: None
) -> list[list[int]]:
    """Make units of what was harvested, one event on fleet/<org>; their ids as ranges, in the order of the file.

    A device that came in meanwhile by another import is left out. `between` is called after each batch, and
    may raise to give all up.
    """
    holder_id = row.organisation_id
    writer = _Writer(row, check=not holdings.is_new_here(holder_id))
    counts = {"known": row.known, "to_correct": row.to_correct, "set_aside": row.set_aside}
    head = {"format": row.format, "file": f"sha256:{row.sha256}", "gone": (row.mapping or {}).get("gone", 0)}
    total = row.good + row.known
    return bulk.bear(
        writer.batches(harvest, between),
        doing=doing,
        stream=f"fleet/{holder_id}",
        event_type=IMPORTING.transition("apply").event,
        state="in_use",
        owner_id=holder_id,
        origin="import",
        facts=lambda born: head | counts | {"good": born, "known": max(row.known, total - born)},
    )


class _Writer:
    """Batches made ready to be written: what came in meanwhile left out, models and places by their ids."""

    def __init__(self, row: InventoryImport, *, check: bool) -> None:
        self.holder_id, self.site_id, self.check = row.organisation_id, row.site_id, check
        self.models: dict[tuple[str, str, str], int] = {}

    def batches(self, harvest: Harvest, between: Between) -> Iterator[bulk.Batch]:
        """The batches of a harvest."""
        written = 0
        for rows, shared in harvest.batches():
            between(written)
            self._find_models({values[1] for values in shared if values[1] is not None})
            yield self._new(rows) if self.check else rows, [self._with_ids(values) for values in shared]
            written += len(rows)

    def _new(self, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        held, _alive = holdings.under(self.holder_id, [row[1] for row in rows if row[1]])
        return [row for row in rows if row[1] not in held]

    def _find_models(self, names: set[tuple[str, str, str]]) -> None:
        keys = {one: model_key(*one) for one in sorted(names - self.models.keys())}
        found = queries.model_ids(sorted(set(keys.values()))) if keys else {}
        for one, key in keys.items():
            if key not in found:
                found[key] = get_or_create_model(*one).id
            self.models[one] = found[key]

    def _with_ids(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        kind, names, site_id, *others = values
        model_id = None if names is None else self.models[names]
        return (kind, model_id, self.site_id if site_id is None else site_id, *others)
