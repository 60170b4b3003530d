from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class MailRequest(models.Model):
    """Somebody typed an address and wants a mail. Known or not, it is the same row and the same work.

    Only a digest of the address is kept; who it is, a task finds out afterwards and deletes the row.
    """

    is_passing = True
    deletable = True

    address = models.CharField(max_length=64, editable=False)
    asked_at = models.DateTimeField(_("asked"), db_default=Now())

    class Meta:
        verbose_name = _("mail request")
        constraints = [models.UniqueConstraint(fields=["address"], name="mail_request_one_per_address")]

    def __str__(self) -> str:
        return str(self.pk)


class LogInLink(models.Model):
    """A link that logs a sponsor in, once. The token stands in the mail alone, here only its digest."""

    personal = True
    deletable = True

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("user"))
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("link")
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="link_one_per_token"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="link_expires_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(used_at__lt=models.F("expires_at")),
                name="link_is_used_before_it_expires",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
