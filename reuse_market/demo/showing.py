"""A reuse actor shows what its laptops look like: one drawn photo."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.kernel.actor import Actor
from reuse_market.refurbishing.photos import services as photos


def acts(actors: Actors, _told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    return [Act(-1, lambda: _show(actors["reuse-actor"]), 16)]


def _show(seller: Actor) -> None:
    mine = catalogue.groups(Filters(kind="laptop"), seller)
    key = next(one.key for one in mine if one.seller_id == seller.organisation_id)
    photos.add_photo(key, _laptop(), "Portable ouvert vu de face, écran allumé (dessin)", actor=seller)


def _laptop() -> bytes:
    """An open laptop, drawn: PNG."""
    image = Image.new("RGB", (960, 640), "#e7ebe6")
    pen = ImageDraw.Draw(image)
    pen.rectangle((220, 90, 740, 430), fill="#2f6f8f", outline="#10242f", width=18)
    pen.polygon(((200, 440), (760, 440), (850, 550), (110, 550)), fill="#59656b", outline="#10242f")
    for row in range(4):
        pen.line((225 - row * 15, 460 + row * 16, 735 + row * 15, 460 + row * 16), fill="#10242f", width=7)
    pen.rectangle((410, 525, 550, 545), fill="#10242f")
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()
