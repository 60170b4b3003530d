from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models.people import User
from accounts.permissions import Right
from accounts.roles import LIVES
from core.models import Record

SEEN_EVERY = timedelta(minutes=1)


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, user: User) -> "DeviceQuerySet":
        """One's own; the administrator sees everybody's."""
        return self.all() if user.may(Right.ACCOUNTS_WRITE) else self.filter(user=user)

    def of(self, person: User) -> "DeviceQuerySet":
        return self.filter(user=person)

    def dead(self, now: datetime) -> "DeviceQuerySet":
        """Those that have been idle, or there at all, for too long."""
        return self.filter(_dead(now))

    def alive(self, now: datetime) -> "DeviceQuerySet":
        return self.exclude(_dead(now))


def _dead(now: datetime) -> Q:
    dead = Q()
    for role, life in LIVES.items():
        over = Q(seen_at__lte=now - life.idle) | Q(began_at__lte=now - life.at_all)
        dead |= Q(user__role=role) & over
    return dead


class Device(Record):
    """One log-in that is alive. No row, no log-in: ending it is deleting it.

    Neither address nor place is kept: a phone's address leads to the shelter it is used in.
    """

    personal = True
    deletable = True

    user = models.ForeignKey(User, models.PROTECT, related_name="devices", verbose_name=_("user"))
    # Of the session's row: a hash of what the browser's cookie says (`core.sessions`).
    session_key = models.CharField(max_length=40, editable=False)
    kind = models.CharField(_("kind"), max_length=60, blank=True)  # browser and system in words
    began_at = models.DateTimeField(_("logged in"))
    seen_at = models.DateTimeField(_("last seen"))  # to the minute: written no more often

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("log-in")
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["session_key"], name="device_one_per_session"),
            models.CheckConstraint(
                condition=models.Q(seen_at__gte=models.F("began_at")), name="device_is_seen_after_it_began"
            ),
        ]

    def is_idle(self, now: datetime) -> bool:
        return now - self.seen_at >= LIVES[RoleName(self.user.role)].idle

    def is_old(self, now: datetime) -> bool:
        return now - self.began_at >= LIVES[RoleName(self.user.role)].at_all

    def was_seen_lately(self, now: datetime) -> bool:
        return now - self.seen_at < SEEN_EVERY

    def __str__(self) -> str:
        return self.kind or str(_("unknown browser"))
