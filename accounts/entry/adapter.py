from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.stages import AuthenticateStage
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import services
from accounts.entry import browsers, known
from accounts.models import User
from core.identity import acting_as


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up by themselves; who comes in is a device from then on."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        request = context.request
        here = request.session.row_key if request.user == user else ""
        with acting_as(user):  # the link has proven who it is, though nobody is logged in
            services.set_password(by=user, password=password, here=here)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """As in allauth; but who tries too often gets the page for that, with its status, not a form."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(respond_429(context.request))
        return super().validation_error(code, *args)

    def get_login_stages(self) -> list[str]:
        return ["accounts.entry.adapter.SecondStep"]

    def login(self, request: HttpRequest, user: User) -> None:
        """Under a new session id, which is a device's from now on."""
        former = getattr(request, "device", None)
        super().login(request, user)
        if not request.session.session_key:
            request.session.save()
        with acting_as(user):  # from here on it is they
            if former is not None:  # somebody comes in where somebody was
                services.end_device(by=user, device=former)
            request.device = services.begin_device(
                by=user,
                session_key=request.session.row_key,
                kind=browsers.kind_of(request.headers.get("user-agent", "")),
                now=timezone.now(),
            )

    def logout(self, request: HttpRequest) -> None:
        if request.device is not None:
            services.end_device(by=request.user, device=request.device)
            request.device = None
        super().logout(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        if user.is_staff_member:
            known.remember(request, response, user.email)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted an address typed, and apart where its owner has logged in before."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{known.mark_of(request, credentials.get('email', ''))}"


class SecondStep(AuthenticateStage):
    """A code or a passkey after the password. A sponsor has no password: link or passkey are enough."""

    def handle(self) -> tuple:
        if not self.login.user.is_staff_member:
            return None, True
        self.state["of"] = self.login.user.get_session_auth_hash()
        return super().handle()

    def still_counts(self) -> bool:
        """False when all log-ins of the person were ended, or the password changed, since it was typed."""
        return constant_time_compare(self.state.get("of", ""), self.login.user.get_session_auth_hash())
