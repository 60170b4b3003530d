"""Out of an exposed shelter: a page that says what is left to do, and a page a step."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import services as accounts
from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.lists import list_page
from core.texts import listed
from shelters import selectors, services, tables
from shelters.forms import CountedGoForm, EvacuationForm, FinishForm, GoForm, SeveralForm, StoreForm
from shelters.models import Evacuation, Shelter, Stay
from shelters.services import PeopleRefused
from shelters.views.people import departed, leave_form, refuse_departure, ways_out
from shelters.views.zones import enter
from supply import selectors as supply
from supply.services import Refusal


@requires(Right.SHELTERS_TELL)
def evacuate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _start(request, uuid)


@requires(Right.SHELTERS_WRITE)
def order_evacuation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An administrator starts it; who works there carries it out."""
    return _start(request, uuid)


def _start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    shelter = enter(get_object_or_404(Shelter.objects.visible_to(request.user), uuid=uuid))
    note_seen(by=request.user, records=[shelter])
    if running := selectors.evacuation_of(shelter):
        return redirect("shelters:evacuation", running.uuid)
    form = EvacuationForm(request.POST or None)
    if form.is_valid():
        try:
            started = services.start_evacuation(
                by=request.user, shelter=shelter, today=timezone.localdate(), **form.cleaned_data
            )
        except PeopleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("shelters:evacuation", started.uuid)
    context = {"shelter": shelter, "form": form}
    return render(request, "shelters/evacuate.html", context, status=422 if form.errors else 200)


@requires(Right.SHELTERS_READ)
def evacuations(request: HttpRequest) -> HttpResponse:
    """Running and finished, by the code of the shelter."""
    return list_page(
        request,
        heading=_("Evacuations"),
        queryset=selectors.evacuations_of(request.user),
        table=tables.EvacuationTable,
        filters=tables.EvacuationFilters,
    )


@requires(Right.SHELTERS_READ)
def evacuation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is left to do, and what was done; persons only for who may read them. To print when finished."""
    found = _evacuation(request, uuid)
    return _to_do(request, found, FinishForm(evacuation=found))


def _to_do(request: HttpRequest, found: Evacuation, form: FinishForm) -> HttpResponse:
    user = request.user
    context: dict[str, Any] = {"evacuation": found, "shelter": found.shelter, "form": form}
    # Others know the shelter by its code: neither why, nor who works there.
    context["is_told"] = user.may(Right.SHELTERS_TELL) or user.may(Right.ACCOUNTS_READ)
    if context["is_told"]:
        context["calls"] = found.calls.select_related("person")
    context["children"] = selectors.children_left(user, found)
    if user.may(Right.RESIDENTS_WRITE) or user.may(Right.CHILDREN_READ):
        context["children_gone"] = found.children.select_related("by").order_by("id")
    if user.may(Right.STOCK_LOG):
        context["arriving"] = supply.arriving_at(found.shelter.store).count()
    if user.may(Right.ROUTES_READ):
        context["under_way"] = supply.consignments_under_way_to(found.shelter.store)
        context["to_stop"] = supply.consignments_waiting_for(found.shelter.store)
    if user.may(Right.RESIDENTS_WRITE):
        still, gone = selectors.still_there(user, found, timezone.localdate()), selectors.gone(user, found)
        expected = selectors.still_expected(user, found)
        until = timezone.localdate(found.finished_at)
        otherwise = selectors.left_otherwise(user, found, timezone.localdate(found.started_at), until)
        note_seen(by=user, records=[one.resident for one in [*still, *expected, *otherwise]])
        context |= {
            "still": still,
            "expected": expected,
            "gone": gone,
            "otherwise": otherwise,
            "lines": selectors.lines_left(found.shelter),
        }
        context |= {"counted": selectors.counted_left(found, timezone.localdate())}
        context["counted_gone"] = found.counted.select_related("by").order_by("id")
        context["out"] = selectors.taken_out(found)
    return render(request, "shelters/evacuation.html", context, status=422 if form.errors else 200)


@requires(Right.RESIDENTS_WRITE)
def send_on(request: HttpRequest, uuid: UUID, stay: UUID) -> HttpResponse:
    """Where one of those who were there goes, or who is expected there."""
    found = _evacuation(request, uuid)
    if request.method == "POST" and selectors.gone(request.user, found).filter(stay__uuid=stay).exists():
        return redirect("shelters:evacuation", uuid)  # sent again; they may be nobody's to see here any more
    stays = Stay.objects.visible_to(request.user).filter(shelter=found.shelter, is_missing=False)
    leaving = get_object_or_404(stays.select_related("resident", "shelter"), uuid=stay)
    note_seen(by=request.user, records=[leaving.resident])
    ways = ways_out(request.user, found.shelter)
    form = leave_form(leaving)(request.POST or None, today=timezone.localdate(), **ways)
    if form.is_valid():
        told = {"by": request.user, "evacuation": found, "stay": leaving, "now": timezone.now()}
        told |= {"outcome": form.cleaned_data["outcome"]} | form.departure
        try:
            departed(request, lambda: services.send_on(**told))
        except (accounts.LockDownRefused, Refusal) as refusal:
            refuse_departure(form, refusal)
        else:
            return redirect("shelters:evacuation", uuid)
    context = {"form": form, "stay": leaving, "shelter": found.shelter, "evacuation": found}
    return render(request, "shelters/leave.html", context, status=422 if form.errors else 200)


@requires(Right.RESIDENTS_WRITE)
def send_several_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One answer for those who go the same way."""
    found, today = _evacuation(request, uuid), timezone.localdate()
    said = {str(one) for one in selectors.gone(request.user, found).values_list("stay__uuid", flat=True)}
    chosen = {*request.POST.getlist("people")}
    if chosen and chosen <= said:
        return redirect("shelters:evacuation", uuid)  # sent again
    still = selectors.still_there(request.user, found, today)
    note_seen(by=request.user, records=[one.resident for one in still])
    ways = ways_out(request.user, found.shelter)
    form = SeveralForm(request.POST or None, stays=still, today=today, **ways)
    if form.is_valid():
        told = {"by": request.user, "evacuation": found, "now": timezone.now()} | form.departure
        try:
            departed(request, lambda: services.send_several_on(**told))
        except (accounts.LockDownRefused, Refusal) as refusal:
            refuse_departure(form, refusal)
        else:
            return redirect("shelters:evacuation", uuid)
    context = {"form": form, "evacuation": found, "shelter": found.shelter}
    return render(request, "shelters/evacuate_several.html", context, status=422 if form.errors else 200)


