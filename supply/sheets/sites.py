from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

from core.workbook.columns import Day, OwnNumber, Sealed, Values
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from supply.models import RouteSite
from supply.services import KindOfAnotherPlace, PlaceOrName, WrongPlace, leave_positions, refuse_site

# Constraint → the column that breaks it.
_BLAMED = {"route_site_one_per_key": "key", "route_site_one_a_position": "position"}


class RouteSites(Sheet):
    """A site is known by its number: it keeps its sealed place when the others of its route move."""

    title = gettext_lazy("Route sites")
    about = gettext_lazy(
        "Where a route passes, in the order of its positions: a place of ours, a recipient, or a point that "
        "has a code name alone. Past sites keep their position. A site keeps its number when its position or "
        "its name changes."
    )
    model = RouteSite
    key = ("route", "key")
    columns = (
        "route",
        OwnNumber(),
        "position",
        "kind",
        "place",
        "name",
        Day("since"),
        Day("until"),
        Sealed("whereabouts", gettext_lazy("where it is")),
    )
    rules = {
        rule.name: (_BLAMED[rule.name], rule.violation_error_message)
        for rule in RouteSite._meta.constraints
        if rule.name in _BLAMED
    }
    refusals = (ValidationError, PlaceOrName, WrongPlace, KindOfAnotherPlace)

    def records(self) -> QuerySet:
        return RouteSite.objects.order_by("route", "position", "pk")

    def in_order(self, rows: Iterable[Row]) -> list[Row]:
        """Two sites may change places; one that stays where it is, in the file or not, is not pushed off."""
        rows = list(rows)
        leave_positions(sites=[row.record for row in rows if row.record and "position" in row.changed])
        return rows

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        told = {name: values.get(name, getattr(record, name)) for name in ("kind", "place", "name")}
        refuse_site(**told)
        return super().save(by=by, record=record, values=values, reason=reason, row=row)

    def blame(self, trouble: Exception) -> str:
        if isinstance(trouble, KindOfAnotherPlace):
            return "kind"
        return "place" if isinstance(trouble, WrongPlace) else "name"
