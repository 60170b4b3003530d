"""The office books at any of our places, and keeps the catalogue of items."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from supply import forms, selectors, services
from supply.enums import Booking
from supply.models import Consignment, Movement
from supply.services import Refusal
from supply.views import zones


@requires(Right.STOCK_WRITE)
def book(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The answer to an entry is an address with its key: sent twice, it is the same answer."""
    place = get_object_or_404(selectors.own_places(request.user), uuid=uuid)
    zones.enter(place)
    kind, booked = _kind(request), _booked(request)
    today = timezone.localdate()
    days = {"first_day": services.first_open_day(today), "today": today}
    form = forms.BookingForm(
        request.POST or None, kind=kind, place=place, by=request.user, after=booked, **days
    )
    if form.is_valid() and not form.has_doubts(_arrival):
        try:
            services.book_entry(by=request.user, place=place, **form.entry)
        except Refusal as refusal:
            form.refuse(str(refusal), refusal.about)
        else:
            page, key = reverse("supply:book", args=[uuid]), form.cleaned_data["key"]
            return redirect(f"{page}?kind={kind}&booked={key}")
    context = {"form": form, "place": place, "kind": kind, "kinds": Booking, "booked": booked}
    return render(request, "supply/book.html", context, status=422 if form.errors else 200)


def _arrival(consignment: Consignment) -> str:
    return reverse("supply:take_step", args=[consignment.uuid, "receive"])


def _kind(request: HttpRequest) -> Booking:
    asked = request.GET.get("kind")
    return Booking(asked) if asked in Booking.values else Booking.RECEIVED


def _booked(request: HttpRequest) -> Movement | None:
    try:
        return selectors.booked_with(request.user, UUID(request.GET.get("booked", "")))
    except ValueError:
        return None


@requires(Right.STOCK_WRITE)
def add_item(request: HttpRequest) -> HttpResponse:
    form = forms.ItemForm(request.POST or None)
    if form.is_valid():
        try:
            item = services.add_item(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("The item is in the list. Add the packs in which it comes."))
            return redirect("supply:change_item", item.uuid)
    return _page(request, "supply/item.html", form)


@requires(Right.STOCK_WRITE)
def change_item(request: HttpRequest, uuid: UUID) -> HttpResponse:
    item = get_object_or_404(selectors.items(), uuid=uuid)
    kept = selectors.has_amounts(item)
    initial = {name: getattr(item, name) for name in forms.ItemForm.compared}
    if item.rice_kilograms:
        initial["rice_kilograms"] = f"{item.rice_kilograms.normalize():f}"
    form = forms.ItemForm(request.POST or None, initial=initial, record=item, unit_is_kept=kept)
    if form.is_valid():
        try:
            services.change_item(by=request.user, item=item, **form.cleaned_data)
        except Refusal as refusal:
            field = "base_unit" if isinstance(refusal, services.UnitIsKept) else "code"
            form.add_error(field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("supply:items")
    more = {"kept": kept, "lots": selectors.lots_held(item), "pack_form": forms.PackForm()}
    return _page(request, "supply/item.html", form, item=item, **more)


@requires(Right.STOCK_WRITE)
def add_pack(request: HttpRequest, uuid: UUID) -> HttpResponse:
    item = get_object_or_404(selectors.items(), uuid=uuid)
    form = forms.PackForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_pack(by=request.user, item=item, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The pack is added."))
            return redirect("supply:change_item", uuid)
    return _page(request, "supply/add_pack.html", form, item=item)


@requires(Right.STOCK_WRITE)
def name_pack(request: HttpRequest, uuid: UUID, pack: UUID) -> HttpResponse:
    item = get_object_or_404(selectors.items(), uuid=uuid)
    found = get_object_or_404(item.packs, uuid=pack)
    form = forms.PackNameForm(request.POST or None, initial={"name_ja": found.name_ja})
    if form.is_valid():
        try:
            services.name_pack(by=request.user, pack=found, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name_ja", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("supply:change_item", uuid)
    return _page(request, "supply/name_pack.html", form, item=item, pack=found)


def _page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
