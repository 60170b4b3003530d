from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import Record
from shelters.enums import GuestOutcome, Outcome
from shelters.models.people import Stay
from shelters.models.places import Shelter


class EvacuationQuerySet(models.QuerySet["Evacuation"]):
    def running(self) -> "EvacuationQuerySet":
        return self.filter(finished_at__isnull=True)

    def visible_to(self, user: User) -> "EvacuationQuerySet":
        return self.filter(shelter__in=Shelter.objects.visible_to(user))


class Evacuation(Record):
    """Everybody and everything out of a shelter: begun, stopped, taken up again, finished."""

    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="evacuations", verbose_name=_("shelter")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)  # until it is finished
    started_at = models.DateTimeField(_("started"), db_default=Now())
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("finished by"),
    )  # fmt: skip

    # Of the form: sent again once all is over, it is this one.
    key = models.UUIDField(null=True, editable=False)

    objects = EvacuationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evacuation")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shelter"], condition=Q(finished_at__isnull=True), name="evacuation_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finished_by__isnull=True)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="evacuation_finished_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(reason=""),
                name="evacuation_finished_with_a_reason",
            ),
            models.UniqueConstraint(fields=["key"], name="evacuation_one_per_key"),
        ]

    def __str__(self) -> str:
        return self.shelter.code


class EvacuationPerson(Record):
    """Where one of those who were there or expected went. `to_code`: the shelter, where it is one of ours.

    Of one person the newest holds: what was said before was taken back. `code`: of the resident, written by
    the database; who came today and is handed on is hidden from here on.
    """

    append_only = True
    trail_withholds = ("code",)  # who reads the trail may know of nobody that they were there

    evacuation = models.ForeignKey(
        Evacuation, models.PROTECT, related_name="people", verbose_name=_("evacuation")
    )
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+", verbose_name=_("stay"))
    code = models.CharField(_("code"), max_length=20, default="", editable=False)
    outcome = models.CharField(
        _("outcome"),
        max_length=12,
        choices=[*Outcome.choices, (GuestOutcome.NOT_COMING.value, GuestOutcome.NOT_COMING.label)],
    )
    to_code = models.CharField(_("to"), max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("person of an evacuation")
        ordering = ["evacuation", "id"]
        indexes = [models.Index(fields=["evacuation", "stay", "-id"], name="evacuation_person_newest")]

    def __str__(self) -> str:
        return str(self.uuid)


class EvacuationChild(Record):
    """Where a child of the programme who lived there went. `subject`: its UUID; another app keeps it."""

    append_only = True
    trail_withholds = ("code",)

    evacuation = models.ForeignKey(
        Evacuation, models.PROTECT, related_name="children", verbose_name=_("evacuation")
    )
    subject = models.UUIDField(editable=False)
    code = models.CharField(_("code"), max_length=20)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    to_code = models.CharField(_("to"), max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("child of an evacuation")
        ordering = ["evacuation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["evacuation", "subject"], name="evacuation_each_child_once")
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class EvacuationCounted(Record):
    """Where so many of those who were only counted went. `to_code`: of the shelter, if there is one."""

    append_only = True

    evacuation = models.ForeignKey(
        Evacuation, models.PROTECT, related_name="counted", verbose_name=_("evacuation")
    )
    people = models.PositiveIntegerField(_("people"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    to_code = models.CharField(_("to"), max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())
    key = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("people of an evacuation who were counted")
        ordering = ["evacuation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="evacuation_counted_one_per_key"),
            models.CheckConstraint(
                condition=Q(people__gt=0),
                name="evacuation_counted_are_some",
                violation_error_message=_("Write a number above zero."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class EvacuationCall(Record):
    """Somebody who is warned: by a mail that says nothing, and by word of mouth."""

    evacuation = models.ForeignKey(
        Evacuation, models.PROTECT, related_name="calls", verbose_name=_("evacuation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    reached_at = models.DateTimeField(_("reached"), null=True, blank=True)

    class Meta:
        verbose_name = _("call of an evacuation")
        ordering = ["evacuation", "person__name"]
        constraints = [
            models.UniqueConstraint(fields=["evacuation", "person"], name="evacuation_each_called_once")
        ]

    def __str__(self) -> str:
        return f"{self.evacuation_id} {self.person_id}"
