import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import Record
from shelters.enums import AllowanceMistake
from shelters.models.medical import Allowance


class AllowanceTakenBackQuerySet(models.QuerySet["AllowanceTakenBack"]):
    def visible_to(self, user: User) -> "AllowanceTakenBackQuerySet":
        return self.filter(allowance__in=Allowance.objects.visible_to(user))


class AllowanceTakenBack(Record):
    """An allowance that was entered by mistake: it stays to be read and counts in no sum.

    The reason is coded: words about a mistake would soon tell of a person.
    """

    personal = True
    append_only = True

    allowance = models.OneToOneField(
        Allowance, models.PROTECT, related_name="taken_back", verbose_name=_("allowance")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=AllowanceMistake)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    key = models.UUIDField(default=uuid.uuid4)

    objects = AllowanceTakenBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowance taken back")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["key"], name="allowance_taken_back_one_per_key")]

    def __str__(self) -> str:
        return str(self.allowance)
