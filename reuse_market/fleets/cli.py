"""Command line: `flask fleets import FILE --holder SIRET`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from reuse_market.accounts import queries as accounts
from reuse_market.fleets import services
from reuse_market.fleets.reading import Reason, Report
from reuse_market.fleets.reading.report import LISTS
from reuse_market.fleets.reading.scratch import ReportFile
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import DomainError


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
        told = ReportFile(Reason.in_english) if as_json else None
        report = _import(file, holder, dry_run=dry_run, told=told)
    except DomainError as error:
        _refuse(str(error), error.code, as_json=as_json)
    except OSError as error:
        _refuse(f"{file}: {error.strerror}", "file", as_json=as_json)
    if told is not None:
        told.write(report, sys.stdout)
        return
    counts = ", ".join(f"{name.replace('_', ' ')} {report.counts[name]}" for name in (*LISTS, "gone"))
    click.echo(f"{report.format}: {report.records} records: {counts}")


def _import(file: Path, siret: str, *, dry_run: bool, told: ReportFile | None) -> Report:
    """The report's counts; `told` takes its lists. The file is read by pieces, never whole."""
    organisation = accounts.organisation_by_siret("".join(siret.split()))
    if organisation is None or "holder" not in accounts.roles_of(organisation.id):
        raise DomainError("No holder has the SIRET %(siret)s.", code="holder", siret=siret)
    takers = [told] if told is not None else []
    if dry_run:
        table, columns = services.understood(file, file.name, holder_id=organisation.id)
        return services.judge_file(table, columns, holder_id=organisation.id, takers=takers)
    actor = Actor(organisation_id=organisation.id, roles=frozenset({"holder"}), via="system")
    sites = accounts.sites_of(organisation.id)
    site_id = sites[0].id if len(sites) == 1 else None
    report, _id = services.import_file(file, file.name, actor=actor, site_id=site_id, takers=takers)
    return report


def _refuse(reason: str, code: str, *, as_json: bool) -> NoReturn:
    click.echo(reason, err=True)
    if as_json:
        click.echo(json.dumps({"error": {"code": code, "reason": reason}}, ensure_ascii=False))
    sys.exit(2)


commands = [fleets]
