from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds
from core.models import Record
from core.prepared import Asked
from core.sealed import SealedTextField
from shelters.enums import Outcome, Sex
from shelters.models.places import Shelter, same


class ResidentQuerySet(models.QuerySet["Resident"]):
    def visible_to(self, user: User) -> "ResidentQuerySet":
        """Those who stay, stayed or are expected at a shelter the person is posted to.

        And those they wrote down themselves who are nowhere yet: their stay was taken back.
        """
        if not user.may(Right.RESIDENTS_READ):
            return self.none()
        stays, shelters = Stay.objects.filter(cancelled_at__isnull=True), Shelter.objects.visible_to(user)
        own = Q(registered_by=user) & Q(Exists(shelters)) & ~Exists(stays.filter(resident=OuterRef("pk")))
        return self.filter(Q(pk__in=stays.filter(shelter__in=shelters).values("resident")) | own)

    def in_the_care_of(self, user: User) -> "ResidentQuerySet":
        """Those of them who stay with the person or were last there, and those who were nowhere yet.

        Field staff do not see stays elsewhere: who moved on is left out by the row policies, of what hangs on
        a resident (shelters_in_my_care).
        """
        stays = Stay.objects.filter(resident=OuterRef("pk"), is_planned=False)
        last = Subquery(stays.order_by("-nights").values("shelter")[:1])
        here = Q(last_at__in=Shelter.objects.visible_to(user)) | Q(last_at__isnull=True, registered_by=user)
        return self.visible_to(user).annotate(last_at=last).filter(here)


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
    # Who wrote somebody down sees them before there is a stay to see them by (docs/adr/0025).
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("written down by"),
    )  # fmt: skip
    registered_at = models.DateTimeField(_("written down"), db_default=Now(), editable=False)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class StayQuerySet(models.QuerySet["Stay"]):
    def on(self, day: date | Asked) -> "StayQuerySet":
        """Who is there in the night that begins on this day; expected guests are not heads."""
        return self.filter(is_planned=False, nights__contains=day)

    def visible_to(self, user: User) -> "StayQuerySet":
        if not user.may(Right.RESIDENTS_READ):
            return self.none()
        return self.filter(shelter__in=Shelter.objects.visible_to(user))

    def open(self) -> "StayQuerySet":
        """Of whom nobody has said yet what became of them."""
        return self.filter(is_planned=False, outcome="", nights__upper_inf=True)

    def expected(self) -> "StayQuerySet":
        """Planned, and neither come nor called off."""
        return self.filter(is_planned=True, cancelled_at__isnull=True)


class Stay(Record):
    """The nights a resident spends at a shelter: from arrival to departure, that day outside.

    Who is here stays until somebody says what became of them: the day on which they mean to leave is a plan
    (`leaves_on`) and ends nothing. A stay never changes its person or its shelter, and what was called off
    stays so (a trigger). `key`: of the form that wrote it.
    """

    sealed_under = "resident"

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="stays", verbose_name=_("resident"))
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="stays", verbose_name=_("shelter"))
    nights = DateRangeField(_("nights"))
    is_planned = models.BooleanField(_("only planned"), default=False)
    # By which shelter; the database writes it, and who is called off then stands there as missing (triggers).
    came_from = models.ForeignKey(
        Shelter, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("handed on from")
    )
    # Handed on and not come: a plan of the shelter they came from, until it is said what became of them.
    is_missing = models.BooleanField(_("did not arrive"), default=False)
    leaves_on = models.DateField(_("leaves on"), null=True, blank=True)
    # Planned and not to be, or an arrival that was a mistake: that one is a plan again, and called off.
    cancelled_at = models.DateTimeField(_("called off"), null=True, blank=True)
    # Written by a trigger: who hands somebody on is called when it gets dangerous there.
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False,
        verbose_name=_("expected by the word of"),
    )  # fmt: skip
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    # When somebody said the outcome, written by the database (a trigger); empty where a workbook brought it.
    said_at = models.DateTimeField(_("outcome said"), null=True, editable=False)
    note = SealedTextField(_("note on leaving"), right=Right.REVEAL_RESIDENT_IDENTITY)
    key = models.UUIDField(null=True, editable=False)

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
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(is_planned=False, nights__upper_inf=False)
                | Q(is_missing=True, cancelled_at__isnull=False, nights__upper_inf=False),
                name="stay_outcome_once_over",
                violation_error_message=_("Only a stay that came about and is over has an outcome."),
            ),
            models.CheckConstraint(
                condition=Q(is_missing=False) | Q(is_planned=True),
                name="stay_missing_is_no_night",
                violation_error_message=_("Who did not arrive spends no night."),
            ),
            models.CheckConstraint(
                condition=Q(is_missing=False) | Q(cancelled_at__isnull=True) | ~Q(outcome=""),
                name="stay_missing_until_it_is_said",
                violation_error_message=_("Say what became of them: “not known” is an answer."),
            ),
            # Not checked of older rows (migration 0029).
            models.CheckConstraint(
                condition=Q(is_planned=True) | Q(nights__upper_inf=True) | ~Q(outcome=""),
                name="stay_over_has_an_outcome",
                violation_error_message=_("Of a stay that is over it is said what became of the person."),
            ),
            models.CheckConstraint(
                condition=Q(leaves_on__isnull=True) | Q(leaves_on__gt=F("nights__startswith")),
                name="stay_leaves_after_the_first_night",
                violation_error_message=_("They leave after the first night."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(is_planned=True),
                name="stay_called_off_is_no_night",
                violation_error_message=_("Only what is planned can be called off."),
            ),
            models.UniqueConstraint(fields=["key"], name="stay_one_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.resident.code} {self.shelter.code}"

    @property
    def is_guest(self) -> bool:
        """Expected; not somebody handed on from here who did not arrive."""
        return self.is_planned and not self.is_missing


class HeadCount(Record):
    """How many were there, where people are not registered one by one. The last count holds.

    Of a day the newest, so that a slip is put right. `others`: where some are registered, how many of the
    people are not: until the next count they come on top of who is registered. `key`: of the form that
    wrote it.
    """

    append_only = True

    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="head_counts", verbose_name=_("shelter")
    )
    counted_on = models.DateField(pgettext_lazy("people", "counted"))
    people = models.PositiveIntegerField(_("people"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    others = models.PositiveIntegerField(
        _("of them not registered"),
        null=True,
        blank=True,
        help_text=_("Where some are registered by code; empty: nobody was."),
    )
    key = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("head count")
        ordering = ["-counted_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="head_count_one_per_key"),
            models.CheckConstraint(
                condition=Q(others=None) | Q(others__lte=F("people")),
                name="head_count_others_are_of_the_people",
                violation_error_message=_("No more than the people who were counted."),
            ),
        ]
        indexes = [models.Index(fields=["shelter", "-counted_on", "-id"], name="head_count_newest")]

    def __str__(self) -> str:
        return f"{self.shelter.code} {self.counted_on}"
