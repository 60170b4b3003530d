from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import AnyLockDown, User
from accounts.permissions import Right
from core.enums import Holds, TimeZone
from core.models import DisclosureField, Record, TokyoToday
from core.sealed import SealedTextField
from shelters.enums import ShelterKind, ShelterState
from supply.models import Place


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
    # Its days are those of there, whoever writes them (docs/adr/0026).
    time_zone = models.CharField(_("time zone"), max_length=20, choices=TimeZone, default=settings.TIME_ZONE)
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
            models.CheckConstraint(
                condition=Q(time_zone__in=TimeZone.values),
                name="shelter_time_zone_is_known",
                violation_error_message=_("Choose a time zone of the list."),
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
    # Of the form. The same state may come twice on one day: at risk, open again, and at risk once more.
    key = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("shelter status")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["key"], name="shelter_status_one_per_key")]

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
