"""Consignments for the supply coordinator: the list, the plan, one of them and its steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.door import opening_page, opens
from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.lists import list_page
from core.money import Money
from supply import selectors, services, tables
from supply.enums import (
    BEFORE_SENDING,
    MAY_BE_FOUND,
    NOT_PASSABLE,
    UNDER_WAY,
    ConsignmentState,
    StepKind,
    Unit,
)
from supply.forms.consignments import (
    ConfirmationForm,
    CostForm,
    JourneyForm,
    LineForms,
    PackingForm,
    StepForm,
    TakeBackForm,
    item_choices,
    lines_with_something,
)
from supply.models import Consignment, ConsignmentBooking, Item, Place, Route
from supply.views import zones

# Booked with a day of where the goods come to; every other step with one of where they come from.
AT_THE_END = (StepKind.RECEIVED, StepKind.FOUND)


@dataclass(frozen=True)
class Step:
    """`book`: the service; `heading`: of its page, with the code of the consignment in it; `is_all`: it
    begins with all that is under way."""

    kind: StepKind
    book: Callable[..., Any]
    heading: Promise
    is_all: bool = False


# By the form that the address names.
STEPS = {
    "send": Step(StepKind.SENT, services.send_consignment, _lazy("Send %(code)s")),
    "receive": Step(StepKind.RECEIVED, services.receive_part, _lazy("%(code)s: what arrived")),
    "receive-all": Step(
        StepKind.RECEIVED, services.receive_part, _lazy("%(code)s: what arrived"), is_all=True
    ),
    "lose": Step(StepKind.LOST, services.lose_part, _lazy("%(code)s: what was lost")),
    "return": Step(StepKind.RETURNED, services.return_part, _lazy("%(code)s: what came back")),
    "find": Step(StepKind.FOUND, services.find_part, _lazy("%(code)s: what was found later")),
    "lose-all": Step(StepKind.ALL_LOST, services.lose_all, _lazy("%(code)s: all of it lost")),
    "settle": Step(StepKind.SETTLED, services.settle_consignment, _lazy("Settle %(code)s")),
    "cancel": Step(StepKind.CANCELLED, services.cancel_consignment, _lazy("Cancel %(code)s")),
}


@requires(Right.ROUTES_READ)
def consignments(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Consignments"),
        queryset=selectors.with_danger(selectors.consignments(request.user)),
        table=tables.ConsignmentTable,
        filters=tables.ConsignmentFilters,
        template="supply/consignments.html",
    )


@requires(Right.ROUTES_WRITE)
def plan_consignment(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    sources = list(selectors.sources(request.user))
    source = _chosen(sources, request.GET.get("from", ""))
    form = JourneyForm(
        request.POST or None,
        initial={"planned_on": today},
        routes=Route.objects.visible_to(request.user),
    )
    items = list(selectors.items())
    free = selectors.free_items(source, items) if source else []
    lines = line_forms(request, items, free)
    if request.POST and "more" not in request.POST and form.is_valid() and lines.is_valid() and source:
        try:
            planned = services.plan_consignment(
                by=request.user, source=source, today=today,
                lines=wanted_of(lines), **form.cleaned_data,
            )  # fmt: skip
        except services.Refusal as refusal:
            refuse_plan(form, lines, refusal)
        else:
            return redirect("supply:consignment", planned.uuid)
    context = {"form": form, "lines": lines, "sources": sources, "source": source, "free": free}
    is_wrong = "more" not in request.POST and (form.errors or (lines.is_bound and not lines.is_valid()))
    return render(request, "supply/plan.html", context, status=422 if is_wrong else 200)


def _chosen(sources: list[Place], wanted: str) -> Place | None:
    """The place that the address names, else the first."""
    return next((place for place in sources if str(place.uuid) == wanted), sources[0] if sources else None)


def wanted_of(lines: Any) -> list[services.Wanted]:
    return [services.Wanted(**one.wanted) for one in lines if one.wanted]


def refuse_plan(form: Any, lines: Any, refusal: services.Refusal | ValidationError) -> None:
    """At the places of the lines that it is about, else as `refuse`."""
    if isinstance(refusal, services.PlaceIsShut):
        for one in lines:
            if one.wanted and one.wanted["destination"] == refusal.place:
                one.add_error("destination", str(refusal))
    else:
        refuse(form, refusal)


def line_forms(
    request: HttpRequest,
    items: list[Item],
    free: list[selectors.FreeItem] | None = None,
    initial: list[dict[str, Any]] | None = None,
) -> Any:
    """The lines of a plan; "more" asks for four more of them. `free`: what the place has of each item."""
    data = request.POST.copy() if request.POST else None
    if data and "more" in data:
        shown = data.get("lines-TOTAL_FORMS", "")
        data["lines-TOTAL_FORMS"] = str(min(int(shown) if shown.isdecimal() else 0, 56) + 4)
    values = {
        "items": [(str(item.uuid), str(item)) for item in items]
        if free is None
        else item_choices(items, free),
        "known": {str(item.uuid): item for item in items},
        "ends": selectors.destinations(request.user),
    }
    return LineForms(data, prefix="lines", form_kwargs=values, initial=initial)


@requires(Right.ROUTES_READ)
def consignment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _consignment(request, uuid)
    lines = list(selectors.lines_of(found))
    is_here = found.state in BEFORE_SENDING
    context = {
        "consignment": found,
        "lines": lines,
        "steps": selectors.steps_of(found),
        "under_way": found.state in UNDER_WAY,
        "may_be_found": found.state in MAY_BE_FOUND and any(line.lost for line in lines),
        "is_even": not any(line.outstanding for line in lines),
        "nothing_came": found.state == ConsignmentState.SENT
        and not any(line.received or line.returned for line in lines),
        "before_sending": is_here,
        "dangers": selectors.shut_ends(found, lines),
        "lost_route": _lost_route(found, lines),
        "overplanned": selectors.overplanned(found) if is_here else [],
        "confirmations": selectors.told_of(lines),
        "people": selectors.people_reached(found),
        "costs": selectors.costs(found),
        "cost_sums": [str(Money(sum_, currency)) for currency, sum_ in selectors.costs_of(found).items()],
    }  # fmt: skip
    return render(request, "supply/consignment.html", context)


def _lost_route(found: Consignment, lines: list[Any]) -> services.RouteNotPassable | None:
    """Over which it was to go, or part of it goes still."""
    is_coming = found.state in BEFORE_SENDING or any(line.outstanding for line in lines)
    state = selectors.route_state(found.route) if found.route and is_coming else None
    return services.RouteNotPassable(found.route, state) if found.route and state in NOT_PASSABLE else None


@requires(Right.ROUTES_WRITE)
def change_journey(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _consignment(request, uuid)
    form = JourneyForm(
        request.POST or None,
        initial={
            "planned_on": found.planned_on,
            "route": found.route and found.route.uuid,
            "note": found.note,
        },
        record=found,
        routes=Route.objects.visible_to(request.user),
    )

    def change(key: UUID, **values: Any) -> None:
        today = timezone.localdate()
        services.change_journey(by=request.user, consignment=found, today=today, **values)

    return _answered(request, found, form, change, heading=_("Change %(code)s") % {"code": found.code})


@requires(Right.ROUTES_WRITE)
def pack_consignment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = _consignment(request, uuid), timezone.localdate()
    free = selectors.free_lines(found.source, without=found)
    form = PackingForm(request.POST or None, lines=selectors.lines_of(found), free=free, today=today)
    if form.is_valid():
        packed = {line: services.Packed(**load) for line, load in form.packed.items()}
        values = {name: form.cleaned_data[name] for name in ("on", "key", "shown")} | {"packed": packed}
        try:
            services.pack_consignment(by=request.user, consignment=found, today=today, **values)
        except services.Refusal as refusal:
            refuse(form, refusal)
            if isinstance(refusal, services.PackedMeanwhile):
                form.show_again()
        else:
            return redirect("supply:consignment", uuid)
    context = {"consignment": found, "form": form, "free": free}
    return render(request, "supply/pack.html", context, status=422 if form.errors else 200)


@requires(Right.ROUTES_WRITE)
def take_step(request: HttpRequest, uuid: UUID, form: str) -> HttpResponse:
    """One step: a day, and what else it asks. The page it leads back to is the consignment's."""
    if form not in STEPS:
        raise Http404
    step = STEPS[form]
    found = _consignment(request, uuid)
    lines = _lines(request, found, step.kind)
    if step.kind in AT_THE_END:
        zones.enter(*{line.destination for line in lines})
    today = timezone.localdate()
    filled = StepForm(request.POST or None, kind=step.kind, lines=lines, today=today, is_all=step.is_all)
    if filled.is_valid():
        try:
            step.book(by=request.user, consignment=found, today=today, **filled.values)
        except services.Refusal as refusal:
            refuse(filled, refusal)
        else:
            messages.success(request, _("Booked: %(step)s.") % {"step": step.kind.label})
            return redirect("supply:consignment", uuid)
    heading = step.heading % {"code": found.code}
    context = {"consignment": found, "form": filled, "heading": heading, "step": step}
    return render(request, "supply/step.html", context, status=422 if filled.errors else 200)


