"""Who may log in."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.forms import InviteForm, LogInForm, ReasonForm
from accounts.gate import requires, sudo
from accounts.models import User
from accounts.permissions import Right
from accounts.tables import (
    PeopleFilters,
    PeopleTable,
)
from core.lists import list_page


@requires(Right.ACCOUNTS_READ)
def people(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("People"),
        queryset=selectors.people_visible_to(request.user),
        table=PeopleTable,
        filters=PeopleFilters,
        template="accounts/people.html",
    )


@requires(Right.ACCOUNTS_WRITE)
@sudo
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            services.invite_by_mail(by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("Invited. The mail with the link that lets them in is on its way."))
            return redirect("accounts:people")
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.ACCOUNTS_WRITE)
@sudo
def person(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.people_visible_to(request.user), uuid=uuid)
    services.note_seen(by=request.user, records=[found])
    form = LogInForm(request.POST or None, person=found)
    if form.is_valid():
        try:
            services.change_log_in(by=request.user, person=found, **form.cleaned_data)
        except (services.NotOneself, services.StillLockedDown) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Changed. They are logged out and log in anew."))
            return redirect("accounts:people")
    return _person_page(request, found, form=form)


def _person_page(request: HttpRequest, person: User, **forms: Form) -> HttpResponse:
    context = {
        "person": person,
        "form": LogInForm(person=person),
        "lock": selectors.lock_down_of(person),
        "reason_form": ReasonForm(),
        "devices": selectors.devices_of(request.user, person, timezone.now()),
        "kinds_of_factors": selectors.kinds_of_factors(person),
    } | forms
    wrong = any(form.errors for form in forms.values())
    return render(request, "accounts/person.html", context, status=422 if wrong else 200)


@requires(Right.ACCOUNTS_WRITE)
@sudo
@require_POST
def send_invitation(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.people_visible_to(request.user), uuid=uuid)
    if services.send_invitation(by=request.user, person=found, now=timezone.now()):
        messages.success(request, _("The mail with the link that lets them in is on its way."))
    else:
        messages.info(request, _("They have already got the link today; the next can go out tomorrow."))
    return redirect("accounts:person", uuid=uuid)


@requires(Right.ACCOUNTS_WRITE)
@sudo
@require_POST
def log_out_everywhere(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.people_visible_to(request.user), uuid=uuid)
    services.log_out_everywhere(by=request.user, person=found)
    if found == request.user:
        get_adapter().logout(request)
        return redirect("account_login")
    messages.success(request, _("Every device of this person is logged out."))
    return redirect("accounts:person", uuid=uuid)


@requires(Right.ACCOUNTS_WRITE)
@sudo
@require_POST
def start_over(request: HttpRequest, uuid: str) -> HttpResponse:
    """For who lost what lets them in, or had it taken: it is void, and who may log in gets a link."""
    others = selectors.people_visible_to(request.user).exclude(pk=request.user.pk)
    found = get_object_or_404(others, uuid=uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, reason_form=form)
    services.start_over(by=request.user, person=found, now=timezone.now(), **form.cleaned_data)
    if found.is_active:
        told = _("They start over: the mail with the link that lets them in is on its way.")
    else:
        told = _("What let them in is void. When you are sure of them, open the log-in and send the link.")
    messages.success(request, told)
    return redirect("accounts:person", uuid=uuid)
