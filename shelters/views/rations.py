"""Rations, what the coming days need, and what was really used."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.gate import requires
from accounts.permissions import Right
from core.fiscal import month_of
from core.lists import list_page
from shelters import selectors, services, tables
from shelters.forms import MonthForm, RationForm
from shelters.models import Shelter
from supply.services import Refusal


@requires(Right.STOCK_READ)
def rations(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Rations"),
        lead=_(
            "The latest rule up to a day holds; a shelter's own goes before the one for every shelter. "
            "0 grams end one."
        ),
        queryset=selectors.rations_visible(),
        table=tables.RationTable,
        filters=tables.RationFilters,
        template="shelters/rations.html",
    )


@requires(Right.RATIONS_SET)
def set_ration(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    shelters = selectors.in_use(Shelter.objects.visible_to(request.user), today)
    form = RationForm(request.POST or None, shelters=shelters, today=today)
    if form.is_valid():
        try:
            services.set_ration(by=request.user, today=today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.about or None, str(refusal))
        else:
            messages.success(request, _("The ration is set."))
            return redirect("shelters:rations")
    return render(request, "shelters/set_ration.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.STOCK_READ)
def forecast(request: HttpRequest) -> HttpResponse:
    """Which shelter runs out when, with the people who will be there."""
    today = timezone.localdate()
    days = _days(request)
    shelters = selectors.in_use(Shelter.objects.visible_to(request.user), today)
    lines = selectors.forecasts(shelters, today, days)
    shut = {shelter.pk for shelter in selectors.mark_shut(lines)}
    return list_page(
        request,
        heading=_("Need of the coming days"),
        lead=_("Heads tonight are who stays. From tomorrow on, planned arrivals and departures count."),
        queryset=shelters,
        worked_out=tables.chosen_of(lines),
        table=tables.ForecastTable,
        filters=tables.ForecastFilters,
        template="shelters/forecast.html",
        about=_said(len({line.shelter.pk for line in lines if line.runs_out_on} - shut), days),
    )


def _said(short: int, days: int) -> str:
    if not short:
        return _("Every shelter's supplies last the next %(days)s days.") % {"days": days}
    words = ngettext(
        "Of all shelters, %(short)s runs out in the next %(days)s days.",
        "Of all shelters, %(short)s run out in the next %(days)s days.",
        short,
    )
    return words % {"short": short, "days": days}


def _days(request: HttpRequest) -> int:
    """One of those offered; an address somebody wrote by hand gets the usual ones."""
    wanted = {str(days): days for days in selectors.FORECAST_DAYS}
    return wanted.get(request.GET.get("days", ""), tables.USUAL_DAYS)


@requires(Right.STOCK_READ)
def used(request: HttpRequest) -> HttpResponse:
    """What a month really used, against what the ration says."""
    today = timezone.localdate()
    form = MonthForm(request.GET if request.GET.get("month") else {"month": f"{today:%Y-%m}"})
    month: date = form.cleaned_data["month"] if form.is_valid() else month_of(today)
    shelters = Shelter.objects.visible_to(request.user)
    name = date_format(month, "YEAR_MONTH_FORMAT")
    page = list_page(
        request,
        heading=_("Used and ration"),
        lead=_(
            "Nights spent there times the ration of each day, against what was booked as used or handed out."
        ),
        queryset=shelters,
        worked_out=tables.chosen_of(selectors.usage(shelters, month, today)),
        table=tables.UsageTable,
        filters=tables.UsageFilters,
        template="shelters/used.html",
        asked=form,
        about=_running(name) if month == month_of(today) else name,
    )
    if form.errors and page.status_code == 200:
        page.status_code = 422
    return page


def _running(month: str) -> str:
    return _("%(month)s, the running month, up to yesterday.") % {"month": month}
