from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds, Language
from core.models import AmountField, CurrencyField, Record, TokyoToday
from core.money import Money
from core.sealed import SealedTextField
from donations.models import Donor
from foster.enums import ChildState, EndReason, Half
from shelters.enums import Sex
from shelters.models import Shelter, same


class ChildQuerySet(models.QuerySet["Child"]):
    def visible_to(self, user: User) -> "ChildQuerySet":
        """Officers: all. Field staff: those at their shelters. A sponsor: the children of their sponsorships
        that run today."""
        if user.may(Right.CHILDREN_READ):
            return self.all()
        if user.may(Right.CHILDREN_NEAR):
            return self.filter(shelter__in=Shelter.objects.visible_to(user))
        if user.may(Right.PORTAL):
            return self.filter(
                pk__in=Sponsorship.objects.filter(sponsor__user=user).running().values("child")
            )
        return self.none()


class Child(Record):
    """Known by its code; `called` is the invented name that its sponsors read."""

    personal = True
    can_be_forgotten = True
    leak_codes = ("code",)
    leak_published = ("called",)

    code = models.CharField(_("code"), max_length=20, unique=True)
    called = models.CharField(_("name for sponsors"), max_length=60)
    real_name = SealedTextField(_("real name"), right=Right.REVEAL_CHILD_IDENTITY, holds=Holds.NAME)
    spellings = SealedTextField(  # one a line
        _("other spellings"), right=Right.REVEAL_CHILD_IDENTITY, holds=Holds.NAME
    )
    family = SealedTextField(_("family"), right=Right.REVEAL_CHILD_IDENTITY)
    note = SealedTextField(_("note"), right=Right.REVEAL_CHILD_IDENTITY)
    birth_year = models.PositiveSmallIntegerField(
        _("birth year"), null=True, blank=True, validators=[MinValueValidator(1980)]
    )
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    origin = models.CharField(_("origin"), max_length=100, blank=True)
    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("shelter")
    )
    likes = models.CharField(_("likes (sponsors read it)"), max_length=200, blank=True)

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("child")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ChildStatus(Record):
    """The history of a child in the programme, newest last: lost and in care again is normal."""

    personal = True

    append_only = True

    child = models.ForeignKey(Child, models.PROTECT, related_name="statuses", verbose_name=_("child"))
    state = models.CharField(_("state"), max_length=12, choices=ChildState)
    since = models.DateField(_("since"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("child status")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["child", "since", "state"], name="child_status_once")]

    def __str__(self) -> str:
        return f"{self.child.code} {self.get_state_display()}"


