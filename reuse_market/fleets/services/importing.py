"""From a file to verdicts: upload, columns, four counts. Every step can be left and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.fleets import queries, staging
from reuse_market.fleets.lifecycle import IMPORTING
from reuse_market.fleets.models import ColumnMapping, ImportRecord, InventoryImport
from reuse_market.fleets.reading import Mapping as Columns
from reuse_market.fleets.reading import (
    Reason,
    Report,
    Table,
    bad_rows_file,
    header_signature,
    propose,
    read_table,
)
from reuse_market.fleets.reading.report import LISTS
from reuse_market.fleets.reading.source import Source, source_of
from reuse_market.fleets.services.applying import apply_import, locked
from reuse_market.fleets.services.doubts import Doubts, keep_doubts
from reuse_market.fleets.services.harvest import Harvest
from reuse_market.fleets.services.judging import KEPT, Taker, Warned, judge_file, shaper
from reuse_market.fleets.staging import Staged
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Invalid, NotAllowed
from reuse_market.kernel.words import N_

LIMIT = 200_000_000  # bytes
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xls": "application/vnd.ms-excel",
    "json": "application/json",
    "xml": "application/xml",
}


def upload_inventory(
    held: bytes | Path, filename: str, *, actor: Actor, site_id: int | None
) -> InventoryImport:
    """Stage a file: bytes kept, format told, columns understood (or remembered).

    Its `mapping` holds header, targets, `remembered`. The same file again takes up the import in progress.
    Refused: `Unreadable` with advice, another's site, no holder.
    """
    if not actor.has("holder") or actor.organisation_id is None:
        raise NotAllowed(N_("Your organisation may not do this."))
    source = source_of(held)
    table = read_table(source, filename)
    return _stage(source, table, actor=actor, site_id=_own_site(site_id, actor))


def confirm_mapping(import_id: int, targets: Sequence[str] | None = None, *, actor: Actor) -> InventoryImport:
    """Judge every record with these columns (those proposed by default): rows in import_record, four counts.

    May be done again with other columns until the import is applied. Refused: two columns on one field,
    nothing that tells a device, an import that is over.
    """
    return _judged(import_id, targets, actor=actor)[0]


def confirm_and_report(
    import_id: int, targets: Sequence[str] | None = None, *, actor: Actor, takers: Sequence[Taker] = (),
    most: int = 0, action: str = "judge",
) -> Report:  # fmt: skip
    """The same, giving the report: it holds `most` of each list, and `takers` get every verdict."""
    return _judged(import_id, targets, actor=actor, takers=takers, most=most, action=action)[1]


def import_file(
    held: bytes | Path, filename: str, *, actor: Actor, site_id: int | None, takers: Sequence[Taker] = (),
    most: int = 0,
) -> tuple[Report, int]:  # fmt: skip
    """Upload, judge and apply in one reading, for who looks at nothing in between: the report, the import's id.

    Refused as its three steps are.
    """
    import_id = upload_inventory(held, filename, actor=actor, site_id=site_id).id
    report, harvest = judge_and_gather(import_id, actor=actor, takers=takers, most=most)
    apply_import(import_id, actor=actor, harvest=harvest)
    return report, import_id


def judge_and_gather(
    import_id: int, *, actor: Actor, takers: Sequence[Taker] = (), most: int = 0
) -> tuple[Report, Harvest]:
    """Judge an import as its columns are understood: the report, and what is good of it, to apply next."""
    harvest = Harvest(shaper(queries.get_import(import_id, actor).organisation_id))
    return confirm_and_report(import_id, actor=actor, takers=(harvest, *takers), most=most), harvest


def _judged(
    import_id: int, targets: Sequence[str] | None, *, actor: Actor, takers: Sequence[Taker] = (),
    most: int = 0, action: str = "judge",
) -> tuple[InventoryImport, Report]:  # fmt: skip
    row = queries.get_import(import_id, actor)
    IMPORTING.require(action, row, actor)
    assert row.mapping is not None
    chosen = list(targets) if targets is not None else list(row.mapping["targets"])
    table, holder_id = table_of(row), row.organisation_id
    columns = Columns.settled(table.header, chosen)
    staged, warned, doubts = Staged(), Warned(), Doubts(holder_id)
    report = judge_file(
        table, columns, holder_id=holder_id, takers=(staged, warned, doubts, *takers), most=most
    )
    kept = Kept(table, chosen, report, staged, warned, doubts)
    return _keep(import_id, kept, actor=actor, action=action), report


def table_of(row: InventoryImport) -> Table:
    """The table of an import, read from the file kept."""
    return read_table(files.checked(row.sha256), row.filename)


def understood(held: bytes | Path | Source, filename: str, *, holder_id: int) -> tuple[Table, Columns]:
    """A file and its columns, as this holder gave them before or as proposed. For who asks nothing more."""
    table = read_table(held, filename)
    targets = queries.remembered(holder_id, header_signature(table.header))
    if targets is None or len(targets) != len(table.header):
        targets = propose(table.header, table.sample()).targets()
    return table, Columns.settled(table.header, targets)


def columns_of(row: InventoryImport) -> tuple[Table, list[list[str]]]:
    """The table of an import and, per column, up to three different values, to match it by."""
    table = table_of(row)
    samples: list[list[str]] = [[] for _ in table.header]
    for sample in table.sample(30):
        for column, cell in zip(samples, sample.cells, strict=True):
            if len(column) < 3 and cell.strip() and cell.strip()[:40] not in column:
                column.append(cell.strip()[:40])
    return table, samples


def bad_rows(
    row: InventoryImport, say: Callable[[Reason], str], titles: tuple[str, str]
) -> tuple[bytes, str]:
    """The records to correct and set aside as a file in the holder's own format, and its name."""
    assert row.mapping is not None
    table = table_of(row)
    columns = Columns.settled(table.header, row.mapping["targets"])
    report = judge_file(table, columns, holder_id=row.organisation_id, most=KEPT)
    return bad_rows_file(table, report, say, titles=titles)


