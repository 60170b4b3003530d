import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataKey(models.Model):
    """The wrapped key of one person, shelter or route; without the row, what it sealed is forgotten.

    `owner`: the UUID of that record. A record may have a second key for a part that others may open: the
    photos of a child open for its sponsor, its name does not.
    """

    personal = True
    deletable = True

    subject = models.UUIDField(primary_key=True)
    owner = models.UUIDField(default=uuid.uuid4, db_index=True)
    kind = models.CharField(max_length=60, default="")  # "shelters.shelter", "foster.child photos"
    wrapped_by = models.CharField(max_length=16, default="")  # which key-encryption key (core.keyring)
    wrapped = models.BinaryField()

    class Meta:
        verbose_name = _("data key")

    def __str__(self) -> str:
        return str(self.subject)
