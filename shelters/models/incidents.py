"""What was done to shelters, routes and the people there. Told by codes and numbers; persons are sealed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core.models import PAYABLE, CurrencyField, Qualified, Record, Spanned, payable
from core.money import told
from core.sealed import SealedTextField
from donations.models import Fund
from shelters.enums import IncidentKind, IncidentStep, PeopleKind
from shelters.models.places import Shelter, ShelterStatus
from supply.models import Route, RouteStatus


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: User) -> "IncidentQuerySet":
        """Field staff: those of their own shelters. Others with the right: all, by code."""
        if not user.may(Right.INCIDENTS_READ):
            return self.none()
        if user.role == RoleName.FIELD_STAFF:
            return self.filter(shelter__in=Shelter.objects.visible_to(user))
        return self.all()

    def written_by(self, user: User) -> "IncidentQuerySet":
        """Those whose story the person goes on with: of their shelters, or of routes."""
        if not user.may(Right.INCIDENTS_LOG):
            return self.none()
        found = self.visible_to(user)
        return found if user.role == RoleName.FIELD_STAFF else found.filter(route__isnull=False)

    def that_count(self) -> "IncidentQuerySet":
        """Without those recorded by mistake."""
        mistaken = IncidentNote.objects.filter(step=IncidentStep.MISTAKE)
        return self.exclude(pk__in=mistaken.order_by().values("incident"))


class Incident(Record, Spanned):
    """A raid, an arrest, a fine …: where by code, when as exactly as known. Its story is told by notes."""

    append_only = True

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=IncidentKind)
    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="incidents", null=True, blank=True, verbose_name=_("shelter")
    )
    route = models.ForeignKey(
        Route, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("route")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    key = models.UUIDField(default=uuid.uuid4)  # of the form: the same submit twice is one row

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        ordering = ["-starts_on", "-id"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(fields=["key"], name="incident_one_per_key"),
        ]

    def __str__(self) -> str:
        return self.code


class Correctable(models.Model):
    """What was told wrongly stays, and another row says so, with a reason."""

    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True,
        verbose_name=_("takes back"),
    )  # fmt: skip
    reason = models.CharField(_("why it is corrected"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("by"),
    )  # fmt: skip

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | (~Q(reason="") & Q(by__isnull=False)),
                name="%(class)s_is_corrected_with_a_reason",
                violation_error_message=_("Say why."),
            )
        ]

    @property
    def is_corrected(self) -> bool:
        return getattr(self, "corrected_by", None) is not None


class IncidentPeople(Record, Qualified, Correctable):
    """How many people of a kind it struck. A wrong number is corrected by a row with the right one."""

    append_only = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="people", verbose_name=_("incident"))
    kind = models.CharField(_("who"), max_length=10, choices=PeopleKind)

    class Meta:
        verbose_name = _("people of an incident")
        ordering = ["incident", "id"]
        constraints = [
            *Qualified.Meta.constraints,
            *Correctable.Meta.constraints,
            models.UniqueConstraint(
                fields=["incident", "kind"],
                condition=Q(corrects__isnull=True),
                name="incident_people_once_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="incident_people_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.code} {self.get_kind_display()}"


class IncidentPayment(Record, Qualified, Correctable):
    """Money that was asked and paid: exact or as well as it is known.

    A wrong one is taken back by its mirror, a row of the same content; neither counts.
    """

    append_only = True

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="payments", verbose_name=_("incident")
    )
    currency = CurrencyField()
    payer = models.CharField(
        _("who paid"), max_length=100, blank=True, help_text=_("By code or role, never a name.")
    )
    paid_from = models.ForeignKey(
        Fund, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("from which fund")
    )
    key = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = _("payment of an incident")
        ordering = ["incident", "id"]
        constraints = [
            *Qualified.Meta.constraints,
            *Correctable.Meta.constraints,
            models.UniqueConstraint(fields=["key"], name="incident_payment_one_per_key"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gt=0), name="incident_payment_is_something"
            ),
            models.CheckConstraint(
                condition=payable("value", "value_upper") | Q(corrects__isnull=False),
                name="incident_payment_is_payable",
                violation_error_message=PAYABLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.code} {self.currency}"

    @property
    def counts(self) -> bool:
        return self.corrects_id is None and not self.is_corrected

    @property
    def told(self) -> str:
        return told(self.quantity, self.currency)


class IncidentEffect(Record):
    """Which change of a shelter's or a route's state came of it."""

    append_only = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="effects", verbose_name=_("incident"))
    shelter_status = models.OneToOneField(
        ShelterStatus, models.PROTECT, related_name="caused_by", null=True, blank=True,
        verbose_name=_("state of a shelter"),
    )  # fmt: skip
    route_status = models.OneToOneField(
        RouteStatus,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("state of a route"),
    )

    class Meta:
        verbose_name = _("effect of an incident")
        ordering = ["incident", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shelter_status__isnull=False, route_status__isnull=True)
                | Q(shelter_status__isnull=True, route_status__isnull=False),
                name="incident_effect_on_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident.code}: {self.shelter_status or self.route_status}"


class IncidentNoteQuerySet(models.QuerySet["IncidentNote"]):
    def visible_to(self, user: User) -> "IncidentNoteQuerySet":
        """Whose words the person may open: of the incidents that they write themselves."""
        if not user.may(Right.REVEAL_INCIDENT):
            return self.none()
        return self.filter(incident__in=Incident.objects.written_by(user))


class IncidentNote(Record):
    """A line of the timeline: a day and a coded step; what is told of persons is sealed."""

    append_only = True
    sealed_under = "incident"

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes", verbose_name=_("incident"))
    happened_on = models.DateField(_("happened"))
    step = models.CharField(_("what"), max_length=10, choices=IncidentStep)
    note = SealedTextField(_("about persons"), right=Right.REVEAL_INCIDENT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    key = models.UUIDField(default=uuid.uuid4)

    objects = IncidentNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on an incident")
        ordering = ["happened_on", "id"]
        constraints = [models.UniqueConstraint(fields=["key"], name="incident_note_one_per_key")]

    def __str__(self) -> str:
        return f"{self.incident.code} {self.get_step_display()}"
