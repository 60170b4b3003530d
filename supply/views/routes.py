from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.door import opening_page, opens
from accounts.gate import requires
from accounts.permissions import Right
from core.lists import list_page
from supply import selectors, tables
from supply.models import Recipient, Route


@requires(Right.ROUTES_READ)
def routes(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Routes"),
        queryset=selectors.routes(timezone.localdate()),
        table=tables.RouteTable,
        filters=tables.RouteFilters,
        template="supply/routes.html",
        lead=_("Planned against carried: kilograms that arrived at shelters and recipients."),
    )


@opens(Right.REVEAL_ROUTE, Route)
def reveal_route(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request, Route, uuid, heading=_("Open the route"), back=lambda route: reverse("supply:routes")
    )


@opens(Right.REVEAL_ROUTE, Recipient)
def reveal_recipient(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        Recipient,
        uuid,
        heading=_("Open name and address"),
        back=lambda recipient: reverse("supply:recipients"),
    )
