from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.door import opening_page, opens
from accounts.enums import RequestKind
from accounts.forms import EmergencyForm
from accounts.gate import FORGET_ALL, forgetting, requires, sudo
from accounts.locking import lift_page, lock_page, next_step
from accounts.permissions import Right
from accounts.services import break_glass as break_glass_door
from accounts.services import note_seen
from accounts.tables import LockDownFilters
from core.lists import list_page
from shelters import selectors, services, tables
from shelters.forms import LogForm, ShelterLockDownForm
from shelters.models import Resident, Shelter, ShelterLockDown
from supply import selectors as supply
from supply.enums import Unit
from supply.services import Refusal

LAST_MOVEMENTS = 10


@requires(Right.STOCK_LOG)
def start(request: HttpRequest) -> HttpResponse:
    """One shelter: straight to its page."""
    mine = Shelter.objects.visible_to(request.user)
    lines_of: dict[Shelter, list[selectors.Cover]] = {}  # the shelter whose stock is shortest comes first
    for line in selectors.covers(mine, timezone.localdate()):
        lines_of.setdefault(line.shelter, []).append(line)
    if len(lines_of) == 1:
        return redirect("shelters:stock", next(iter(lines_of)).uuid)
    return render(request, "shelters/start.html", {"shelters": list(lines_of.items())})


@requires(Right.STOCK_READ)
def cover(request: HttpRequest) -> HttpResponse:
    """Which shelter runs out first."""
    today = timezone.localdate()
    shelters = selectors.in_use(Shelter.objects.visible_to(request.user), today)
    lines = selectors.covers(shelters, today)
    low = len({line.shelter.pk for line in lines if line.is_low})
    context = {"lines": lines, "low": low, "low_days": selectors.LOW_DAYS}
    return render(request, "shelters/cover.html", context)


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
    )


@requires(Right.SHELTERS_READ)
def stock(request: HttpRequest, uuid: UUID) -> HttpResponse:
    shelter = _shelter(request, uuid)
    context: dict[str, Any] = {"shelter": shelter, "heads": None, "lock": selectors.lock_down_of(shelter)}
    if _sees_stock(request):
        context |= _store(request, shelter)
    return render(request, "shelters/stock.html", context)


def _store(request: HttpRequest, shelter: Shelter) -> dict[str, Any]:
    """What only those see who log or read stock; persons still only who may read residents."""
    now, today = timezone.now(), timezone.localdate()
    covers = selectors.covers(Shelter.objects.visible_to(request.user).filter(pk=shelter.pk), today)
    heads = covers[0].heads
    last = list(supply.movements_of(shelter.store)[:LAST_MOVEMENTS])
    fresh = [one for one in last if services.may_take_back(one, by=request.user, now=now)]
    stays = list(selectors.staying(request.user, shelter, today))
    note_seen(by=request.user, records=[stay.resident for stay in stays])
    return {
        "heads": heads,
        "over": max(heads - shelter.usable_places, 0),
        "covers": covers,
        "lines": supply.stock_of(shelter.store),
        "movements": last,
        "undoable": {one.pk for one in fresh if not one.is_mistake},
        "stays": stays,
    }


