"""Closed months: which they are, closing one, opening one again."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from core.lists import list_page
from supply import forms, selectors, services, tables
from supply.services import Refusal


@requires(Right.STOCK_READ)
def months(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Closed months"),
        lead=_("Nothing is booked with a day of a closed month, whoever books."),
        queryset=selectors.month_closings(),
        table=tables.MonthClosingTable,
        filters=tables.MonthClosingFilters,
        template="supply/months.html",
    )


@requires(Right.STOCK_CLOSE)
def close_month(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    closed = selectors.closed_months() if request.POST else ()
    form = forms.CloseMonthForm(request.POST or None, months=selectors.months_to_close(today), closed=closed)
    if form.is_valid():
        try:
            services.close_month(by=request.user, today=today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("month", str(refusal))
        else:
            messages.success(request, _("%(month)s is closed now.") % _named(form.cleaned_data["month"]))
            return redirect("supply:months")
    return render(request, "supply/close_month.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.STOCK_CLOSE)
def reopen_month(request: HttpRequest, uuid: UUID) -> HttpResponse:
    closing = get_object_or_404(selectors.month_closings(), uuid=uuid)
    form = forms.ReopenMonthForm(request.POST or None)
    if form.is_valid():
        try:
            services.reopen_month(by=request.user, month=closing.month, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("%(month)s is open again. Close it when you are done.")
            messages.success(request, said % _named(closing.month))
            return redirect("supply:months")
    context = {"form": form, "closing": closing}
    return render(request, "supply/reopen_month.html", context, status=422 if form.errors else 200)


def _named(month: date) -> dict[str, str]:
    return {"month": date_format(month, "YEAR_MONTH_FORMAT")}
