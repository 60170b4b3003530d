"""Minimum levels of our places, and what fell below them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.gate import requires
from accounts.permissions import Right
from core.lists import list_page
from supply import forms, selectors, services, tables
from supply.models import StockLevel
from supply.services import Refusal


@requires(Right.STOCK_READ)
def levels(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Minimum levels"),
        lead=_(
            "When a place falls below one, an alert opens; it clears by itself when there is enough again. "
            "What is expired is not counted."
        ),
        queryset=selectors.levels(request.user, timezone.localdate()),
        table=tables.LevelTable,
        filters=tables.LevelFilters,
        template="supply/levels.html",
    )


@requires(Right.STOCK_READ)
def alerts(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Alerts of low stock"),
        queryset=selectors.alerts(request.user),
        table=tables.AlertTable,
        filters=tables.AlertFilters,
    )


@requires(Right.STOCK_WRITE)
def set_level(request: HttpRequest) -> HttpResponse:
    known = _known(request)
    form = forms.LevelForm(
        request.POST or None, initial=_told(known), record=known or StockLevel(),
        places=selectors.own_places(request.user),
    )  # fmt: skip
    if form.is_valid():
        try:
            services.set_level(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("minimum" if refusal.about == "number" else "place", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("supply:levels")
    return render(request, "supply/set_level.html", {"form": form}, status=422 if form.errors else 200)


def _known(request: HttpRequest) -> StockLevel | None:
    """The level that the address names, to be changed."""
    try:
        found = selectors.levels(request.user, timezone.localdate())
        return found.filter(uuid=UUID(request.GET.get("level", ""))).first()
    except ValueError:
        return None


def _told(level: StockLevel | None) -> dict[str, Any]:
    if level is None:
        return {}
    return {"place": level.place.uuid, "item": level.item.uuid, "minimum": f"{level.minimum.normalize():f}"}


@requires(Right.STOCK_WRITE)
@require_POST
def check_levels(request: HttpRequest) -> HttpResponse:
    """At once, instead of waiting for beat."""
    found = services.watch_levels(by=request.user, now=timezone.now())
    said = ngettext("%(number)s new alert.", "%(number)s new alerts.", found) % {"number": found}
    messages.success(request, said if found else _("Nothing new: every alert is known."))
    return redirect("supply:levels")
