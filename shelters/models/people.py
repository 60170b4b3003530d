from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds
from core.models import Record
from core.sealed import SealedTextField
from shelters.enums import Sex
from shelters.models.places import Shelter, same


class ResidentQuerySet(models.QuerySet["Resident"]):
    def visible_to(self, user: User) -> "ResidentQuerySet":
        """Those who stay, stayed or are expected at a shelter the person is posted to."""
        if not user.may(Right.RESIDENTS_READ):
            return self.none()
        shelters = Shelter.objects.visible_to(user)
        return self.filter(pk__in=Stay.objects.filter(shelter__in=shelters).values("resident"))


class Resident(Record):
    personal = True
    can_be_forgotten = True
    leak_codes = ("code",)

    code = models.CharField(_("code"), max_length=20, unique=True)
    real_name = SealedTextField(_("real name"), right=Right.REVEAL_RESIDENT_IDENTITY, holds=Holds.NAME)
    spellings = SealedTextField(  # one a line
        _("other spellings"), right=Right.REVEAL_RESIDENT_IDENTITY, holds=Holds.NAME
    )
    note = SealedTextField(_("note"), right=Right.REVEAL_RESIDENT_IDENTITY)
    birth_year = models.PositiveSmallIntegerField(
        _("birth year"), null=True, blank=True, validators=[MinValueValidator(1900)]
    )
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    origin = models.CharField(_("origin"), max_length=100, blank=True)
    needs = models.CharField(_("needs"), max_length=300, blank=True)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class StayQuerySet(models.QuerySet["Stay"]):
    def on(self, day: date) -> "StayQuerySet":
        """Who is there in the night that begins on this day; expected guests are not heads."""
        return self.filter(is_planned=False, nights__contains=day)

    def visible_to(self, user: User) -> "StayQuerySet":
        if not user.may(Right.RESIDENTS_READ):
            return self.none()
        return self.filter(shelter__in=Shelter.objects.visible_to(user))


class Stay(Record):
    """The nights a resident spends at a shelter: from arrival to departure, that day outside."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="stays", verbose_name=_("resident"))
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="stays", verbose_name=_("shelter"))
    nights = DateRangeField(_("nights"))
    is_planned = models.BooleanField(_("only planned"), default=False)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay")
        ordering = ["shelter", "nights"]
        constraints = [
            ExclusionConstraint(
                name="stay_one_roof",
                condition=Q(is_planned=False),
                expressions=[
                    (same("resident"), RangeOperators.OVERLAPS),
                    ("nights", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already stays somewhere in these nights."),
            ),
            models.CheckConstraint(
                condition=Q(nights__isempty=False, nights__lower_inf=False),
                name="stay_has_nights",
                violation_error_message=_("A stay begins on a day and lasts a night or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident.code} {self.shelter.code}"


class HeadCount(Record):
    """How many were there, where people are not registered one by one. The last count holds."""

    append_only = True

    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="head_counts", verbose_name=_("shelter")
    )
    counted_on = models.DateField(pgettext_lazy("people", "counted"))
    people = models.PositiveIntegerField(_("people"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("head count")
        ordering = ["-counted_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["shelter", "counted_on"], name="head_count_one_a_day")]

    def __str__(self) -> str:
        return f"{self.shelter.code} {self.counted_on}"
