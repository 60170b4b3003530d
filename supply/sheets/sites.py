from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy

from core.workbook.columns import Day, Sealed, Values
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from supply.models import RouteSite
from supply.services import KindOfAnotherPlace, PlaceOrName, WrongPlace, refuse_site


class RouteSites(Sheet):
    title = gettext_lazy("Route sites")
    about = gettext_lazy(
        "Where a route passes, in the order of its positions: a place of ours, a recipient, or a point that "
        "has a code name alone. Past sites keep their position."
    )
    model = RouteSite
    key = ("route", "position")
    columns = (
        "route",
        "position",
        "kind",
        "place",
        "name",
        Day("since"),
        Day("until"),
        Sealed("whereabouts", gettext_lazy("where it is")),
    )
    refusals = (ValidationError, PlaceOrName, WrongPlace, KindOfAnotherPlace)

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        told = {name: values.get(name, getattr(record, name)) for name in ("kind", "place", "name")}
        refuse_site(**told)
        return super().save(by=by, record=record, values=values, reason=reason, row=row)

    def blame(self, trouble: Exception) -> str:
        if isinstance(trouble, KindOfAnotherPlace):
            return "kind"
        return "place" if isinstance(trouble, WrongPlace) else "name"