@requires(Right.RESIDENTS_WRITE)
def send_counted(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where those go who were only counted: so many at a time."""
    found, today = _evacuation(request, uuid), timezone.localdate()
    ways = ways_out(request.user, found.shelter)
    form = CountedGoForm(request.POST or None, left=selectors.counted_left(found, today), **ways)
    if form.is_valid():
        try:
            services.send_counted(by=request.user, evacuation=found, today=today, **form.group)
        except PeopleRefused as refusal:
            form.add_error("people", str(refusal))
        else:
            return redirect("shelters:evacuation", uuid)
    context = {"form": form, "evacuation": found, "shelter": found.shelter}
    return render(request, "shelters/evacuate_counted.html", context, status=422 if form.errors else 200)


@requires(Right.RESIDENTS_WRITE)
def send_child(request: HttpRequest, uuid: UUID, child: UUID) -> HttpResponse:
    """Where a child of the programme goes who lives there."""
    found = _evacuation(request, uuid)
    if found.children.filter(subject=child).exists():
        return redirect("shelters:evacuation", uuid)
    code = dict(selectors.children_left(request.user, found)).get(child)
    if code is None:
        raise Http404
    form = GoForm(request.POST or None, **ways_out(request.user, found.shelter))
    if form.is_valid():
        try:
            services.send_child(by=request.user, evacuation=found, child=child, **form.way)
        except PeopleRefused as refusal:
            form.add_error("outcome", str(refusal))
        else:
            return redirect("shelters:evacuation", uuid)
    context = {"form": form, "evacuation": found, "shelter": found.shelter, "code": code}
    return render(request, "shelters/evacuate_child.html", context, status=422 if form.errors else 200)


@requires(Right.RESIDENTS_WRITE)
def settle_stock(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _evacuation(request, uuid)
    lines = list(supply.stock_of(found.shelter.store))
    places = selectors.stores_to_move_to(request.user, found.shelter)
    shut = supply.shut_stores(places)
    form = StoreForm(request.POST or None, lines=lines, places=places, shut=shut)
    if form.is_valid():
        settled = [services.Settled(*line) for line in form.settled]
        try:
            number = services.settle_stock(
                by=request.user, evacuation=found, lines=settled, today=timezone.localdate(),
                key=form.cleaned_data["key"],
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            moved = sorted({line.to.code for line in settled if line.to})
            told = {"number": number, "places": listed(moved)}
            sentence = (
                ngettext(
                    "Booked: %(number)s line; moved to %(places)s.",
                    "Booked: %(number)s lines; moved to %(places)s.",
                    number,
                )
                if moved
                else ngettext("Booked: %(number)s line.", "Booked: %(number)s lines.", number)
            )
            messages.success(request, sentence % told)
            return redirect("shelters:evacuation", uuid)
    context = {"form": form, "evacuation": found, "shelter": found.shelter}
    return render(request, "shelters/evacuate_stock.html", context, status=422 if form.errors else 200)


@requires(Right.RESIDENTS_WRITE)
@require_POST
def reached(request: HttpRequest, uuid: UUID, call: UUID) -> HttpResponse:
    found = _evacuation(request, uuid)
    told = get_object_or_404(found.calls.select_related("evacuation__shelter"), uuid=call)
    services.note_reached(by=request.user, call=told, now=timezone.now())
    return redirect("shelters:evacuation", uuid)


@requires(Right.RESIDENTS_WRITE)
@require_POST
def finish_evacuation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _evacuation(request, uuid)
    form = FinishForm(request.POST, evacuation=found)
    if not form.is_valid():
        return _to_do(request, found, form)
    told = {"today": timezone.localdate(), "now": timezone.now()} | form.cleaned_data
    try:
        services.finish_evacuation(by=request.user, evacuation=found, **told)
    except PeopleRefused as refusal:
        form.add_error(None, str(refusal))
        return _to_do(request, found, form)
    messages.success(request, _("Finished. An administrator closes the shelter."))
    return redirect("shelters:evacuation", uuid)


def _evacuation(request: HttpRequest, uuid: UUID) -> Evacuation:
    evacuations = Evacuation.objects.visible_to(request.user)
    people = ("shelter__store", "started_by", "finished_by")
    found = get_object_or_404(evacuations.select_related(*people), uuid=uuid)
    note_seen(by=request.user, records=[enter(found.shelter)])
    return found
