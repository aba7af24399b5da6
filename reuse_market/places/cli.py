"""Command line: `flask territory …`."""

from __future__ import annotations

from pathlib import Path

import click

from reuse_market.kernel.errors import DomainError
from reuse_market.places import services


@click.group("territory")
def territory() -> None:
    """The communes that the map shows and that addresses are found by."""


@territory.command("load-outlines")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", help="Name of the territory, as the map shows it.")
@click.option("--attribution", help="Credit its data ask for.")
def load_outlines(file: Path, name: str | None, attribution: str | None) -> None:
    """Install the communes of FILE as the territory.

    FILE is a GeoJSON FeatureCollection of outlines with the properties code (INSEE) and nom; codesPostaux,
    population and siren are taken when they are there.
    """
    _say(file, name, attribution)


@territory.command("load")
def load() -> None:
    """Install the bundled territory, Grenoble-Alpes Métropole."""
    _say(None, None, None)


def _say(file: Path | None, name: str | None, attribution: str | None) -> None:
    try:
        count = services.load_territory(file, name=name, attribution=attribution)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} communes loaded")


commands = (territory,)
