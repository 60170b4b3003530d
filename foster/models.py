from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core.enums import Language
from core.models import AmountField, CurrencyField, Record
from core.money import Money
from core.sealed import SealedBytesField, SealedTextField
from donations.models import Donation, Donor
from foster.enums import ChildState, EndReason, Half, ReminderResult, UpdateState
from shelters.enums import Sex
from shelters.models import Shelter, TokyoToday, same


class ChildQuerySet(models.QuerySet["Child"]):
    def visible_to(self, user: User) -> "ChildQuerySet":
        """Officers: all. A sponsor: the children of their sponsorships that run today."""
        if user.may(Right.CHILDREN_READ):
            return self.all()
        if user.may(Right.PORTAL):
            return self.filter(
                pk__in=Sponsorship.objects.filter(sponsor__user=user).running().values("child")
            )
        return self.none()


class Child(Record):
    """Known by its code; `called` is the invented name that its sponsors read."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    called = models.CharField(_("name for sponsors"), max_length=60)
    real_name = SealedTextField(right=Right.REVEAL_CHILD_IDENTITY)
    family = SealedTextField(right=Right.REVEAL_CHILD_IDENTITY)
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


class Pause(Record):
    """Days without dues, with a reason: from the first day inside to the first day outside."""

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


class DueQuerySet(models.QuerySet["Due"]):
    def with_paid(self) -> "DueQuerySet":
        """Annotates `paid` and `open` in the due's currency."""
        from django.db.models import DecimalField, Sum, Value
        from django.db.models.functions import Coalesce

        zero = Value(0, output_field=DecimalField(max_digits=18, decimal_places=4))
        return self.annotate(paid=Coalesce(Sum("allocations__amount"), zero)).annotate(
            open=F("amount") - F("paid")
        )

    def visible_to(self, user: User) -> "DueQuerySet":
        return self.filter(sponsorship__in=Sponsorship.objects.visible_to(user))


class Due(Record):
    """What a sponsorship owes for a month; the amount is copied from the rate of that month."""

    sponsorship = models.ForeignKey(
        Sponsorship, models.PROTECT, related_name="dues", verbose_name=_("sponsorship")
    )
    month = models.DateField(_("month"))
    amount = AmountField(verbose_name=_("amount"))
    currency = CurrencyField()

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = _("due")
        ordering = ["month", "sponsorship"]
        constraints = [
            models.UniqueConstraint(fields=["sponsorship", "month"], name="due_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="due_month_is_a_first"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="due_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sponsorship.code} {self.month:%Y-%m}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Allocation(Record):
    """The part of a payment that settles a due. A trigger keeps Σ ≤ payment and Σ ≤ due."""

    due = models.ForeignKey(Due, models.PROTECT, related_name="allocations", verbose_name=_("due"))
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="+", verbose_name=_("payment"))
    amount = AmountField(verbose_name=_("amount"))

    class Meta:
        verbose_name = _("allocation")
        ordering = ["due"]
        constraints = [
            models.UniqueConstraint(fields=["due", "donation"], name="allocation_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.due_id} {self.donation_id}"


class ReminderRun(Record):
    """One go at a month's reminders; running again only adds what is missing."""

    month = models.DateField(_("month"))
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    job_uuid = models.UUIDField(null=True)
    started_at = models.DateTimeField(_("started"), db_default=Now())

    class Meta:
        verbose_name = _("reminder run")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="reminder_run_month_is_a_first")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ReminderOutcome(Record):
    """What a run found for one sponsor."""

    run = models.ForeignKey(ReminderRun, models.PROTECT, related_name="outcomes", verbose_name=_("run"))
    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="+", verbose_name=_("sponsor"))
    result = models.CharField(_("result"), max_length=12, choices=ReminderResult)

    class Meta:
        verbose_name = _("result")
        ordering = ["sponsor__code"]
        constraints = [
            models.UniqueConstraint(fields=["run", "sponsor"], name="reminder_outcome_one_a_sponsor")
        ]

    def __str__(self) -> str:
        return f"{self.sponsor.code} {self.result}"


class Reminder(Record):
    """One mail to one sponsor for one month and level: the row comes first, the mail second."""

    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="reminders", verbose_name=_("sponsor"))
    month = models.DateField(_("month"))
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    run = models.ForeignKey(ReminderRun, models.PROTECT, related_name="+", verbose_name=_("run"))
    message_uuid = models.UUIDField(null=True)
    made_at = models.DateTimeField(_("made"), db_default=Now())

    class Meta:
        verbose_name = _("reminder")
        ordering = ["-month", "sponsor"]
        constraints = [
            models.UniqueConstraint(fields=["sponsor", "month", "level"], name="reminder_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="reminder_month_is_a_first"),
            models.CheckConstraint(condition=Q(level__gte=1), name="reminder_level_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor.code} {self.month:%Y-%m}"


class ChildUpdateQuerySet(models.QuerySet["ChildUpdate"]):
    def visible_to(self, user: User) -> "ChildUpdateQuerySet":
        """A sponsor: what is published of their own child. Officers: all."""
        mine = self.filter(child__in=Child.objects.visible_to(user))
        if user.may(Right.UPDATES_WRITE):
            return mine
        if user.may(Right.PORTAL):
            return mine.filter(state=UpdateState.PUBLISHED)
        return self.none()


class ChildUpdate(Record):
    """News of a child: draft → a second person → published. Only then sponsors see it."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="updates", verbose_name=_("child"))
    written_on = models.DateField(_("written"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=5000)
    title_ja = models.CharField(_("title in Japanese"), max_length=120, blank=True)
    text_ja = models.TextField(_("text in Japanese"), max_length=5000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=UpdateState, default=UpdateState.DRAFT)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("cleared by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = ChildUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        ordering = ["-written_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=UpdateState.PUBLISHED)
                | Q(cleared_by__isnull=False, published_at__isnull=False),
                name="update_published_only_when_cleared",
            ),
            models.CheckConstraint(
                condition=Q(cleared_by__isnull=True) | ~Q(cleared_by=F("author")),
                name="update_cleared_by_a_second_person",
                violation_error_message=_("A second person has to clear it, not its author."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child.code} {self.written_on}"


class UpdatePhoto(Record):
    """A photo rebuilt from its pixels, sealed with the child's key."""

    sealed_subject = "update.child.uuid"

    update = models.ForeignKey(ChildUpdate, models.PROTECT, related_name="photos", verbose_name=_("update"))
    image = SealedBytesField()
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("photo")
        ordering = ["update", "position", "id"]

    def __str__(self) -> str:
        return str(self.uuid)
