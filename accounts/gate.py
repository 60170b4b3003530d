"""The gate of every view: it names its right, or says aloud that it is public. Nothing else is served."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.template.response import SimpleTemplateResponse
from django.utils.http import urlencode

from accounts.entry import sudo as asking
from accounts.models import User
from accounts.permissions import Right
from core.identity import Scope, act_as

View = Callable[..., HttpResponse]
PUBLIC = "public"
METHODS = ("GET", "HEAD", "POST")  # pages read and forms sent; nothing here is spoken to otherwise
# What a browser forgets with a log-in. It obeys over https and on its own machine alone. Not its cookies: the
# session's is void, and the mark of a known browser keeps strangers from locking its owner out.
FORGET = '"cache", "storage"'
FORGET_ALL = '"*"'


def forgetting(response: HttpResponse, what: str = FORGET) -> HttpResponse:
    """The answer to the last request of a log-in."""
    response["Clear-Site-Data"] = what
    return response


def requires(right: Right, *, scope: Scope = Scope.OWN) -> Callable[[View], View]:
    """Not logged in: to the log-in. Without the right: 403. Whose record it is, `visible_to` asks.

    `scope`: a wider sight for the whole view, where the row policies grant it to the person's role.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_log_in(request)
            if not request.user.may(right):
                raise PermissionDenied
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            _show_rows_of(request.user, scope)
            return _rendered(view(request, *args, **kwargs))

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
    response = _way_to_log_in(request)
    # A browser with a session that is no more: its log-in was ended, perhaps from elsewhere.
    return forgetting(response) if request.COOKIES.get(settings.SESSION_COOKIE_NAME) else response


def _way_to_log_in(request: HttpRequest) -> HttpResponse:
    address = resolve_url(settings.LOGIN_URL)
    if ended := getattr(request, "ended_by", ""):  # the log-in page says why
        address = f"{address}?{urlencode({'ended': ended})}"
    if request.headers.get("HX-Request"):
        # The whole page goes to the log-in; a redirect would put the log-in into a corner of it.
        return HttpResponse(headers={"HX-Redirect": address})
    if request.headers.get("X-Sent-Within"):  # js/say-unsent.js keeps what was typed
        return HttpResponse(status=401)
    if request.method not in ("GET", "HEAD"):
        return redirect(address)
    return redirect_to_login(request.get_full_path(), address)


def public(view: View) -> View:
    """Open to everybody: the log-in itself, the health of the stack, the language switch."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        _show_rows_of(_who(request))
        return _rendered(view(request, *args, **kwargs))

    opened.gate = PUBLIC  # type: ignore[attr-defined]
    return opened


def _who(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _show_rows_of(user: User | None, scope: Scope = Scope.OWN) -> None:
    """The view's transaction shows the rows of this person; the identity ends with the transaction.

    A view without one (the health of the stack) has no identity and sees no guarded row.
    """
    if connection.in_atomic_block:
        act_as(user, scope=scope)


def _rendered(response: HttpResponse) -> HttpResponse:
    """A page that a library would render after the view is rendered while there is an identity."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response
