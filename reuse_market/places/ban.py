"""The Base Adresse Nationale by geopy: loaded only by who asks it, as half a dozen libraries come along."""

from __future__ import annotations

from typing import Any

from geopy.exc import GeocoderParseError
from geopy.exc import GeopyError as GeopyError  # what it may raise
from geopy.geocoders import BANFrance


class Strict(BANFrance):
    """geopy takes a body without features for an address nobody knows; it is a service that does not answer."""

    def _parse_json(self, response: Any, exactly_one: bool) -> Any:
        if not isinstance(response, dict) or not isinstance(response.get("features"), list):
            raise GeocoderParseError("no features")
        return super()._parse_json(response, exactly_one)
