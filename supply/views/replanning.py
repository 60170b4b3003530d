"""Other lines for a planned consignment."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from supply import selectors, services
from supply.enums import ConsignmentState, Unit
from supply.forms.written import ungrouped
from supply.models import ConsignmentLine
from supply.views.consignments import line_forms, refuse_plan, wanted_of


@requires(Right.ROUTES_WRITE)
def change_lines(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(selectors.consignments(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    items = list(selectors.items())
    free = selectors.free_items(found.source, items, without=found)
    lines = line_forms(request, items, free, initial=[_written(line) for line in selectors.lines_of(found)])
    wrong = "" if found.state == ConsignmentState.PLANNED else str(services.LinesArePacked(found))
    shown = request.POST.get("shown", services.lines_mark(found))[:20]
    is_sent = bool(request.POST) and "more" not in request.POST
    if is_sent and not wrong and lines.is_valid():
        try:
            services.change_lines(by=request.user, consignment=found, lines=wanted_of(lines), shown=shown)
        except services.PlaceIsShut as refusal:
            refuse_plan(None, lines, refusal)
        except services.Refusal as refusal:
            wrong, shown = str(refusal), services.lines_mark(found)
        else:
            return redirect("supply:consignment", uuid)
    context = {"consignment": found, "lines": lines, "free": free, "wrong": wrong, "shown": shown}
    is_wrong = wrong or (is_sent and not lines.is_valid())
    return render(request, "supply/change_lines.html", context, status=422 if is_wrong else 200)


def _written(line: ConsignmentLine) -> dict[str, Any]:
    amount = line.typed or Unit(line.item.base_unit).amount(line.planned)
    return {"item": line.item.uuid, "amount": ungrouped(amount), "destination": line.destination.uuid}
