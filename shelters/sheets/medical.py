"""The sick, allowances and clothing given, in the workbook. Persons by code; what they have is sealed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import PAYABLE
from core.workbook.columns import Code, Currency, Day, Month, OwnNumber, Sealed, Values
from core.workbook.explaining import ColumnRefused
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from shelters.models import Allowance, ClothingGiven, MedicalCase, MedicalCost, MedicalSupply
from shelters.services import (
    MonthOutside,
    MoreTakenBackThanSpent,
    NotClothing,
    refuse_more_than_spent,
    refuse_unless_clothing,
)
from shelters.sheets.written import ABOVE_ZERO, WHO_IMPORTS, WrittenBy
from supply.sheets import OfMovement


class MedicalCases(WrittenBy):
    title = gettext_lazy("Medical cases")
    about = gettext_lazy(
        "An illness of a resident from its beginning to its outcome. Condition and treatment are sealed."
    )
    model = MedicalCase
    columns = (
        "code",
        "resident",
        "kind",
        Day("opened_on", past=True),
        Day("closed_on", past=True),
        "outcome",
        Sealed("condition", gettext_lazy("condition")),
        Sealed("treatment", gettext_lazy("treatment")),
        Code("by", help=WHO_IMPORTS, keeps=True),
    )
    rules = {
        "medical_case_closes_with_an_outcome": (
            "outcome",
            gettext_lazy("A closed case has a day and an outcome; an open one has neither."),
        )
    }


class MedicalCosts(WrittenBy):
    title = gettext_lazy("Medical costs")
    about = gettext_lazy("What a case cost in a month. Below zero takes back what was booked by mistake.")
    correct_by = gettext_lazy("Put this row back as it was and add a row below zero that takes it back.")
    model = MedicalCost
    key = ("key",)
    columns = (
        OwnNumber(),
        "case",
        Month("month"),
        "amount",
        Currency("currency"),
        Code("by", help=WHO_IMPORTS, keeps=True),
    )
    rules = {
        "medical_cost_is_something": ("amount", gettext_lazy("Write an amount, not zero.")),
        "medical_cost_is_payable": ("amount", PAYABLE),
    }
    refusals = (ValidationError, MoreTakenBackThanSpent)

    def records(self) -> QuerySet:
        """Without what was taken back whole."""
        found = MedicalCost.objects.filter(corrects__isnull=True, corrected_by__isnull=True)
        return found.order_by("case__code", "month", "pk")

    def complete(self, draft: Values, row: Row) -> None:
        first = draft["case"].opened_on.replace(day=1)
        if not first <= draft["month"] <= row.today:
            raise ColumnRefused("month", str(MonthOutside(first, row.today)))

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        """What takes back may stand above what it takes back: such a row is tried again."""
        refuse_more_than_spent(values["case"], values["amount"], values["currency"])
        return super().save(by=by, record=record, values=values, reason=reason, row=row)

    def blame(self, trouble: Exception) -> str:
        return "amount"


class MedicalSupplies(Sheet):
    title = gettext_lazy("Supplies for cases")
    about = gettext_lazy("Which movement of medicine or kits was for which medical case.")
    model = MedicalSupply
    key = ("movement",)
    columns = (OfMovement("movement"), "case")

    def records(self) -> QuerySet:
        return MedicalSupply.objects.order_by("case__code", "pk")


class Allowances(WrittenBy):
    title = gettext_lazy("Allowances")
    about = gettext_lazy("Money a month, for some months, for who leaves or returns.")
    model = Allowance
    key = ("key",)
    columns = (
        OwnNumber(),
        "resident",
        "amount",
        Currency("currency"),
        "months",
        Month("from_month"),
        "reason",
        Code("by", help=WHO_IMPORTS, keeps=True),
    )
    rules = {
        "allowance_is_something": ("amount", ABOVE_ZERO),
        "allowance_is_payable": ("amount", PAYABLE),
        "allowance_for_one_to_sixty_months": ("months", gettext_lazy("Write 1 to 60 months.")),
    }

    def records(self) -> QuerySet:
        return Allowance.objects.order_by("resident__code", "from_month", "pk")


class Clothing(Sheet):
    title = gettext_lazy("Clothing given")
    about = gettext_lazy(
        "To how many people of a shelter a movement of clothing was handed out, and for which season."
    )
    model = ClothingGiven
    key = ("movement",)
    columns = (OfMovement("movement"), "shelter", "season", "people")
    rules = {"clothing_is_for_somebody": ("people", ABOVE_ZERO)}
    refusals = (ValidationError, NotClothing)

    def records(self) -> QuerySet:
        return ClothingGiven.objects.order_by("movement__occurred_on", "pk")

    def complete(self, draft: Values, row: Row) -> None:
        movement, shelter = draft["movement"], draft["shelter"]
        try:
            refuse_unless_clothing(movement.item)
        except NotClothing as refusal:
            raise ColumnRefused("movement", str(refusal)) from None
        if movement.source_id != shelter.store_id:
            raise ColumnRefused("shelter", _("This movement did not leave the store of this shelter."))
        draft["sets"] = int(movement.quantity)
