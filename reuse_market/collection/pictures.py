"""Pictures made small and plain: turned upright, without what a phone writes beside them, WebP."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reuse_market.kernel import files
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_

if TYPE_CHECKING:
    from PIL import Image

LIGHT = 60_000  # bytes a picture weighs at most once kept
PIXELS = 60_000_000  # a phone's largest; more is a trap for our memory
STEPS = (
    (1280, 72),
    (1280, 55),
    (1024, 55),
    (800, 55),
    (640, 50),
    (480, 45),
    (320, 40),
)  # longest side, quality
HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class Small:
    """A picture as it is kept."""

    data: bytes
    width: int
    height: int


def shrink(data: bytes) -> Small:
    """The picture as WebP of at most 60 kB, upright, without place, device or date inside.

    Refused (Invalid): what is no JPEG, PNG or WebP (HEIC is named, with what to do), a damaged one, one of
    too many pixels, more than 5 MB.
    """
    if data[4:8] == b"ftyp" and data[8:12] in HEIF:
        raise Invalid(
            N_("This is a HEIC picture. In the settings of the camera choose “Most compatible”, or send a JPEG."),
            field="picture", code="photo.heic",
        )  # fmt: skip
    files.accept(data, {"image/jpeg", "image/png", "image/webp"}, field="picture")
    from PIL import Image, ImageOps, UnidentifiedImageError  # loaded by who sends a picture

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
                if opened.width * opened.height > PIXELS:
                    raise Invalid(
                        N_("This picture has too many pixels."), field="picture", code="photo.pixels"
                    )
                opened.draft("RGB", (STEPS[0][0] * 2, STEPS[0][0] * 2))
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Invalid(N_("This picture cannot be read."), field="picture", code="photo.unreadable") from None
    return _light(upright)


def _light(picture: Image.Image) -> Small:
    picture.info.clear()
    for side, quality in STEPS:
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        held = io.BytesIO()
        smaller.save(held, "WEBP", quality=quality, method=4, exif=b"", xmp=b"")
        if held.tell() <= LIGHT:
            break
    return Small(held.getvalue(), smaller.width, smaller.height)
