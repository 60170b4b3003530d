"""Counts of whole places: begun and counted by one person, finished by another."""

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gate import requires
from accounts.permissions import Right
from core.lists import list_page
from supply import forms, selectors, services, tables
from supply.enums import OPEN_COUNTS, CountState
from supply.models import CountLine, CountSheet
from supply.services import Refusal
from supply.views import zones


@requires(Right.STOCK_COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    if not request.user.may(Right.STOCK_READ):  # who reads all stock is in the office
        zones.enter_shared(selectors.places_to_count(request.user))
    return list_page(
        request,
        heading=_("Counts"),
        lead=_("One person counts a place without seeing what is expected; another one finishes it."),
        queryset=selectors.count_sheets(request.user),
        table=tables.CountSheetTable,
        filters=tables.CountSheetFilters,
        template="supply/counts.html",
    )


@requires(Right.STOCK_COUNT)
def begin_count(request: HttpRequest, uuid: UUID) -> HttpResponse:
    place = get_object_or_404(selectors.places_to_count(request.user), uuid=uuid)
    zones.enter(place)
    today = timezone.localdate()
    form = forms.BeginCountForm(request.POST or None, initial={"key": uuids.uuid4()})
    if form.is_valid():
        try:
            sheet = services.begin_count(by=request.user, place=place, today=today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("supply:count", sheet.uuid)
    context = {"place": place, "form": form, "going_on": selectors.open_sheet_of(place)}
    return render(request, "supply/begin_count.html", context, status=422 if form.errors else 200)


@requires(Right.STOCK_COUNT)
def count(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who counts types here; the others see how far it is, and, once it is handed in, the differences."""
    sheet = _sheet(request, uuid)
    if sheet.state != CountState.COUNTING or sheet.counter_id != request.user.pk:
        return _looked_at(request, sheet)
    posted = request.POST if request.method == "POST" else None
    form = forms.CountForm(posted, lines=selectors.lines_of_sheet(sheet))
    if form.is_valid():
        is_done = "done" in request.POST
        try:
            services.write_counts(by=request.user, sheet=sheet, found=form.found, is_done=is_done)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Handed in. Somebody else finishes it.") if is_done else _("Saved. Go on when you like.")
            messages.success(request, said)
            return redirect("supply:count", uuid)
    more = forms.CountLineForm(choices=selectors.lines_to_add(sheet))
    context = {"sheet": sheet, "form": form, "more": more}
    return render(request, "supply/count.html", context, status=422 if form.errors else 200)


@requires(Right.STOCK_COUNT)
@require_POST
def add_count_line(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keeps the numbers typed so far."""
    sheet = _sheet(request, uuid)
    typed = forms.CountForm(request.POST, lines=selectors.lines_of_sheet(sheet))
    if not typed.is_valid():
        return count(request, uuid)
    if typed.found:
        _or_say(
            request, services.write_counts, by=request.user, sheet=sheet, found=typed.found, is_done=False
        )
    form = forms.CountLineForm(request.POST, choices=selectors.lines_to_add(sheet))
    if form.is_valid():
        _or_say(request, services.add_count_line, by=request.user, sheet=sheet, **form.cleaned_data)
    else:
        messages.error(request, form.errors["line"][0])
    return redirect("supply:count", uuid)


@requires(Right.STOCK_COUNT)
@require_POST
def finish_count(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sheet = _sheet(request, uuid)
    form = forms.FinishForm(request.POST, lines=selectors.lines_of_sheet(sheet))
    if form.is_valid():
        try:
            services.finish_count(by=request.user, sheet=sheet, reasons=form.reasons, now=timezone.now())
        except Refusal as refusal:
            form.refuse(str(refusal), getattr(refusal, "line", None))
        else:
            messages.success(request, _("The count is finished; what differed is booked."))
            return redirect("supply:count", uuid)
    return _looked_at(request, sheet, form=form)


@requires(Right.STOCK_COUNT)
@require_POST
def recount(request: HttpRequest, uuid: UUID, line: UUID) -> HttpResponse:
    sheet = _sheet(request, uuid)
    found = get_object_or_404(selectors.lines_of_sheet(sheet), uuid=line)
    if _or_say(request, services.recount, by=request.user, line=found):
        messages.success(request, _("%(line)s is to be counted again.") % {"line": found})
    return redirect("supply:count", uuid)


@requires(Right.STOCK_COUNT)
@require_POST
def set_count_aside(request: HttpRequest, uuid: UUID) -> HttpResponse:
    if _or_say(request, services.set_count_aside, by=request.user, sheet=_sheet(request, uuid)):
        messages.success(request, _("Set aside. Nothing of it was booked."))
    return redirect("supply:counts")


def _sheet(request: HttpRequest, uuid: UUID) -> CountSheet:
    found = get_object_or_404(selectors.count_sheets(request.user), uuid=uuid)
    zones.enter(found.place)
    return found


def _or_say(request: HttpRequest, act: Any, **arguments: Any) -> bool:
    try:
        act(**arguments)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def _looked_at(request: HttpRequest, sheet: CountSheet, *, form: Any = None) -> HttpResponse:
    """What was expected shows to who finishes, and to all when it is over; never to who counts."""
    lines = list(selectors.lines_of_sheet(sheet))
    context = {
        "sheet": sheet,
        "form": form or forms.FinishForm(lines=lines),
        "counted": sum(line.counted is not None for line in lines),
        "moved": _moved(sheet, lines),
        "is_blind": sheet.state == CountState.COUNTING,
        "is_open": sheet.state in OPEN_COUNTS,
        "may_finish": sheet.state == CountState.COUNTED and sheet.counter_id != request.user.pk,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "supply/counted.html", context, status=status)


def _moved(sheet: CountSheet, lines: list[CountLine]) -> set[int]:
    """Lines that were booked since they were taken down."""
    if sheet.state != CountState.COUNTED:
        return set()
    last = selectors.newest_of_lines(sheet.place)
    return {line.pk for line in lines if last.get((line.item_id, line.lot_id), 0) != line.last_movement}