class SchoolTerm(Record):
    """A half term of shelter and schooling paid for a child. Paid on is not the time it covers."""

    personal = True

    child = models.ForeignKey(Child, models.PROTECT, related_name="school_terms", verbose_name=_("child"))
    school_year = models.PositiveSmallIntegerField(_("school year that begins in"))
    half = models.CharField(_("half"), max_length=1, choices=Half)
    funded_on = models.DateField(_("funded"))
    amount = AmountField(verbose_name=_("amount"), null=True, blank=True)
    currency = CurrencyField()
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("school term")
        ordering = ["-school_year", "half", "child"]
        constraints = [
            models.UniqueConstraint(fields=["child", "school_year", "half"], name="school_term_once"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="school_term_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child.code} {self.school_year}/{self.half}"


class SponsorQuerySet(models.QuerySet["Sponsor"]):
    def visible_to(self, user: User) -> "SponsorQuerySet":
        if user.may(Right.SPONSORS_READ):
            return self.all()
        if user.may(Right.PORTAL):
            return self.filter(user=user)
        return self.none()


class Sponsor(Record):
    """A foster parent: who corresponds. Who pays is the donor, who logs in the user; they may differ."""

    personal = True
    leak_own_names = ("name", "email")

    code = models.CharField(_("payment number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    donor = models.OneToOneField(Donor, models.PROTECT, related_name="+", verbose_name=_("pays as"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("log-in"), limit_choices_to={"role": RoleName.SPONSOR},
    )  # fmt: skip
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.JAPANESE)
    no_reminders_since = models.DateField(_("wants no reminders since"), null=True, blank=True)

    objects = SponsorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsor")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def address(self) -> str:
        """Where mail goes: the log-in's address when no other is kept."""
        return self.email or (self.user.email if self.user else "")

    @property
    def speaks(self) -> str:
        """The language of the mails: what they chose at their log-in, else what is kept here."""
        return self.user.language if self.user else self.language


class SponsorshipQuerySet(models.QuerySet["Sponsorship"]):
    def running(self) -> "SponsorshipQuerySet":
        """On the database's Tokyo day."""
        today = TokyoToday()
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today), started_on__lte=today)

    def running_in(self, month: date) -> "SponsorshipQuerySet":
        """Begun by the first day of the month and not ended on it."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=month), started_on__lte=month)

    def visible_to(self, user: User) -> "SponsorshipQuerySet":
        return self.filter(sponsor__in=Sponsor.objects.visible_to(user))


class Sponsorship(Record):
    """A sponsor's promise, to one child or, without a child, to the programme."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    sponsor = models.ForeignKey(
        Sponsor, models.PROTECT, related_name="sponsorships", verbose_name=_("sponsor")
    )
    child = models.ForeignKey(
        Child, models.PROTECT, related_name="sponsorships", null=True, blank=True,
        verbose_name=_("child"), help_text=_("Empty: for the programme."),
    )  # fmt: skip
    started_on = models.DateField(_("started"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason, blank=True)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, related_name="replaces", null=True, blank=True,
        verbose_name=_("goes on as"),
    )  # fmt: skip

    objects = SponsorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsorship")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="")
                | (Q(ended_on__gte=F("started_on")) & ~Q(end_reason="")),
                name="sponsorship_end_has_a_reason",
                violation_error_message=_("An end needs a day, not before the start, and a reason."),
            )
        ]

    def __str__(self) -> str:
        return self.code

    def is_over(self, day: date) -> bool:
        return self.ended_on is not None and self.ended_on <= day

    def runs_on(self, day: date) -> bool:
        return self.started_on <= day and not self.is_over(day)

    def is_paused(self, *days: date) -> bool:
        """On any of these days."""
        return any(
            pause.days.lower <= day and (pause.days.upper is None or day < pause.days.upper)
            for pause in self.pauses.all()
            for day in days
        )


class SponsorshipRate(Record):
    """The amount a month, from a month on."""

    sponsorship = models.ForeignKey(
        Sponsorship, models.PROTECT, related_name="rates", verbose_name=_("sponsorship")
    )
    from_month = models.DateField(_("from month"))
    amount = AmountField(verbose_name=_("amount a month"))
    currency = CurrencyField()

    class Meta:
        verbose_name = _("sponsorship rate")
        ordering = ["sponsorship", "from_month"]
        constraints = [
            models.UniqueConstraint(
                fields=["sponsorship", "from_month"], name="sponsorship_rate_one_a_month"
            ),
            models.CheckConstraint(condition=Q(from_month__day=1), name="sponsorship_rate_from_a_first"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sponsorship_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sponsorship.code} {self.from_month:%Y-%m}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Pause(Record):
    """Days without dues, with a reason: from the first day inside to the first day outside."""

    personal = True

    sponsorship = models.ForeignKey(
        Sponsorship, models.PROTECT, related_name="pauses", verbose_name=_("sponsorship")
    )
    days = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("pause")
        ordering = ["sponsorship", "days"]
        constraints = [
            ExclusionConstraint(
                name="pause_one_at_a_time",
                expressions=[
                    (same("sponsorship"), RangeOperators.OVERLAPS),
                    ("days", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This sponsorship is already paused on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(days__isempty=False, days__lower_inf=False) & ~Q(reason=""),
                name="pause_has_days_and_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.sponsorship.code
