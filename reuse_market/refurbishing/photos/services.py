"""Verbs of a seller's photos: add one, remove one (and add it again to undo)."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.collection import pictures
from reuse_market.kernel import clock, files, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.models import OfferGroup, OfferPhoto
from reuse_market.refurbishing.photos import queries
from reuse_market.refurbishing.photos.queries import Look
from reuse_market.traceability import journal

ROOM = "refurbishing"
MOST = 4  # photos of devices that look alike
SHORTEST, LONGEST = 3, 140  # characters of its words


@command
def add_photo(key: str, data: bytes, words: str, *, actor: Actor) -> OfferPhoto:
    """Show a photo with every group of the seller that looks like this one (`key`); returns it.

    Kept as WebP of at most 60 kB, 1,280 px, without what the camera wrote in it (RGESN 5.1, 5.2). `words` say
    what it shows (RGAA 1.1). Refused: not the seller; no device left; the model not known; a fifth one, the
    same again; words missing or that praise as new (art. R122-4); what `pictures.shrink` refuses.
    """
    shown = _own(key, actor, filled=True)
    words = " ".join(words.split())
    if not SHORTEST <= len(words) <= LONGEST:
        raise Invalid(
            N_("Say in %(min)s to %(max)s characters what the photo shows."), field="words",
            code="offer-photo.words", min=SHORTEST, max=LONGEST,
        )  # fmt: skip
    praise.require_plain(words, field="words", proven=not shown.faults)
    there = queries.of_look(shown)
    if len(there) >= MOST:
        raise Conflict(
            N_("There are %(most)s photos already: remove one first."), code="offer-photo.many", most=MOST
        )
    small = pictures.shrink(data)
    sha256 = files.put(small.data, media_type="image/webp")
    if any(one.sha256 == sha256 for one in there):
        raise Conflict(N_("This photo is there already: choose another one."), code="offer-photo.same")
    position = min({*range(1, MOST + 1)} - {one.position for one in there})
    made = OfferPhoto(
        seller_id=shown.seller_id, model_id=shown.model_id, kind=shown.kind, grade=shown.grade, faults=shown.faults,
        position=position, words=words, sha256=sha256, size=len(small.data), width=small.width,
        height=small.height, at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    files.use(sha256, ROOM, _reference(made))
    _note(key, made, "offer.photo-added", actor)
    return made


@command
def remove_photo(key: str, photo_id: int, *, actor: Actor) -> None:
    """Show this photo no more; its bytes go with the next clean-up. Refused: not the seller, no such photo."""
    shown = _own(key, actor, filled=False)
    photo = session().scalar(sa.select(OfferPhoto).where(OfferPhoto.id == photo_id, *queries.criteria(shown)))
    if photo is None:
        raise NotFound(N_("This photo does not exist."))
    take_away(key, photo, actor)


def take_away(key: str, photo: OfferPhoto, actor: Actor) -> None:
    """Inside a verb: the photo is no more, its bytes are free, and the journal says who did it."""
    files.unuse(photo.sha256, ROOM, _reference(photo))
    _note(key, photo, "offer.photo-removed", actor)
    session().delete(photo)
    session().flush()


def _own(key: str, actor: Actor, *, filled: bool) -> Look:
    """The looks of the seller's own group; those who add at once to the same looks wait for one another."""
    group = session().scalar(sa.select(OfferGroup).where(OfferGroup.key == key).limit(1))
    if group is None:
        raise NotFound(N_("These devices are no longer available."))
    if not queries.sells(actor, group.seller_id):
        raise NotAllowed(
            N_("Only the seller shows photos of these devices: ask it to."), code="offer-photo.seller"
        )
    shown = queries.look(group.seller_id, group.model_id, group.kind, group.grade, group.faults)
    if shown is None:
        raise Conflict(
            N_("Say the model of these devices first, on their page in the workshop."),
            code="offer-photo.model",
        )
    same = sa.select(OfferGroup.units, OfferGroup.key).where(
        OfferGroup.seller_id == shown.seller_id, OfferGroup.model_id == shown.model_id,
        OfferGroup.kind == shown.kind, OfferGroup.grade == shown.grade,
    )  # fmt: skip
    rows = session().execute(same.order_by(OfferGroup.id).with_for_update()).all()
    if filled and not any(units and own == key for units, own in rows):
        raise NotFound(N_("These devices are no longer available."))
    return shown


def _reference(photo: OfferPhoto) -> str:
    return f"offer-photo/{photo.id}"


def _note(key: str, photo: OfferPhoto, event: str, actor: Actor) -> None:
    """The act, without the words: they are the seller's and may be taken back."""
    facts = {"group": key, "photo": photo.id, "position": photo.position}
    journal.append(journal.Act(actor), f"organisation/{photo.seller_id}", event, facts=facts)
