"""Minimum levels, closed months and standing plans in the workbook; and a movement named by its number."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.services import save_record
from core.workbook.cells import CellRefused, as_code
from core.workbook.columns import Code, Month, Of, Values, key_of_number
from core.workbook.explaining import ColumnRefused
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from supply import selectors
from supply.models import MonthClosing, Movement, StandingPlan, StandingPlanLine, StockLevel
from supply.services import (
    MonthClosedAlready,
    MonthNotOver,
    NotAnAmount,
    Refusal,
    WholeUnitsOnly,
    WrongPlace,
    close_month,
)
from supply.services.consignments import Wanted, refuse_plan
from supply.services.ledger import refuse_quantity
from supply.sheets.registers import number_and_text


class OfMovement(Code):
    """A movement, by the number it has in sheet Movements."""

    @property
    def stored_names(self) -> tuple[str, ...]:
        return (self.model_field.attname, f"{self.field}__key", f"{self.field}__document")

    def value_of(self, value: Any, cell: Any, row: Row) -> Any:
        try:
            return row.lookups.of(Movement).find(str(key_of_number(as_code(value))))
        except CellRefused:
            sentence = _("There is no movement with this number. Add it in sheet “Movements”, or mend it.")
            raise CellRefused(sentence) from None

    def export(self, stored: Values, lookups: Any) -> Any:
        return number_and_text(stored[f"{self.field}__document"], stored[f"{self.field}__key"])[0]

    def usual_help(self) -> str:
        return _("number of a row of sheet Movements")


class Levels(Sheet):
    title = gettext_lazy("Minimum levels")
    about = gettext_lazy(
        "How much of an item a place should always have, in the base unit; 0: no minimum. Alerts follow from "
        "it by themselves."
    )
    model = StockLevel
    key = ("place", "item")
    columns = ("place", "item", "minimum")
    refusals = (ValidationError, Refusal)

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        place, item = values.get("place"), values.get("item") or record.item  # type: ignore[attr-defined]
        if place is not None and not place.is_real:
            raise WrongPlace(place)
        refuse_quantity(item, Decimal(values["minimum"]), zero=True)
        return super().save(by=by, record=record, values=values, reason=reason, row=row)

    def blame(self, trouble: Exception) -> str:
        return "place" if isinstance(trouble, WrongPlace) else "minimum"


class ClosedMonths(Sheet):
    title = gettext_lazy("Closed months")
    about = gettext_lazy(
        "Months whose movements are reported: nothing is booked with a day in them any more. A month is "
        "opened again in the app, with a reason. Read after the movements."
    )
    correct_by = gettext_lazy("Put this row back as it was; a closing is not told again.")
    model = MonthClosing
    key = ("month",)
    columns = (Month("month"), "reason")
    refusals = (ValidationError, MonthNotOver, MonthClosedAlready)

    def records(self) -> QuerySet:
        return selectors.month_closings().filter(is_closed=True).order_by("month")

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        return close_month(by=by, month=values["month"], today=row.today, reason=values.get("reason", ""))

    def blame(self, trouble: Exception) -> str:
        return "month"


class StandingPlans(Sheet):
    """A row for each line; rows of one route, source, day and first month are one plan."""

    title = gettext_lazy("Standing plans")
    about = gettext_lazy(
        "What a route carries each month, a row for each item and place. Rows with the same route, source, "
        "day and first month are one plan, and one consignment a month."
    )
    model = StandingPlanLine
    key = ("plan.route", "plan.source", "plan.day", "plan.from_month", "item", "destination")
    columns = (
        Of("plan", "route"),
        Of("plan", "source"),
        Of("plan", "day"),
        Of("plan", Month("from_month")),
        Of("plan", Month("until_month")),
        "item",
        "destination",
        "quantity",
        "typed",
    )
    refusals = (ValidationError, Refusal)

    def records(self) -> QuerySet:
        return StandingPlanLine.objects.order_by(
            "plan__route__kind", "plan__route__code", "plan__from_month", "plan__day", "plan", "pk"
        )

    def in_order(self, rows: Iterable[Row]) -> list[Row]:
        """One plan has one last month: rows that say two are told so, else each import would turn it."""
        rows, ends = list(rows), {}
        for row in rows:
            ends.setdefault(row.key[:4], set()).add(row.values.get("plan.until_month"))
        for row in rows:
            row.aside["disagrees"] = len(ends[row.key[:4]]) > 1
        return rows

    def complete(self, draft: Values, row: Row) -> None:
        if row.aside["disagrees"]:
            sentence = _("Rows of this plan give different last months. Write the same in all of them.")
            raise ColumnRefused("plan.until_month", sentence)

    @transaction.atomic
    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        told = {name: values.pop(name) for name in list(values) if name.startswith("plan.")}
        of_plan = {name.removeprefix("plan."): value for name, value in told.items()}
        if record._state.adding:
            values["plan"] = _plan_of(by, of_plan, reason)
        elif of_plan:
            plan = record.plan  # type: ignore[attr-defined]
            save_record(by=by, record=plan, action="plan.ended", reason=reason, **of_plan)
        line: Any = record
        item, to = (values.get(name) or getattr(line, name) for name in ("item", "destination"))
        quantity = Decimal(values.get("quantity", line.quantity))
        refuse_plan((values.get("plan") or line.plan).source, [Wanted(item, to, quantity)])
        return super().save(by=by, record=record, values=values, reason=reason, row=row)

    def blame(self, trouble: Exception) -> str:
        if isinstance(trouble, NotAnAmount | WholeUnitsOnly):
            return "quantity"
        return "destination" if isinstance(trouble, WrongPlace) else "plan.route"


def _plan_of(by: Any, values: Values, reason: str) -> StandingPlan:
    """The plan that the row belongs to, made where it is the first of its rows."""
    same = {name: values[name] for name in ("route", "source", "day", "from_month")}
    plan = StandingPlan.objects.filter(**same).order_by("pk").first() or StandingPlan(key=uuid.uuid4())
    return save_record(by=by, record=plan, action="plan.made", reason=reason, **values)
