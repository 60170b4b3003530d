"""What is under way to a shelter, for its field staff: without its source, its route and its courier."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from shelters import services
from shelters.forms import ArrivalForm
from shelters.views.stock import shelter_of
from supply import selectors as supply
from supply.services import Refusal

if TYPE_CHECKING:
    from supply.models import Consignment, ConsignmentLine


@requires(Right.STOCK_LOG)
def arriving(request: HttpRequest, uuid: UUID) -> HttpResponse:
    shelter = shelter_of(request, uuid)
    coming: dict[Consignment, list[ConsignmentLine]] = {}
    for line in supply.arriving_at(shelter.store):
        coming.setdefault(line.consignment, []).append(line)
    return render(request, "shelters/arriving.html", {"shelter": shelter, "coming": list(coming.items())})


@requires(Right.STOCK_LOG)
def log_arrival(request: HttpRequest, uuid: UUID, consignment: UUID) -> HttpResponse:
    """Confirm a part. Sent a second time, the form is about lines that may all be there by now."""
    shelter, today = shelter_of(request, uuid), timezone.localdate()
    lines = list(supply.lines_to(shelter.store).filter(consignment__uuid=consignment))
    if not lines:
        raise Http404
    found = lines[0].consignment
    shown = lines if request.POST else [line for line in lines if line.outstanding]
    form = ArrivalForm(request.POST or None, lines=shown, today=today)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("on", "key", "note")}
        try:
            services.confirm_arrival(
                by=request.user,
                shelter=shelter,
                consignment=found,
                amounts=form.amounts,
                today=today,
                **values,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Booked: what arrived of %(code)s.") % {"code": found.code})
            return redirect("shelters:arriving", uuid)
    context = {"shelter": shelter, "consignment": found, "form": form, "shown": shown}
    return render(request, "shelters/arrival.html", context, status=422 if form.errors else 200)
