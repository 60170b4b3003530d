"""Counting attempts. Every limit stands in settings.ACCOUNT_RATE_LIMITS; the counts live in Redis.

Redis gone: nothing is counted, so nothing is tried (`HoldTheDoor`). Passkeys and the links of mails are not
counted at all: there is nothing to guess, and nobody can use them up for somebody else.
"""

from collections.abc import Callable
from contextlib import suppress

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from accounts.entry import known


def admit(request: HttpRequest, action: str, key: str | None = None) -> None:
    """Count one attempt. One too many ends the request with the page for it (ImmediateHttpResponse)."""
    if not ratelimit.consume(request, action=action, key=key):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))


def may(request: HttpRequest, action: str, key: str) -> bool:
    return ratelimit.consume(request, action=action, key=key)


def forget(request: HttpRequest, action: str, key: str) -> None:
    """The right answer came: the wrong ones before it no longer count, where a count can be reached."""
    with suppress(RedisError):
        ratelimit.clear(request, action=action, key=key)


def admit_to_password(request: HttpRequest) -> None:
    """Strange browsers share the limit of their address; an outsider may sit behind the same one."""
    if not known.mark_of(request, request.POST.get("login", "")):
        admit(request, "log_in_of_address")


class HoldTheDoor:
    """503 with a sentence where an attempt cannot be counted."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RedisError):
            return None
        return render(request, "503.html", status=503)
