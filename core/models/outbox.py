from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import server_key
from core.enums import Language, MessageState
from core.models.base import Record

MAILS = "lfnkr: mails"


def belongs_to(key: str, to_address: str) -> bytes:
    """What the text of a mail is bound to: sent to another address it cannot be read."""
    return f"{key}|{to_address}".encode()


class OutboxMessage(Record):
    """One mail. The row is the queue: `key` says person, event and date, so that no event mails twice.

    The text may hold a link that logs in. Everybody's request may post a mail and so reads this table: its
    text is sealed (core.server_key).
    """

    personal = True

    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    to_user_id = models.BigIntegerField(null=True)
    to_address = models.EmailField(pgettext_lazy("mail", "to"))
    language = models.CharField(_("language"), max_length=5, choices=Language)
    subject = models.CharField(_("subject"), max_length=200)
    sealed_body = models.TextField(blank=True)
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

    @property
    def body(self) -> str:
        """The text; "" once it is not kept any more. Raises server_key.CannotOpen."""
        bound_to = belongs_to(self.key, self.to_address)
        return self.sealed_body and server_key.unseal(self.sealed_body, purpose=MAILS, bound_to=bound_to)

    @body.setter
    def body(self, text: str) -> None:
        """After key and address, to which it is bound."""
        bound_to = belongs_to(self.key, self.to_address)
        self.sealed_body = text and server_key.seal(text, purpose=MAILS, bound_to=bound_to)

    @property
    def can_be_read(self) -> bool:
        """False: SECRET_KEY was changed without its fallback, or the row was changed by hand."""
        try:
            return self.body is not None
        except server_key.CannotOpen:
            return False
