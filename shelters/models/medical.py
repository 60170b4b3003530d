"""The sick of a shelter, and the money that helps who leaves. Persons by code; what they have is sealed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Right
from core.models import PAYABLE, AmountField, CurrencyField, Record, payable
from core.money import Money
from core.sealed import SealedTextField
from shelters.enums import AllowanceMistake, AllowanceReason, MedicalKind, MedicalOutcome
from shelters.models.people import Resident
from supply.models import Movement


class OfResidentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "OfResidentQuerySet":
        """Of the residents in one's care; nobody else sees persons."""
        if not user.may(Right.MEDICAL_WRITE):
            return self.none()
        return self.filter(resident__in=Resident.objects.in_the_care_of(user).values("pk"))


class MedicalCase(Record):
    """An illness from its beginning to its outcome, over years if it must be."""

    personal = True
    sealed_under = "resident"

    code = models.CharField(_("code"), max_length=20, unique=True)
    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="medical_cases", verbose_name=_("resident")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MedicalKind)
    condition = SealedTextField(_("condition"), right=Right.REVEAL_MEDICAL)
    treatment = SealedTextField(_("treatment"), right=Right.REVEAL_MEDICAL)
    opened_on = models.DateField(_("since"))
    closed_on = models.DateField(pgettext_lazy("case", "closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=MedicalOutcome, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    key = models.UUIDField(default=uuid.uuid4)  # of the form: the same submit twice is one row

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("medical case")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="medical_case_one_per_key"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="medical_case_closes_after_it_opens",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="")
                | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="medical_case_closes_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MedicalCost(Record):
    """What a case cost in a month. Below zero: a mistake taken back, in part or, as its mirror, whole."""

    append_only = True

    case = models.ForeignKey(MedicalCase, models.PROTECT, related_name="costs", verbose_name=_("case"))
    month = models.DateField(_("month"))
    amount = AmountField(verbose_name=_("amount"))
    currency = CurrencyField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    key = models.UUIDField(default=uuid.uuid4)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True,
        verbose_name=_("takes back"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=10, choices=AllowanceMistake, blank=True)

    class Meta:
        verbose_name = _("medical cost")
        ordering = ["month", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="medical_cost_one_per_key"),
            models.CheckConstraint(condition=Q(month__day=1), name="medical_cost_of_a_month"),
            models.CheckConstraint(condition=~Q(amount=0), name="medical_cost_is_something"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, reason="") | Q(corrects__isnull=False) & ~Q(reason=""),
                name="medical_cost_taken_back_with_a_reason",
            ),
            models.CheckConstraint(
                condition=payable("amount") | Q(amount__lt=0),
                name="medical_cost_is_payable",
                violation_error_message=PAYABLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.code} {self.month:%Y-%m}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class MedicalSupply(Record):
    """Medicine or a kit handed out for a case: a movement of the ledger."""

    append_only = True

    case = models.ForeignKey(MedicalCase, models.PROTECT, related_name="supplies", verbose_name=_("case"))
    movement = models.OneToOneField(Movement, models.PROTECT, related_name="+", verbose_name=_("movement"))

    class Meta:
        verbose_name = _("supplies for a case")
        ordering = ["case", "id"]

    def __str__(self) -> str:
        return self.case.code


class Allowance(Record):
    """Money a month, for some months, for who leaves or returns."""

    personal = True
    append_only = True

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="allowances", verbose_name=_("resident")
    )
    amount = AmountField(verbose_name=_("amount a month"))
    currency = CurrencyField()
    months = models.PositiveSmallIntegerField(_("months"))
    from_month = models.DateField(_("from month"))
    reason = models.CharField(_("reason"), max_length=10, choices=AllowanceReason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    key = models.UUIDField(default=uuid.uuid4)

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowance")
        ordering = ["-from_month", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="allowance_one_per_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allowance_is_something"),
            models.CheckConstraint(
                condition=payable("amount"),
                name="allowance_is_payable",
                violation_error_message=PAYABLE,
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=60), name="allowance_for_one_to_sixty_months"
            ),
            models.CheckConstraint(condition=Q(from_month__day=1), name="allowance_from_a_first"),
        ]

    def __str__(self) -> str:
        return f"{self.resident.code} {self.from_month:%Y-%m}"