@requires(Right.STOCK_LOG)
def log(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The answer to an entry is an address with its key: sent twice, it is the same answer."""
    today = timezone.localdate()
    shelter = _shelter(request, uuid)
    form = LogForm(request.POST or None, place=shelter.store, by=request.user, today=today)
    if form.is_valid():
        try:
            services.log_supplies(by=request.user, shelter=shelter, **form.entry)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"{reverse('shelters:log', args=[uuid])}?booked={form.cleaned_data['key']}")
    context = {"shelter": shelter, "form": form, "booked": _booked(request, shelter)}
    return render(request, "shelters/log.html", context, status=422 if form.errors else 200)


@requires(Right.STOCK_LOG)
@require_POST
def undo(request: HttpRequest, uuid: UUID, movement: UUID) -> HttpResponse:
    shelter = _shelter(request, uuid)
    mistake = get_object_or_404(supply.movements_of(shelter.store), uuid=movement)
    now, today = timezone.now(), timezone.localdate()
    try:
        services.take_back(by=request.user, shelter=shelter, movement=mistake, now=now, today=today)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: %(amount)s %(item)s.") % _words(mistake))
    return redirect("shelters:stock", uuid)


@opens(Right.REVEAL_SHELTER_ADDRESS, Shelter)
def reveal_address(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(request, Shelter, uuid, heading=_("Open the address"), back=_page_of)


@opens(Right.BREAK_GLASS, Shelter, kind=RequestKind.BREAK_GLASS)
def break_glass(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        Shelter,
        uuid,
        heading=_("Emergency"),
        back=_page_of,
        door=break_glass_door,
        form_class=EmergencyForm,
        template="accounts/break_glass.html",
    )


@opens(Right.REVEAL_RESIDENT_IDENTITY, Resident)
def reveal_resident(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(
        request,
        Resident,
        uuid,
        heading=_("Open the real name"),
        back=lambda resident: reverse("shelters:start"),
    )


def _page_of(shelter: Shelter) -> str:
    return reverse("shelters:stock", args=[shelter.uuid])


def _shelter(request: HttpRequest, uuid: UUID) -> Shelter:
    shelters = selectors.with_state(Shelter.objects.visible_to(request.user), timezone.localdate())
    found = get_object_or_404(shelters.select_related("store"), uuid=uuid)
    note_seen(by=request.user, records=[found])
    return found


def _sees_stock(request: HttpRequest) -> bool:
    return request.user.may(Right.STOCK_LOG) or request.user.may(Right.STOCK_READ)


def _booked(request: HttpRequest, shelter: Shelter) -> selectors.Booked | None:
    try:
        key = UUID(request.GET.get("booked", ""))
    except ValueError:
        return None
    return selectors.booked(by=request.user, shelter=shelter, key=key)


def _words(movement: Any) -> dict[str, Any]:
    return {"amount": Unit(movement.item.base_unit).amount(movement.quantity), "item": movement.item}


# --- something happened ------------------------------------------------------------------------------------


@requires(Right.LOCK_DOWN)
def lock_down(request: HttpRequest) -> HttpResponse:
    """At once. Whoever is posted there is out, the person who presses included."""
    known = {str(one.uuid): one for one in Shelter.objects.visible_to(request.user)}
    initial = {"known": request.GET.get("shelter", "")}
    return lock_page(
        request,
        ShelterLockDownForm(request.POST or None, known=known, initial=initial),
        look_up=lambda typed: selectors.shelters_of_code(request.user, typed),
        lock=lambda one, **story: services.lock_down_shelter(by=request.user, shelter=one, **story),
        after=lambda lock: _done(request, lock),
        heading=_("Lock a shelter down"),
        lead=_(
            "At once: everybody posted there is out, and field staff no longer see it. "
            "The administrators are called."
        ),
        warning=_("If you are posted there, you are out too, and this phone turns to an empty page.")
        if request.user.may(Right.STOCK_LOG)
        else "",
    )


def _done(request: HttpRequest, lock: ShelterLockDown) -> HttpResponse:
    request.user.refresh_from_db()
    if not request.user.is_active:  # it was their own shelter
        logout(request)
        return forgetting(redirect("nothing"), FORGET_ALL)
    done = _("Locked down: everybody posted there is out, and its pages are closed.")
    return next_step(request, done, for_readers=_people_of(lock))


def _people_of(lock: ShelterLockDown) -> str:
    return reverse("shelters:locked_people", args=[lock.uuid])


@requires(Right.EXPOSURE_READ)
def lock_downs(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Lock-downs of shelters"),
        lead=_(
            "Its pages stay closed to field staff until it is lifted; each person is let in again one by one."
        ),
        queryset=selectors.lock_downs_visible_to(request.user),
        table=tables.ShelterLockDownTable,
        filters=tables.ShelterLockDownFilters,
        template="accounts/lock_downs.html",
    )


@requires(Right.EXPOSURE_READ)
def locked_people(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who was locked down with a shelter, and what is to be done beside each: where both ends lead to."""
    lock = get_object_or_404(selectors.lock_downs_visible_to(request.user), uuid=uuid)
    return list_page(
        request,
        heading=_("Locked down with %(shelter)s") % {"shelter": lock.shelter.code},
        lead=_("Look at what each of them could see, and warn. Lift last.")
        if lock.is_in_force
        else _("The shelter is open again, its people are not: look at each, lift, then open the log-in."),
        queryset=selectors.locked_with(request.user, lock, timezone.localdate()),
        table=tables.PeopleOfShelterTable,
        filters=LockDownFilters,
        template="accounts/lock_downs.html",
    )


@requires(Right.LIFT_LOCK_DOWN)
@sudo
def lift_lock_down(request: HttpRequest, uuid: UUID) -> HttpResponse:
    lock = get_object_or_404(selectors.lock_downs_visible_to(request.user), uuid=uuid)
    return lift_page(
        request,
        lock,
        name=lock.shelter.code,
        lift=services.lift_shelter_lock_down,
        lifted=_("Lifted. The people are still locked down: let them in one by one."),
        then=_people_of(lock),
    )
