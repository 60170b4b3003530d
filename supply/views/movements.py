"""One row of the ledger, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from supply import forms, selectors, services
from supply.services import Refusal
from supply.views import zones


@requires(Right.STOCK_READ)
def movement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return render(request, "supply/movement.html", {"movement": _movement(request, uuid)})


@requires(Right.STOCK_REVERSE)
def take_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Sent twice it is taken back once: the second press finds the first reversal."""
    found, today = _movement(request, uuid), timezone.localdate()
    on_its_day = services.may_reverse_on_its_day(found, today, any_day=True)
    form = forms.TakeBackForm(request.POST or None, choice=on_its_day and found.occurred_on != today)
    if form.is_valid() and not form.has_doubts([found]):
        values = form.cleaned_data
        values.pop("asked")
        try:
            services.reverse_movement(by=request.user, movement=found, today=today, any_day=True, **values)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken back. The entry stays in the list, marked as corrected."))
            return redirect("supply:movement", uuid)
    context = {"movement": found, "form": form, "on_its_day": on_its_day}
    return render(request, "supply/take_back.html", context, status=422 if form.errors else 200)


def _movement(request: HttpRequest, uuid: UUID) -> Any:
    found = get_object_or_404(selectors.movements_with_links(request.user), uuid=uuid)
    zones.enter(*(place for place in (found.source, found.destination) if place.is_real))
    return found
