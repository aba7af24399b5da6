"""Alembic's entry: `reuse_market.kernel.migrating` hands the connection over, in its own transaction."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type

from reuse_market.kernel import migrating


def render_item(kind: str, item: Any, autogen: AutogenContext) -> Any:
    """Write our column types as plain ones: an old revision must not depend on tomorrow's code."""
    if kind == "type" and isinstance(item, sa.TypeDecorator):
        return _repr_type(item.impl_instance, autogen)
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=migrating.metadata(),
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
