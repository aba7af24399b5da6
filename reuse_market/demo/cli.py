"""Command: demo load."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from reuse_market.kernel.errors import DomainError


@click.group("demo")
def demo_group() -> None:
    """The demonstration."""


@demo_group.command("load")
@with_appcontext
def load() -> None:
    """Load the demonstration into an empty, migrated database and print the sign-ins."""
    from reuse_market.demo import loading  # a service that is no demonstration never loads it

    settings = current_app.config["SETTINGS"]
    if not settings.demo:
        raise click.ClickException("set REUSE_MARKET_DEMO=1: the demonstration never enters a real service")
    try:
        loading.load(settings.demo_password)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(loading.sign_ins(settings.demo_password)))


commands = [demo_group]
