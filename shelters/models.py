from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import RoleName
from accounts.models import AnyLockDown, User
from accounts.permissions import Right
from core.enums import Holds
from core.models import DisclosureField, QuantityField, Record, TokyoToday
from core.sealed import SealedTextField
from shelters.enums import Sex, ShelterKind, ShelterState
from supply.models import Item, Place


def same(field: str) -> Func:
    """Equality in an exclusion constraint without the btree_gist extension.

    The field stands twice on purpose: a template that repeats one expression breaks form validation.
    """
    return Func(F(field), F(field), Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class ShelterQuerySet(models.QuerySet["Shelter"]):
    def visible_to(self, user: User) -> "ShelterQuerySet":
        """Field staff: the shelters they are posted to today that are not locked down.

        Others with the right: all, by code.
        """
        if not user.may(Right.SHELTERS_READ):
            return self.none()
        if user.role == RoleName.FIELD_STAFF:
            closed = ShelterLockDown.objects.in_force().values("shelter")
            return self.filter(pk__in=Posting.objects.of(user).values("shelter")).exclude(pk__in=closed)
        return self.all()


class Shelter(Record):
    """Known by its code everywhere; the real place is sealed and apart."""

    leak_codes = ("code",)
    leak_published = ("region",)

    code = models.CharField(_("code name"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ShelterKind, default=ShelterKind.SHELTER)
    region = models.CharField(_("publishable region"), max_length=100)
    capacity = models.PositiveIntegerField(_("places"))
    blocked_places = models.PositiveIntegerField(_("blocked places"), default=0)
    opened_on = models.DateField(_("opened"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    store = models.OneToOneField(Place, models.PROTECT, related_name="shelter", verbose_name=_("store"))
    address = SealedTextField(_("address"), right=Right.REVEAL_SHELTER_ADDRESS, holds=Holds.ADDRESS)
    map_point = SealedTextField(_("map point"), right=Right.REVEAL_SHELTER_ADDRESS, holds=Holds.CONTACT)
    contact = SealedTextField(_("contact"), right=Right.REVEAL_SHELTER_ADDRESS, holds=Holds.CONTACT)
    # One a line: how people write the place's name or the code name in other scripts (core/leaks).
    spellings = SealedTextField(_("other spellings"), right=Right.REVEAL_SHELTER_ADDRESS, holds=Holds.NAME)
    disclosure = DisclosureField()

    objects = ShelterQuerySet.as_manager()

    class Meta:
        verbose_name = _("shelter")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(blocked_places__lte=F("capacity")),
                name="shelter_blocks_at_most_its_places",
                violation_error_message=_("More places are blocked than there are."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="shelter_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def usable_places(self) -> int:
        return self.capacity - self.blocked_places


class ShelterStatus(Record):
    """The history of a shelter's state, newest last."""

    append_only = True

    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="statuses", verbose_name=_("shelter"))
    state = models.CharField(_("state"), max_length=10, choices=ShelterState)
    since = models.DateField(_("since"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("shelter status")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shelter", "since", "state"], name="shelter_status_once")
        ]

    def __str__(self) -> str:
        return f"{self.shelter.code} {self.get_state_display()}"


class PostingQuerySet(models.QuerySet["Posting"]):
    def today(self) -> "PostingQuerySet":
        """By the database's Tokyo day."""
        return self.filter(days__contains=TokyoToday())

    def of(self, user: User) -> "PostingQuerySet":
        return self.today().filter(user=user)


class Posting(Record):
    """Who works at which shelter, on which days (the last day is outside the range)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="postings", verbose_name=_("shelter"))
    days = DateRangeField(_("days"))

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        ordering = ["shelter", "user"]
        constraints = [
            ExclusionConstraint(
                name="posting_once_at_a_time",
                expressions=[
                    (same("user"), RangeOperators.OVERLAPS),
                    (same("shelter"), RangeOperators.OVERLAPS),
                    ("days", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person is already posted there on these days."),
            ),
            models.CheckConstraint(
                condition=Q(days__isempty=False, days__lower_inf=False), name="posting_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shelter.code} {self.user_id}"


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


class RationRule(Record):
    """What a person is given a day, from a day on: one rule for all shelters or one for a single one."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="rations", null=True, blank=True,
        verbose_name=_("shelter"), help_text=_("Empty: for every shelter."),
    )  # fmt: skip
    grams = QuantityField(verbose_name=_("grams a person and day"))
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("ration")
        ordering = ["item", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "shelter", "valid_from"],
                nulls_distinct=False,
                name="ration_one_rule_from_a_day",
            ),
            models.CheckConstraint(condition=Q(grams__gt=0), name="ration_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.valid_from}"


class ShelterLockDown(AnyLockDown):
    """A shelter that field staff do not see until an administrator opens it again."""

    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="lock_downs", verbose_name=_("shelter"))

    class Meta(AnyLockDown.Meta):
        verbose_name = _("lock-down of a shelter")
        constraints = [
            *AnyLockDown.Meta.constraints,
            models.UniqueConstraint(
                fields=["shelter"], condition=Q(lifted_at__isnull=True), name="shelterlockdown_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.shelter.code
