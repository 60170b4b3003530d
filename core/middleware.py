from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import get_random_string

from core import headers
from core.keyring import KeysLocked
from core.logs import page_of

log = structlog.get_logger(__name__)

# Letters and digits that are not taken for one another when they are told over the phone.
CLEAR = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def outer_skin(get_response: Callable) -> Callable:
    """The whole set of headers on everything that leaves; HSTS is added by Django, over https alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name in headers.TALKATIVE:
            del response[name]
        for name, value in headers.OF_EVERY_ANSWER.items():
            response[name] = value
        if not headers.may_be_kept(request.path, response.status_code):
            response["Cache-Control"] = headers.NOT_KEPT
        return response

    return middleware


def request_log(get_response: Callable) -> Callable:
    """One line a request. All lines of it carry one code, which the page of a fault shows."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with structlog.contextvars.bound_contextvars(request_id=get_random_string(8, CLEAR)):
            response = get_response(request)
            log.info(
                "request_finished",
                request=page_of(request),
                code=response.status_code,
                user_id=_who_was_looked_up(request),
            )
            return response

    return middleware


def _who_was_looked_up(request: HttpRequest) -> int | None:
    """Their key, if the request got as far; asking `request.user` here could reach for a lost database."""
    user = getattr(request, "_cached_user", None)
    return user.pk if user else None


def office_time(get_response: Callable) -> Callable:
    """A request begins in the office's time zone; one that a view makes current ends with the request.

    Also after a fault, or the next request of the thread would count its days elsewhere.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return get_response(request)

    return middleware


def sent_within(get_response: Callable) -> Callable:
    """To a form sent from within its page (js/say-unsent.js) a redirect is 204 with the address beside it.

    A script cannot read where a redirect leads; following it would fetch the page twice and eat its messages.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("X-Sent-Within") and isinstance(response, HttpResponseRedirectBase):
            response.status_code = 204
            response["X-Go-To"] = response["Location"]
            del response["Location"]
        return response

    return middleware


class SealedPages:
    """What needs a sealed value while the keys are away is 503 with a page that says so; all else goes on."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, KeysLocked):
            return render(request, "503_locked.html", status=503)
        return None
