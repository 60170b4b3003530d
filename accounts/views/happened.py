"""Something happened: what anybody of the staff can do about it at once."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.enums import LockReason
from accounts.forms import LockDownForm
from accounts.gate import FORGET_ALL, forgetting, requires
from accounts.locking import lock_page, next_step
from accounts.models import User
from accounts.permissions import Right


@requires(Right.LOCK_DOWN)
def happened(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/happened.html")


@requires(Right.LOCK_DOWN)
def lock_down(request: HttpRequest) -> HttpResponse:
    form = LockDownForm(
        request.POST or None, known=_known(request), initial={"known": request.GET.get("person", "")}
    )
    return lock_page(
        request,
        form,
        look_up=selectors.staff_named,
        lock=lambda person, **story: services.lock_down(by=request.user, person=person, **story),
        after=lambda lock: next_step(
            request,
            _("Locked down: out on every device at the next touch, and nobody logs in as them."),
            for_readers=reverse("accounts:exposure", args=[lock.person.uuid]),
        ),
        heading=_("Lock a colleague down"),
        lead=_("At once: out on every device, and nobody can log in as them. The administrators are called."),
    )


def _known(request: HttpRequest) -> dict[str, User]:
    """Who stands in the list; an administrator comes from anybody's page with that person chosen."""
    people = selectors.colleagues_of(request.user)
    if request.user.may(Right.ACCOUNTS_WRITE):
        people = list(selectors.people_visible_to(request.user).exclude(pk=request.user.pk))
    return {str(person.uuid): person for person in people}


@requires(Right.LOCK_DOWN)
@require_POST
def lock_myself(request: HttpRequest) -> HttpResponse:
    """For who expects to be forced to log in."""
    services.lock_down(by=request.user, person=request.user, reason=LockReason.FORCED)
    logout(request)
    return forgetting(redirect("nothing"), FORGET_ALL)


@requires(Right.OWN_ACCOUNT)
@require_POST
def end_own_log_ins(request: HttpRequest) -> HttpResponse:
    """For one's own lost phone, from another one."""
    services.end_own_log_ins(by=request.user)
    logout(request)
    return forgetting(redirect("account_login"))
