from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.forms import InviteForm, LogInForm
from accounts.gate import public, requires
from accounts.permissions import Right
from accounts.tables import (
    AuditFilters,
    AuditTable,
    MailboxFilters,
    MailboxTable,
    PeopleFilters,
    PeopleTable,
    UnsentFilters,
    UnsentTable,
)
from core.lists import list_page


@requires(Right.OWN_ACCOUNT)
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/me.html")


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        services.choose_language(by=request.user, language=language)
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    translation.activate(language)
    return response


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
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            services.invite_by_mail(by=request.user, today=timezone.localdate(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("Invited. The mail with the link to set a password is on its way."))
            return redirect("accounts:people")
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.ACCOUNTS_WRITE)
def person(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.people_visible_to(request.user), uuid=uuid)
    form = LogInForm(request.POST or None, person=found)
    if form.is_valid():
        try:
            services.change_log_in(by=request.user, person=found, **form.cleaned_data)
        except services.NotOneself as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Changed. They are logged out and log in anew."))
            return redirect("accounts:people")
    context = {"person": found, "form": form}
    return render(request, "accounts/person.html", context, status=422 if form.errors else 200)


@requires(Right.ACCOUNTS_WRITE)
@require_POST
def send_invitation(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.people_visible_to(request.user), uuid=uuid)
    if services.send_invitation(by=request.user, person=found, today=timezone.localdate()):
        messages.success(request, _("The mail with the link to set a password is on its way."))
    else:
        messages.info(request, _("They have already got the link today; the next can go out tomorrow."))
    return redirect("accounts:person", uuid=uuid)


@requires(Right.ACCOUNTS_WRITE)
@require_POST
def log_out_everywhere(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.people_visible_to(request.user), uuid=uuid)
    services.log_out_everywhere(by=request.user, person=found)
    messages.success(request, _("Every device of this person is logged out."))
    return redirect("accounts:person", uuid=uuid)


@requires(Right.AUDIT_READ)
def audit(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Changes"),
        queryset=selectors.audit_visible_to(request.user),
        table=AuditTable,
        filters=AuditFilters,
    )


@requires(Right.MAIL_SETTLE)
def unsent(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Mail that needs a person"),
        lead=_(
            "Failed: sending ended with the trouble named here. In doubt: it may have gone out or not. "
            "Sent again, a mail may arrive twice."
        ),
        queryset=selectors.unsent_mail(request.user),
        table=UnsentTable,
        filters=UnsentFilters,
    )


@requires(Right.MAIL_SETTLE)
@require_POST
def send_mail_again(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.mail_in_the_care_of(request.user), uuid=uuid)
    try:
        services.send_mail_again(by=request.user, message=found)
    except services.MailSettledAlready as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The mail waits to be sent again."))
    return redirect("accounts:unsent")


@requires(Right.MAIL_SETTLE)
@require_POST
def set_mail_aside(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.mail_in_the_care_of(request.user), uuid=uuid)
    try:
        services.set_mail_aside(by=request.user, message=found)
    except services.MailSettledAlready as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Set aside. This mail will not go out."))
    return redirect("accounts:unsent")


@requires(Right.MAILBOX_READ)
def mailbox(request: HttpRequest) -> HttpResponse:
    if not settings.SAMPLE:
        raise Http404
    return list_page(
        request,
        heading=_("Sample mailbox"),
        lead=_("Part of the sample only: the mails that people would have got. None leaves this machine."),
        queryset=selectors.mails_visible_to(request.user),
        table=MailboxTable,
        filters=MailboxFilters,
    )


@requires(Right.MAILBOX_READ)
def mail(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(selectors.mails_visible_to(request.user), uuid=uuid)
    return render(request, "accounts/mail.html", {"mail": found})