def media_type(name: str) -> str:
    """The media type of a file given back, by its ending."""
    ending = name.rpartition(".")[2]
    return MEDIA_TYPES.get(ending, "text/csv")


def _own_site(site_id: int | None, actor: Actor) -> int | None:
    site = accounts.site(site_id)
    if site_id is not None and (site is None or site.organisation_id != actor.organisation_id):
        raise Invalid(N_("Choose one of your sites."), field="site_id")
    return site_id


@command
def _stage(source: Source, table: Table, *, actor: Actor, site_id: int | None) -> InventoryImport:
    organisation_id = actor.organisation_id or 0
    with source.open() as stream:
        sha256 = files.put_stream(stream, media_type=MEDIA_TYPES[table.dialect.container], limit=LIMIT)
    row = session().scalars(
        sa.select(InventoryImport).where(
            InventoryImport.organisation_id == organisation_id,
            InventoryImport.sha256 == sha256,
            InventoryImport.state.in_(("read", "judging", "judged", "applying")),
        )
    ).first()  # fmt: skip
    if row is None:
        row = InventoryImport(
            organisation_id=organisation_id, sha256=sha256, filename=table.filename[-200:],
            format=table.format, mapping=_understood(table, organisation_id), state="read",
            made_at=clock.now(),
        )  # fmt: skip
        session().add(row)
    if row.state in ("read", "judged"):
        row.site_id = site_id
    session().flush()
    files.use(sha256, "fleets", str(row.id))
    return row


def _understood(table: Table, organisation_id: int) -> dict[str, Any]:
    proposed = propose(table.header, table.sample())
    before = queries.remembered(organisation_id, header_signature(table.header))
    fits = before is not None and len(before) == len(table.header)
    return {
        "header": table.header,
        "delimiter": table.dialect.delimiter,
        "targets": before if fits else proposed.targets(),
        "remembered": fits,
        "to_ask": [] if fits else [column.index for column in proposed.to_ask()],
        "notes": [staging.reason_facts(note) for note in table.notes],
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a file judged."""

    table: Table
    targets: list[str]
    report: Report
    staged: Staged
    warned: Warned
    doubts: Doubts


@command
def _keep(import_id: int, kept: Kept, *, actor: Actor, action: str) -> InventoryImport:
    row, report, table = locked(import_id, actor), kept.report, kept.table
    mapping = (row.mapping or {}) | {
        "targets": kept.targets,
        "dropped": report.dropped_columns,
        "ignored": report.ignored_columns,
        "notes": [staging.reason_facts(note) for note in report.notes],
        "warned": kept.warned.facts(),
        "gone": report.counts["gone"],
        "answers": {},
    }
    counts = {name: report.counts[name] for name in LISTS}
    IMPORTING.fire(action, row, actor, mapping=mapping, **counts)
    session().execute(sa.delete(ImportRecord).where(ImportRecord.import_id == import_id))
    for batch in kept.staged.batches():
        session().execute(sa.insert(ImportRecord), [{"import_id": import_id, **one} for one in batch])
    keep_doubts(row, kept.doubts)
    session().merge(
        ColumnMapping(
            organisation_id=row.organisation_id, signature=header_signature(table.header),
            mapping={"targets": kept.targets}, used_at=clock.now(),
        )
    )  # fmt: skip
    session().flush()
    return row
