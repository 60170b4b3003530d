"""Who is locked down, and back again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import selectors, services
from accounts.gate import requires, sudo
from accounts.locking import lift_page
from accounts.permissions import Right
from accounts.tables import LockDownFilters, LockDownTable
from core.lists import list_page


@requires(Right.EXPOSURE_READ)
def lock_downs(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Lock-downs"),
        lead=_("Who is or was locked down. First look at what their log-in could see; lift it last."),
        queryset=selectors.lock_downs_visible_to(request.user),
        table=LockDownTable,
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
        name=lock.person.name,
        lift=services.lift_lock_down,
        lifted=_("Lifted. The log-in is still closed: open it here if you decide so."),
        then=reverse("accounts:person", args=[lock.person.uuid]),
    )
