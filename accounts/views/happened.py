"""Something happened: what anybody of the staff can do about it at once."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.enums import LockReason
from accounts.forms import LockDownForm
from accounts.gate import FORGET_ALL, forgetting, requires
from accounts.models import User
from accounts.permissions import Right


@requires(Right.LOCK_DOWN)
def happened(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/happened.html")


@requires(Right.LOCK_DOWN)
def lock_down(request: HttpRequest) -> HttpResponse:
    """At once: no second person, no delay, no question whether one is sure."""
    known = _known(request)
    form = LockDownForm(request.POST or None, known=known, initial={"known": request.GET.get("person", "")})
    if form.is_valid():
        try:
            person = _meant(request.user, form, known)
            services.lock_down(by=request.user, person=person, **form.story)
        except services.LockDownRefused as refusal:
            form.add_error("typed", str(refusal))
        else:
            done = _("Locked down: out on every device at the next touch, and nobody logs in as them.")
            messages.success(request, done)
            return redirect("accounts:happened")
    context = {"form": form}
    return render(request, "accounts/lock_down.html", context, status=422 if form.errors else 200)


def _known(request: HttpRequest) -> dict[str, User]:
    """Who stands in the list; an administrator comes from anybody's page with that person chosen."""
    people = selectors.colleagues_of(request.user)
    if request.user.may(Right.ACCOUNTS_WRITE):
        people = list(selectors.people_visible_to(request.user).exclude(pk=request.user.pk))
    return {str(person.uuid): person for person in people}


def _meant(user: User, form: LockDownForm, known: dict[str, User]) -> User:
    """Raises LockDownRefused."""
    typed = form.cleaned_data["typed"]
    if not typed:
        return known[form.cleaned_data["known"]]
    return services.settle_name(by=user, look_up=lambda: selectors.staff_named(typed), now=timezone.now())


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
