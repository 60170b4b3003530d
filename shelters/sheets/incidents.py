"""Incidents and what is told of them, in the workbook: history, put right by further rows."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import PAYABLE
from core.workbook.cells import CellRefused
from core.workbook.columns import Choice, Code, Currency, Day, Of, OwnNumber, PreciseDay, Sealed, Values
from core.workbook.explaining import ColumnRefused
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from shelters.models import (
    Incident,
    IncidentEffect,
    IncidentNote,
    IncidentPayment,
    IncidentPeople,
)
from shelters.services import EffectOfAnother, NoteBeforeTheIncident, NotYet
from shelters.sheets.written import ABOVE_ZERO, WHO_IMPORTS, WrittenBy

_MISTAKE = gettext_lazy(
    "Put this row back as it was. An incident recorded by mistake gets a row in sheet Incident timeline that "
    "says so, and is added anew."
)


class Incidents(WrittenBy):
    title = gettext_lazy("Incidents")
    about = gettext_lazy("Raids, arrests, fines: by code, at a shelter or on a route. Names stand nowhere.")
    correct_by = _MISTAKE
    model = Incident
    columns = (
        "code",
        "kind",
        "shelter",
        "route",
        PreciseDay("starts_on", "starts_precision"),
        PreciseDay("ends_on", "ends_precision"),
        Code("by", help=WHO_IMPORTS, keeps=True),
    )
    rules = {"incident_ends_after_it_starts": ("ends_on", gettext_lazy("The end lies before the start."))}

    def complete(self, draft: Values, row: Row) -> None:
        if draft.get("shelter") is None and draft.get("route") is None:
            raise ColumnRefused("shelter", _("Name the shelter or the route where it happened."))
        for name in ("starts_on", "ends_on"):
            if (day := draft.get(name)) and day > row.today:
                raise ColumnRefused(name, str(NotYet(row.today)))


class OfIncidents(Sheet):
    """Base of the sheets whose rows hang from an incident."""

    correct_by = _MISTAKE

    def records(self) -> QuerySet:
        return self.model._default_manager.order_by("incident__code", "pk")


class PeopleOfIncidents(OfIncidents):
    title = gettext_lazy("People of incidents")
    about = gettext_lazy("How many an incident struck, by kind.")
    model = IncidentPeople
    key = ("incident", "kind")
    columns = ("incident", "kind", "value", "value_upper", "qualifier")
    rules = {"incident_people_not_negative": ("value", gettext_lazy("It cannot be below zero."))}

    def records(self) -> QuerySet:
        return super().records().filter(corrected_by__isnull=True)


class PaymentsOfIncidents(OfIncidents):
    title = gettext_lazy("Payments of incidents")
    about = gettext_lazy("Money that was asked and paid, as exactly as it is known.")
    model = IncidentPayment
    key = ("key",)
    columns = (
        OwnNumber(),
        "incident",
        "value",
        "value_upper",
        "qualifier",
        Currency("currency"),
        "payer",
        "paid_from",
    )
    rules = {
        "incident_payment_is_something": ("value", ABOVE_ZERO),
        "incident_payment_is_payable": ("value", PAYABLE),
    }

    def records(self) -> QuerySet:
        return super().records().filter(corrects__isnull=True, corrected_by__isnull=True)


class EffectsOfIncidents(OfIncidents):
    title = gettext_lazy("Effects of incidents")
    about = gettext_lazy(
        "Which change of state came of an incident: a row of sheet Shelter statuses of its shelter, or a row "
        "of sheet Route statuses of its route."
    )
    model = IncidentEffect
    key = (
        "incident",
        "shelter_status.since",
        "shelter_status.state",
        "route_status.since",
        "route_status.state",
    )
    columns = (
        "incident",
        Of("shelter_status", Day("since", gettext_lazy("shelter since")), needed=False),
        Of("shelter_status", Choice("state", gettext_lazy("state of the shelter")), needed=False),
        Of("route_status", Day("since", gettext_lazy("route since")), needed=False),
        Of("route_status", Choice("state", gettext_lazy("state of the route")), needed=False),
    )
    refusals = (ValidationError, EffectOfAnother)

    def complete(self, draft: Values, row: Row) -> None:
        told = {name: value for name, value in draft.items() if "." in name and value is not None}
        for name in ("shelter_status", "route_status"):
            here = {key.partition(".")[2]: value for key, value in told.items() if key.startswith(name)}
            if len(here) == len(told) == 2:
                draft[name] = _status(draft["incident"], name, here)
        for name in [name for name in draft if "." in name]:
            del draft[name]
        if not {"shelter_status", "route_status"} & set(draft):
            raise CellRefused(_("Give day and state of the shelter, or day and state of the route."))

    def blame(self, trouble: Exception) -> str:
        return "" if isinstance(trouble, CellRefused) else "incident"


def _status(incident: Incident, name: str, told: dict[str, Any]) -> Model:
    """Raises CellRefused, EffectOfAnother."""
    place = incident.shelter if name == "shelter_status" else incident.route
    found = place.statuses.filter(**told).first() if place else None
    if found is None:
        sentence = _("Where it happened there is no such state on that day. Add it in the sheet of states.")
        raise ColumnRefused(f"{name}.since", sentence)
    if IncidentEffect.objects.filter(**{name: found}).exists():
        raise EffectOfAnother
    return found


class TimelineOfIncidents(OfIncidents, WrittenBy):
    title = gettext_lazy("Incident timeline")
    about = gettext_lazy("What happened then, day by day. What is told of persons is sealed.")
    model = IncidentNote
    key = ("key",)
    columns = (
        OwnNumber(),
        "incident",
        Day("happened_on", past=True),
        "step",
        Sealed("note", gettext_lazy("about persons")),
        Code("by", help=WHO_IMPORTS, keeps=True),
    )

    def records(self) -> QuerySet:
        return IncidentNote.objects.order_by("incident__code", "happened_on", "pk")

    def complete(self, draft: Values, row: Row) -> None:
        first = draft["incident"].starts_on
        if draft["happened_on"] < first:
            raise ColumnRefused("happened_on", str(NoteBeforeTheIncident(first)))
