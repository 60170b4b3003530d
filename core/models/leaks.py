from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.enums import Channel, FindingState, Level
from core.models.base import Record
from core.sealed import SealedBytesField

SETTLED = (FindingState.TAKE_OUT, FindingState.NO_LEAK)


class LeakFinding(Record):
    """A protected value in a text that was to leave. While one is open, or has to come out, it stays.

    The passage is sealed with the key of the person or place it gives away: a dump does not say which words
    of a draft are somebody's name. Fingerprints are keyed hashes, of no use without the site's secret.
    """

    personal = True
    sealed_under = "given_away"

    channel = models.CharField(_("on the way as"), max_length=10, choices=Channel)
    text_type = models.CharField(_("kind of text"), max_length=60)
    text_uuid = models.UUIDField(null=True)
    text_label = models.CharField(_("part of the text"), max_length=100, blank=True)
    paragraph = models.PositiveIntegerField(_("paragraph"))
    text_fingerprint = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)  # of text and value together
    authors = ArrayField(models.BigIntegerField(), default=list)
    found_by_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_uuid = models.UUIDField()
    field = models.CharField(max_length=60)
    level = models.CharField(_("how sure"), max_length=10, choices=Level)
    passage = SealedBytesField()
    sealed_for = models.UUIDField()
    found_at = models.DateTimeField(pgettext_lazy("leak", "found"), db_default=Now())
    state = models.CharField(_("state"), max_length=10, choices=FindingState, default=FindingState.OPEN)
    settled_by_id = models.BigIntegerField(null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("leak finding")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["fingerprint"], name="leak_finding_once"),
            models.CheckConstraint(
                condition=(
                    Q(state__in=SETTLED, settled_by_id__isnull=False, settled_at__isnull=False)
                    & ~Q(reason="")
                )
                | (~Q(state__in=SETTLED) & Q(settled_by_id__isnull=True, settled_at__isnull=True, reason="")),
                name="leak_finding_settled_by_at_and_why",
                violation_error_message=_("Who settles it says why."),
            ),
            models.CheckConstraint(
                condition=~Q(authors__contains=[F("settled_by_id")]),
                name="leak_finding_settled_by_a_second_person",
                violation_error_message=_("Somebody who has no part in the text has to settle it."),
            ),
        ]
        indexes = [
            models.Index(fields=["text_uuid", "channel"], name="leak_finding_of_a_text"),
            models.Index(fields=["found_by_id", "-found_at"], name="leak_finding_of_a_person"),
        ]

    @property
    def given_away(self) -> models.Model:
        """Whose key seals the passage: the record that it gives away, or itself where that has no key."""
        if self.sealed_for == self.uuid:
            return self
        return apps.get_model(self.subject_type)(uuid=self.sealed_for)

    def __str__(self) -> str:
        return f"{self.text_type} {self.paragraph}"
