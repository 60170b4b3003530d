from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.lists import list_page
from shelters import selectors, services, tables
from shelters.forms import LogForm
from shelters.models import Shelter
from shelters.views.zones import enter
from supply import selectors as supply
from supply.enums import Reason, Unit
from supply.forms import TakingBack
from supply.services import Refusal
from supply.tables import EntryFilters, EntryTable

if TYPE_CHECKING:
    from supply.models import Consignment, Movement

LAST_MOVEMENTS = 10


@requires(Right.STOCK_LOG)
def start(request: HttpRequest) -> HttpResponse:
    """One shelter: straight to its page."""
    mine, today = Shelter.objects.visible_to(request.user), timezone.localdate()
    lines_of: dict[Shelter, list[selectors.Cover]] = {}  # the shelter whose stock is shortest comes first
    for line in selectors.covers(mine, today):
        lines_of.setdefault(line.shelter, []).append(line)
    if len(lines_of) == 1:
        return redirect("shelters:stock", next(iter(lines_of)).uuid)
    alerts = supply.open_alerts([shelter.store_id for shelter in lines_of], today)
    running = selectors.evacuations_running(lines_of)
    waiting = selectors.waiting_at(request.user, lines_of, today)
    for shelter in lines_of:
        shelter.waiting = waiting.get(shelter.pk)  # type: ignore[attr-defined]
    selectors.mark_shut([line for lines in lines_of.values() for line in lines])
    mine_now = [(shelter, lines, running.get(shelter.pk)) for shelter, lines in lines_of.items()]
    context = {"shelters": mine_now, "alerts": alerts, "guests_in_danger": selectors.guests_in_danger()}
    return render(request, "shelters/start.html", context)


@requires(Right.STOCK_READ)
def cover(request: HttpRequest) -> HttpResponse:
    """Which shelter runs out first."""
    today = timezone.localdate()
    shelters = selectors.in_use(Shelter.objects.visible_to(request.user), today)
    lines = selectors.covers(shelters, today)
    shut = selectors.mark_shut(lines)
    low = len({line.shelter.pk for line in lines if line.is_low} - {shelter.pk for shelter in shut})
    lots = supply.dated_lots({line.shelter.store_id for line in lines})
    expiring = selectors.expiring(shelters, lots, today)
    return list_page(
        request,
        heading=_("Who runs out when"),
        queryset=shelters,
        worked_out=tables.chosen_of(lines),
        table=tables.CoverTable,
        filters=tables.CoverFilters,
        template="shelters/cover.html",
        low=low,
        shut=shut.items(),
        low_days=selectors.LOW_DAYS,
        expiring=expiring,
        alerts=supply.open_alerts(supply.places(request.user), today),
    )


