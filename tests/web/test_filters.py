"""Formats for people, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import render_template_string
from flask_babel import lazy_gettext

from reuse_market.web import filters

CASES = [
    ("number", 1234567, "1 234 567", "1,234,567"),
    ("euros", 123450, "1 234,50 €", "€1,234.50"),
    ("euros", 5, "0,05 €", "€0.05"),
    ("percent", 142, "14,2 %", "14.2%"),
    ("kilos", 850, "850 g", "850 g"),
    ("kilos", 0, "0 kg", "0 kg"),
    ("kilos", 12_350, "12,4 kg", "12.4 kg"),
    ("kilos", 1_310_000, "1 310 kg", "1,310 kg"),
    ("kilometres", 850, "850 m", "850 m"),
    ("kilometres", 3_200, "3,2 km", "3.2 km"),
    ("kilometres", 48_400, "48 km", "48 km"),
    ("date_long", date(2026, 3, 1), "1er mars 2026", "1 March 2026"),
    ("date_long", date(2026, 3, 11), "11 mars 2026", "11 March 2026"),
    ("date_short", date(2026, 3, 4), "04/03/2026", "04/03/2026"),
    ("instant", datetime(2026, 3, 4, 8, 5, tzinfo=UTC), "4 mars 2026 à 9 h 05", "4 March 2026 at 09:05"),
    ("instant", datetime(2026, 7, 4, 7, 0, tzinfo=UTC), "4 juillet 2026 à 9 h", "4 July 2026 at 09:00"),
    (
        "instant",
        datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
        "1er janvier 2026 à 0 h 30",
        "1 January 2026 at 00:30",
    ),
    ("moment", date(2026, 3, 4), "4 mars 2026", "4 March 2026"),
    ("code", "7K4M2PX", "7K4 M2PX", "7K4 M2PX"),
    ("kilos", None, "non renseigné", "not provided"),
    ("euros", None, "non renseigné", "not provided"),
    ("date_long", None, "non renseigné", "not provided"),
]


@pytest.mark.parametrize(("name", "value", "french", "english"), CASES)
def test_a_value_is_written_as_its_reader_expects(reading, name, value, french, english) -> None:
    for language, expected in (("fr", french), ("en", english)):
        with reading(language):
            shown = render_template_string("{{ value | " + name + " }}", value=value)
        assert shown.replace("\u00a0", " ") == expected
        assert "\u202f" not in shown


def test_an_instant_without_a_zone_is_refused(reading) -> None:
    with reading("fr"), pytest.raises(ValueError, match="time zone"):
        render_template_string("{{ value | instant }}", value=datetime(2026, 3, 4))  # noqa: DTZ001 – refused for its lack of zone


def test_a_lazy_message_is_one_message(french: None) -> None:
    """Validators' messages written with lazy_gettext can be iterated like a list of letters."""
    assert filters.field_errors([lazy_gettext("Next"), ["a", {"b": ("c",)}]]) == ["Suivant", "a", "c"]
