"""Commands on the journal, and how every check reports."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext

from reuse_market.traceability.verify import Fault, verify_chains


def report(faults: list[Fault], *, as_json: bool) -> None:
    """Print faults and leave with 0 (none) or 1."""
    if as_json:
        broken = [{"rule": f.rule, "subject": f.subject, "reason": f.reason} for f in faults]
        click.echo(json.dumps({"ok": not faults, "broken": broken}))
    else:
        for fault in faults:
            click.echo(f"{fault.rule}  {fault.subject}  {fault.reason}")
        click.echo("ok" if not faults else f"{len(faults)} broken")
    sys.exit(1 if faults else 0)


@click.group("journal")
def journal_group() -> None:
    """The journal."""


@journal_group.command("verify")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def verify(as_json: bool) -> None:
    """Check every chain; leaves with 1 when something is broken."""
    report(verify_chains(), as_json=as_json)
