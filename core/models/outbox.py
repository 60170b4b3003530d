from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.enums import Language, MessageState
from core.models.base import Record


class OutboxMessage(Record):
    """One mail. The row is the queue: `key` says person, event and date, so that no event mails twice."""

    personal = True

    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    to_user_id = models.BigIntegerField(null=True)
    to_address = models.EmailField(pgettext_lazy("mail", "to"))
    language = models.CharField(_("language"), max_length=5, choices=Language)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    # What the template says by itself: the leak guard holds none of these words against the mail.
    fixed_text = models.TextField(blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("posted"), db_default=Now())
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("mail")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="outbox_one_mail_per_key"),
            models.CheckConstraint(
                condition=models.Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~models.Q(state=MessageState.SENT) & models.Q(sent_at__isnull=True)),
                name="outbox_sent_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="outbox_open",
                condition=models.Q(state__in=[MessageState.QUEUED, MessageState.CLAIMED]),
            )
        ]

    def __str__(self) -> str:
        return self.key
