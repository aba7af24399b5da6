"""Commands: reconcile, and the journal's export."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from reuse_market.kernel.errors import DomainError
from reuse_market.proofs import proving
from reuse_market.proofs.auditor import figures
from reuse_market.proofs.epcis.document import text
from reuse_market.proofs.epcis.queries import of_stream
from reuse_market.proofs.epcis.views import base as settings_base
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability import queries as journal
from reuse_market.traceability.cli import journal_group, report
from reuse_market.traceability.verify import verify_chains


@click.command("reconcile")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def reconcile_command(as_json: bool) -> None:
    """Check every invariant: chains, replay, balances, gates. Leaves with 1 when something is broken."""
    report([*verify_chains(), *reconcile()], as_json=as_json)


# Format → the bytes of a stream's export. Each format is one line here.
FORMATS: dict[str, Callable[[str], bytes]] = {
    "json": lambda stream: proving.written(proving.export(stream, journal.events_of_stream(stream))),
    "epcis": lambda stream: text(of_stream(stream, settings_base())).encode("utf-8"),
    "proof": lambda stream: proving.written(proving.proof(stream, journal.events_of_stream(stream))),
}


@journal_group.command("export")
@click.option("--stream", required=True, help="lot/REF, fleet/ID or organisation/ID.")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="json", show_default=True)
@with_appcontext
def export_command(stream: str, form: str) -> None:
    """Write a whole stream to stdout, one file that verify.py checks. Makes a checkpoint when one is due to it."""
    if not journal.events_of_stream(stream, limit=1):
        raise click.ClickException(f"no event in {stream}")
    try:
        click.echo(FORMATS[form](stream), nl=False)
    except DomainError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@click.command("figures")
@click.option("--at", "size", type=int, help="Size of the log; now by default.")
@click.option("--lot", default="", help="Of this lot only.")
@click.option("--organisation", type=int, help="Fates and exits of this organisation (its number) too.")
@with_appcontext
def figures_command(size: int | None, lot: str, organisation: int | None) -> None:
    """Count every figure again from the first events of the log alone, as JSON."""
    try:
        at = figures.checked(size)
        told = {lot: figures.lot(lot, at)} if lot else figures.at(at, organisation)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    plain = (
        {"size": at, "lots": {k: asdict(v) for k, v in told.items()}}
        if isinstance(told, dict)
        else asdict(told)
    )
    click.echo(json.dumps(plain, indent=1, sort_keys=True))


commands = [reconcile_command, figures_command]
