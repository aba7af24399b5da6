"""`flask opendata`: publish the dataset of the resource now; write it to files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.observatory import dataset, publishing
from reuse_market.places import queries as places


@click.group("opendata")
def opendata() -> None:
    """The open data."""


@opendata.command("publish")
@with_appcontext
def publish() -> None:
    """Count anew what is in stock, announced and expected, though a week has not passed."""
    click.echo(f"{publishing.publish()} rows published")


@opendata.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("opendata"))
@with_appcontext
def export(folder: Path) -> None:
    """Write the published dataset into FOLDER (made when missing): resource.csv and resource.json."""
    folder.mkdir(parents=True, exist_ok=True)
    listed, published = publishing.available().dataset, publishing.published()
    names = {commune.insee: commune.name for commune in places.communes()}
    table = dataset.table([listed, published], names)
    (folder / "resource.csv").write_bytes(csv_bytes(table))
    (folder / "resource.json").write_bytes(dataset.written(published, listed))
    click.echo(f"{len(table) - 1} rows in {folder}")


commands = [opendata]
