from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.enums import LockReason
from accounts.models.people import User
from core.models import Record


class LockDownQuerySet(models.QuerySet[Any]):
    def in_force(self) -> "LockDownQuerySet":
        return self.filter(lifted_at__isnull=True)


class AnyLockDown(Record):
    """Closed at once by a colleague, opened again by an administrator. Only its end is ever written later."""

    personal = True

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("locked down by")
    )
    began_at = models.DateTimeField(_("since"), db_default=Now())
    reason = models.CharField(_("what happened"), max_length=12, choices=LockReason)
    note = models.CharField(_("in your own words"), max_length=300, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("lifted by"),
    )  # fmt: skip
    lift_reason = models.CharField(_("why it is lifted"), max_length=300, blank=True)

    objects = LockDownQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="%(class)s_lifted_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("began_at")),
                name="%(class)s_lifted_after_it_began",
            ),
        ]

    @property
    def said(self) -> str:
        return f"{self.get_reason_display()}: {self.note}" if self.note else self.get_reason_display()

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None


class LockDown(AnyLockDown):
    """A person who may not come in, whatever else their log-in says."""

    person = models.ForeignKey(User, models.PROTECT, related_name="lock_downs", verbose_name=_("person"))

    class Meta(AnyLockDown.Meta):
        verbose_name = _("lock-down")
        constraints = [
            *AnyLockDown.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"], condition=Q(lifted_at__isnull=True), name="lockdown_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("person")),
                name="lockdown_nobody_lifts_their_own",
            ),
        ]

    def __str__(self) -> str:
        return self.person.name