def _lines(request: HttpRequest, found: Consignment, kind: StepKind) -> list[Any]:
    """Sent a second time, a form is about lines that may be even by now."""
    return list(selectors.lines_of(found)) if request.POST else lines_with_something(found, kind)


@requires(Right.ROUTES_WRITE)
def confirm_receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = _consignment(request, uuid), timezone.localdate()
    lines = [line for line in selectors.lines_of(found) if line.sent]
    form = ConfirmationForm(request.POST or None, initial={"received_on": today}, lines=lines)

    def confirm(**values: Any) -> None:
        services.confirm_receipt(by=request.user, today=today, **values)

    heading = _("What the receiver says of %(code)s") % {"code": found.code}
    return _answered(request, found, form, confirm, heading=heading)


@requires(Right.ROUTES_WRITE)
def take_back_confirmation(request: HttpRequest, uuid: UUID, confirmation: UUID) -> HttpResponse:
    found = _consignment(request, uuid)
    mistaken = get_object_or_404(selectors.confirmations(found), uuid=confirmation)
    form = TakeBackForm(request.POST or None)

    def back(**values: Any) -> None:
        services.take_back_confirmation(by=request.user, confirmation=mistaken, **values)

    said = {
        "amount": Unit(mistaken.line.item.base_unit).amount(mistaken.quantity),
        "item": mistaken.line.item,
        "who": mistaken.receiver,
    }
    heading = _("Take back: %(amount)s %(item)s, as %(who)s says") % said
    return _answered(request, found, form, back, heading=heading)


