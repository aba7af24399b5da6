"""Commands on the journal, and how every check reports."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext

from reuse_market.kernel.errors import DomainError
from reuse_market.traceability import checkpoints, keys
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
    """Check every chain, the log and its checkpoints; leaves with 1 when something is broken."""
    report(verify_chains(), as_json=as_json)


@journal_group.command("checkpoint")
@click.option("--reason", default="asked", show_default=True, help="A code, kept with the checkpoint.")
@with_appcontext
def checkpoint(reason: str) -> None:
    """Give every committed event its position, sign a checkpoint when the log grew, and print the latest note."""
    try:
        made = checkpoints.make(reason)
    except DomainError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(made.note, nl=False)


@journal_group.command("new-key")
@with_appcontext
def new_key() -> None:
    """Make a new signing key; the old file stays beside it, named by its hash. Prints the new public key."""
    key, aside = keys.replace()
    if aside is not None:
        click.echo(f"the old key is now {aside}", err=True)
    click.echo(key.public.vkey)


@journal_group.command("keys")
@with_appcontext
def list_keys() -> None:
    """Print every public key that has signed, and since when."""
    for key in checkpoints.public_keys():
        click.echo(f"{key.since:%Y-%m-%dT%H:%M:%SZ}  {key.vkey}")
