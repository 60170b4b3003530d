"""The log-in pages of django-allauth where ours differ."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, LogoutView, PasswordChangeView, PasswordResetFromKeyView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import sample, selectors
from accounts.entry import devices, proving, throttle
from accounts.entry.adapter import SecondStep
from accounts.gate import forgetting
from core.identity import acting_as

# Why somebody meets the log-in page again.
ENDED = {
    devices.IDLE: gettext_lazy(
        "This device was not used for a while, so you were logged out. Log in to go on."
    ),
    devices.LONG: gettext_lazy(
        "A log-in lasts twelve hours at most, so you were logged out. Log in to go on."
    ),
}


class LogIn(LoginView):
    """In the sample, with one button a role to come in by."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle.admit_to_password(request)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "sample_log_ins": sample.log_ins_with_codes(timezone.now()),
            "ended": ENDED.get(self.request.GET.get("ended", "")),
        }


@login_stage_required(stage=SecondStep.key, redirect_urlname="account_login")
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: a code, or a passkey."""
    stage = request._login_stage
    if not stage.still_counts():
        return stage.abort()
    person, refusal = stage.login.user, ""
    if request.method == "POST":
        try:
            _prove(request, person)
        except proving.NotProven as error:
            refusal = str(error)
        else:
            return stage.exit()
    kinds = selectors.kinds_of_factors(person)
    context = {
        "refusal": refusal,
        "has_code": bool(kinds & selectors.CODES),
        "challenge": proving.challenge(person) if selectors.PASSKEY in kinds else "",
        "sample_code": sample.code_of(person, timezone.now()),
    }
    return render(request, "account/second_step.html", context, status=422 if refusal else 200)


def _prove(request: HttpRequest, person: Any) -> None:
    with acting_as(person):  # nobody is logged in yet; what is used up is theirs
        if passkey := request.POST.get("passkey", ""):
            proving.by_passkey(request, passkey, person)
        else:
            throttle.admit(request, "second_step", str(person.uuid))
            proving.by_code(request, person, request.POST.get("code", ""))
    throttle.forget(request, "second_step", str(person.uuid))


def log_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """The challenge for the browser, as JSON; then its answer. Counted by nobody: see entry.throttle."""
    if request.user.is_authenticated:
        return redirect("home")
    if request.method != "POST":
        return HttpResponse(proving.challenge(), content_type="application/json")
    try:
        passkey = proving.by_passkey(request, request.POST.get("passkey", ""))
    except proving.NotProven as refusal:
        messages.error(request, str(refusal))
        return redirect("account_login")
    login = Login(user=passkey.user, redirect_url=get_next_redirect_url(request))
    return perform_login(request, login)


class LogOut(LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return forgetting(super().post(*args, **kwargs))


class SetPassword(PasswordResetFromKeyView):
    """The link of a mail. It answers with a page instead of a redirect.

    The key waits in the session. Cookies are SameSite=Strict: a browser that comes from a web mailer's page
    would not send them along a redirect, but does when it goes on from a page of ours.
    """

    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, uidb36, key, **kwargs)
        if key != self.reset_url_key and isinstance(response, HttpResponseRedirect):
            return render(request, "account/password_reset_open.html", {"address": response.url})
        return response


class ChangePassword(PasswordChangeView):
    """It asks for the old password by itself; the session goes on under a new id."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_usable_password():
            messages.info(
                request, _("You have no password. Log out and choose “Forgotten the password?” to set one.")
            )
            return redirect("accounts:me")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        devices.keep(self.request)
        return response


log_in = LogIn.as_view()
log_out = LogOut.as_view()
set_password = SetPassword.as_view()
change_password = ChangePassword.as_view()
