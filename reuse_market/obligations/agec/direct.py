"""A file of purchases in one act, for programs: what the pages do in three."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reuse_market.fleets.reading.labels import fold_label
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec import columns, importing, policy
from reuse_market.obligations.agec.agec_models import AgecImport, AgecMapping
from reuse_market.obligations.agec.judging import Choice, Verdict
from reuse_market.obligations.agec.reading import Purchases


def understood(
    table: Purchases, said: Mapping[str, str], *, actor: Actor, category: str = "", year: int | None = None
) -> Choice:
    """What the columns mean. `said`: target → label; without, as answered for this header before, or proposed.

    Refused (Invalid, its field the target): a label that no column has; all that `choose_columns` refuses.
    """
    own = policy.require_keeper(actor)
    labels = [fold_label(label) for label in table.header]
    unknown = [target for target, label in said.items() if fold_label(label) not in labels]
    if unknown:
        raise Invalid(N_("No column of this file has this label."), field=unknown[0])
    chosen = {target: labels.index(fold_label(label)) for target, label in said.items()}
    if not chosen:
        known = session().get(AgecMapping, (own, columns.signature(table.header)))
        kept: dict[str, Any] = known.columns if known else {"columns": columns.proposed(table.header)}
        chosen, category = kept["columns"], category or kept.get("category", "")
    importing.require_choice(chosen, len(table.header), category, year)
    return Choice(chosen, category, year)


def judged(table: Purchases, choice: Choice, *, actor: Actor) -> Verdict:
    """What each row is worth today; nothing is kept."""
    return importing.verdict_on(table, choice, policy.require_keeper(actor))


@command
def import_file(data: bytes, filename: str, choice: Choice, *, actor: Actor) -> AgecImport:
    """Keep the file, remember its columns and take its good rows in. Refused as these three verbs refuse."""
    made = importing.upload(data, filename, actor=actor)
    importing.choose_columns(made.id, choice.columns, actor=actor, category=choice.category, year=choice.year)
    return importing.take_in(made.id, actor=actor)
