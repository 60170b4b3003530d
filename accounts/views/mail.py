"""Mail that a person has to settle, and the mailbox of the sample."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.gate import requires
from accounts.permissions import Right
from accounts.tables import (
    MailboxFilters,
    MailboxTable,
    UnsentFilters,
    UnsentTable,
)
from core.lists import list_page


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