@requires(Right.ROUTES_WRITE)
def note_cost(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = _consignment(request, uuid), timezone.localdate()
    form = CostForm(request.POST or None, initial={"paid_on": today, "currency": "CNY"})

    def note(**values: Any) -> None:
        services.note_cost(by=request.user, consignment=found, today=today, **values)

    return _answered(request, found, form, note, heading=_("A cost of %(code)s") % {"code": found.code})


@requires(Right.ROUTES_WRITE)
def take_back_cost(request: HttpRequest, uuid: UUID, cost: UUID) -> HttpResponse:
    found = _consignment(request, uuid)
    mistaken = get_object_or_404(selectors.costs(found), uuid=cost)
    form = TakeBackForm(request.POST or None)

    def back(**values: Any) -> None:
        services.take_back_cost(by=request.user, cost=mistaken, **values)

    words = {"amount": mistaken.money, "what": mistaken.get_kind_display()}
    return _answered(request, found, form, back, heading=_("Take back: %(amount)s, %(what)s") % words)


@requires(Right.ROUTES_WRITE)
def take_back_part(request: HttpRequest, uuid: UUID, booking: UUID) -> HttpResponse:
    found, today = _consignment(request, uuid), timezone.localdate()
    mistaken = get_object_or_404(
        ConsignmentBooking.objects.visible_to(request.user).filter(line__consignment=found), uuid=booking
    )
    form = TakeBackForm(request.POST or None)

    def back(**values: Any) -> None:
        services.take_back_booking(by=request.user, booking=mistaken, today=today, **values)

    words = {
        "amount": Unit(mistaken.line.item.base_unit).amount(mistaken.movement.quantity),
        "item": mistaken.line.item,
        "what": mistaken.get_kind_display(),
    }
    return _answered(
        request, found, form, back, heading=_("Take back: %(amount)s %(item)s, %(what)s") % words
    )


@opens(Right.REVEAL_ROUTE, Consignment)
def reveal_consignment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        Consignment,
        uuid,
        heading=_("Open the courier"),
        back=lambda one: reverse("supply:consignment", args=[one.uuid]),
    )


def _answered(
    request: HttpRequest, found: Consignment, form: Any, book: Callable[..., None], *, heading: str
) -> HttpResponse:
    """The form, its sentence, or back to the consignment."""
    takes_back = isinstance(form, TakeBackForm)
    if form.is_valid():
        try:
            book(**form.cleaned_data)
        except (services.Refusal, ValidationError) as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Taken back.") if takes_back else _("Recorded."))
            return redirect("supply:consignment", found.uuid)
    back = reverse("supply:consignment", args=[found.uuid])
    context = {"form": form, "heading": heading, "back": back, "takes_back": takes_back}
    return render(request, "supply/form.html", context, status=422 if form.errors else 200)


def refuse(form: Any, refusal: services.Refusal | ValidationError) -> None:
    """At the line or the day that it is about, else over the form."""
    about, line = getattr(refusal, "about", ""), getattr(refusal, "line", None)
    if line:
        names = [f"lot-{line.uuid}" if about == "line" else f"amount-{line.uuid}"]
    else:
        names = ["on", "received_on", "paid_on", "since"] if about == "occurred_on" else []
        names += [about] if about in ("route", "planned_on") else []
    name = next((name for name in names if name in form.fields), None)
    sentences = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
    for sentence in sentences:
        form.add_error(name, sentence)
    if isinstance(refusal, services.KeyAlreadyUsed):
        form.renew_key()


def _consignment(request: HttpRequest, uuid: UUID) -> Consignment:
    found = get_object_or_404(selectors.consignments(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    zones.enter(found.source)
    return found
