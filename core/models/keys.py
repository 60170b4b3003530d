from django.db import models


class DataKey(models.Model):
    """The wrapped key of one person, shelter or route; deleting the row forgets the subject."""

    subject = models.UUIDField(primary_key=True)
    key_number = models.PositiveIntegerField(default=1)  # which key-encryption key wraps it
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return str(self.subject)
