from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class RevealEntry(models.Model):
    """One opening of a sealed value, or its refusal: who, which field of which record, and what for."""

    is_log = True

    append_only = True

    at = models.DateTimeField(_("at"), db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_uuid = models.UUIDField()
    subject_label = models.CharField(_("record"), max_length=200)
    field = models.CharField(_("field"), max_length=60)
    purpose = models.CharField(_("purpose"), max_length=300)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(purpose=""), name="reveal_has_a_purpose")]

    def __str__(self) -> str:
        return f"{self.subject_label} {self.field}"
