from typing import Any

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from accounts.permissions import Right
from core.lists import UNBROKEN, DayColumn, Filters, NumberColumn, Table
from shelters.enums import MedicalKind, MedicalOutcome, Season
from shelters.models import Allowance, ClothingGiven, MedicalCase
from supply.tables import StepsColumn, TableWithSteps


class MedicalCaseTable(Table):
    code = columns.Column(linkify=("shelters:medical_case", {"uuid": A("uuid")}), attrs=UNBROKEN)
    resident = columns.Column(order_by="resident__code")
    given = NumberColumn(verbose_name=_("Times handed out"))

    class Meta(Table.Meta):
        model = MedicalCase
        fields = ("code", "resident", "kind", "opened_on", "closed_on", "outcome", "given")
        empty_text = _("No case is recorded.")


class MedicalCaseFilters(Filters):
    searched = ("code", "resident__code")
    kind = django_filters.ChoiceFilter(choices=MedicalKind)
    outcome = django_filters.ChoiceFilter(choices=MedicalOutcome)
    still_open = django_filters.BooleanFilter(
        field_name="closed_on", lookup_expr="isnull", label=_("Still open")
    )

    class Meta:
        model = MedicalCase
        fields = ("q", "kind", "outcome", "still_open")


class AllowanceTable(TableWithSteps):
    right = Right.ALLOWANCE_REVERSE

    resident = columns.Column(order_by="resident__code")
    months = NumberColumn()
    amount = NumberColumn()
    altogether = NumberColumn(verbose_name=_("Altogether"))
    from_month = DayColumn(form="YEAR_MONTH_FORMAT")
    mistake = columns.Column(
        _("Taken back"), accessor="taken_back__get_reason_display", order_by="taken_back__reason", default=""
    )
    steps = StepsColumn("shelters/allowance_steps.html")

    class Meta(Table.Meta):
        model = Allowance
        fields = (
            "resident", "from_month", "months", "amount", "altogether", "currency", "reason", "mistake",
            "steps",
        )  # fmt: skip
        empty_text = _("No allowance is recorded.")

    def value_from_month(self, value: Any) -> str:
        return f"{value:%Y-%m}"


class AllowanceFilters(Filters):
    searched = ("resident__code",)
    is_mistake = django_filters.BooleanFilter(label=_("Taken back"))

    class Meta:
        model = Allowance
        fields = ("q", "reason", "currency", "is_mistake")


class ClothingTable(Table):
    given_on = DayColumn(accessor="movement__occurred_on", verbose_name=_("Given"))
    shelter = columns.Column(order_by="shelter__code")
    item = columns.Column(accessor="movement__item", order_by="movement__item__code", verbose_name=_("Item"))
    sets = NumberColumn()
    people = NumberColumn()

    class Meta(Table.Meta):
        model = ClothingGiven
        fields = ("given_on", "shelter", "season", "item", "sets", "people")
        empty_text = _("No clothing is recorded.")


class ClothingFilters(Filters):
    searched = ("shelter__code", "movement__item__name", "movement__item__name_ja")
    season = django_filters.ChoiceFilter(choices=Season)
    first = django_filters.DateFilter(
        field_name="movement__occurred_on", lookup_expr="gte", label=_("From day")
    )
    last = django_filters.DateFilter(field_name="movement__occurred_on", lookup_expr="lte", label=_("To day"))

    class Meta:
        model = ClothingGiven
        fields = ("q", "season", "first", "last")
