"""The revisions of the checkout make exactly what the models say, and can be undone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.kernel import migrating
from tests.support.schema import describe

needs_revision = pytest.mark.skipif(migrating.head() is None, reason="no revision exists yet")


@needs_revision
def test_migrated_schema_is_what_autogenerate_expects(blank):
    migrating.upgrade(blank)
    assert migrating.compare(blank) == []


@needs_revision
def test_migrated_schema_is_the_models_to_the_last_check(blank, from_models):
    """Autogenerate does not see CHECKs nor partial indexes: this does."""
    migrating.upgrade(blank)
    made, wanted = describe(blank.engine), describe(from_models.engine)
    assert made.keys() == wanted.keys()
    for table in wanted:
        assert made[table] == wanted[table], table


@needs_revision
def test_every_revision_can_be_undone_and_redone(blank):
    steps = migrating.upgrade(blank)
    whole = describe(blank.engine)
    assert migrating.downgrade(blank, "base") == steps[::-1]
    assert set(sa.inspect(blank.engine).get_table_names()) <= {"alembic_version"}
    migrating.upgrade(blank)
    assert describe(blank.engine) == whole
