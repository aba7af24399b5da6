"""Commands: reconcile, and the journal's export later."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability.cli import report
from reuse_market.traceability.verify import verify_chains


@click.command("reconcile")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def reconcile_command(as_json: bool) -> None:
    """Check every invariant: chains, replay, balances, gates. Leaves with 1 when something is broken."""
    report([*verify_chains(), *reconcile()], as_json=as_json)


commands = [reconcile_command]
