from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gate import FORGET_ALL, forgetting, requires, sudo
from accounts.locking import lift_page, lock_page, next_step
from accounts.permissions import Right
from accounts.tables import LockDownFilters
from core.lists import list_page
from shelters import selectors, services, tables
from shelters.forms import ShelterLockDownForm
from shelters.models import Shelter, ShelterLockDown


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
