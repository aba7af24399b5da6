"""Commands of the API: make a token, print the OpenAPI document."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import tokens
from reuse_market.api.application import document
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import DomainError


@click.command("create-token")
@click.argument("email")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="read, write, lots:read, … (may be repeated)"
)
@click.option("--organisation", "organisation_id", type=int, help="Its id, when the person has several.")
@click.option("--label", default="", help="What the token is for.")
@click.option("--days", type=int, default=365, show_default=True, help="How long it works; 0: without end.")
@with_appcontext
def create_token(
    email: str, scopes: tuple[str, ...], organisation_id: int | None, label: str, days: int
) -> None:
    """Make a token by which a program acts as EMAIL; its secret is printed once, on the first line."""
    person = accounts.person_by_email(email)
    mine = accounts.memberships(person.id) if person is not None else []
    if person is None or not mine:
        raise click.ClickException(f"nobody of that address acts for an organisation: {email}")
    if organisation_id is None and len(mine) > 1:
        known = ", ".join(f"{m.organisation_id} ({m.organisation_name})" for m in mine)
        raise click.ClickException(f"say for which organisation: {known}")
    try:
        wanted = [scope for given in scopes for scope in given.replace(",", " ").split()]
        made, secret = tokens.make_token(
            person.id, organisation_id or mine[0].organisation_id, wanted, label=label, days=days or None
        )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(secret)
    click.echo(f"token {made.id}: {made.scopes}; until {made.expires_on or 'revoked'}", err=True)


@click.command("revoke-token")
@click.argument("token_id", type=int)
@with_appcontext
def revoke_token(token_id: int) -> None:
    """End a token, whoever has it."""
    owner = tokens.owner_of(token_id)
    if owner is None:
        raise click.ClickException(f"there is no token {token_id}")
    tokens.revoke_token(token_id, actor=Actor(person_id=owner, via="system"))
    click.echo(f"token {token_id} opens nothing any more")


@click.command("openapi")
@with_appcontext
def print_openapi() -> None:
    """Print the OpenAPI document of the API."""
    click.echo(json.dumps(document(current_app), ensure_ascii=False, indent=2))
