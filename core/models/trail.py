from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who changed what, when, from what to what, and why. No foreign keys: it outlives its subjects."""

    append_only = True

    at = models.DateTimeField(_("at"), db_default=Now())
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("by"), max_length=200)
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_uuid = models.UUIDField(null=True)
    subject_label = models.CharField(_("record"), max_length=200)
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_uuid"], name="audit_by_subject"),
            models.Index(fields=["by_id", "-id"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"
