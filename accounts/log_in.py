"""The log-in pages of django-allauth where ours differ."""

from typing import Any

from allauth.account.views import LoginView, LogoutView, PasswordResetFromKeyView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts import sample
from accounts.gate import forgetting


class LogIn(LoginView):
    """In the sample, with one button a role to come in by."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sample_log_ins": sample.log_ins()}


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


log_in = LogIn.as_view()
log_out = LogOut.as_view()
set_password = SetPassword.as_view()
