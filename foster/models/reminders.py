from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Record
from foster.enums import ReminderResult
from foster.models.sponsorships import Sponsor


class ReminderRun(Record):
    """One go at a month's reminders; running again only adds what is missing."""

    month = models.DateField(_("month"))
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    job_uuid = models.UUIDField(null=True)
    started_at = models.DateTimeField(_("started"), db_default=Now())

    class Meta:
        verbose_name = _("reminder run")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="reminder_run_month_is_a_first")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ReminderOutcome(Record):
    """What a run found for one sponsor."""

    run = models.ForeignKey(ReminderRun, models.PROTECT, related_name="outcomes", verbose_name=_("run"))
    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="+", verbose_name=_("sponsor"))
    result = models.CharField(_("result"), max_length=12, choices=ReminderResult)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("result")
        ordering = ["sponsor__code"]
        constraints = [
            models.UniqueConstraint(fields=["run", "sponsor"], name="reminder_outcome_one_a_sponsor"),
            models.CheckConstraint(
                condition=Q(result=ReminderResult.FAILED) ^ Q(trouble=""),
                name="reminder_outcome_failure_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor.code} {self.result}"


class Reminder(Record):
    """One mail to one sponsor for one month and level: the row comes first, the mail second."""

    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="reminders", verbose_name=_("sponsor"))
    month = models.DateField(_("month"))
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    run = models.ForeignKey(ReminderRun, models.PROTECT, related_name="+", verbose_name=_("run"))
    message_uuid = models.UUIDField(null=True)
    made_at = models.DateTimeField(_("made"), db_default=Now())

    class Meta:
        verbose_name = _("reminder")
        ordering = ["-month", "sponsor"]
        constraints = [
            models.UniqueConstraint(fields=["sponsor", "month", "level"], name="reminder_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="reminder_month_is_a_first"),
            models.CheckConstraint(condition=Q(level__gte=1), name="reminder_level_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor.code} {self.month:%Y-%m}"

    @property
    def key(self) -> str:
        """Under which its mail stands in the outbox; `sponsor_of` reads it back."""
        return f"reminder:{self.sponsor.uuid}:{self.month:%Y-%m}:{self.level}"
