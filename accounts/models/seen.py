from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from core.models import TokyoToday


class AccessEntry(models.Model):
    """A person opened the page or file of a record: one row a person, record and day in Tokyo."""

    append_only = True
    is_log = True

    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("first at"), db_default=Now())
    day = models.DateField(_("day"), db_default=TokyoToday())
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_uuid = models.UUIDField()
    subject_label = models.CharField(_("record"), max_length=200)

    class Meta:
        verbose_name = _("access entry")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["by", "day", "subject_uuid"], name="access_once_a_day")
        ]

    def __str__(self) -> str:
        return self.subject_label


class ExportEntry(models.Model):
    """A register taken away as a file: which, how narrowed down, and every record in it.

    `register`: the path of its page.
    """

    append_only = True
    is_log = True

    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())
    register = models.CharField(_("register"), max_length=200)
    subject_type = models.CharField(_("kind of record"), max_length=60)
    file_format = models.CharField(_("file"), max_length=10)
    filters = ArrayField(models.CharField(max_length=60), verbose_name=_("filters"))  # names, never values
    row_count = models.PositiveIntegerField(_("rows"))
    rows = ArrayField(models.UUIDField(), verbose_name=_("records"))

    class Meta:
        verbose_name = _("export entry")
        ordering = ["-id"]
        constraints = [
            # Rows that are no records (sums, projections) have no UUID.
            models.CheckConstraint(condition=Q(row_count__gte=F("rows__len")), name="export_counts_its_rows")
        ]

    def __str__(self) -> str:
        return self.register