@requires(Right.SHELTERS_READ)
def register(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    shelters = selectors.with_state(Shelter.objects.visible_to(request.user), today)
    sees_heads = _sees_stock(request)
    return list_page(
        request,
        heading=_("Shelters"),
        queryset=selectors.with_heads(shelters, today) if sees_heads else shelters,
        table=tables.ShelterTableWithHeads if sees_heads else tables.ShelterTable,
        filters=tables.ShelterFilters,
        template="shelters/register.html",
        missing_from=selectors.missing_from() if request.user.may(Right.SHELTERS_WRITE) else {},
    )


@requires(Right.SHELTERS_READ)
def stock(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sees_stock, logs = _sees_stock(request), request.user.may(Right.STOCK_LOG)
    shelter: Any = selectors.glance(request.user, uuid, timezone.now(), with_goods=sees_stock)
    if shelter is None:
        raise Http404
    enter(shelter)
    context: dict[str, Any] = {
        "shelter": shelter,
        "heads": None,
        # Who logs there does not see it at all while it is locked down.
        "lock": None if logs else selectors.lock_down_of(shelter),
        "statuses": selectors.states_of(shelter),
    }
    if sees_stock:
        context |= _store(request, shelter, timezone.localdate())
    people = {stay.resident for name in ("stays", "expected", "left") for stay in context.get(name, ())}
    note_seen(by=request.user, records=[shelter, *sorted(people, key=str)])
    return render(request, "shelters/stock.html", context)


def _store(request: HttpRequest, shelter: Any, today: date) -> dict[str, Any]:
    """What only those see who log or read stock; persons still only who may read residents."""
    # Field staff and auditors know no plans of consignments.
    lines = supply.lines_in(shelter.store, reserved=request.user.may(Right.ROUTES_READ))
    rations = selectors.Rations(until=selectors.last_planned(today))
    last = supply.last_movements(shelter.store, LAST_MOVEMENTS)
    expiring = {one.lot.pk: one for one in selectors.expiring_at(shelter, lines, today, rations)}
    for line in lines:
        line.expiring = expiring.get(line.lot_id)
    people = selectors.people_of(request.user, shelter, today)
    return {
        "heads": shelter.heads,
        "alerts": supply.open_alerts([shelter.store_id], today) if shelter.is_short else (),
        "over": shelter.over,
        "covers": selectors.covers_of(shelter, today, lines, rations),
        "lines": lines,
        "movements": last,
        "undoable": services.may_take_back(last, by=request.user, now=timezone.now()),
        "stays": people.staying,
        "expected": people.expected,
        "left": people.left,
        "unsaid": people.waiting(today),
        "today": today,
    }


@requires(Right.STOCK_LOG)
def entries(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All that was ever booked there, newest first. Who reads all stock has the movements of its place."""
    shelter = shelter_of(request, uuid)
    return list_page(
        request,
        heading=_("%(code)s: entries") % {"code": shelter.code},
        queryset=supply.entries_of(shelter.store),
        table=EntryTable,
        filters=EntryFilters,
        template="shelters/entries.html",
        shelter=shelter,
    )


@requires(Right.STOCK_LOG)
def log(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The answer to an entry is an address with its key: sent twice, it is the same answer."""
    own = selectors.own(request.user)
    shelter = own.one(uuid)
    if shelter is None:
        raise Http404
    note_seen(by=request.user, records=[enter(shelter)])
    others, today = own.others(shelter), timezone.localdate()
    shut = supply.shut_stores(other.store for other in others)
    form = LogForm(
        request.POST or None, place=shelter.store, by=request.user, today=today, others=others, shut=shut
    )
    if form.is_valid() and not form.has_doubts(arrival_at(shelter)):
        try:
            services.log_supplies(by=request.user, shelter=shelter, own=own, **form.entry)
        except Refusal as refusal:
            form.refuse(str(refusal), refusal.about)
        else:
            return redirect(f"{reverse('shelters:log', args=[uuid])}?booked={form.cleaned_data['key']}")
    booked = _booked(request, shelter)
    if "booked" in request.GET and booked is None:
        say_nothing_booked(request)
    context = {
        "shelter": shelter,
        "form": form,
        "booked": booked or _just_now(request, form),
        "is_answer": booked is not None,
        "usual": _usual(shelter, form, today),
    }
    return render(request, "shelters/log.html", context, status=422 if form.errors else 200)


def arrival_at(shelter: Shelter) -> "Callable[[Consignment], str]":
    """Where it is told what of a consignment arrived there."""
    return lambda one: reverse("shelters:log_arrival", args=[shelter.uuid, one.uuid])


@requires(Right.STOCK_LOG)
@require_POST
def undo(request: HttpRequest, uuid: UUID, movement: UUID) -> HttpResponse:
    shelter = shelter_of(request, uuid)
    mistake = get_object_or_404(supply.movements_of(shelter.store), uuid=movement)
    now, today = timezone.now(), timezone.localdate()
    whole = supply.booking_of(mistake)
    last = supply.movements_of(shelter.store).filter(pk=whole[-1].pk)
    form = TakingBack(request.POST)
    if services.may_take_back(last, by=request.user, now=now) and form.is_valid() and form.has_doubts(whole):
        heading = _("Take back: %(amount)s %(item)s") % _words_of(whole)
        context = {"form": form, "heading": heading, "back": reverse("shelters:stock", args=[uuid])}
        return render(request, "supply/form.html", context | {"takes_back": True}, status=422)
    try:
        back = services.take_back(by=request.user, shelter=shelter, movement=mistake, now=now, today=today)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: %(amount)s %(item)s.") % _words_of(back))
    return redirect("shelters:stock", uuid)


def _words_of(movements: "list[Movement]") -> dict[str, Any]:
    """Of one booking."""
    item = movements[0].item
    return {"amount": Unit(item.base_unit).amount(sum(one.quantity for one in movements)), "item": item}


def shelter_of(request: HttpRequest, uuid: UUID) -> Shelter:
    """Noted as seen."""
    shelters = _with_state(request, timezone.now())
    found = enter(get_object_or_404(shelters.select_related("store"), uuid=uuid))
    note_seen(by=request.user, records=[found])
    return found


def _with_state(request: HttpRequest, now: datetime) -> QuerySet[Shelter]:
    """Each on the day that it is there."""
    return selectors.with_state(Shelter.objects.visible_to(request.user), now)


def _sees_stock(request: HttpRequest) -> bool:
    return request.user.may(Right.STOCK_LOG) or request.user.may(Right.STOCK_READ)


def key_in_address(request: HttpRequest) -> UUID | None:
    """Of the form whose answer this is."""
    try:
        return UUID(request.GET.get("booked", ""))
    except ValueError:
        return None


def say_nothing_booked(request: HttpRequest) -> None:
    """To who comes to an answer, by an old page or a colleague's, that is none of theirs."""
    sentence = _(
        "Nothing of yours was booked under this address. See in the entries whether it stands there; if not, "
        "log it again."
    )
    messages.warning(request, sentence)


def _booked(request: HttpRequest, shelter: Shelter) -> selectors.Booked | None:
    key = key_in_address(request)
    return selectors.booked(by=request.user, shelter=shelter, key=key) if key else None


def _just_now(request: HttpRequest, form: LogForm) -> selectors.Booked | None:
    """What the person booked here last, while it can be taken back: after a dead network it tells them so.

    Not a count: counted again, it finds no difference.
    """
    last: Any = form.last
    if last is None or last.reason == Reason.COUNTED:
        return None
    if not services.may_take_back([last], by=request.user, now=timezone.now()):
        return None
    line = next(line for line in form.all_shelves().lines_of(last.item, used_up=True) if line.lot == last.lot)
    before = tuple(supply.parts_before(last)) if last.reason == Reason.USED else ()
    held = selectors.left(form.place, last.item) if before else line.held
    return selectors.Booked(last, None, held, before)


def _usual(shelter: Shelter, form: LogForm, today: date) -> list[dict[str, Any]]:
    """Today's rations, each with the lines that it is taken from and a key of its own."""
    return [
        {
            "ration": ration,
            "parts": form.all_shelves().parts_first_out(ration.item, ration.quantity),
            "number": f"{ration.quantity.normalize():f}",
            "key": uuid4(),
            "day": today,
        }
        for ration in selectors.usual_rations(shelter, today)
    ]
