"""Command line: `flask fleets import FILE --holder SIRET`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation
from reuse_market.fleets import services
from reuse_market.fleets.queries import remembered
from reuse_market.fleets.reading import Mapping, propose, read_table, report_json
from reuse_market.fleets.reading.mapping import header_signature
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import DomainError

LISTS = ("good", "to_correct", "set_aside", "known", "gone")


@click.group("fleets")
def fleets() -> None:
    """The fleets of holders."""


@fleets.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--holder", required=True, help="SIRET of the organisation whose devices these are.")
@click.option("--dry-run", is_flag=True, help="Judge the file, bring nothing in.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as one JSON object.")
def import_file(file: Path, holder: str, dry_run: bool, as_json: bool) -> None:
    """Bring the good devices of FILE into a holder's fleet.

    Exit 0 when the file was understood; 2, with the reason, when not or when the holder is unknown.
    """
    try:
        report = _import(file, holder, dry_run=dry_run)
    except DomainError as error:
        _refuse(str(error), error.code, as_json=as_json)
    except OSError as error:
        _refuse(f"{file}: {error.strerror}", "file", as_json=as_json)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    counts = ", ".join(f"{name.replace('_', ' ')} {len(report[name])}" for name in LISTS)
    click.echo(f"{report['format']}: {report['records']} records: {counts}")


def _import(file: Path, siret: str, *, dry_run: bool) -> dict[str, Any]:
    organisation = accounts.organisation_by_siret("".join(siret.split()))
    if organisation is None or "holder" not in accounts.roles_of(organisation.id):
        raise DomainError("No holder has the SIRET %(siret)s.", code="holder", siret=siret)
    data = file.read_bytes()
    table = read_table(data, file.name)
    targets = remembered(organisation.id, header_signature(table.header))
    if targets is None or len(targets) != len(table.header):
        targets = propose(table.header, table.sample()).targets()
    report = services.judge_file(table, Mapping.settled(table.header, targets), holder_id=organisation.id)
    if not dry_run:
        _apply(data, file.name, targets, organisation)
    return report_json(report)


def _apply(data: bytes, filename: str, targets: list[str], organisation: Organisation) -> None:
    actor = Actor(organisation_id=organisation.id, roles=frozenset({"holder"}), via="system")
    sites = accounts.sites_of(organisation.id)
    site_id = sites[0].id if len(sites) == 1 else None
    row = services.upload_inventory(data, filename, actor=actor, site_id=site_id)
    services.confirm_mapping(row.id, targets, actor=actor)
    services.apply_import(row.id, actor=actor)


def _refuse(reason: str, code: str, *, as_json: bool) -> NoReturn:
    click.echo(reason, err=True)
    if as_json:
        click.echo(json.dumps({"error": {"code": code, "reason": reason}}, ensure_ascii=False))
    sys.exit(2)


commands = [fleets]
