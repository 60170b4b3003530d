from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right
from core.enums import Disclosure, Language
from core.models import DisclosureField, Qualified, Record, Spanned
from reports.enums import ActivityKind, MeasureName, Milestone


class ReportingQuerySet(models.QuerySet):
    """Records of the activity log: whoever reads figures may see what they are computed from."""

    def visible_to(self, user: User) -> "ReportingQuerySet":
        return self.all() if user.may(Right.REPORTS_READ) else self.none()

    def printable(self) -> "ReportingQuerySet":
        return self.filter(disclosure=Disclosure.PUBLIC)


class Activity(Record, Spanned):
    """One line of the activity log: what was done, when (as exactly as known) and where it may be said."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=ActivityKind)
    milestone = models.CharField(_("milestone"), max_length=15, choices=Milestone, blank=True)
    title = models.CharField(_("title"), max_length=200)
    title_ja = models.CharField(_("title in Japanese"), max_length=200, blank=True)
    publishable_place = models.CharField(_("publishable place"), max_length=100, blank=True)
    ordinal = models.PositiveSmallIntegerField(_("ordinal"), null=True, blank=True)
    is_listed = models.BooleanField(
        _("in the dated list"), default=False,
        help_text=_("Printed, with its date, in the year's list of activities."),
    )  # fmt: skip
    funder = models.CharField(_("paid by"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    disclosure = DisclosureField()

    objects = ReportingQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        ordering = ["starts_on", "id"]
        constraints = [
            *Spanned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind=ActivityKind.RESCUE) | Q(milestone=""),
                name="activity_milestone_of_a_rescue",
                violation_error_message=_("Only a rescue has a milestone."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Measure(Record, Qualified):
    """A number of an activity, under a name: people, hours, nations …"""

    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="measures", verbose_name=_("activity")
    )
    name = models.CharField(_("what"), max_length=40, choices=MeasureName)
    is_derived = models.BooleanField(_("derived from other figures"), default=False)

    class Meta:
        verbose_name = _("measure")
        ordering = ["activity", "name"]
        constraints = [
            *Qualified.Meta.constraints,
            models.UniqueConstraint(fields=["activity", "name"], name="measure_once_an_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.activity.code} {self.name}"


class Partner(Record):
    """An organisation worked with; printed by name only where it may be."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Empty: unnamed."))
    country = models.CharField(_("country"), max_length=60, blank=True)
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    may_be_named = models.BooleanField(_("may be named in print"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ReportingQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(may_be_named=False) | ~Q(name=""), name="partner_named_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="partner_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ExternalStatistic(Record, Spanned, Qualified):
    """Somebody else's figure, with its source and the day it was taken. Never in our own totals."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    topic = models.CharField(_("topic"), max_length=200)
    topic_ja = models.CharField(_("topic in Japanese"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    publisher = models.CharField(_("published by"), max_length=200)
    source = models.CharField(_("source"), max_length=300)
    taken_on = models.DateField(_("taken on"))
    report_year = models.PositiveSmallIntegerField(_("for the report of"))

    objects = ReportingQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside statistic")
        ordering = ["starts_on", "id"]
        constraints = [
            *Spanned.Meta.constraints,
            *Qualified.Meta.constraints,
            models.CheckConstraint(condition=~Q(source="") & ~Q(publisher=""), name="statistic_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.code


class AnnualReport(Record):
    """A draft of one year's report in one language. Its text holds slots; figures are computed when read."""

    year = models.PositiveSmallIntegerField(_("fiscal year"))
    label = models.CharField(_("printed label"), max_length=60)
    language = models.CharField(_("language"), max_length=5, choices=Language)
    drafted_at = models.DateTimeField(_("drafted"), null=True)
    drafted_figures = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    job_uuid = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made"), db_default=Now())

    objects = ReportingQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual report")
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "language"],
                condition=Q(drafted_at__isnull=True),
                name="annual_report_one_in_the_making",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} ({self.language})"


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, user: User) -> "SectionQuerySet":
        return self.filter(report__in=AnnualReport.objects.visible_to(user)).select_related("report")


class Section(Record):
    """Heading and text of a draft; `{{figure_key}}` in the text is a live slot."""

    report = models.ForeignKey(
        AnnualReport, models.PROTECT, related_name="sections", verbose_name=_("report")
    )
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        ordering = ["report", "position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="section_one_a_position")]

    def __str__(self) -> str:
        return self.heading
