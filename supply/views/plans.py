"""One route, what all of them carried against the plan, and the plans that make next month's drafts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.charts import Bars, Reached, bars
from core.fiscal import FiscalYear, fiscal_year_of, month_of, next_month
from core.lists import list_page
from supply import selectors, services, tables
from supply.forms.routes import PlanEndForm, StandingPlanForm, StatusForm, TargetForm
from supply.models import Route, RouteTarget
from supply.views.consignments import line_forms, refuse, refuse_plan, wanted_of

YEARS_SHOWN = 4  # this one and those before


@requires(Right.ROUTES_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Planned against actual, twelve months a route."""
    today = timezone.localdate()
    this = fiscal_year_of(today)
    years = [FiscalYear(this.number - back) for back in range(YEARS_SHOWN)]
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one.number) == asked), this)
    routes = selectors.board(Route.objects.visible_to(request.user).order_by("kind", "code"), year, today)
    context = {"year": year, "years": years, "routes": [(one, _chart(one)) for one in routes]}
    return render(request, "supply/board.html", context)


def _chart(year: selectors.RouteYear) -> Bars:
    """Kilograms of each month."""
    months = year.months
    return bars([Reached(str(one.month.month), one.carried, one.target, one.is_short) for one in months])


@requires(Right.ROUTES_READ)
def route(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = _route(request, uuid), timezone.localdate()
    [year] = selectors.board([found], fiscal_year_of(today), today)
    stops: list[Any] = list(selectors.route_sites(request.user, today).filter(route=found))
    context = {
        "route": found,
        "year": fiscal_year_of(today),
        "months": year,
        "chart": _chart(year),
        "statuses": found.statuses.order_by("-since", "-id"),
        "targets": found.targets.order_by("-from_month"),
        "stops": [stop for stop in stops if stop.is_current],
        "past": [stop for stop in stops if not stop.is_current],
        "sites": selectors.sites_of(found),
        "plans": selectors.standing_plans(request.user).filter(route=found),
        "consignments": selectors.consignments(request.user).filter(route=found)[:10],
    }
    return render(request, "supply/route.html", context)


@requires(Right.ROUTES_WRITE)
def change_status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = _route(request, uuid), timezone.localdate()
    form = StatusForm(request.POST or None, initial={"since": today})
    if form.is_valid():
        try:
            services.change_route_status(by=request.user, route=found, today=today, **form.cleaned_data)
        except (services.Refusal, ValidationError) as refusal:
            refuse(form, refusal)
        else:
            return redirect("supply:route", uuid)
    return _form(request, form, _("%(code)s: what it is now") % {"code": found.code}, found)


@requires(Right.ROUTES_WRITE)
def set_target(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _route(request, uuid)
    initial = {"from_month": month_of(timezone.localdate())}
    form = TargetForm(request.POST or None, initial=initial, record=RouteTarget(route=found))
    if form.is_valid():
        services.set_route_target(by=request.user, route=found, **form.cleaned_data)
        return redirect("supply:route", uuid)
    return _form(request, form, _("%(code)s: what it should carry a month") % {"code": found.code}, found)


@requires(Right.ROUTES_WRITE)
def make_plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = _route(request, uuid), timezone.localdate()
    form = StandingPlanForm(
        request.POST or None,
        initial={"from_month": next_month(month_of(today)), "day": 5},
        sources=selectors.sources(request.user),
    )
    lines = line_forms(request, list(selectors.items()))
    if request.POST and "more" not in request.POST and form.is_valid() and lines.is_valid():
        wanted = wanted_of(lines)
        try:
            services.make_standing_plan(by=request.user, route=found, lines=wanted, **form.cleaned_data)
        except (services.Refusal, ValidationError) as refusal:
            refuse_plan(form, lines, refusal)
        else:
            return redirect("supply:route", uuid)
    is_wrong = "more" not in request.POST and (form.errors or (lines.is_bound and not lines.is_valid()))
    context = {"route": found, "form": form, "lines": lines}
    return render(request, "supply/make_plan.html", context, status=422 if is_wrong else 200)


@requires(Right.ROUTES_READ)
def plans(request: HttpRequest) -> HttpResponse:
    month = next_month(month_of(timezone.localdate()))
    waiting = services.plans_waiting(month)
    why_not = dict(waiting)

    def with_why(filtered: tables.StandingPlanFilters) -> list[Any]:
        found: list[Any] = list(filtered.qs)
        for plan in found:
            plan.held_back = why_not.get(plan)
            plan.is_over = plan.until_month is not None and next_month(plan.until_month) < month
        return found

    return list_page(
        request,
        heading=_("Standing plans"),
        lead=_(
            "Each plan makes a draft of a consignment for the next month, once: on the 20th by itself, or "
            "now. Nothing is drafted over a route that is lost or closed, nor to a shelter that is exposed, "
            "closed or being evacuated. A new plan is made on the page of its route."
        ),
        queryset=selectors.standing_plans(request.user),
        table=tables.StandingPlanTable,
        filters=tables.StandingPlanFilters,
        worked_out=with_why,
        template="supply/plans.html",
        month=month,
        waiting=len(waiting),
    )


@requires(Right.ROUTES_WRITE)
@require_POST
def make_drafts(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    month = next_month(month_of(today))
    made = services.make_drafts(by=request.user, month=month, today=today)
    back = [(plan, why) for plan, why in services.plans_waiting(month) if why is not None]
    told = ngettext("%(count)s draft was made.", "%(count)s drafts were made.", made) % {"count": made}
    if made or not back:
        messages.success(
            request, told if made else _("Every plan has its consignment for that month already.")
        )
    for plan, why in back:
        messages.warning(request, _("%(route)s: no draft. %(why)s") % {"route": plan.route.code, "why": why})
    return redirect("supply:plans")


@requires(Right.ROUTES_WRITE)
def end_plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    plan = get_object_or_404(selectors.standing_plans(request.user), uuid=uuid)
    initial = {"until_month": month_of(timezone.localdate())}
    form = PlanEndForm(request.POST or None, initial=initial, record=plan)
    if form.is_valid():
        try:
            services.end_standing_plan(by=request.user, plan=plan, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return redirect("supply:route", plan.route.uuid)
    return _form(request, form, _("End the plan of %(code)s") % {"code": plan.route.code}, plan.route)


def _form(request: HttpRequest, form: Any, heading: str, found: Route) -> HttpResponse:
    back = reverse("supply:route", args=[found.uuid])
    context = {"form": form, "heading": heading, "back": back}
    return render(request, "supply/form.html", context, status=422 if form.errors else 200)


def _route(request: HttpRequest, uuid: UUID) -> Route:
    found = get_object_or_404(Route.objects.visible_to(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    return found
