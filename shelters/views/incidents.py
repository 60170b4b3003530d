"""Incidents: the register, one with its timeline, and the forms that tell more of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.door import opening_page, opens
from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.lists import list_page
from shelters import forms, selectors, services, tables
from shelters.models import Incident, IncidentNote, Shelter
from shelters.views.telling import tell_page, tried
from shelters.views.zones import enter, enter_own
from supply import selectors as supply


@requires(Right.INCIDENTS_READ)
def incidents(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Incidents"),
        queryset=selectors.incidents(request.user),
        table=tables.IncidentTable,
        filters=tables.IncidentFilters,
        template="shelters/incidents.html",
    )


@requires(Right.INCIDENTS_READ)
def incident(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _incident(request, uuid)
    notes = list(selectors.timeline(found))
    context = {
        "incident": found,
        "notes": notes,
        "effects": selectors.effects(found),
        "writes": _may_write(request, found),
    }
    return render(request, "shelters/incident.html", context)


@requires(Right.INCIDENTS_LOG)
def log_incident(request: HttpRequest) -> HttpResponse:
    """Field staff for one of their shelters; who reads routes for a route."""
    shelters = Shelter.objects.visible_to(request.user)
    _enter_chosen(request, shelters)
    today = timezone.localdate()
    routes = supply.routes(today) if request.user.may(Right.ROUTES_READ) else None
    form = forms.IncidentForm(
        request.POST or None,
        shelters=shelters,
        routes=routes,
        today=today,
        initial={"shelter": request.GET.get("shelter", "")},
    )
    if form.is_valid():
        record = services.record_incident
        booked = tried(form, lambda: record(by=request.user, today=today, **form.incident))
        if booked is not None:
            messages.success(request, _("Recorded."))
            return redirect("shelters:incident", booked.uuid)
    context = {"form": form}
    return render(request, "shelters/log_incident.html", context, status=422 if form.errors else 200)


@requires(Right.INCIDENTS_LOG)
def add_incident_note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = _written(request, uuid), timezone.localdate()
    form = forms.IncidentNoteForm(request.POST or None, initial={"happened_on": today})
    add = services.add_incident_note
    return _told(request, found, form, _("Go on with the timeline"), add, today=today)


@requires(Right.INCIDENTS_LOG)
def add_incident_payment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _written(request, uuid)
    form = forms.IncidentPaymentForm(
        request.POST or None, initial={"currency": selectors.last_currency(found.payments.all())}
    )
    return _told(request, found, form, _("What was paid"), services.add_incident_payment)


@requires(Right.INCIDENTS_LOG)
def take_back_incident_payment(request: HttpRequest, uuid: UUID, payment: UUID) -> HttpResponse:
    found = _written(request, uuid)
    mistaken = get_object_or_404(found.payments.filter(corrects__isnull=True), uuid=payment)
    form = forms.PaymentMistakeForm(request.POST or None)
    return tell_page(
        request,
        form,
        lambda: services.take_back_incident_payment(by=request.user, payment=mistaken, **form.cleaned_data),
        heading=_("Take back: %(amount)s") % {"amount": mistaken.told},
        lead=_("It stays on the page, crossed out, and counts no more."),
        back=reverse("shelters:incident", args=[found.uuid]),
        subject=found.code,
    )


@requires(Right.INCIDENTS_LOG)
def correct_incident_people(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _written(request, uuid)
    people = found.people.select_related("corrected_by")
    told = {row.kind: row.quantity for row in people if not row.is_corrected}
    form = forms.NumberOfPeopleForm(request.POST or None, told=told)
    return _told(request, found, form, _("How many it struck"), services.correct_incident_people)


@requires(Right.INCIDENTS_LOG)
def link_incident_effect(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _written(request, uuid)
    states = selectors.states_to_link(found, anew=request.method == "POST")
    form = forms.IncidentEffectForm(request.POST or None, states=states)
    return _told(request, found, form, _("What came of it"), services.link_incident_effect)


@opens(Right.REVEAL_INCIDENT, IncidentNote)
def reveal_incident_note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        IncidentNote,
        uuid,
        heading=_("Open a note"),
        back=lambda note: reverse("shelters:incident", args=[note.incident.uuid]),
    )


def _told(
    request: HttpRequest, found: Incident, form: Form, heading: str, add: Callable[..., Any], **values: Any
) -> HttpResponse:
    """One row more of an incident, and back to its page."""
    return tell_page(
        request,
        form,
        lambda: add(by=request.user, incident=found, **values, **form.cleaned_data),
        heading=heading,
        back=reverse("shelters:incident", args=[found.uuid]),
        subject=found.code,
    )


def _enter_chosen(request: HttpRequest, shelters: QuerySet[Shelter]) -> None:
    """The shelter that the sent form or the address names."""
    wanted = request.POST.get("shelter") or request.GET.get("shelter")
    chosen = next((one for one in shelters if str(one.uuid) == wanted), None)
    if chosen:
        enter(chosen)
    else:
        enter_own(request)


def _incident(request: HttpRequest, uuid: UUID) -> Incident:
    found = get_object_or_404(selectors.incidents(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    if found.shelter:
        enter(found.shelter)
    return found


def _written(request: HttpRequest, uuid: UUID) -> Incident:
    """Seen, but another's to tell: 403."""
    found = _incident(request, uuid)
    if not _may_write(request, found):
        raise PermissionDenied
    return found


def _may_write(request: HttpRequest, found: Incident) -> bool:
    seen = Incident.objects.visible_to(request.user).filter(pk=found.pk)
    return seen.written_by(request.user).exists()
