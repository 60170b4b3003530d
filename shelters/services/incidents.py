"""Incidents: recorded once, then told by further rows. Nothing is edited."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core.enums import Precision
from core.models import Record
from core.quantities import Quantity
from shelters.enums import IncidentStep
from shelters.models import (
    Incident,
    IncidentEffect,
    IncidentNote,
    IncidentPayment,
    IncidentPeople,
    Shelter,
    ShelterStatus,
)
from shelters.services.rows import once, write_down
from supply.services import Refusal

if TYPE_CHECKING:
    from donations.models import Fund
    from supply.models import Route, RouteStatus


class NotYet(Refusal):
    about = "starts"

    def __init__(self, today: date) -> None:
        self.today = today

    def __str__(self) -> str:
        return _("That lies in the future. Choose %(today)s or an earlier day.") % {
            "today": date_format(self.today)
        }


class EndsBeforeItStarts(Refusal):
    about = "ends"

    def __str__(self) -> str:
        return _("The end lies before the start. Choose a later end, or leave it empty.")


class NoteBeforeTheIncident(Refusal):
    about = "happened_on"

    def __init__(self, first: date) -> None:
        self.first = first

    def __str__(self) -> str:
        return _("The incident began on %(first)s. Choose that day or a later one.") % {
            "first": date_format(self.first)
        }


class EffectOfAnother(Refusal):
    about = "status"

    def __str__(self) -> str:
        return _(
            "This change of state is linked to an incident already, or belongs elsewhere. Choose another."
        )


@transaction.atomic
def record_incident(
    *,
    by: User,
    key: UUID,
    today: date,
    kind: str,
    starts: tuple[date, str],
    ends: tuple[date, str] | None = None,
    shelter: Shelter | None = None,
    route: "Route | None" = None,
    people: Mapping[str, Quantity] | None = None,
    note: str = "",
) -> Incident:
    """`starts`, `ends`: first day and `Precision`; `people`: kind → how many; `note`: of persons, sealed.

    Field staff at their own shelters, who reads routes for routes: else PermissionDenied. The same form
    again is the first row. Raises NotYet, EndsBeforeItStarts, KeyAlreadyUsed.
    """
    _refuse_foreign(by, shelter, route)
    if max(starts[0], ends[0] if ends else starts[0]) > today:
        raise NotYet(today)
    if ends and ends[0] < starts[0]:
        raise EndsBeforeItStarts
    incident = Incident(
        code=f"I-{starts[0]:%y%m%d}-{key.hex[:8].upper()}", kind=kind, shelter=shelter, route=route, by=by,
        starts_on=starts[0], starts_precision=starts[1], ends_on=ends and ends[0],
        ends_precision=ends[1] if ends else Precision.DAY, key=key,
    )  # fmt: skip
    booked = once(incident, _WHAT_HAPPENED)
    if booked is not incident:
        return booked
    write_down(by, "shelters.incident", incident)
    for struck, number in (people or {}).items():
        row = IncidentPeople(incident=incident, kind=struck, **qualified(number))
        row.full_clean()
        row.save(force_insert=True)
    _note(by, incident, uuid5(key, "note"), incident.starts_on, IncidentStep.RECORDED, note)
    return incident


@transaction.atomic
def add_incident_note(
    *, by: User, incident: Incident, key: UUID, today: date, happened_on: date, step: str, note: str = ""
) -> IncidentNote:
    """A line more. Raises PermissionDenied, NotYet, NoteBeforeTheIncident, KeyAlreadyUsed."""
    refuse_unless_writing(by, incident)
    if happened_on > today:
        refusal = NotYet(today)
        refusal.about = "happened_on"
        raise refusal
    if happened_on < incident.starts_on:
        raise NoteBeforeTheIncident(incident.starts_on)
    return _note(by, incident, key, happened_on, step, note)


@transaction.atomic
def add_incident_payment(
    *,
    by: User,
    incident: Incident,
    key: UUID,
    amount: Quantity,
    currency: str,
    payer: str = "",
    paid_from: "Fund | None" = None,
) -> IncidentPayment:
    """What was paid. Raises PermissionDenied, KeyAlreadyUsed, ValidationError."""
    refuse_unless_writing(by, incident)
    payment = IncidentPayment(
        incident=incident, currency=currency, payer=payer, paid_from=paid_from, key=key, **qualified(amount)
    )
    payment.clean_fields()
    content = ("incident_id", "currency", "payer", "paid_from_id", "value", "value_upper", "qualifier")
    booked = once(payment, content)
    if booked is payment:
        write_down(by, "shelters.incident_paid", payment)
    return booked


@transaction.atomic
def link_incident_effect(
    *, by: User, incident: Incident, status: "ShelterStatus | RouteStatus"
) -> IncidentEffect:
    """Which change of state came of it. Linked to the same again, it is the first row.

    Raises PermissionDenied, EffectOfAnother.
    """
    refuse_unless_writing(by, incident)
    if isinstance(status, ShelterStatus):
        at: dict[str, Record] = {"shelter_status": status}
        belongs = incident.shelter_id == status.shelter_id
    else:
        at = {"route_status": status}
        belongs = incident.route_id == status.route_id
    known = IncidentEffect.objects.filter(**at).first()
    if not belongs or (known is not None and known.incident_id != incident.pk):
        raise EffectOfAnother
    if known is not None:
        return known
    effect = IncidentEffect(incident=incident, **at)
    effect.save(force_insert=True)
    write_down(by, "shelters.incident_effect", effect)
    return effect


_WHAT_HAPPENED = (
    "kind", "shelter_id", "route_id", "by_id", "starts_on", "starts_precision", "ends_on", "ends_precision",
)  # fmt: skip


def _note(by: User, incident: Incident, key: UUID, day: date, step: str, text: str) -> IncidentNote:
    note = IncidentNote(incident=incident, happened_on=day, step=step, note=text.strip(), by=by, key=key)
    booked = once(note, ("incident_id", "happened_on", "step", "by_id"))
    if booked is note:
        write_down(by, "shelters.incident_note", note)
    return booked


def qualified(number: Quantity) -> dict[str, Decimal | str | None]:
    return {"value": number.value, "value_upper": number.upper, "qualifier": number.qualifier}


def _refuse_foreign(by: User, shelter: Shelter | None, route: "Route | None") -> None:
    """Field staff: at their own shelter, and no route. Others: with a route."""
    if by.role == RoleName.FIELD_STAFF:
        own = shelter is not None and Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists()
        allowed = own and route is None
    else:
        allowed = route is not None and by.may(Right.ROUTES_READ)
    if not (allowed and by.may(Right.INCIDENTS_LOG)):
        raise PermissionDenied


def refuse_unless_writing(by: User, incident: Incident) -> None:
    if not Incident.objects.written_by(by).filter(pk=incident.pk).exists():
        raise PermissionDenied
