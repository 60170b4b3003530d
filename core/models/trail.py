from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.enums import Operation


class AuditEntry(models.Model):
    """Who changed what, when, from what to what, and why. No foreign keys: it outlives its subjects."""

    leak_coded = ("subject_label", "changes")
    leak_own_names = ("by_name",)

    append_only = True
    is_log = True

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
        verbose_name = _("audit entry")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_uuid"], name="audit_by_subject"),
            models.Index(fields=["by_id", "-id"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"


class TrailEntry(models.Model):
    """One row that was written, however it was: by the app, in bulk, by raw SQL. Made by trigger alone.

    `changes`: column → [old, new]; what is sealed or told of a person stands there as "[withheld]".
    No foreign keys: it outlives what it tells of.
    """

    leak_coded = ("record_label", "changes")

    append_only = True
    is_log = True
    written_by_trigger = True

    at = models.DateTimeField(_("at"))
    by_id = models.BigIntegerField(null=True)  # proven to the database; empty: nobody, or the system
    role = models.CharField(_("as"), max_length=63)  # the person's role, "system", or the database role
    record_type = models.CharField(_("kind of record"), max_length=60)
    record_id = models.CharField(max_length=40)
    record_uuid = models.UUIDField(null=True)
    record_label = models.CharField(_("record"), max_length=200)
    operation = models.CharField(_("what"), max_length=6, choices=Operation)
    changes = models.JSONField(_("changes"), default=dict)

    class Meta:
        verbose_name = _("written row")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["record_uuid", "-id"], name="trail_by_record"),
            models.Index(fields=["by_id", "-id"], name="trail_by_person"),
            models.Index(fields=["at"], name="trail_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.record_type} {self.record_label}"


class TrailDigest(models.Model):
    """A running checksum over every log up to a moment. Kept elsewhere, it proves that none was rewritten.

    `covers`: table → {"rows": rows since the digest before, "up_to": highest key}.
    """

    append_only = True
    is_log = True
    written_by_trigger = True

    at = models.DateTimeField(_("at"))
    covers = models.JSONField(_("covers"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("digest of the trail")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.digest
