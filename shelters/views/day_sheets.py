from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.gate import requires
from accounts.permissions import Right
from shelters import selectors, services
from shelters.forms import NEW_ROWS, DaySheetForm, Shelves, left_out, names_of_cells, rows_of
from shelters.models import Shelter
from shelters.views.stock import arrival_at, key_in_address, say_nothing_booked, shelter_of
from supply import selectors as supply


@requires(Right.STOCK_LOG)
def day_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """To print: a row a line of the store, columns to write in. The stock stands on it when asked for."""
    shelter = shelter_of(request, uuid)
    shelves = Shelves(shelter.store, timezone.localdate())
    context = {
        "shelter": shelter,
        "lines": rows_of(shelves),
        "new_rows": NEW_ROWS,
        "left_out": left_out(shelves),
        "shows_stock": request.GET.get("stock") == "1",
    }
    return render(request, "shelters/day_sheet.html", context)


@requires(Right.STOCK_LOG)
def type_day_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All of it is booked or nothing; sent twice, it is the same answer."""
    shelter, today = shelter_of(request, uuid), timezone.localdate()
    shelves = Shelves(shelter.store, today)
    form = DaySheetForm(request.POST or None, shelves=shelves, today=today)
    if form.is_valid() and not _has_doubts(form, shelter):
        cells = [services.Cell(**written._asdict()) for written in form.written]
        day, key = form.cleaned_data["occurred_on"], form.cleaned_data["key"]
        try:
            services.log_day_sheet(
                by=request.user, shelter=shelter, cells=cells, occurred_on=day, today=today, key=key
            )
        except services.SheetRefused as refused:
            form.refuse(refused.refusals)
        else:
            return redirect(f"{reverse('shelters:type_day_sheet', args=[uuid])}?booked={key}")
    booked = _booked(request, shelter, shelves)
    if "booked" in request.GET and not booked:
        say_nothing_booked(request)
    context = {"shelter": shelter, "form": form, "booked": booked, "left_out": left_out(shelves)}
    return render(request, "shelters/type_day_sheet.html", context, status=422 if form.errors else 200)


def _has_doubts(form: DaySheetForm, shelter: Shelter) -> bool:
    key = form.cleaned_data["key"]
    return form.has_doubts(
        shelter.store, arrival_at(shelter), lambda name: supply.is_key_known(services.key_of_cell(key, name))
    )


def _booked(request: HttpRequest, shelter: Shelter, shelves: Shelves) -> list[selectors.Booked]:
    """What the sheet named in the address booked."""
    sheet = key_in_address(request)
    if sheet is None:
        return []
    keys = [services.key_of_cell(sheet, name) for name in names_of_cells(shelves)]
    return selectors.all_booked(by=request.user, shelter=shelter, keys=keys)
