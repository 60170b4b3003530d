"""Photos of an update: rebuilt from pixels, sealed with the child's key, opened for who may see it."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, photos
from core.sealed import open_value
from foster.models import ChildUpdate, UpdatePhoto
from foster.services.updates import back_to_draft, lock_editable

MOST_PHOTOS = 10


class TooManyPhotos(Exception):
    def __str__(self) -> str:
        return _("An update holds ten photos at most. Take one out first.")


@transaction.atomic
def add_photo(
    *, by: User, update: ChildUpdate, key: uuid.UUID, content: bytes, caption: str = ""
) -> UpdatePhoto:
    """`key`: made with the form, so that the same form sent twice is one photo.

    Raises MovedOn, TooManyPhotos, core.photos.NotAPicture, core.photos.PictureTooLarge.
    """
    update = lock_editable(update=update)
    kept = update.photos.defer("image").filter(uuid=key).first()
    if kept:
        return kept
    position = update.photos.count()
    if position >= MOST_PHOTOS:
        raise TooManyPhotos
    photo = UpdatePhoto.objects.create(
        uuid=key, update=update, image=photos.rebuilt(content), caption=caption, position=position
    )
    back_to_draft(update=update)
    audit.record(
        by=by, action="foster.photo_added", subject=update, changes={"photo": [None, str(photo.uuid)]}
    )
    return photo


@transaction.atomic
def remove_photo(*, by: User, photo: UpdatePhoto) -> None:
    """Out of a draft, bytes and all. Raises MovedOn when the update is published or withdrawn."""
    update = lock_editable(update=photo.update)
    removed = str(photo.uuid)
    photo.delete()
    back_to_draft(update=update)
    audit.record(by=by, action="foster.photo_removed", subject=update, changes={"photo": [removed, None]})


def open_photo(*, by: User, photo: UpdatePhoto) -> bytes:
    """JPEG bytes. `photo` comes out of its `visible_to(by)`; that is asked again here.

    Raises PermissionDenied, core.sealed.CannotOpen.
    """
    if not UpdatePhoto.objects.visible_to(by).filter(pk=photo.pk).exists():
        raise PermissionDenied
    return open_value(photo, "image") or b""
