"""`/datasets`: the open data, for anybody."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.observatory import publishing, schemas
from reuse_market.observatory.dataset import LICENCE, NAME
from reuse_market.web import rest

datasets = rest.Collection(
    "datasets", "Open data: the numbers of the map and of the forecast. No token is needed."
)
collections = (datasets,)


@datasets.read("/datasets", rule="public", shape=schemas.DatasetSchema, listed=True)
def list_datasets(query: dict[str, Any]) -> dict[str, Any]:
    """The datasets: one so far."""
    rows = [NAME] if query["cursor"] < NAME else []
    return rest.page(rows, query["limit"], str, lambda _name: _shown())


@datasets.read("/datasets/<ref:key>", rule="public", shape=schemas.DatasetRowsSchema, query=schemas.RowsQuery)
def get_dataset(query: dict[str, str], key: str) -> dict[str, Any]:
    """A dataset with its rows, all of them or those asked for."""
    if key != NAME:
        raise NotFound(N_("This dataset does not exist."))
    parts = (publishing.available().dataset, publishing.published())
    return _shown() | {"rows": [row for part in parts for row in part.select(**query)]}


def _shown() -> dict[str, Any]:
    return {
        "name": NAME,
        "title": _("The resource, by state, kind, quarter and commune"),
        "licence": LICENCE,
        "available_as_of": publishing.available().dataset.as_of,
        "as_of": publishing.published().as_of,
        "actions": [],
        "links": {
            "self": rest.address("datasets", NAME),
            "page": "/donnees",
            "csv": "/donnees/gisement.csv",
        },
    }
