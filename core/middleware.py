from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django_structlog.middlewares import RequestMiddleware

from core.keyring import KeysLocked
from core.logs import LINK_OF_A_MAIL


class RequestLog(RequestMiddleware):
    """One line a request, without its query: people search for names."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {LINK_OF_A_MAIL.sub('…', request.path)}"


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


def no_store(get_response: Callable) -> Callable:
    """No page of ours stays in a browser's or a proxy's cache: phones are taken unlocked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/static/"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
