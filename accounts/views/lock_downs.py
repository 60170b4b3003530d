"""Who is locked down, and back again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import selectors, services
from accounts.forms import LiftForm
from accounts.gate import requires, sudo
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
    form = LiftForm(request.POST or None)
    if form.is_valid():
        try:
            services.lift_lock_down(by=request.user, lock=lock, **form.cleaned_data)
        except services.LockDownRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("Lifted. The log-in is still closed: open it here if you decide so."))
            return redirect("accounts:person", lock.person.uuid)
    context = {"form": form, "lock": lock, "name": lock.person.name}
    return render(request, "accounts/lift.html", context, status=422 if form.errors else 200)
