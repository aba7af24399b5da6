"""The application's own account of its addresses: methods, address, endpoint, the access rule each view names."""

from __future__ import annotations

from flask import Flask

from reuse_market.web.access import rule_of

Route = tuple[str, str, str, str]


def routes(app: Flask) -> list[Route]:
    """Every address of the URL map, sorted by address."""
    found = (
        (
            "+".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})), rule.rule, rule.endpoint,
            rule_of(app, rule.endpoint) or "NONE",
        )
        for rule in app.url_map.iter_rules()
    )  # fmt: skip
    return sorted(found, key=lambda route: (route[1].startswith("/api/"), route[1], route[0]))
