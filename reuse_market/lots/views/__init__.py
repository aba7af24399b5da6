"""Pages of lots: board and lot for everybody; making, publishing and withdrawing for the holder."""

from flask import Blueprint

from reuse_market.lots.views import (
    certificates,
    composing,
    destining,
    erasing,
    making,
    media,
    planning,
    reading,
    second_look,
    triaging,
)

blueprint = Blueprint("lots", __name__)
reading.register(blueprint)
making.register(blueprint)
planning.register(blueprint)
composing.register(blueprint)
destining.register(blueprint)
erasing.register(blueprint)
media.register(blueprint)
second_look.register(blueprint)
certificates.register(blueprint)
triaging.register(blueprint)
