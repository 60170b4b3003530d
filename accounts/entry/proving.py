"""How a person proves in a request that it is they: by password, by a code, by a passkey."""

import json
from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.factors.seeds import SeedCannotBeOpened
from accounts.models import User

# What strangers send for a passkey's answer may have any shape.
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
REFUSED = (services.WrongCode, services.PasskeyCopied, SeedCannotBeOpened)


class NotProven(Exception):
    """Carries the sentence for the person."""


class PasskeyDoesNotFit(NotProven):
    def __str__(self) -> str:
        return _("This passkey did not fit. Try again, or log in another way.")


def by_code(request: HttpRequest, person: User, code: str, *, again: bool = False) -> None:
    """`again`: they are logged in already and are asked once more. Raises NotProven."""
    try:
        factor = services.use_code(by=person, code=code, now=timezone.now())
    except REFUSED as refusal:
        raise NotProven(str(refusal)) from refusal
    post_authentication(request, factor, reauthenticated=again)


def by_passkey(
    request: HttpRequest, answer: str, person: User | None = None, *, again: bool = False
) -> Authenticator:
    """`answer`: JSON of the browser to the challenge in the session. `person`: whose passkey it must be;
    None: the passkey says. Raises NotProven.
    """
    passkey, count = _checked(answer, person)
    try:
        services.use_passkey(by=passkey.user, passkey=passkey, sign_count=count)
    except REFUSED as refusal:
        raise NotProven(str(refusal)) from refusal
    post_authentication(request, passkey, reauthenticated=again, passwordless=person is None)
    return passkey


def _checked(answer: str, person: User | None) -> tuple[Authenticator, int]:
    try:
        parsed: dict[str, Any] = json.loads(answer)
        count = webauthn.parse_authentication_response(parsed).response.authenticator_data.counter
        passkey = webauthn.complete_authentication(
            person or webauthn.extract_user_from_response(parsed), parsed
        )
    except MALFORMED as error:
        raise PasskeyDoesNotFit from error
    return passkey, count


def new_passkey(answer: str) -> tuple[dict, int]:
    """The credential that a browser made, checked against the challenge in the session, and its counter.

    Raises NotProven.
    """
    try:
        parsed: dict[str, Any] = json.loads(answer)
        webauthn.parse_registration_response(parsed)
        made = webauthn.complete_registration(parsed)
    except MALFORMED as error:
        raise PasskeyDoesNotFit from error
    if not made.is_user_verified():
        raise PasskeyDoesNotFit
    return parsed, made.counter


def challenge(person: User | None = None) -> str:
    """JSON for a browser that holds a passkey of this person, or of anybody."""
    return json.dumps(webauthn.begin_authentication(person))


def making(person: User) -> str:
    """JSON for a browser that is to make a passkey, kept in it and opened by finger, face or PIN."""
    return json.dumps(webauthn.begin_registration(person, passwordless=True))
