"""What only the sample set-up does."""

import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core import audit, photos
from foster.models import ChildUpdate, UpdatePhoto


@transaction.atomic
def add_sample_photo(
    *, by: User, update: ChildUpdate, key: uuid.UUID, content: bytes, caption: str
) -> UpdatePhoto:
    """A drawn photo for an update of the sample, also for one that a workbook brought in published.

    Once a key. Raises PermissionDenied outside the sample set-up: there a second person sees every photo.
    """
    if not settings.SAMPLE:
        raise PermissionDenied
    kept = UpdatePhoto.objects.defer("image").filter(uuid=key).first()
    if kept:
        return kept
    photo = UpdatePhoto.objects.create(
        uuid=key,
        update=update,
        image=photos.rebuilt(content),
        caption=caption,
        position=update.photos.count(),
    )
    changes = {"photo": [None, str(photo.uuid)]}
    audit.record(by=by, action="foster.sample_photo", subject=update, changes=changes)
    return photo
