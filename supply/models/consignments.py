"""What is carried from one of our places to shelters and recipients, from the plan to the last kilogram."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds
from core.models import PAYABLE, AmountField, CurrencyField, QuantityField, Record, payable
from core.money import Money
from core.sealed import SealedTextField
from supply.enums import ONCE, BookingKind, ConsignmentState, CostKind, Quality, StepKind
from supply.models.items import Item, Lot
from supply.models.ledger import Movement
from supply.models.places import Place
from supply.models.plans import StandingPlan
from supply.models.routes import Route


class ConsignmentQuerySet(models.QuerySet["Consignment"]):
    def visible_to(self, user: User) -> "ConsignmentQuerySet":
        """All for who reads routes; what comes to a shelter its field staff see on the shelter's own page."""
        return self.all() if user.may(Right.ROUTES_READ) else self.none()

    def before_sending(self) -> "ConsignmentQuerySet":
        return self.filter(state__in=(ConsignmentState.PLANNED, ConsignmentState.PACKED))


class Consignment(Record):
    """Goods of one source on one journey. While they are under way they stand at a place of their own.

    `state` is written by the steps alone, by trigger.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    route = models.ForeignKey(
        Route, models.PROTECT, related_name="consignments", null=True, blank=True, verbose_name=_("route")
    )
    source = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("from"))
    transit = models.OneToOneField(
        Place, models.PROTECT, related_name="consignment", verbose_name=_("in transit")
    )
    planned_on = models.DateField(_("planned for"))
    courier = SealedTextField(_("courier"), right=Right.REVEAL_ROUTE, holds=Holds.NAME)
    state = models.CharField(
        _("state"), max_length=10, choices=ConsignmentState, default=ConsignmentState.PLANNED
    )
    plan = models.ForeignKey(
        StandingPlan, models.PROTECT, related_name="consignments", null=True, blank=True,
        verbose_name=_("standing plan"),
    )  # fmt: skip
    plan_month = models.DateField(_("month of the plan"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ConsignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consignment")
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "plan_month"],
                name="consignment_once_a_plan_and_month",
                violation_error_message=_("This plan has a consignment for this month already."),
            ),
            models.CheckConstraint(
                condition=Q(plan__isnull=True, plan_month__isnull=True)
                | Q(plan__isnull=False, plan_month__isnull=False, plan_month__day=1),
                name="consignment_plan_has_its_month",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ConsignmentLine(Record):
    """One item to one place. The four sums are kept by the bookings alone, by trigger."""

    consignment = models.ForeignKey(
        Consignment, models.PROTECT, related_name="lines", verbose_name=_("consignment")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("lot")
    )
    destination = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("to"))
    planned = QuantityField(verbose_name=_("planned"))
    typed = models.CharField(_("as typed"), max_length=60, blank=True)
    packed = QuantityField(verbose_name=_("packed"), null=True, blank=True)
    sent = QuantityField(verbose_name=_("sent"), default=0, editable=False)
    received = QuantityField(verbose_name=_("arrived"), default=0, editable=False)
    lost = QuantityField(verbose_name=_("lost"), default=0, editable=False)
    returned = QuantityField(verbose_name=_("came back"), default=0, editable=False)

    class Meta:
        verbose_name = _("line of a consignment")
        ordering = ["consignment", "id"]
        constraints = [
            models.CheckConstraint(
                # Nothing is planned where the line was taken out before anything was packed for it.
                condition=Q(planned__gt=0) | Q(planned=0, packed__isnull=True, sent=0),
                name="consignment_line_plans_something",
                violation_error_message=_("Plan an amount above zero."),
            ),
            models.CheckConstraint(
                condition=Q(packed__isnull=True) | Q(packed__gte=0),
                name="consignment_line_packs_no_less_than_nothing",
                violation_error_message=_("Pack nothing or more."),
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, lost__gte=0, returned__gte=0),
                name="consignment_line_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(sent__gte=F("received") + F("lost") + F("returned")),
                name="consignment_line_no_more_than_sent",
                violation_error_message=_("No more can arrive, be lost or come back than was sent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} → {self.destination.code}"

    @property
    def said(self) -> str:
        """What was planned, as it was typed and in the reader's language."""
        return self.item.said(self.typed, self.planned)

    @property
    def outstanding(self) -> Decimal:
        """What is still under way, in the base unit."""
        return self.sent - self.received - self.lost - self.returned


