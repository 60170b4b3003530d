from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import translation
from django.utils.crypto import get_random_string

from accounts import services
from accounts.models import User
from core import outbox
from core.identity import acting_as


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up by themselves; mails of the log-in go through the outbox like every other."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        with acting_as(user):  # the link has proven who it is, though nobody is logged in
            services.set_password(by=user, password=password)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """As in allauth; but who tries too often gets the page for that, with its status, not a form."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(respond_429(context.request))
        return super().validation_error(code, *args)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        language = user.language if user else translation.get_language()
        with translation.override(language):
            text = outbox.rendered(template_prefix, context)
        outbox.post(
            key=f"{template_prefix}:{get_random_string(20)}",  # each request is its own event
            kind="account",
            to_address=email,
            to_user_id=user.pk if user else None,
            language=language,
            **text,
        )
