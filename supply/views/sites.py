"""The stops of a route on its page and in a list of all; a new route, and what is changed of one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
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
from supply import selectors, services, tables
from supply.forms.sites import (
    RouteChangeForm,
    RouteForm,
    SiteChangeForm,
    SiteEndForm,
    SiteForm,
)
from supply.models import Route, RouteSite
from supply.services import Refusal

# What a refusal is about → the field of these forms.
FIELDS = {"destination": "place", "occurred_on": "since"}


@requires(Right.ROUTES_READ)
def sites(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Sites of routes"),
        lead=_("Where each route passes, in order, past sites too."),
        queryset=selectors.route_sites(request.user, timezone.localdate()),
        table=tables.RouteSiteTable,
        filters=tables.RouteSiteFilters,
    )


@requires(Right.ROUTES_WRITE)
def add_site(request: HttpRequest, uuid: UUID) -> HttpResponse:
    route, today = _route(request, uuid), timezone.localdate()
    stops = route.sites.select_related("place__recipient")
    last = stops.on(today).last()
    form = SiteForm(
        request.POST or None,
        initial={"since": today, "after": last and last.uuid},
        others=stops,
        places=selectors.destinations(request.user),
    )

    def add(**values: Any) -> None:
        services.add_route_site(by=request.user, route=route, today=today, **values)

    return _answered(request, route, form, add, heading=_("%(code)s: a new site") % {"code": route.code})


@requires(Right.ROUTES_WRITE)
def change_site(request: HttpRequest, uuid: UUID) -> HttpResponse:
    site = _site(request, uuid)
    others = site.route.sites.exclude(pk=site.pk).select_related("place__recipient")
    before = others.filter(position__lt=site.position).last()
    initial = {"kind": site.kind, "after": before and before.uuid}
    form = SiteChangeForm(request.POST or None, initial=initial, record=site, others=others)

    def change(key: UUID, **values: Any) -> None:
        services.change_route_site(by=request.user, site=site, **values)

    return _answered(request, site.route, form, change, heading=_heading(site))


@requires(Right.ROUTES_WRITE)
def end_site(request: HttpRequest, uuid: UUID) -> HttpResponse:
    site = _site(request, uuid)
    initial = {"until": site.until or timezone.localdate()}
    form = SiteEndForm(request.POST or None, initial=initial, record=site)

    def end(**values: Any) -> None:
        services.end_route_site(by=request.user, site=site, **values)

    return _answered(request, site.route, form, end, heading=_heading(site))


@opens(Right.REVEAL_ROUTE, RouteSite)
def reveal_site(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        RouteSite,
        uuid,
        heading=_("Open where the site is"),
        back=lambda site: reverse("supply:route", args=[site.route.uuid]),
    )


@requires(Right.ROUTES_WRITE)
def add_route(request: HttpRequest) -> HttpResponse:
    form = RouteForm(request.POST or None)
    if form.is_valid():
        try:
            route = services.add_route(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            return redirect("supply:route", route.uuid)
    context = {"form": form, "heading": _("A new route"), "back": reverse("supply:routes")}
    return render(request, "supply/form.html", context, status=422 if form.errors else 200)


@requires(Right.ROUTES_WRITE)
def change_route(request: HttpRequest, uuid: UUID) -> HttpResponse:
    route = _route(request, uuid)
    initial = {"kind": route.kind, "regularity": route.regularity, "region": route.region}
    form = RouteChangeForm(request.POST or None, initial=initial, record=route)

    def change(**values: Any) -> None:
        services.change_route(by=request.user, route=route, **values)

    return _answered(request, route, form, change, heading=_("Change %(code)s") % {"code": route.code})


def _answered(
    request: HttpRequest, route: Route, form: Any, write: Callable[..., None], *, heading: str
) -> HttpResponse:
    """The form, its sentence, or back to the route."""
    back = reverse("supply:route", args=[route.uuid])
    if form.is_valid():
        try:
            write(**form.cleaned_data)
        except Refusal as refusal:
            about = refusal.about or "kind"
            form.add_error(FIELDS.get(about, about), str(refusal))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(back)
    context = {"form": form, "heading": heading, "back": back}
    return render(request, "supply/form.html", context, status=422 if form.errors else 200)


def _heading(site: RouteSite) -> str:
    return _("%(code)s: site %(name)s") % {"code": site.route.code, "name": site.named}


def _site(request: HttpRequest, uuid: UUID) -> RouteSite:
    sites = RouteSite.objects.visible_to(request.user).select_related("route", "place__recipient")
    found = get_object_or_404(sites, uuid=uuid)
    note_seen(by=request.user, records=[found.route])
    return found


def _route(request: HttpRequest, uuid: UUID) -> Route:
    found = get_object_or_404(Route.objects.visible_to(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    return found
