"""The register of places: warehouses, givers and recipients; stores come with their shelters."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.lists import list_page
from supply import selectors, services, tables
from supply.forms.places import PlaceForm, RecipientForm
from supply.models import Recipient
from supply.services import Refusal

PLACES, RECIPIENTS = "supply:places", "supply:recipients"


@requires(Right.STOCK_READ)
def places(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Places"),
        lead=_("Stores of shelters, warehouses and givers, by their codes."),
        queryset=selectors.registered_places(request.user),
        table=tables.PlaceTable,
        filters=tables.PlaceFilters,
        template="supply/places.html",
    )


@requires(Right.STOCK_WRITE)
def add_place(request: HttpRequest) -> HttpResponse:
    heading = _("A new warehouse or giver")
    return _answered(request, PlaceForm(request.POST or None), services.add_place, heading, PLACES)


@requires(Right.STOCK_WRITE)
def change_place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    place = get_object_or_404(selectors.places_without_a_shelter(request.user), uuid=uuid)
    form = PlaceForm(request.POST or None, initial={"name": place.name}, record=place)
    change = partial(services.change_place, place=place)
    return _answered(request, form, change, _("Change %(code)s") % {"code": place.code}, PLACES)


@requires(Right.STOCK_READ)
def recipients(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Recipients"),
        queryset=selectors.recipients(),
        table=tables.RecipientTable,
        filters=tables.RecipientFilters,
        template="supply/recipients.html",
    )


@requires(Right.ROUTES_WRITE)
def add_recipient(request: HttpRequest) -> HttpResponse:
    heading = _("A new recipient")
    return _answered(
        request, RecipientForm(request.POST or None), services.add_recipient, heading, RECIPIENTS
    )


@requires(Right.ROUTES_WRITE)
def change_recipient(request: HttpRequest, uuid: UUID) -> HttpResponse:
    recipient = get_object_or_404(Recipient.objects.visible_to(request.user), uuid=uuid)
    note_seen(by=request.user, records=[recipient])
    initial = {name: getattr(recipient, name) for name in ("kind", "publishable_place", "area", "people")}
    form = RecipientForm(request.POST or None, initial=initial, record=recipient)
    change = partial(services.change_recipient, recipient=recipient)
    return _answered(request, form, change, _("Change %(code)s") % {"code": recipient.code}, RECIPIENTS)


def _answered(
    request: HttpRequest, form: Any, write: Callable[..., Any], heading: str, back: str
) -> HttpResponse:
    """The form, its sentence, or back to the list."""
    if form.is_valid():
        try:
            write(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("code" if "code" in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "heading": heading, "back": reverse(back)}
    return render(request, "supply/form.html", context, status=422 if form.errors else 200)
