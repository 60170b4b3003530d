"""The gate of every view: it names its right, or says aloud that it is public. Nothing else is served."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from accounts import sudo as asking
from accounts.permissions import Right

View = Callable[..., HttpResponse]
PUBLIC = "public"


def requires(right: Right) -> Callable[[View], View]:
    """Not logged in: to the log-in. Without the right: 403. Whose record it is, `visible_to` asks."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_log_in(request)
            if not request.user.may(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.gate = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def sudo(view: View) -> View:
    """For dangerous acts, under `@requires`: who last proved themselves ten minutes ago is asked again."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not asking.is_fresh(request) and (question := asking.ask(request)) is not None:
            return question
        return view(request, *args, **kwargs)

    confirmed.asks_again = True  # type: ignore[attr-defined]
    return confirmed


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """And back to the page afterwards, unless it was a form: its answer is no page to come back to."""
    address = resolve_url(settings.LOGIN_URL)
    if ended := getattr(request, "ended_by", ""):  # the log-in page says why
        address = f"{address}?{urlencode({'ended': ended})}"
    if request.headers.get("HX-Request"):
        # The whole page goes to the log-in; a redirect would put the log-in into a corner of it.
        return HttpResponse(headers={"HX-Redirect": address})
    if request.method not in ("GET", "HEAD"):
        return redirect(address)
    return redirect_to_login(request.get_full_path(), address)


def public(view: View) -> View:
    """Open to everybody: the log-in itself, the health of the stack, the language switch."""

    @wraps(view)
    def opened(*args: Any, **kwargs: Any) -> HttpResponse:
        return view(*args, **kwargs)

    opened.gate = PUBLIC  # type: ignore[attr-defined]
    return opened