class ConsignmentStep(Record):
    """What was done with a consignment, on which day and by whom; the state follows it."""

    append_only = True

    consignment = models.ForeignKey(
        Consignment, models.PROTECT, related_name="steps", verbose_name=_("consignment")
    )
    kind = models.CharField(_("step"), max_length=10, choices=StepKind)
    on = models.DateField(_("day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    note = models.CharField(_("reason"), max_length=200, blank=True)
    key = models.UUIDField()

    class Meta:
        verbose_name = _("step of a consignment")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="consignment_step_one_per_key"),
            models.UniqueConstraint(
                fields=["consignment", "kind"], condition=Q(kind__in=ONCE), name="consignment_step_once"
            ),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=(
                        StepKind.LOST, StepKind.RETURNED, StepKind.FOUND, StepKind.CORRECTED,
                        StepKind.ALL_LOST, StepKind.CANCELLED,
                    )
                )
                | ~Q(note=""),
                name="consignment_step_difference_has_a_reason",
                violation_error_message=_("Say why."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.consignment.code} {self.get_kind_display()}"


class ConsignmentBookingQuerySet(models.QuerySet["ConsignmentBooking"]):
    def visible_to(self, user: User) -> "ConsignmentBookingQuerySet":
        return self.all() if user.may(Right.ROUTES_READ) else self.none()


class ConsignmentBooking(Record):
    """Ties a row of the ledger to the line and the step that it belongs to."""

    append_only = True

    step = models.ForeignKey(ConsignmentStep, models.PROTECT, related_name="bookings", verbose_name=_("step"))
    line = models.ForeignKey(ConsignmentLine, models.PROTECT, related_name="bookings", verbose_name=_("line"))
    kind = models.CharField(_("kind"), max_length=10, choices=BookingKind)
    movement = models.OneToOneField(
        Movement, models.PROTECT, related_name="consignment_booking", verbose_name=_("movement")
    )

    objects = ConsignmentBookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking of a consignment")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.line} {self.get_kind_display()}"


class Confirmation(Record):
    """What the receiver says of what came. The person is known by a code.

    A mistake is taken back by a row of the same content, whose note is the reason.
    """

    append_only = True

    line = models.ForeignKey(
        ConsignmentLine, models.PROTECT, related_name="confirmations", verbose_name=_("line")
    )
    received_on = models.DateField(_("received on"))
    receiver = models.CharField(_("received by (code)"), max_length=20)
    quantity = QuantityField(verbose_name=pgettext_lazy("goods", "amount"))
    quality = models.CharField(_("quality"), max_length=10, choices=Quality)
    is_satisfied = models.BooleanField(_("satisfied"))
    people = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    key = models.UUIDField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True,
        verbose_name=_("takes back"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("confirmation of a receiver")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="confirmation_one_per_key"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="confirmation_not_negative"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(note=""),
                name="confirmation_is_taken_back_with_a_reason",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(people__isnull=True)
                | Q(people=0)
                | Q(quantity__gt=0)
                | Q(corrects__isnull=False),
                name="confirmation_reaches_people_with_something",
                violation_error_message=_("Nothing came. Leave the number of people empty."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.receiver}"


class ConsignmentCost(Record):
    """Money that a journey cost: an exact amount in its own currency, never summed across currencies.

    Plain on purpose: no fund and no programme. Each is an expense too, by a trigger of the app above, and is
    booked there (docs/adr/0029). A mistake is taken back by its mirror below zero, with a reason.
    """

    append_only = True

    consignment = models.ForeignKey(
        Consignment, models.PROTECT, related_name="costs", verbose_name=_("consignment")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=CostKind)
    amount = AmountField(verbose_name=_("amount"))
    currency = CurrencyField()
    paid_on = models.DateField(_("paid on"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    key = models.UUIDField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True,
        verbose_name=_("takes back"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("cost of a consignment")
        ordering = ["paid_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="consignment_cost_one_per_key"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, corrects__isnull=True)
                | (Q(amount__lt=0, corrects__isnull=False) & ~Q(note="")),
                name="consignment_cost_is_an_amount",
                violation_error_message=_(
                    "Write an amount above zero; a mistake is taken back, with a reason."
                ),
            ),
            models.CheckConstraint(
                condition=payable("amount") | Q(corrects__isnull=False),
                name="consignment_cost_is_payable",
                violation_error_message=PAYABLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consignment.code} {self.get_kind_display()}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
