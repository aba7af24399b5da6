"""`flask offers rebuild`: the groups of the shop window, made anew from the units."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from reuse_market.refurbishing.shelf import checking

offers = AppGroup("offers", help="The groups of identical devices of the shop window.")
commands = (offers,)


@offers.command("rebuild")
def rebuild() -> None:
    """Make the stored groups anew; says how many devices stand in the window."""
    click.echo(f"{checking.rebuild()} devices in the shop window")
